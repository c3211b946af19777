"""The file system of the image: assembled by the script that the Dockerfile uses, or, where
TREEC_IMAGE_ROOT names one, built by the whole Dockerfile."""

import functools
import json
import os
import shutil
import signal
import unittest
import urllib.request
from pathlib import Path

import dockerfile
import support
from support import DEMO, REPOSITORY, USER, in_root, run

TREEC = "/usr/local/bin/treec"


@functools.cache
def image_root():
    """The root, and the files that it holds before the tests add theirs."""
    if "TREEC_IMAGE_ROOT" in os.environ:
        root = Path(os.environ["TREEC_IMAGE_ROOT"])
    else:
        root = support.temporary_folder()
        run(REPOSITORY / "scripts/install-image-root.sh", support.program(), root)
    files = {"/" + str(path.relative_to(root)) for path in root.rglob("*") if not path.is_dir()}
    (root / "proc").mkdir(exist_ok=True)
    return root, files


class ImageRootTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.root, cls.files = image_root()
        # A volume that the user may write to.
        cls.volume = cls.root / "data"
        cls.volume.mkdir()
        for name in ("model.txt", "rows.csv", "expected.csv"):
            shutil.copy(DEMO / name, cls.volume)
        if os.geteuid() == 0:
            os.chown(cls.volume, USER, USER)

    def treec(self, *words, check=True):
        return run(*in_root(self.root, TREEC, *words), check=check, env={})

    def test_holds_the_program_and_its_libraries_alone(self):
        libraries = {path for path in support.libraries(self.root / TREEC[1:]).values() if path}
        self.assertEqual(self.files, libraries | {TREEC})

    def test_says_its_version(self):
        self.assertEqual(
            self.treec("--version").stdout, run(support.program(), "--version").stdout)

    def test_describes_a_model(self):
        self.assertEqual(
            self.treec("inspect", "/data/model.txt").stdout,
            run(support.program(), "inspect", DEMO / "model.txt").stdout)

    def test_converts_a_model_to_the_same_bytes_as_outside(self):
        self.treec("convert", "/data/model.txt", "-o", "/data/converted.tir")
        outside = support.temporary_folder() / "model.tir"
        run(support.program(), "convert", DEMO / "model.txt", "-o", outside)
        inside = self.volume / "converted.tir"
        self.assertEqual(inside.read_bytes(), outside.read_bytes())
        self.assertEqual(inside.stat().st_uid, USER if os.geteuid() == 0 else os.getuid())

    def test_scores_as_the_original_library_did(self):
        self.treec("verify", "/data/model.txt", "/data/rows.csv", "/data/expected.csv")

    def test_fails_in_words(self):
        result = self.treec("inspect", "/data/absent.txt", check=False)
        self.assertEqual(result.returncode, 1)
        self.assertIn("/data/absent.txt", result.stderr)


class ServerTests(unittest.TestCase):
    """The command of the Dockerfile, on a port that is free here."""

    @classmethod
    def setUpClass(cls):
        cls.root, _ = image_root()
        run(support.program(), "convert", DEMO / "model.txt", "-o", cls.root / "model.tir")

    def setUp(self):
        image = dockerfile.stages()[-1]
        command = json.loads(image["ENTRYPOINT"]) + json.loads(image["CMD"])
        self.server = support.Server(in_root(self.root, *command, "--port", "0"), env={})
        self.addCleanup(self.server.stop)
        self.assertEqual(self.server.host, "0.0.0.0")
        self.url = f"http://127.0.0.1:{self.server.port}"

    def test_answers_a_probe(self):
        with urllib.request.urlopen(self.url + "/ping", timeout=5) as answer:
            self.assertEqual(answer.status, 200)

    def test_scores_as_the_original_library_did(self):
        body = (DEMO / "rows.csv").read_bytes()
        request = urllib.request.Request(
            self.url + "/invocations", data=body, headers={"Content-Type": "text/csv"})
        with urllib.request.urlopen(request, timeout=5) as answer:
            predictions = json.load(answer)["predictions"]
        expected = (DEMO / "expected.csv").read_text().splitlines()[1:]
        self.assertEqual(predictions, [float(value) for value in expected])

    def test_stops_at_the_signal_that_the_image_names(self):
        name = dockerfile.stages()[-1]["STOPSIGNAL"]
        self.server.process.send_signal(signal.Signals[name])
        self.assertEqual(self.server.process.wait(timeout=10), 0)


if __name__ == "__main__":
    unittest.main()
