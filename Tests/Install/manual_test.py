"""The manual page."""

import json
import os
import re
import unittest

import support
from support import DEMO, REPOSITORY, run

PAGE = "share/man/man1/treec.1"


def page():
    return support.installed() / PAGE


def rendered():
    """The page as a terminal of 80 columns shows it, without bold and underlined letters."""
    shown = run("man", "--no-hyphenation", page(), env=os.environ | {"MANWIDTH": "80", "LC_ALL": "C.UTF-8"}).stdout
    return re.sub(".\b", "", shown)


def sections():
    """The text of each section and subsection, by title."""
    parts = re.split(r"^( {0,3}\S.*)\n", rendered(), flags=re.M)[1:]
    return {title.strip(): text for title, text in zip(parts[::2], parts[1::2])}


def examples():
    """The commands of the EXAMPLES, in order."""
    text = page().read_text().split(".Sh EXAMPLES")[1]
    blocks = re.findall(r"^\.Bd -literal.*\n((?:.*\n)*?)\.Ed", text, re.M)
    return re.sub(r"\\e\n *", "", "".join(blocks)).splitlines()


class ManualTests(unittest.TestCase):
    def test_mandoc_and_groff_find_no_fault(self):
        self.assertEqual(run("mandoc", "-T", "lint", "-W", "style", page()).stdout, "")
        self.assertEqual(run("man", "--warnings", "--troff-device=utf8", "--ditroff", page()).stderr, "")

    def test_man_finds_it_by_name_where_it_is_installed(self):
        manuals = support.installed() / "share/man"
        found = run("man", "-w", "treec", env=os.environ | {"MANPATH": str(manuals)}).stdout
        self.assertEqual(found.strip(), str(page()))

    def test_has_the_sections_of_a_manual_in_order(self):
        self.assertEqual(
            re.findall(r"^\.Sh (.*)", page().read_text(), re.M),
            ["NAME", "SYNOPSIS", "DESCRIPTION", "COMMANDS", "ENVIRONMENT", "FILES", "EXIT STATUS",
             "EXAMPLES"])

    def test_describes_every_command_and_argument_of_the_program(self):
        for name, command in support.commands().items():
            text = re.sub(r"\s+", " ", sections()[name])
            self.assertIn(command["abstract"], text)
            for argument in command["arguments"]:
                names = [each["name"] for each in argument.get("names", [])]
                if "abstract" not in argument or {"help", "version"} & set(names):
                    continue
                if not argument["shouldDisplay"]:
                    continue
                self.assertIn(argument["valueName"], text, name)
                for each in names:
                    self.assertIn(f"--{each}" if len(each) > 1 else f"-{each}", text, name)
                self.assertIn(argument["abstract"], text, name)
                for value in argument.get("allValues", []):
                    self.assertIn(value, text, name)
                self.assertIn(argument.get("sectionTitle", ""), text, name)
                if "defaultValue" in argument:
                    self.assertIn(f"The default is {argument['defaultValue']}.", text)

    def test_characters_beyond_ascii_arrive(self):
        self.assertIn("raw_0 …", sections()["verify"])

    def test_dashes_of_options_can_be_copied(self):
        self.assertIn("With --verify-rows and", sections()["convert"])

    def test_is_dated_as_repeatable_builds_ask(self):
        result = run(
            "swift", REPOSITORY / "scripts/manual.swift", ".build-install/help.json",
            "docs/manual.mdoc", "treec 0", cwd=REPOSITORY,
            env=os.environ | {"SOURCE_DATE_EPOCH": "86400"})
        self.assertTrue(result.stdout.startswith(".Dd January 2, 1970\n"))

    def test_the_examples_run_one_after_the_other(self):
        folder = support.temporary_folder()
        for name in ("model.txt", "rows.csv", "expected.csv"):
            (folder / name).write_bytes((DEMO / name).read_bytes())
        environment = os.environ | {"PATH": f"{support.installed()}/bin:{os.environ['PATH']}"}
        self.assertGreater(len(examples()), 6)
        server = None
        for example in examples():
            if example.endswith("&"):
                words = example.rstrip("&").replace("5000", "0").split()
                server = support.Server(words, cwd=folder, env=environment)
                self.addCleanup(server.stop)
            else:
                example = example.replace(":5000/", f":{server.port}/") if server else example
                output = run("bash", "-ec", example, cwd=folder, env=environment).stdout
        self.assertEqual(len(json.loads(output)["predictions"]), 20)


if __name__ == "__main__":
    unittest.main()
