"""JPMML-Evaluator and pypmml beside the peers of the suite: processes with the same questions."""

import csv

from pmml_answers import compare
from pmml_peers import Java, JPMMLPeer, PeerEnded, PyPMMLPeer

from .environment import BUILD
from .processes import NotMeant, PeerFailure

# JPMML-Evaluator scores a row at a time; so many of them are timed, whatever the batch.
ROWS_TIMED = 1000


def differences(found):
    """As the other peers tell them."""
    return {"values": found.answers, "differing": found.differing, "ulp": found.ulp,
            "difference": found.distance, "bits": 64}


def keep_columns(source, like, path):
    """Copies as many rows of a CSV as another one has, and only the columns that that has."""
    with open(like, encoding="utf-8", newline="") as file:
        names, *rows = csv.reader(file)
    with open(source, encoding="utf-8", newline="") as file:
        taken = [[row.get(name, "") for name in names] for row in csv.DictReader(file)]
    with open(path, "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([names, *taken[:len(rows)]])


class JPMMLProcess:
    note = "a row at a time, whatever the batch; without the collection of garbage"
    ways = {"Java, prepared arguments": "prepared", "Java, text": "cells"}

    def __init__(self, subject, warm):
        self.subject = subject
        java = Java.prepare(subject.python, BUILD)
        self.peer = JPMMLPeer(java, subject.source, "plain")
        self.peer.ask("rows", "rows", subject.table)
        self.peer.warm(warm)
        self.peer.pin()

    def measure(self, way, batch, seconds):
        return self.peer.measure("rows", self.ways[way], ROWS_TIMED, seconds)[0]

    def compare(self, raw, probability):
        path = self.subject.folder / "jpmml.csv"
        self.peer.ask("answers", "rows", path)
        return differences(compare(path, raw))

    def close(self):
        self.peer.close()


class PyPMMLProcess:
    note = "by the clock: Java scores for it in another process"
    ways = {"Python, DataFrame": "frame"}

    def __init__(self, subject):
        self.subject = subject
        self.peer = PyPMMLPeer(subject.python, subject.source)
        self.known = set()
        self.peer.pin()

    def measure(self, way, batch, seconds):
        if batch > 8192:
            raise NotMeant("a call takes more than half a minute")
        if batch not in self.known:
            self.peer.ask("rows", batch, self.subject.table, batch)
            # The first call is slower.
            self.peer.ask("measure", batch)
            self.known.add(batch)
        return float(self.peer.ask("measure", batch))

    def compare(self, raw, probability):
        path, ours = (self.subject.folder / f"{who}.1000.csv" for who in ("pypmml", "treec"))
        self.peer.ask("rows", "compared", self.subject.table, ROWS_TIMED)
        self.peer.ask("answers", "compared", path)
        keep_columns(raw, path, ours)
        return differences(compare(path, ours))

    def close(self):
        self.peer.close()


class Guarded:
    """A process whose end is a failure of the peer, not of the suite."""

    def __init__(self, make):
        self.inner = self.call(make)
        self.ways, self.note = self.inner.ways, self.inner.note

    @staticmethod
    def call(function, *arguments):
        try:
            return function(*arguments)
        except (PeerEnded, OSError) as error:
            raise PeerFailure(str(error)) from error

    def measure(self, *arguments):
        return self.call(self.inner.measure, *arguments)

    def compare(self, *arguments):
        return self.call(self.inner.compare, *arguments)

    def close(self):
        self.call(self.inner.close)


def start_pmml(name, subject, warm):
    if name == "jpmml":
        return Guarded(lambda: JPMMLProcess(subject, warm))
    return Guarded(lambda: PyPMMLProcess(subject))
