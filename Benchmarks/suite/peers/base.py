"""What the peers have in common."""

import functools

import numpy

from ..native import time_python
from ..rows import ROWS


class Refusal(Exception):
    """Why a peer cannot do what it is asked for."""


class NotForBatch(Refusal):
    """A way that is not meant for batches of a size; its cell stays empty."""


class Context:
    """A model and its rows, for one peer with so many threads."""

    def __init__(self, model, folder, threads):
        self.model, self.folder, self.threads = model, folder, threads

    @property
    def source(self):
        return self.folder / f"model.{self.model.suffix}"

    @functools.cached_property
    def doubles(self):
        return self.map("rows64.npy")

    @functools.cached_property
    def floats(self):
        return self.map("rows32.npy")

    def map(self, name):
        """Rows that all processes share; some libraries want them to be writable."""
        return numpy.load(self.folder / name, mmap_mode="c").view(numpy.ndarray)

    @property
    def output_width(self):
        return self.model.classes if self.model.classes > 2 else 1

    def scores(self, kind=numpy.float64, rows=None):
        """Room for what so many rows give, or all."""
        return numpy.zeros((rows or len(self.doubles), self.output_width), kind)


def rows_for(batch, available):
    """Over how many rows batches of a size follow one another: those of the file, or for larger
    batches all that there are."""
    return ROWS if batch <= ROWS else available


class Peer:
    """A library with a model loaded. A subclass has `ways`, by name, which are functions of a
    batch size and seconds that give nanoseconds a row; and `answers`, an array of scores."""

    # What the answers are: raw scores or probabilities; None for a model of its own.
    kind = "raw"
    # What is said beside its times.
    note = ""

    def __init__(self, context):
        self.context = context
        self.ways = {}

    @staticmethod
    def prepare(context):
        """Makes what takes minutes, once, before anything is measured."""

    def python_way(self, rows, predict):
        """A way that calls a Python function with an array of rows."""
        def measure(batch, seconds):
            return time_python(
                lambda first: predict(rows[first:first + batch]), rows_for(batch, len(rows)),
                batch, seconds, self.context.threads == 1)
        return measure

    def native_way(self, rows, make, batches=None):
        """A way through `calls.c`: `make` gives the Native of a batch size."""
        def measure(batch, seconds):
            if batches and batch not in batches:
                raise NotForBatch(f"takes {batches[0]} row at a time")
            return make(batch).time(rows_for(batch, len(rows)), batch, seconds,
                                    self.context.threads == 1)
        return measure
