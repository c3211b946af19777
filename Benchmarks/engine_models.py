"""The models and rows of `engines.py`: shapes that engines differ on, from fixed seeds."""

import functools
import os
from dataclasses import dataclass

import numpy

TRAINING_ROWS = 30_000
# Rows that are scored; none of them was trained with.
ROWS = 8_192
THREADS = os.cpu_count() or 1
CATEGORIES = 1_000


@functools.cache
def make_rows(count, columns, seed):
    """Columns of several distributions, gaps in every other one, and a target. The numbers are
    Floats, so that XGBoost, which rounds to Float, and treec see the same."""
    random = numpy.random.default_rng(seed)
    rows = random.normal(size=(count, columns))
    for column in range(columns):
        match column % 8:
            case 3:
                rows[:, column] = numpy.exp(rows[:, column])
            case 5:
                rows[:, column] = random.uniform(size=count)
            case 6:
                rows[:, column] = random.integers(0, 40, count)
            case 7:
                rows[:, column] = numpy.round(rows[:, column], 2)
    weights = numpy.random.default_rng(0).normal(size=columns) / columns ** 0.5
    target = (3 * numpy.sin(rows[:, 0] * rows[:, 1]) + rows[:, 2] * rows[:, 4]
              + numpy.log(rows[:, 3]) * numpy.abs(rows[:, 5] - 0.5) + rows[:, 6] / 20
              + 3 * numpy.tanh(rows) @ weights + random.normal(size=count))
    missing = random.random(rows.shape) < 0.05
    missing[:, ::2] = False
    rows[missing] = numpy.nan
    return rows.astype(numpy.float32).astype(numpy.float64), target


def with_categories(rows, target, seed):
    """Three columns of categories, some of them much more frequent than others, which explain
    about as much as the numbers do."""
    random = numpy.random.default_rng(seed)
    rows, target = rows.copy(), target.copy()
    effects = numpy.random.default_rng(0).normal(size=(3, CATEGORIES)) * 0.2
    for column in range(3):
        codes = random.exponential(CATEGORIES / 5, len(rows)).astype(int) % CATEGORIES
        rows[:, column] = codes
        target += effects[column, codes]
    return rows, target


@dataclass(frozen=True)
class Model:
    """A model to train, and the rows to score with it."""

    name: str
    library: str
    iterations: int
    parameters: dict
    columns: int = 28
    classes: int = 1
    has_categories: bool = False

    @property
    def file_name(self):
        suffix = "txt" if self.library == "LightGBM" else "json"
        return f"{self.name.replace(' ', '_')}.{suffix}"

    @property
    def column_names(self):
        prefix = "Column_" if self.library == "LightGBM" else "f"
        return [f"{prefix}{column}" for column in range(self.columns)]

    def rows(self, count, seed):
        rows, target = make_rows(count, self.columns, seed)
        if self.has_categories:
            rows, target = with_categories(rows, target, seed)
        if self.classes > 1:
            bounds = numpy.quantile(target, numpy.linspace(0, 1, self.classes + 1)[1:-1])
            target = numpy.digitize(target, bounds)
        return rows, target

    def train(self, path):
        count = TRAINING_ROWS if self.columns < 100 else TRAINING_ROWS // 3
        rows, target = self.rows(count, seed=1)
        (self.train_lightgbm if self.library == "LightGBM" else self.train_xgboost)(
            rows, target, path)

    def train_lightgbm(self, rows, target, path):
        import lightgbm

        parameters = {"objective": "regression", "verbose": -1, "seed": 0, "deterministic": True,
                      "force_row_wise": True, "num_threads": THREADS} | self.parameters
        if self.classes > 1:
            parameters |= {"objective": "multiclass", "num_class": self.classes}
        categorical = [0, 1, 2] if self.has_categories else []
        data = lightgbm.Dataset(rows, target, categorical_feature=categorical)
        lightgbm.train(parameters, data, self.iterations).save_model(path)

    def train_xgboost(self, rows, target, path):
        import xgboost

        parameters = {"tree_method": "hist", "seed": 0, "nthread": THREADS} | self.parameters
        data = xgboost.DMatrix(rows.astype(numpy.float32), target)
        xgboost.train(parameters, data, self.iterations).save_model(path)


def lightgbm_model(name, iterations, leaves, more=None, **shape):
    return Model(name, "LightGBM", iterations, {"num_leaves": leaves} | (more or {}), **shape)


FOREST = {"boosting": "rf", "bagging_fraction": 0.7, "bagging_freq": 1, "feature_fraction": 0.7,
          "min_data_in_leaf": 3}

MODELS = [
    lightgbm_model("lightgbm 50 x 7", 50, 7),
    lightgbm_model("lightgbm 100 x 31", 100, 31),
    lightgbm_model("lightgbm 500 x 31", 500, 31),
    lightgbm_model("lightgbm 500 x 64", 500, 64),
    lightgbm_model("lightgbm 500 x 255", 500, 255, {"learning_rate": 0.05}),
    lightgbm_model("lightgbm 10 classes 100 x 31", 100, 31, classes=10),
    lightgbm_model("lightgbm categories 500 x 31", 500, 31, has_categories=True),
    lightgbm_model("lightgbm 500 columns 500 x 31", 500, 31, columns=500),
    lightgbm_model("lightgbm forest 200 x 1200", 200, 1200, FOREST),
    Model("xgboost 100 depth 4", "XGBoost", 100, {"max_depth": 4, "eta": 0.1}),
    Model("xgboost 500 depth 6", "XGBoost", 500, {"max_depth": 6, "eta": 0.1}),
]
