"""Completion in real shells, each of which finds the script where it is installed."""

import os
import pty
import re
import select
import time
import unittest

import support
from support import run

# What is typed, and what the line then is.
LINES = {
    "treec pred": "treec predict",
    "treec predict model.txt --no-h": "treec predict model.txt --no-header",
    "treec predict model.txt --output prob": "treec predict model.txt --output probability",
    "treec inspect mod": "treec inspect model.txt",
    "treec convert model.txt --verify-rows ro": "treec convert model.txt --verify-rows rows.csv",
}


class Terminal:
    """A shell on a terminal, in a folder with a model and rows."""

    def __init__(self, words, preparation):
        folder = support.temporary_folder()
        for name in ("model.txt", "rows.csv", "rows.txt"):
            (folder / name).write_text("")
        environment = {
            "PATH": f"{support.installed()}/bin:{os.environ['PATH']}", "TERM": "dumb",
            "HOME": str(folder), "LC_ALL": "C.UTF-8", "INPUTRC": "/dev/null",
            "XDG_DATA_DIRS": f"{support.installed()}/share",
        }
        self.process, self.descriptor = pty.fork()
        if self.process == 0:
            os.chdir(folder)
            os.execvpe(words[0], words, environment)
        # The completed line is run, and then the words that the program was given are shown.
        self.type(preparation + "; treec() { echo \"<treec $*>\"; }; PS1='rea''dy> '\n")
        self.read_until("ready> ")

    def type(self, text):
        os.write(self.descriptor, text.encode())

    def read_until(self, end, seconds=20):
        text, deadline = "", time.monotonic() + seconds
        while not text.endswith(end):
            ready, _, _ = select.select([self.descriptor], [], [], deadline - time.monotonic())
            if not ready:
                raise AssertionError(f"no {end!r} in {text!r}")
            text += os.read(self.descriptor, 4096).decode()
        return text

    def complete(self, line):
        """The line after a tab."""
        self.type(line + "\t\n")
        return re.search("<(.*)>", self.read_until("ready> "))[1]

    def close(self):
        os.close(self.descriptor)
        os.waitpid(self.process, 0)


class CompletionTests(unittest.TestCase):
    def check(self, terminal):
        self.addCleanup(terminal.close)
        for line, completed in LINES.items():
            with self.subTest(line):
                self.assertEqual(terminal.complete(line), completed)

    def test_bash(self):
        self.check(Terminal(
            ["bash", "--norc", "--noprofile", "-i"],
            ". /usr/share/bash-completion/bash_completion; bind 'set bell-style none'"))

    def test_zsh(self):
        functions = support.installed() / "share/zsh/site-functions"
        self.check(Terminal(
            ["zsh", "-f", "-i"],
            f"fpath=('{functions}' $fpath); autoload -U compinit; compinit -u -D;"
            " unsetopt zle_bracketed_paste prompt_cr prompt_sp; unset zle_bracketed_paste"))

    def test_fish(self):
        folder = support.temporary_folder()
        for name in ("model.txt", "rows.csv"):
            (folder / name).write_text("")
        environment = {
            "PATH": f"{support.installed()}/bin:{os.environ['PATH']}", "HOME": str(folder),
            "XDG_DATA_DIRS": f"{support.installed()}/share", "LC_ALL": "C.UTF-8",
        }
        for line, completed in LINES.items():
            with self.subTest(line):
                offered = run(
                    "fish", "--command", f"complete --do-complete '{line}'", cwd=folder,
                    env=environment).stdout
                self.assertEqual(
                    [each.split("\t")[0] for each in offered.splitlines()],
                    [completed.split()[-1]])

    def test_the_scripts_are_without_fault_for_their_shells(self):
        share = support.installed() / "share"
        run("bash", "-n", share / "bash-completion/completions/treec")
        run("zsh", "-n", share / "zsh/site-functions/_treec")
        run("fish", "--no-execute", share / "fish/vendor_completions.d/treec.fish")


if __name__ == "__main__":
    unittest.main()
