#!/usr/bin/env python3
"""The models and rows of `beside_pmml.py`, from fixed seeds, written as PMML by sklearn2pmml.

`beside_pmml.py` runs this, as a program of its own: a command's peak of memory is not less than
that of the program that starts it. The suite (`run.py`) trains the forest too.
"""

import csv
import sys
from dataclasses import dataclass
from pathlib import Path

NUMBERS = 28
CATEGORIES = {"c0": 8, "c1": 30}
# Each cell of the second set of rows is missing with this probability.
GAPS = 0.05


@dataclass(frozen=True)
class Model:
    """A model, whether it has columns of text, and whether rows are scored with it or it is only
    loaded."""

    name: str
    title: str
    has_text: bool = False
    is_scored: bool = True

    def columns(self):
        return [f"f{column}" for column in range(NUMBERS)] + (
            list(CATEGORIES) if self.has_text else [])


MODELS = [
    Model("lightgbm", "LightGBM: regression, 500 trees of 31 leaves, 28 columns"),
    Model("forest", "scikit-learn: random forest of 100 trees of depth 10 for two classes; gaps in "
          "28 columns of numbers filled and the numbers scaled, gaps in 2 columns of text filled, "
          "one of them one-hot, the other ordinal", has_text=True),
    Model("xgboost", "XGBoost: two classes, 500 trees of depth 6, 28 columns"),
    Model("histogram", "scikit-learn: HistGradientBoostingRegressor, 200 trees of 31 leaves, 28 "
          "columns"),
    Model("large", "LightGBM: regression, 2,700 trees of 31 leaves, 28 columns", is_scored=False),
]


def make_frame(model, count, seed, gaps=0.0):
    """A frame of numbers with four decimals and of texts, and a target."""
    import numpy
    import pandas

    from suite.rows import make_rows

    numbers, target = make_rows(count, NUMBERS, seed)
    numbers = numpy.nan_to_num(numbers).round(4)
    random = numpy.random.default_rng(seed)
    frame = pandas.DataFrame(numbers, columns=model.columns()[:NUMBERS])
    if model.has_text:
        for name, categories in CATEGORIES.items():
            codes = random.exponential(categories / 5, count).astype(int) % categories
            target = target + numpy.random.default_rng(categories).normal(size=categories)[codes]
            frame[name] = pandas.Series([f"{name}-{code}" for code in codes], dtype=object)
    if gaps:
        frame = frame.mask(random.random(frame.shape) < gaps, None)
    return frame, pandas.Series(target, name="y")


def forest_steps():
    """Gaps filled and numbers scaled; texts one-hot and ordinal."""
    from sklearn.compose import ColumnTransformer
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.impute import SimpleImputer
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, StandardScaler

    def filled():
        return SimpleImputer(strategy="most_frequent", missing_values=None)

    numbers = [f"f{column}" for column in range(NUMBERS)]
    encoders = ColumnTransformer([
        ("numbers", make_pipeline(SimpleImputer(), StandardScaler()), numbers),
        ("one-hot", make_pipeline(filled(), OneHotEncoder(handle_unknown="ignore")), ["c0"]),
        ("ordinal", make_pipeline(filled(), OrdinalEncoder()), ["c1"]),
    ])
    return [("columns", encoders),
            ("forest", RandomForestClassifier(100, max_depth=10, random_state=0))]


def steps(model):
    """The steps of the pipeline, and whether the target becomes two classes."""
    import lightgbm
    import sklearn.ensemble
    import xgboost

    match model.name:
        case "lightgbm" | "large":
            count = 500 if model.is_scored else 2700
            return [("trees", lightgbm.LGBMRegressor(
                n_estimators=count, num_leaves=31, verbose=-1, deterministic=True,
                force_row_wise=True, random_state=0))], False
        case "forest":
            return forest_steps(), True
        case "xgboost":
            return [("trees", xgboost.XGBClassifier(
                n_estimators=500, max_depth=6, learning_rate=0.1, random_state=0))], True
        case "histogram":
            return [("trees", sklearn.ensemble.HistGradientBoostingRegressor(
                max_iter=200, max_leaf_nodes=31, random_state=0))], False
    raise ValueError(model.name)


def train(model, path):
    """Trains with gaps where the library takes them."""
    from sklearn2pmml import sklearn2pmml
    from sklearn2pmml.pipeline import PMMLPipeline

    rows, target = make_frame(model, 20_000, seed=1, gaps=GAPS)
    made, is_classifier = steps(model)
    pipeline = PMMLPipeline(made)
    pipeline.fit(rows, (target > target.median()).astype(int) if is_classifier else target)
    sklearn2pmml(pipeline, str(path))


def write_rows(model, path, gaps):
    """Rows as they stand in a CSV; none of them was trained with."""
    from suite.rows import ROWS

    frame, _ = make_frame(model, ROWS, seed=2, gaps=gaps)
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(model.columns())
        for row in frame.values.tolist():
            writer.writerow(
                "" if x is None or x != x else x if isinstance(x, str) else repr(x) for x in row)


def main():
    folder, name = Path(sys.argv[1]), sys.argv[2]
    model = next(model for model in MODELS if model.name == name)
    write_rows(model, folder / f"{name}.whole.csv", 0)
    write_rows(model, folder / f"{name}.gaps.csv", GAPS)
    partial = folder / f"{name}.partial.pmml"
    train(model, partial)
    partial.rename(folder / f"{name}.pmml")


if __name__ == "__main__":
    main()
