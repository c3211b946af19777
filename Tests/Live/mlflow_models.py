"""Random small LightGBM models for the serving suite, with splits where reading a number an ulp
off, or rounding it to float32, changes the answer."""
import lightgbm
import numpy as np

import probes
from tables import Schema

DICTIONARIES = [
    ["red", "green", "blue"], ["ja", "nein"], ["Ärger", "東京", "a,b", 'say "hi"', " blank "],
    ["1", "2", "10"], ["x\ny", "tab\t", "😀"], ["level %d" % level for level in range(40)],
]
NAMES = ["größe", "日本", "x.y", "a b", "end", "it's", "1e5", "-", "😀", "0", "None"]
KINDS = ["numbers", "numbers", "numbers", "one_column", "codes", "frame", "frame"]


class Model:
    """A trained booster and what the requests need to know of it."""

    file = "model.lgb"
    # Whether frames must have the columns that the model was trained on, in their order.
    needs_names = False
    # Whether a category that the model does not know is missing, not an error.
    takes_unknown = True

    def __init__(self, kind, booster, matrix, schema):
        self.kind, self.booster, self.matrix, self.schema = kind, booster, matrix, schema
        schema.names = booster.feature_name()  # LightGBM puts "_" for a blank
        self.thresholds = [[] for _ in schema.names]
        for feature, threshold in probes.splits(booster.model_to_string()):
            if threshold is not None:
                self.thresholds[feature].append(threshold)

    def predict(self, path, rows):
        """What the library makes of rows, with the model in the file at `path`."""
        return lightgbm.Booster(model_file=path).predict(self.schema.for_library(rows))

    def expected(self, _path, _request, real):
        """What treec should answer where MLflow answers `real`."""
        return real


def column(generator, rows):
    """Numbers of one scale; often a few values and their neighbours, for splits between them."""
    kind = generator.randint(8)
    if kind == 0:
        return generator.normal(size=rows)
    if kind == 1:
        return generator.randint(-4, 5, size=rows).astype(float)
    if kind == 2:
        return float(2**generator.randint(23, 27)) + generator.randint(-4, 5, size=rows)
    if kind == 3:
        return generator.randint(0, 2, size=rows).astype(float)
    if kind == 7:
        # Every one a float32; an integer half-way between two of them rounds to either.
        values = np.float32(2.0 ** generator.randint(24, 64)) + np.zeros(1, np.float32)
        for _ in range(5):
            values = np.concatenate([values, np.nextafter(values[-1:], np.float32(np.inf))])
        return generator.choice(values.astype(float), size=rows)
    scale = 10.0 ** generator.randint(-9, 10) if kind == 4 else 10.0 ** generator.randint(-2, 3)
    values = generator.normal(size=6) * scale
    if kind == 5:
        values = np.round(values, 2)
    for _ in range(generator.randint(1, 4)):
        values = np.concatenate([values, np.nextafter(values[-6:], np.inf)])
    if kind == 6:
        values = np.concatenate([values, np.float32(values).astype(float)])
    return generator.choice(values, size=rows)


def random_matrix(generator, width):
    """The columns of a model, with holes in some, and whether there are any."""
    rows = int(generator.randint(60, 400))
    width = width or int(generator.choice([2, 3, 4, 6, 12, 30]))
    matrix = np.column_stack([column(generator, rows) for _ in range(width)])
    missing = generator.rand() < 0.6
    if missing:
        matrix[generator.rand(rows, width) < generator.uniform(0, 0.4)] = np.nan
    return matrix, missing


def random_names(generator, width):
    names = ["f%d" % index for index in range(width)]
    if generator.rand() < 0.4:
        names[:len(NAMES)] = NAMES[:width]
        generator.shuffle(names)
    return names


def random_score(generator, matrix):
    """A target that depends on all columns."""
    known = np.nan_to_num(matrix)
    width = matrix.shape[1]
    scale = np.maximum(np.abs(known).max(axis=0), 1e-300)
    score = np.argsort(np.argsort(known, axis=0), axis=0) @ generator.normal(size=width)
    return score / max(np.abs(score).max(), 1e-9) + (known / scale) @ generator.normal(size=width)


def classified(score, classes):
    return np.digitize(score, np.quantile(score, np.arange(1, classes) / classes))


def train(seed):
    generator = np.random.RandomState(seed % 2**32)
    kind = str(generator.choice(KINDS))
    matrix, missing = random_matrix(generator, 1 if kind == "one_column" else None)
    rows, width = matrix.shape
    names = random_names(generator, width)

    categories, options = {}, {}
    picked = sorted(int(index) for index in generator.choice(
        width, size=min(width, generator.randint(1, 3)), replace=False))
    if kind == "frame":
        for index in picked:
            categories[index] = DICTIONARIES[generator.randint(len(DICTIONARIES))]
            codes = generator.randint(-1, len(categories[index]), size=rows)
            matrix[:, index] = np.where(codes < 0, np.nan, codes)
    else:
        options["feature_name"] = names
    if kind == "codes":
        options["categorical_feature"] = picked
        for index in picked:
            matrix[:, index] = generator.randint(0, generator.randint(2, 50), size=rows)
    schema = Schema(names, categories)

    classes = int(generator.randint(3, 6))
    objective = str(generator.choice(
        ["regression", "regression", "binary", "multiclass", "poisson", "multiclassova"]))
    score = random_score(generator, matrix)
    target = {
        "regression": score, "poisson": np.abs(score), "binary": (score > np.median(score)) * 1.0,
    }.get(objective, classified(score, classes))
    params = {
        "objective": objective, "verbose": -1, "num_threads": 1, "deterministic": True,
        "seed": int(generator.randint(2**31 - 1)), "min_data_in_leaf": int(generator.randint(1, 8)),
        "min_data_in_bin": 1, "max_bin": int(generator.choice([255, 1000])),
        "num_leaves": int(generator.choice([2, 4, 8, 31])), "min_sum_hessian_in_leaf": 1e-6,
        "learning_rate": float(generator.choice([0.1, 0.3, 1.0])), "cat_smooth": 1,
        "min_data_per_group": 1, "zero_as_missing": bool(missing and generator.rand() < 0.2),
        "max_cat_to_onehot": int(generator.choice([1, 4])),
    }
    if objective.startswith("multiclass"):
        params["num_class"] = classes
    training = lightgbm.Dataset(schema.for_library(matrix), target, **options)
    booster = lightgbm.train(params, training, int(generator.randint(1, 10)))
    return Model(kind, booster, matrix, schema), generator
