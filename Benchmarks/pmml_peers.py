"""JPMML-Evaluator and pypmml scoring rows in processes of their own, for
`beside_pmml.py` and the suite."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

SOURCES = Path(__file__).with_name("pmml")
# The collector with the least overhead for one thread, memory that need not grow, and also methods
# compiled that HotSpot finds too long: JPMML's transpiler writes such.
JVM_OPTIONS = ["-XX:+UseSerialGC", "-Xms1g", "-Xmx2g", "-XX:-DontCompileHugeMethods"]
# It is warm when two stretches of processor time more have made it faster by less than so much.
WARM_GAIN, WARM_LIMIT = 0.03, 12
KINDS = {"plain": "JPMML-Evaluator", "transpiled": "JPMML-Evaluator, transpiled"}
# What JPMML takes rows from.
WAYS = {"prepared": "prepared arguments", "objects": "Java objects", "cells": "text"}


class PeerEnded(SystemExit):
    """Why a peer cannot go on; ends the program unless it can do without."""


def find_java():
    """Ends the program where there is no compiler of Java: pypmml and sklearn2pmml need Java too."""
    if not (shutil.which("java") and shutil.which("javac")):
        raise PeerEnded("java and javac are needed: apt-get install default-jdk-headless, "
                        "brew install openjdk, or https://adoptium.net")


@dataclass(frozen=True)
class Java:
    """The classes of the peer, compiled against the jars that are in the wheel of
    jpmml_evaluator."""

    classpath: str

    @classmethod
    def prepare(cls, python, folder):
        find_java()
        package = subprocess.run(
            [python, "-c", "import jpmml_evaluator; print(jpmml_evaluator.__path__[0])"],
            check=True, stdout=subprocess.PIPE, text=True).stdout.strip()
        jars = f"{package}/dependencies/*"
        classes = folder / "classes"
        subprocess.run(["javac", "-cp", jars, "-d", classes, SOURCES / "JPMMLPeer.java"], check=True)
        return cls(f"{jars}:{classes}")

    def version(self):
        """What `java` calls itself, and which JPMML-Evaluator there is."""
        text = subprocess.run(["java", "-version"], check=True, stderr=subprocess.PIPE,
                              text=True).stderr
        folder = Path(self.classpath.partition("*")[0])
        names = {path.stem.rpartition("-")[::2] for path in folder.glob("pmml-*.jar")}
        versions = dict(names)
        return (f"JPMML-Evaluator {versions['pmml-evaluator']}, "
                f"JPMML-Transpiler {versions['pmml-transpiler']}, {text.splitlines()[0]}")

    def command(self, model, kind, *more, options=()):
        return ["java", *options, "-cp", self.classpath, "JPMMLPeer", model, kind, *more]


class Peer:
    """A process that answers lines with lines."""

    def __init__(self, command):
        self.process = subprocess.Popen([str(word) for word in command], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)
        ready = self.process.stdout.readline().split()
        if ready[:1] != ["ready"]:
            raise PeerEnded(f"{command} did not start")

    def ask(self, *words):
        print(*words, file=self.process.stdin, flush=True)
        line = self.process.stdout.readline().strip()
        if not line:
            raise PeerEnded(f"no answer to {words}")
        return line

    def pin(self):
        """Keeps all its threads on one core from now on."""
        for thread in os.listdir(f"/proc/{self.process.pid}/task"):
            os.sched_setaffinity(int(thread), {0})

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def is_cooler(times):
    """Whether scoring may yet become faster."""
    return len(times) < 3 or (
        len(times) < WARM_LIMIT and min(times[-2:]) < (1 - WARM_GAIN) * min(times[:-2]))


class JPMMLPeer(Peer):
    """A process with one model, so that its compiler knows of nothing else."""

    def __init__(self, java, model, kind):
        super().__init__(java.command(model, kind, options=JVM_OPTIONS))

    def warm(self, stretch):
        """Scores in stretches of so many seconds of processor time until that makes it no faster;
        nanoseconds a row of each stretch, by way."""
        stretches = {way: [] for way in WAYS}
        while any(is_cooler(times) for times in stretches.values()):
            for way, times in stretches.items():
                times.append(round(float(self.ask("warm", way, stretch))))
        return stretches

    def measure(self, rows, way, count, seconds):
        """Nanoseconds a row: of processor time and of the clock; those of collecting garbage; and
        bytes allocated."""
        return [float(word) for word in self.ask("measure", rows, way, count, seconds).split()]

    def loads(self, seconds, count):
        """Seconds that each of `count` loads took, when warm."""
        return [float(word) / 1e3 for word in self.ask("load", seconds, count).split()]


class PyPMMLPeer(Peer):
    """Python, and the Java process that pypmml starts."""

    program = SOURCES / "pypmml_peer.py"

    def __init__(self, python, model):
        super().__init__([python, self.program, model])
