"""XGBoost: `inplace_predict`, prediction of a `DMatrix`, and its C interface."""

import json
import time

import numpy
import xgboost

from ..native import Native, calls_of
from ..rows import ROWS
from .base import Peer, rows_for

class Library(Peer):
    def __init__(self, context):
        super().__init__(context)
        self.booster = xgboost.Booster(model_file=str(context.source))
        self.booster.set_param({"nthread": context.threads})
        rows = context.floats
        self.configuration = json.dumps({
            "type": 1, "iteration_begin": 0, "iteration_end": 0, "strict_shape": False,
            "cache_id": 0, "missing": numpy.nan, "training": False}).encode()
        self.ways = {
            "Python, inplace_predict": self.python_way(rows, self.raw),
            "Python, ready DMatrix": self.matrices,
            "C, PredictFromDense": self.native_way(rows, self.dense),
        }

    def raw(self, rows):
        return self.booster.inplace_predict(rows, predict_type="margin")

    def matrices(self, batch, seconds):
        """`predict` keeps what it returns with its matrix, so that each is made anew; that is not
        counted."""
        clock = time.process_time if self.context.threads == 1 else time.perf_counter
        rows, calls = self.context.floats, calls_of(batch)
        starts = range(0, rows_for(batch, len(rows)) - batch + 1, batch)
        taken, number = [], 0
        end = time.perf_counter() + seconds
        while len(taken) < 2 or time.perf_counter() < end:
            ready = []
            for _ in range(calls):
                first = starts[number % len(starts)]
                ready.append(xgboost.DMatrix(rows[first:first + batch],
                                             nthread=self.context.threads))
                number += 1
            start = clock()
            for matrix in ready:
                self.booster.predict(matrix, output_margin=True)
            taken.append(clock() - start)
        return min(taken) / (calls * batch) * 1e9

    def dense(self, batch):
        return Native("xgboost_matrix", xgboost.core._LIB.XGBoosterPredictFromDense,
                      self.booster.handle, self.context.floats, self.configuration,
                      self.context.model.columns, batch)

    def answers(self):
        return self.raw(self.context.floats[:ROWS])


def library(_):
    return Library
