"""CatBoost from Python, because its wheel exposes no other interface."""

import catboost
import numpy

import catboost_models

from ..native import time_python
from ..rows import ROWS
from .base import NotForBatch, Peer, rows_for

# A batch is made ready for CatBoost before it is scored; so many of them are kept at most.
BATCHES_KEPT = 1024


class Library(Peer):
    """A loaded model, and the ways to hand it rows."""

    def __init__(self, context):
        super().__init__(context)
        subject = catboost_models.MODELS[context.model.has_text]
        self.text_columns, self.small = subject.text_columns, subject.rows
        self.model = catboost.CatBoost().load_model(str(context.source))
        makers = {
            "ready DataFrame": lambda rows: rows,
            "ready FeaturesData": self.features,
            "ready Pool": self.pool,
            "list of cells": self.cells,
        } if self.text_columns else {
            "float32 matrix": lambda rows: rows[0] if len(rows) == 1 else rows,
            "ready Pool": self.pool,
        }
        self.ways = {f"Python, {name}": self.way(make) for name, make in makers.items()}

    def pool(self, rows):
        return catboost.Pool(rows, cat_features=self.text_columns or None)

    def features(self, rows):
        """CatBoost's own container of a matrix of Floats and one of texts, as bytes."""
        texts = rows[self.text_columns].values.tolist()
        return catboost.FeaturesData(
            rows.drop(columns=self.text_columns).to_numpy(numpy.float32),
            numpy.array([[text.encode() for text in row] for row in texts], dtype=object))

    def cells(self, rows):
        if len(rows) > 1:
            raise NotForBatch("a list is a single row")
        return rows.values.tolist()[0]

    def raw(self, rows):
        return self.model.predict(rows, prediction_type="RawFormulaVal",
                                  thread_count=self.context.threads)

    def rows(self, first, batch):
        """Rows of the file, repeated."""
        numbers = numpy.arange(first, first + batch) % ROWS
        if self.text_columns:
            return self.small.iloc[numbers].reset_index(drop=True)
        return self.small[numbers]

    def way(self, make):
        made = {}

        def measure(batch, seconds):
            count = min(rows_for(batch, batch) // batch, BATCHES_KEPT)
            if batch not in made:
                made[batch] = [make(self.rows(number * batch, batch)) for number in range(count)]
            ready = made[batch]
            return time_python(lambda first: self.raw(ready[first // batch]), count * batch,
                               batch, seconds, self.context.threads == 1)
        return measure

    def answers(self):
        return self.raw(self.small)


def library(_):
    return Library
