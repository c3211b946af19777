"""Rows to train and to score with, from fixed seeds."""

import functools
import os

import numpy

TRAINING_ROWS = 30_000
# Rows that are scored; none of them was trained with. Larger batches repeat them.
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


def classes_of(target, count):
    """Classes of equal frequency: by the quantiles of the target."""
    return numpy.digitize(target, numpy.quantile(target, numpy.linspace(0, 1, count + 1)[1:-1]))
