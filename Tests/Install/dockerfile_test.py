"""What can be known of the Dockerfile without building it. `make test-image` builds it."""

import json
import re
import shutil
import sys
import unittest
from pathlib import Path

import dockerfile
import support
from support import REPOSITORY, run


class DockerfileTests(unittest.TestCase):
    def setUp(self):
        self.build, self.image = dockerfile.stages()

    def test_has_nothing_that_hadolint_minds(self):
        linter = Path(sys.prefix) / "bin/hadolint"
        self.assertEqual(run(linter, "--no-color", dockerfile.PATH).stdout, "")

    def test_the_image_begins_empty_and_takes_one_folder_of_the_build(self):
        self.assertEqual(self.image["FROM"], "scratch")
        copies = [value for name, value in dockerfile.instructions() if name in ("COPY", "ADD")]
        self.assertEqual(copies, [". .", "--from=build /image/ /"])
        self.assertIn(" /image", self.build["RUN"])
        self.assertNotIn("RUN", self.image)

    def test_builds_with_a_toolchain_that_the_package_accepts(self):
        default = dict(dockerfile.instructions())["ARG"].split("=")[1]
        manifest = (REPOSITORY / "Package.swift").read_text()
        needed = re.match(r"// swift-tools-version: ([\d.]+)", manifest)[1]
        version = lambda text: [int(part) for part in text.split(".")]
        self.assertGreaterEqual(version(default), version(needed))
        self.assertTrue(self.build["FROM"].startswith("swift:${SWIFT_VERSION}-"))

    def test_runs_the_program_as_nobody_special(self):
        self.assertEqual(self.image["USER"], f"{support.USER}:{support.USER}")
        self.assertEqual(json.loads(self.image["ENTRYPOINT"]), ["/usr/local/bin/treec"])

    def test_the_server_is_what_runs_by_default(self):
        command = json.loads(self.image["CMD"])
        arguments = support.commands()[command[0]]["arguments"]
        options = {name["name"]: argument for argument in arguments
                   for name in argument.get("names", [])}
        self.assertEqual(command[:2], ["serve", "/model.tir"])
        self.assertEqual(command[2:], ["--host", "0.0.0.0"])
        self.assertIn("host", options)
        self.assertEqual(self.image["EXPOSE"], options["port"]["defaultValue"])


class ContextTests(unittest.TestCase):
    """What .dockerignore lets through is enough to build, and little else."""

    @classmethod
    def setUpClass(cls):
        lines = (REPOSITORY / ".dockerignore").read_text().split()
        assert lines[0] == "*" and all(line.startswith("!") for line in lines[1:])
        cls.kept = [line[1:] for line in lines[1:]]
        cls.context = support.temporary_folder()
        for name in cls.kept:
            source, copy = REPOSITORY / name, cls.context / name
            copy.parent.mkdir(parents=True, exist_ok=True)
            if source.is_dir():
                shutil.copytree(source, copy)
            else:
                shutil.copy(source, copy)

    def test_holds_what_make_needs(self):
        plan = run("make", "--dry-run", "install", cwd=self.context).stdout
        named = set(re.findall(r"(?<![\w/.])(?:scripts|docs)/[\w./-]+", plan))
        commands = dockerfile.stages()[0]["RUN"]
        named |= set(re.findall(r"(?<![\w/.])scripts/[\w./-]+", commands))
        self.assertTrue(named)
        for name in named:
            self.assertTrue((self.context / name).is_file(), name)

    def test_holds_the_folder_of_every_target(self):
        manifest = json.loads(run("swift", "package", "dump-package", cwd=self.context).stdout)
        for target in manifest["targets"]:
            parent = "Tests" if target["type"] == "test" else "Sources"
            folder = target.get("path") or f"{parent}/{target['name']}"
            self.assertTrue(any((self.context / folder).iterdir()), folder)

    def test_holds_no_models_or_results_of_builds(self):
        for name in self.kept:
            self.assertNotRegex(name, r"^(fixtures|\.git|\.build|\.venv|\*)")


if __name__ == "__main__":
    unittest.main()
