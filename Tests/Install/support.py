"""What the tests of the installation share: the installed program, and roots to run it in."""

import atexit
import functools
import json
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
DEMO = REPOSITORY / "fixtures/demo"
# The user of the Dockerfile, who owns nothing and is in no list of users.
USER = 65532


def run(*command, check=True, **options):
    """The finished command, with its output as text; a failure shows that output."""
    result = subprocess.run(
        [str(word) for word in command], text=True, capture_output=True, **options)
    if check and result.returncode != 0:
        raise AssertionError(
            f"{command} exited with {result.returncode}\n{result.stdout}{result.stderr}")
    return result


def make(*words):
    return run("make", "--no-print-directory", *words, cwd=REPOSITORY)


def temporary_folder():
    """A folder that goes when the tests end. Everybody may enter it, as they may a root."""
    folder = Path(tempfile.mkdtemp(prefix="treec-install-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    folder.chmod(0o755)
    return folder


@functools.cache
def installed():
    """The prefix of an installation."""
    folder = temporary_folder()
    make("install", f"DESTDIR={folder}", "PREFIX=/usr")
    return folder / "usr"


def program():
    return installed() / "bin/treec"


@functools.cache
def commands():
    """What the program says of its commands, by name."""
    dump = json.loads(run(program(), "--experimental-dump-help").stdout)
    return {command["commandName"]: command for command in dump["command"]["subcommands"]}


def libraries(path):
    """The names that ldd lists for a program, and the files they lead to where there are any."""
    listed = {}
    for line in run("ldd", path).stdout.splitlines():
        words = line.split()
        found = [word for word in words if word.startswith("/")]
        listed[os.path.basename(words[0])] = found[-1] if found else None
    return listed


def in_root(root, *command):
    """The words that run a command in a root as `USER`, or as nobody special, with /proc as in
    any container. The process that starts becomes the command."""
    unshare, chroot = ["unshare", "--mount"], ["chroot", f"--userspec={USER}:{USER}"]
    if os.geteuid() != 0:
        unshare, chroot = unshare + ["--map-root-user"], ["chroot"]
    script = 'mount --rbind /proc "$0/proc" && exec "$@"'
    return [*unshare, "sh", "-c", script, str(root), *chroot, str(root), *command]


class Server:
    """A running server, which has said where it listens."""

    def __init__(self, words, **options):
        self.process = subprocess.Popen(
            words, text=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, **options)
        greeting = self.process.stderr.readline()
        listening = re.fullmatch(r"treec: listening on http://(.*):(\d+)\n", greeting)
        if not listening:
            self.stop()
            raise AssertionError(f"{words} said {greeting!r}")
        self.host, self.port = listening.groups()

    def stop(self):
        self.process.kill()
        self.process.wait()
        self.process.stderr.close()
