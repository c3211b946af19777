"""LightGBM: `Booster.predict`, and its C interface."""

import ctypes

import lightgbm

from ..native import Native
from ..rows import ROWS
from .base import Peer


class Library(Peer):
    def __init__(self, context):
        super().__init__(context)
        self.booster = lightgbm.Booster(model_file=str(context.source))
        self.library = lightgbm.basic._LIB
        self.scores = context.scores()
        self.parameters = b"num_threads=%d" % context.threads
        rows = context.doubles
        self.ways = {
            "Python, Booster.predict": self.python_way(rows, self.raw),
            "C, PredictForMat": self.native_way(rows, self.matrix),
        }
        if context.threads == 1:
            self.ways["C, SingleRowFast"] = self.native_way(rows, self.single, [1])

    def raw(self, rows):
        return self.booster.predict(rows, raw_score=True, num_threads=self.context.threads)

    def matrix(self, batch):
        return Native("lightgbm_matrix", self.library.LGBM_BoosterPredictForMat,
                      self.booster._handle, self.context.doubles, self.scores, self.parameters,
                      self.context.model.columns, batch)

    def single(self, _):
        double, raw_score = 1, 1
        configuration = ctypes.c_void_p()
        status = self.library.LGBM_BoosterPredictForMatSingleRowFastInit(
            self.booster._handle, ctypes.c_int(raw_score), ctypes.c_int(0), ctypes.c_int(-1),
            ctypes.c_int(double), ctypes.c_int32(self.context.model.columns), self.parameters,
            ctypes.byref(configuration))
        if status != 0:
            raise RuntimeError("LightGBM prepares no prediction of single rows")
        return Native("lightgbm_row", self.library.LGBM_BoosterPredictForMatSingleRowFast,
                      configuration, self.context.doubles, self.scores,
                      self.context.model.columns)

    def answers(self):
        return self.raw(self.context.doubles[:ROWS])


def library(_):
    return Library
