"""Trains a model and writes its rows; a program of its own, so that its memory is gone after it.

    python -m suite.training MODEL FOLDER
"""

import csv
import sys
from pathlib import Path

import numpy

from .models import named
from .rows import ROWS, THREADS, TRAINING_ROWS, classes_of, make_rows, with_categories

# Rows of the largest batch: those that are scored, repeated.
LARGEST = 100_000


def rows_of(model, count, seed):
    rows, target = make_rows(count, model.columns, seed)
    if model.has_categories:
        rows, target = with_categories(rows, target, seed)
    return rows, classes_of(target, model.classes) if model.classes > 1 else target


def train_lightgbm(model, rows, target, path):
    import lightgbm

    parameters = {"objective": "regression", "verbose": -1, "seed": 0, "deterministic": True,
                  "force_row_wise": True, "num_threads": THREADS} | model.parameters
    if model.classes > 1:
        parameters |= {"objective": "multiclass", "num_class": model.classes}
    categorical = [0, 1, 2] if model.has_categories else []
    data = lightgbm.Dataset(rows, target, categorical_feature=categorical)
    lightgbm.train(parameters, data, model.iterations).save_model(path)


def train_xgboost(model, rows, target, path):
    import xgboost

    parameters = {"tree_method": "hist", "seed": 0, "nthread": THREADS} | model.parameters
    data = xgboost.DMatrix(rows.astype(numpy.float32), target)
    xgboost.train(parameters, data, model.iterations).save_model(path)


def train(model, path):
    """Of a model whose rows are a matrix of numbers."""
    count = TRAINING_ROWS if model.columns < 100 else TRAINING_ROWS // 3
    rows, target = rows_of(model, count, seed=1)
    trainer = train_lightgbm if model.library == "LightGBM" else train_xgboost
    trainer(model, rows, target, str(path))


def write_table(path, names, rows):
    """Rows as they stand in a CSV."""
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(names)
        for row in rows:
            writer.writerow(
                "" if x != x else x if isinstance(x, str) else repr(x) for x in row)


def write_matrix(path, rows, count=LARGEST):
    """Rows repeated up to the largest batch, as Doubles and as Floats, for peers to map."""
    repeated = numpy.resize(rows, (count, rows.shape[1]))
    numpy.save(path / "rows64.npy", repeated.astype(numpy.float64))
    numpy.save(path / "rows32.npy", repeated.astype(numpy.float32))


def main():
    model, folder = named(sys.argv[1])[0], Path(sys.argv[2])
    partial = folder / f"partial.{model.suffix}"
    match model.library:
        case "CatBoost":
            import catboost_models

            subject = catboost_models.MODELS[model.has_text]
            subject.train(str(partial))
            write_table(folder / "rows.csv", subject.columns, subject.cell_rows())
            if not model.has_text:
                write_matrix(folder, subject.rows)
        case "PMML":
            import pmml_models

            forest = next(one for one in pmml_models.MODELS if one.name == "forest")
            pmml_models.train(forest, partial)
            pmml_models.write_rows(forest, folder / "rows.csv", 0)
        case _:
            train(model, partial)
            rows = rows_of(model, ROWS, seed=2)[0]
            write_table(folder / "rows.csv", model.column_names, rows.tolist())
            write_matrix(folder, rows)
    partial.rename(folder / f"model.{model.suffix}")


if __name__ == "__main__":
    main()
