"""LightGBM and XGBoost scoring rows in this process, for `engines.py`."""

import ctypes
import time

import numpy

# A call for less than this is not timed by itself: so many rows at least between two readings of
# the clock, as in `treec bench`.
ROWS_PER_READING = 200


class LightGBMPeer:
    """`Booster.predict`, and for single rows the fastest way that the library has."""

    def __init__(self, path):
        import lightgbm

        self.booster = lightgbm.Booster(model_file=path)
        self.library = lightgbm.basic._LIB
        self.single = None

    def raw(self, rows):
        return self.booster.predict(rows, raw_score=True, num_threads=1)

    def scorer(self, rows, batch):
        """A function of a row's position that scores `batch` rows from there."""
        if batch > 1:
            return lambda first: self.raw(rows[first:first + batch])
        double, raw_score = 1, 1
        configuration = ctypes.c_void_p()
        status = self.library.LGBM_BoosterPredictForMatSingleRowFastInit(
            self.booster._handle, ctypes.c_int(raw_score), ctypes.c_int(0), ctypes.c_int(-1),
            ctypes.c_int(double), ctypes.c_int32(rows.shape[1]), b"num_threads=1",
            ctypes.byref(configuration))
        if status != 0:
            raise RuntimeError("LightGBM prepares no prediction of single rows")
        scores = numpy.zeros(self.booster.num_model_per_iteration())
        pointer = scores.ctypes.data_as(ctypes.c_void_p)
        length = ctypes.c_int64()
        reference = ctypes.byref(length)
        predict = self.library.LGBM_BoosterPredictForMatSingleRowFast
        addresses = [ctypes.c_void_p(rows.ctypes.data + row * rows.strides[0])
                     for row in range(len(rows))]
        # `scores` and `length` live as long as the function.
        return lambda first, keep=(scores, length): predict(
            configuration, addresses[first], reference, pointer)


class XGBoostPeer:
    """`Booster.inplace_predict`, of rows that are Floats already."""

    def __init__(self, path):
        import xgboost

        self.booster = xgboost.Booster(model_file=path)
        self.booster.set_param({"nthread": 1})

    def raw(self, rows):
        return self.booster.inplace_predict(
            rows.astype(numpy.float32, copy=False), predict_type="margin")

    def scorer(self, rows, batch):
        rows = numpy.ascontiguousarray(rows, numpy.float32)
        return lambda first: self.raw(rows[first:first + batch])


def peer(library, path):
    return (LightGBMPeer if library == "LightGBM" else XGBoostPeer)(str(path))


def measure(scorer, rows, batch, seconds):
    """The least nanoseconds a row, of calls that follow one another through the rows.

    Processor time: calls of the libraries are so long that something else nearly always runs
    while they do.
    """
    calls = max(ROWS_PER_READING // batch, 1)
    last = len(rows) - batch
    first, samples = 0, []
    end = time.perf_counter() + seconds
    scorer(0)
    while not samples or time.perf_counter() < end:
        start = time.process_time()
        for _ in range(calls):
            scorer(first)
            first = first + batch if first + batch <= last else 0
        samples.append((time.process_time() - start) / (calls * batch) * 1e9)
    return min(samples)
