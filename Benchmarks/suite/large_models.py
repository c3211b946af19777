"""Makes the large files that `loading.py` converts; a program of its own.

    python -m suite.large_models FOLDER
"""

import json
import sys
from pathlib import Path

from .rows import THREADS, make_rows

# How often the trees of the XGBoost model are repeated, so that its JSON has 500 MB.
REPEATED = 53


def train_lightgbm(text, dump):
    """Makes a model of more than 50 MB of text, and the JSON dump of the same model."""
    import lightgbm
    import numpy

    random = numpy.random.default_rng(0)
    rows = random.normal(size=(60_000, 40))
    rows[random.random(rows.shape) < 0.05] = numpy.nan
    rows[:, 0] = random.integers(0, 60, len(rows))
    filled = numpy.nan_to_num(rows)
    target = filled[:, 1] * filled[:, 2] + numpy.sin(filled[:, 3]) + filled[:, 0] % 7
    target += random.normal(size=len(rows))
    parameters = dict(objective="regression", num_leaves=511, min_data_in_leaf=5,
                      learning_rate=0.03, verbose=-1, seed=0, deterministic=True)
    data = lightgbm.Dataset(rows, target, categorical_feature=[0])
    booster = lightgbm.train(parameters, data, 1100)
    booster.save_model(text)
    with open(dump, "w", encoding="utf-8") as file:
        json.dump(booster.dump_model(), file)


def train_xgboost(text, binary):
    """Makes a model of about 500 MB of JSON, and the UBJSON of the same model."""
    import numpy
    import xgboost

    random = numpy.random.default_rng(0)
    rows = random.normal(size=(100_000, 28)).astype(numpy.float32)
    rows[random.random(rows.shape) < 0.05] = numpy.nan
    target = numpy.nansum(rows[:, :5], axis=1) + random.normal(size=len(rows)) > 0
    parameters = {"objective": "binary:logistic", "max_depth": 0, "max_leaves": 4096,
                  "grow_policy": "lossguide", "tree_method": "hist", "eta": 0.02, "lambda": 0.01,
                  "min_child_weight": 0, "seed": 0}
    booster = xgboost.train(parameters, xgboost.DMatrix(rows, target), 20)
    model = json.loads(booster.save_raw("json"))
    trees = model["learner"]["gradient_booster"]["model"]
    trees["trees"] = [dict(tree, id=index) for index, tree in
                      enumerate(tree for _ in range(REPEATED) for tree in trees["trees"])]
    count = len(trees["trees"])
    trees["tree_info"] = [0] * count
    trees["iteration_indptr"] = list(range(count + 1))
    trees["gbtree_model_param"]["num_trees"] = str(count)
    with open(text, "w", encoding="utf-8") as file:
        json.dump(model, file, separators=(",", ":"))
    xgboost.Booster(model_file=text).save_model(binary)


def train_catboost(binary, text):
    """Makes a model of 3,000 symmetric trees, as cbm and as JSON."""
    import catboost

    rows, target = make_rows(20_000, 28, seed=1)
    model = catboost.CatBoostRegressor(
        iterations=3000, depth=8, learning_rate=0.05, random_seed=0, verbose=0,
        thread_count=THREADS, allow_writing_files=False).fit(rows, target)
    model.save_model(str(binary))
    model.save_model(str(text), format="json")


def main():
    folder = Path(sys.argv[1])
    for train, first, second in ((train_lightgbm, "lightgbm.txt", "lightgbm.json"),
                                 (train_xgboost, "xgboost.json", "xgboost.ubj"),
                                 (train_catboost, "catboost.cbm", "catboost.json")):
        if not (folder / second).exists():
            train(folder / first, folder / second)


if __name__ == "__main__":
    main()
