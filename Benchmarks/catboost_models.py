"""CatBoost's models and rows of the suite, from fixed seeds."""

import functools

import numpy
import pandas

from suite.rows import ROWS, THREADS, TRAINING_ROWS, make_rows

NUMBERS = 10
# How many categories each column of text has, and what the text of a category begins with.
CATEGORIES = {
    10: "", 11: "grade ", 30: "region-", 100: "k", 300: "shop no. ", 1_000: "zip",
    1_001: "customer segment ", 3_000: "SKU-", 5_000: "product/", 10_000: "https://example.com/",
}
COMMON = {"iterations": 1000, "depth": 6, "verbose": 0, "random_seed": 0, "thread_count": THREADS,
          "allow_writing_files": False}


class NumericModel:
    """Regression from 28 columns of numbers; the rows are a matrix of Floats."""

    columns = [f"f{column}" for column in range(28)]
    text_columns = []

    def train(self, path):
        import catboost

        rows, target = make_rows(TRAINING_ROWS, len(self.columns), seed=1)
        pool = catboost.Pool(rows.astype(numpy.float32), target, feature_names=self.columns)
        catboost.CatBoostRegressor(learning_rate=0.1, **COMMON).fit(pool).save_model(path)

    @functools.cached_property
    def rows(self):
        return make_rows(ROWS, len(self.columns), seed=2)[0].astype(numpy.float32)

    def cell_rows(self):
        """Each row as lists of cells."""
        return self.rows.astype(numpy.float64).tolist()


class CategoricalModel:
    """Two classes from 10 columns of numbers and 10 of text; the rows are a data frame.

    Some categories are much more frequent than others, and some rows that are scored have one
    that was not trained with. Columns of at most 11 categories are tested one category at a time,
    the others by statistics of the target, also of combinations of columns: all but the number 11
    is CatBoost's default.
    """

    text_columns = [f"c{column}" for column in range(len(CATEGORIES))]
    columns = [f"f{column}" for column in range(NUMBERS)] + text_columns

    def train(self, path):
        import catboost

        rows, target = self.make(TRAINING_ROWS, seed=1)
        model = catboost.CatBoostClassifier(one_hot_max_size=11, **COMMON)
        model.fit(rows, target > numpy.median(target), cat_features=self.text_columns)
        model.save_model(path)

    @functools.cached_property
    def rows(self):
        return self.make(ROWS, seed=2)[0]

    def make(self, count, seed):
        """A frame as pandas reads it from a file, numbers with four decimals, and a target."""
        numbers, target = make_rows(count, NUMBERS, seed)
        random = numpy.random.default_rng(seed)
        columns = dict(zip(self.columns, numbers.round(4).T))
        for name, (categories, prefix) in zip(self.text_columns, CATEGORIES.items()):
            codes = random.exponential(categories / 5, count).astype(int) % categories
            effects = numpy.random.default_rng(categories).normal(size=categories)
            target = target + effects[codes] * 0.5
            columns[name] = pandas.Series([f"{prefix}{code}" for code in codes], dtype=object)
        return pandas.DataFrame(columns), target

    def cell_rows(self):
        """Each row as lists of cells."""
        return self.rows.values.tolist()


MODELS = [NumericModel(), CategoricalModel()]
