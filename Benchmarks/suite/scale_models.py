"""Trains the models of an axis of `scale.py`; a program of its own.

    python -m suite.scale_models AXIS FOLDER POINT…
"""

import sys
from pathlib import Path

import lightgbm
import numpy

from .rows import classes_of, make_rows

# One thread: with so few rows several would mostly wait for each other.
COMMON = {"verbose": -1, "seed": 0, "deterministic": True, "force_row_wise": True,
          "num_threads": 1, "objective": "regression", "num_leaves": 31}


def booster(rows, target, count, **parameters):
    return lightgbm.train(COMMON | parameters, lightgbm.Dataset(rows, target), count)


def trees(points):
    """One model, and its first trees."""
    model = booster(*make_rows(6_000, 28, 1), max(points), learning_rate=0.02,
                    min_data_in_leaf=5, bagging_fraction=0.5, bagging_freq=1)
    return {point: model.model_to_string(num_iteration=point) for point in points}


def leaves(points):
    rows, target = make_rows(30_000, 28, 1)
    return {point: booster(rows, target, 100, num_leaves=point, min_data_in_leaf=1,
                           min_sum_hessian_in_leaf=0).model_to_string() for point in points}


def columns(points):
    """Each tree sees a fifth of the columns, so that most of them are used."""
    made = {}
    for point in points:
        rows, target = make_rows(3_000, point, 1) if point >= 8 else narrow(point)
        made[point] = booster(rows, target, 500, feature_fraction=0.2, min_data_in_leaf=5,
                              max_bin=63).model_to_string()
    return made


def narrow(point):
    """The first columns of wider rows, with their target."""
    rows, target = make_rows(3_000, 8, 1)
    return numpy.ascontiguousarray(rows[:, :point]), target


def classes(points):
    rows, target = make_rows(20_000, 28, 1)
    made = {1: booster(rows, target, 5, num_leaves=15).model_to_string()}
    for point in points:
        if point > 1:
            made[point] = booster(
                rows, classes_of(target, point), 5, objective="multiclass", num_class=point,
                num_leaves=15, min_data_in_leaf=2, max_bin=63,
                min_sum_hessian_in_leaf=1e-5).model_to_string()
    return made


def main():
    axis, folder, *points = sys.argv[1:]
    train = {"trees": trees, "leaves": leaves, "columns": columns, "classes": classes}[axis]
    for point, text in train([int(point) for point in points]).items():
        (Path(folder) / f"{point}.txt").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
