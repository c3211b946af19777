"""`make install` and `make uninstall`."""

import re
import subprocess
import unittest

import support
from support import DEMO, REPOSITORY, make, run

FILES = {
    "bin/treec": 0o755,
    "share/man/man1/treec.1": 0o644,
    "share/bash-completion/completions/treec": 0o644,
    "share/zsh/site-functions/_treec": 0o644,
    "share/fish/vendor_completions.d/treec.fish": 0o644,
}


def files_below(folder):
    return {
        str(path.relative_to(folder)): path.stat().st_mode & 0o777
        for path in folder.rglob("*") if not path.is_dir()
    }


class InstallationTests(unittest.TestCase):
    def test_installs_five_files_below_the_prefix(self):
        self.assertEqual(files_below(support.installed()), FILES)

    def test_folders_with_spaces_and_nested_prefixes_work(self):
        folder = support.temporary_folder() / "a b"
        make("install", f"DESTDIR={folder}", "PREFIX=/opt/treec 1")
        self.assertEqual(files_below(folder / "opt/treec 1"), FILES)

    def test_what_is_up_to_date_is_copied_without_a_compiler(self):
        support.installed()
        make("install", "SWIFT=false", f"DESTDIR={support.temporary_folder()}")

    def test_uninstall_leaves_no_file_and_spares_others(self):
        folder = support.temporary_folder()
        make("install", f"DESTDIR={folder}", "PREFIX=/usr")
        other = folder / "usr/bin/other"
        other.write_text("")
        make("uninstall", f"DESTDIR={folder}", "PREFIX=/usr")
        self.assertEqual(list(files_below(folder)), ["usr/bin/other"])

    def test_a_running_program_can_be_replaced(self):
        folder = support.temporary_folder()
        make("install", f"DESTDIR={folder}")
        waiting = subprocess.Popen(
            [folder / "usr/local/bin/treec", "predict", DEMO / "model.txt", "-"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        make("install", f"DESTDIR={folder}")
        output, _ = waiting.communicate((DEMO / "rows.csv").read_text())
        self.assertEqual(waiting.returncode, 0)
        self.assertEqual(output.count("\n"), 21)


class ProgramTests(unittest.TestCase):
    def test_needs_no_library_of_swift(self):
        listed = support.libraries(support.program())
        swift = [name for name in listed if re.search("swift|foundation|dispatch|blocks", name, re.I)]
        self.assertEqual(swift, [])

    def test_finds_its_libraries_where_the_system_has_them(self):
        for name, path in support.libraries(support.program()).items():
            if name != "linux-vdso.so.1":
                self.assertRegex(path, "^(/usr)?/lib", name)
        dynamic = run("readelf", "--dynamic", support.program()).stdout
        self.assertNotRegex(dynamic, "RPATH|RUNPATH")

    def test_carries_no_symbols_for_debuggers(self):
        sections = run("readelf", "--sections", "--wide", support.program()).stdout
        self.assertNotIn(".debug_", sections)
        self.assertNotIn(".symtab", sections)

    def test_scores_as_the_original_library_did(self):
        model = support.temporary_folder() / "model.tir"
        run(support.program(), "convert", DEMO / "model.txt", "-o", model)
        run(support.program(), "verify", model, DEMO / "rows.csv", DEMO / "expected.csv")


class DocumentationTests(unittest.TestCase):
    """A document that has the mark below says after it how large the program is and what ldd
    lists, and must be right."""

    MARK = "<!-- installed-program -->"

    def documents(self):
        paths = [REPOSITORY / "README.md", *(REPOSITORY / "docs").glob("*.md")]
        return {path: text for path in paths if self.MARK in (text := path.read_text())}

    def test_the_libraries_are_those_that_are_documented(self):
        self.assertTrue(self.documents(), f"no document has {self.MARK}")
        for path, text in self.documents().items():
            block = text.split(self.MARK)[1].split("```")[1]
            documented = re.findall(r"^\s*(\S+\.so\S*)", block, re.M)
            self.assertEqual(
                [name.rsplit("/")[-1] for name in documented],
                list(support.libraries(support.program())), path)

    def test_the_size_is_the_documented_one_give_or_take_a_twentieth(self):
        actual = support.program().stat().st_size / 1e6
        for path, text in self.documents().items():
            documented = float(re.search(r"([\d.]+) MB", text.split(self.MARK)[1])[1])
            self.assertAlmostEqual(
                actual, documented, delta=documented / 20, msg=f"{path}: {actual:.1f} MB")


if __name__ == "__main__":
    unittest.main()
