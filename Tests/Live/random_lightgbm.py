"""Random LightGBM models: every objective and boosting type, every kind of column."""
import collections

import lightgbm
import numpy as np

from random_columns import (
    NAMES, TEXTS, WHOLE_NUMBERS, chance, hidden_score, log_uniform, numeric_column)
from tables import Schema

Model = collections.namedtuple("Model", "booster objective matrix schema")

OBJECTIVES = [
    "regression", "regression", "regression_l1", "huber", "fair", "quantile", "mape",
    "poisson", "gamma", "tweedie", "cross_entropy", "cross_entropy_lambda", "lambdarank",
    "rank_xendcg", "custom", "binary", "binary", "binary", "multiclass", "multiclass",
    "multiclassova",
]
REGRESSIONS = ("regression", "regression_l1", "huber", "fair", "quantile", "mape", "poisson")
DICTIONARIES = TEXTS + WHOLE_NUMBERS + [[0.5, 1.0, 2.25, 1e-3], [False, True]]


def columns(generator, rows, width, linear):
    """The matrix, its schema and the Dataset options."""
    # Products of a linear leaf may overflow.
    exponents = None if linear else (-300, 290)
    matrix = np.column_stack([numeric_column(generator, rows, exponents) for _ in range(width)])
    if chance(generator, 0.6):
        share = generator.uniform(0, 0.5)
        hole = 0.0 if chance(generator, 0.2) else np.nan
        matrix[generator.rand(rows, width) < share] = hole
    names = ["Column_%d" % index for index in range(width)]
    if chance(generator, 0.3):
        for index in range(min(width, len(NAMES))):
            names[index] = NAMES[index]
        generator.shuffle(names)

    style = generator.choice(["numbers", "codes", "frame"], p=[0.5, 0.2, 0.3])
    picked = generator.choice(width, size=min(width, generator.randint(1, 5)), replace=False)
    categories, ordered, options = {}, set(), {}
    for column in sorted(int(index) for index in picked):
        if style == "codes":
            codes = generator.randint(0, log_uniform(generator, 2, 300), size=rows)
        elif style == "frame":
            categories[column] = DICTIONARIES[generator.randint(len(DICTIONARIES))]
            codes = generator.randint(-1, len(categories[column]), size=rows)
            if chance(generator, 0.2):
                ordered.add(column)
            if chance(generator, 0.1):
                codes = np.zeros(rows)
        else:
            break
        matrix[:, column] = np.where(codes < 0, np.nan, codes)
    if style == "codes":
        options["categorical_feature"] = sorted(int(index) for index in picked)
    if style != "frame":
        options["feature_name"] = names
    return matrix, Schema(names, categories, ordered), options


def targets(generator, objective, matrix, classes):
    score = hidden_score(generator, matrix)
    if objective in ("poisson", "gamma", "tweedie", "mape"):
        return np.abs(score) + 0.1
    if objective.startswith("cross_entropy"):
        return 1 / (1 + np.exp(-score))
    if objective == "binary":
        return (score > np.median(score)).astype(int)
    if objective.startswith("multiclass"):
        return np.digitize(score, np.quantile(score, np.arange(1, classes) / classes))
    if objective in ("lambdarank", "rank_xendcg"):
        return np.digitize(score, np.quantile(score, [0.4, 0.7, 0.9]))
    return score * 10.0 ** generator.randint(-2, 4)


def squared_loss(predicted, dataset):
    return predicted - dataset.get_label(), np.ones_like(predicted)


def parameters(generator, objective, classes, linear):
    params = {
        "objective": objective, "verbose": -1, "num_threads": 1, "deterministic": True,
        "seed": int(generator.randint(2**31 - 1)),
        "boosting": str(generator.choice(["gbdt", "gbdt", "dart", "rf"])),
        "num_leaves": log_uniform(generator, 2, 300),
        "max_depth": int(generator.choice([-1, -1, 1, 3, 8])),
        "min_data_in_leaf": log_uniform(generator, 1, 30),
        "min_sum_hessian_in_leaf": 1e-6,
        "learning_rate": float(generator.choice([0.05, 0.1, 0.3, 1.0])),
        "max_bin": log_uniform(generator, 3, 400),
        "min_data_in_bin": log_uniform(generator, 1, 5),
        "use_missing": bool(chance(generator, 0.8)),
        "zero_as_missing": bool(not linear and chance(generator, 0.2)),
        "max_cat_to_onehot": int(generator.choice([1, 4, 300])),
        "min_data_per_group": log_uniform(generator, 1, 100),
        "cat_smooth": float(generator.choice([0.1, 10.0])),
        "linear_tree": bool(linear),
    }
    if objective in REGRESSIONS:
        params["reg_sqrt"] = bool(chance(generator, 0.3))
    if objective == "custom":
        params.update(objective=squared_loss, boosting="gbdt")
    if objective.startswith("multiclass"):
        params["num_class"] = classes
    if objective in ("binary", "multiclassova"):
        # LightGBM reads it back with a parser that is an ulp off for one number in fourteen.
        params["sigmoid"] = float(generator.choice([1.0, 1.118, generator.uniform(0.2, 3)]))
    if params["boosting"] == "rf" or chance(generator, 0.2):
        params.update(bagging_freq=1, bagging_fraction=0.7)
    elif params["boosting"] == "gbdt" and chance(generator, 0.2):
        params["data_sample_strategy"] = "goss"
    return params


def train(seed):
    """The model of a seed. A combination that LightGBM refuses to train is drawn again."""
    generator = np.random.RandomState(seed % 2**32)
    for _ in range(20):
        objective = str(generator.choice(OBJECTIVES))
        linear = chance(generator, 0.15)
        classes = int(generator.randint(3, 6))
        rows = 10 * log_uniform(generator, 6, 150)
        width = log_uniform(generator, 1, 200)
        matrix, schema, options = columns(generator, rows, width, linear)
        params = parameters(generator, objective, classes, linear)
        if objective in ("lambdarank", "rank_xendcg"):
            options["group"] = [10] * (rows // 10)
        outputs = params.get("num_class", 1)
        most = max(1, min(60, 6000 // (outputs * params["num_leaves"])))
        training = lightgbm.Dataset(
            schema.for_library(matrix), targets(generator, objective, matrix, classes), **options)
        try:
            booster = lightgbm.train(params, training, log_uniform(generator, 1, most))
        except lightgbm.basic.LightGBMError:
            continue
        return Model(booster, objective, matrix, schema), generator
    raise RuntimeError("no combination of seed %d could be trained" % seed)
