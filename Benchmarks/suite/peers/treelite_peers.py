"""treelite's models: compiled by TL2cgen, and interpreted by treelite's own GTIL."""

import ctypes
import shutil

import numpy
import tl2cgen
import treelite

from ..native import Native, time_python
from ..rows import ROWS, THREADS
from .base import Peer, Refusal, rows_for

OBJECT = "tl2cgen.so"


def load(context):
    read = {"LightGBM": treelite.frontend.load_lightgbm_model,
            "XGBoost": treelite.frontend.load_xgboost_model}[context.model.library]
    return read(str(context.source))


def compiler():
    """Which of those that TL2cgen knows is there."""
    found = [name for name in ("gcc", "clang") if shutil.which(name)]
    if not found:
        raise Refusal("neither gcc nor clang is there")
    return found[0]


def rows_of(context):
    """XGBoost's thresholds are Floats."""
    return context.floats if context.model.library == "XGBoost" else context.doubles


class Compiled(Peer):
    """`Predictor.predict` of a ready DMatrix, and the entry of the library that was compiled."""

    def __init__(self, context):
        super().__init__(context)
        path = context.folder / OBJECT
        self.predictor = tl2cgen.Predictor(path, nthread=context.threads)
        self.rows = rows_of(context)
        self.ways = {"Python, ready DMatrix": self.matrices}
        if context.threads == 1:
            self.library = ctypes.CDLL(str(path))
            self.scores = context.scores(numpy.float64)
            self.cells = None
            self.ways["C entry"] = self.native_way(self.rows, self.entry)

    @staticmethod
    def prepare(context):
        partial = context.folder / f"partial.{OBJECT}"
        tl2cgen.export_lib(load(context), toolchain=compiler(), libpath=partial,
                           params={"parallel_comp": 4 * THREADS}, nthread=THREADS)
        partial.rename(context.folder / OBJECT)

    def matrices(self, batch, seconds):
        count = rows_for(batch, len(self.rows)) // batch
        kind = str(self.rows.dtype)
        ready = [tl2cgen.DMatrix(self.rows[first * batch:(first + 1) * batch], dtype=kind)
                 for first in range(min(count, 1024))]
        return time_python(
            lambda first: self.predictor.predict(ready[first // batch], pred_margin=True),
            len(ready) * batch, batch, seconds, self.context.threads == 1)

    def entry(self, batch):
        """Its rows are unions, in which a missing cell is the whole number -1."""
        if self.cells is None:
            self.cells = numpy.array(self.rows)
            whole = numpy.int32 if self.cells.itemsize == 4 else numpy.int64
            self.cells.view(whole)[numpy.isnan(self.cells)] = -1
        size = self.cells.itemsize
        return Native("tl2cgen", self.library.predict, self.cells, self.scores,
                      self.context.model.columns * size, self.context.output_width * size, batch)

    def answers(self):
        rows = tl2cgen.DMatrix(self.rows[:ROWS], dtype=str(self.rows.dtype))
        return self.predictor.predict(rows, pred_margin=True)


class Interpreted(Peer):
    def __init__(self, context):
        super().__init__(context)
        self.model = load(context)
        self.ways = {"Python, gtil.predict": self.python_way(rows_of(context), self.raw)}

    def raw(self, rows):
        return treelite.gtil.predict(self.model, rows, nthread=self.context.threads,
                                     pred_margin=True)

    def answers(self):
        return self.raw(rows_of(self.context)[:ROWS])


def library(name):
    return Compiled if name == "tl2cgen" else Interpreted
