"""CatBoost scoring rows in this process on one thread, for `beside_catboost.py`."""

import catboost
import numpy

# A batch is made ready for CatBoost before it is scored; so many of them are kept at most.
BATCHES_KEPT = 1024


class CatBoostPeer:
    """A loaded model, and the ways to hand it rows."""

    def __init__(self, model, path):
        self.rows, self.text_columns = model.rows, model.text_columns
        self.model = catboost.CatBoost().load_model(str(path))
        self.ways = {
            "ready DataFrame": lambda rows: rows,
            "ready FeaturesData": self.features,
            "ready Pool": self.pool,
            "list of cells": lambda rows: rows.values.tolist()[0],
        } if self.text_columns else {
            "float32 matrix": lambda rows: rows[0] if len(rows) == 1 else rows,
            "ready Pool": self.pool,
        }

    def pool(self, rows):
        return catboost.Pool(rows, cat_features=self.text_columns or None)

    def features(self, rows):
        """CatBoost's own container of a matrix of Floats and one of texts, as bytes."""
        texts = rows[self.text_columns].values.tolist()
        return catboost.FeaturesData(
            rows.drop(columns=self.text_columns).to_numpy(numpy.float32),
            numpy.array([[text.encode() for text in row] for row in texts], dtype=object))

    def raw(self, rows):
        return self.model.predict(rows, prediction_type="RawFormulaVal", thread_count=1)

    def count(self, batch):
        """How many rows are scored in batches of `batch`."""
        return min(len(self.rows), batch * BATCHES_KEPT)

    def scorer(self, way, batch):
        """A function of a row's position that scores `batch` rows from there; None where it makes
        no sense: a list is for a single row."""
        if way == "list of cells" and batch > 1:
            return None
        make = self.ways[way]
        parts = (self.rows[first:first + batch] for first in range(0, self.count(batch), batch))
        ready = [make(part.reset_index(drop=True) if self.text_columns else part)
                 for part in parts]
        return lambda first: self.raw(ready[first // batch])
