"""Random small XGBoost models for the serving suite, with splits where rounding a number to float32
once, or by way of float64, changes the answer."""
import io

import numpy as np
import xgboost
from mlflow.pyfunc import scoring_server

import mlflow_server
from mlflow_models import DICTIONARIES, classified, random_matrix, random_names, random_score
from tables import Schema

# "numbered" is a data frame made of an array: its columns are called 0, 1 and so on.
KINDS = [
    "named", "named", "numbered", "unnamed", "unnamed", "one_named", "one_unnamed", "codes",
    "frame",
]
WITHOUT_NAMES = ("unnamed", "one_unnamed", "codes")
OBJECTIVES = [
    "reg:squarederror", "reg:squarederror", "binary:logistic", "multi:softprob", "multi:softmax",
    "count:poisson", "targets",
]
BOOSTERS = ["gbtree", "gbtree", "gbtree", "dart", "gblinear"]
# CSV does not tell a text that is a number from a number, which is a code, and XGBoost 3.1 to 3.3
# save texts that are not ASCII wrongly, over which the importer complains.
TEXTS = [known for known in DICTIONARIES if not known[0].isdigit() and "".join(known).isascii()]


class Model:
    """A trained booster and what the requests need to know of it."""

    file = "model.ubj"
    takes_unknown = False

    def __init__(self, kind, booster, matrix, schema):
        self.kind, self.booster, self.matrix, self.schema = kind, booster, matrix, schema
        self.needs_names = booster.feature_names is not None
        self.thresholds = thresholds(booster, len(schema.names))

    def predict(self, path, rows):
        """What the library makes of rows, with the model in the file at `path`."""
        booster = xgboost.Booster(model_file=path)
        return booster.predict(matrix_of(self.schema, rows, booster.feature_names))

    def expected(self, path, request, real):
        """MLflow's answer, or what it answers to each row alone where that is another: with several
        narrow rows without a missing cell; see add_blocks in fixtures/make."""
        if real["status"] != 200 or self.needs_names:
            return real
        rows = rows_of(request)
        if rows is None or len(rows) < 2 or rows.shape[1] == len(self.schema.names):
            return real
        booster = xgboost.Booster(model_file=path)
        alone = [
            booster.predict(xgboost.DMatrix(rows[at:at + 1])) for at in range(len(rows))]
        return mlflow_server.predicted(np.concatenate(alone))


def rows_of(request):
    """The frame or the array that MLflow makes of a request; None where it makes neither."""
    data, content_type = mlflow_server.body_of(request), request["headers"].get("Content-Type", "")
    if content_type.startswith("text/csv"):
        return scoring_server.parse_csv_input(io.StringIO(data.decode("utf-8")))
    if content_type.startswith("application/json"):
        rows = scoring_server._parse_json_data(data, None, None).data
        return rows if hasattr(rows, "shape") else None
    return None


def matrix_of(schema, rows, names, types=None, target=None):
    """Rows as XGBoost takes them; a data frame has names of its own."""
    data = schema.for_library(np.asarray(rows, dtype=float))
    if schema.categories:
        return xgboost.DMatrix(data, target, enable_categorical=True)
    return xgboost.DMatrix(data, target, feature_names=names, feature_types=types)


def thresholds(booster, width):
    """For each column its thresholds, and the middles between them and their neighbours."""
    found = [[] for _ in range(width)]
    if "gblinear" in booster.save_config():
        return found
    names = booster.feature_names or ["f%d" % column for column in range(width)]
    splits = booster.trees_to_dataframe()
    splits = splits[splits["Split"].notna()]
    for name, split in zip(splits["Feature"], splits["Split"]):
        here = np.float32(split)
        for beside in (-np.inf, here, np.inf):
            value = (float(np.nextafter(here, np.float32(beside))) + float(here)) / 2
            if np.isfinite(value):
                found[names.index(name)].append(value)
    return found


def targets(generator, objective, matrix, classes):
    score = random_score(generator, matrix)
    if objective == "targets":
        return np.column_stack([score, random_score(generator, matrix)])
    if objective == "binary:logistic":
        return (score > np.median(score)) * 1.0
    if objective == "count:poisson":
        return np.abs(score)
    return classified(score, classes) if objective.startswith("multi") else score


def train(seed):
    generator = np.random.RandomState(seed % 2**32)
    kind = str(generator.choice(KINDS))
    matrix, _ = random_matrix(generator, 1 if kind.startswith("one") else None)
    rows, width = matrix.shape
    names, categories, types = random_names(generator, width), {}, None
    picked = sorted(int(index) for index in generator.choice(
        width, size=min(width, generator.randint(1, 3)), replace=False))
    if kind == "numbered":
        names = [str(column) for column in range(width)]
    elif kind in WITHOUT_NAMES:
        names = ["f%d" % column for column in range(width)]
    elif kind == "frame":
        for index in picked:
            categories[index] = TEXTS[generator.randint(len(TEXTS))]
            codes = generator.randint(-1, len(categories[index]), size=rows)
            matrix[:, index] = np.where(codes < 0, np.nan, codes)
    if kind == "codes":
        types = ["c" if index in picked else "q" for index in range(width)]
        for index in picked:
            matrix[:, index] = generator.randint(0, generator.randint(2, 50), size=rows)
    schema = Schema(names, categories)

    classes = int(generator.randint(3, 6))
    objective = str(generator.choice(OBJECTIVES))
    booster = str(generator.choice(BOOSTERS[:-1] if categories or types else BOOSTERS))
    params = {
        "booster": booster, "nthread": 1, "seed": int(generator.randint(2**31 - 1)),
        "objective": "reg:squarederror" if objective == "targets" else objective,
        "eta": float(generator.choice([0.1, 0.3, 1.0])),
    }
    if booster != "gblinear":
        params.update(
            max_depth=int(generator.choice([1, 3, 6])), min_child_weight=0, max_bin=1000,
            tree_method=str(generator.choice(["hist", "exact"])) if kind != "frame" else "hist",
            max_cat_to_onehot=int(generator.choice([1, 4])))
    if types:
        params["tree_method"] = "hist"
    if booster == "dart":
        params["rate_drop"] = 0.5
    if objective.startswith("multi"):
        params["num_class"] = classes
    training = matrix_of(
        schema, matrix, None if kind in WITHOUT_NAMES else names, types,
        targets(generator, objective, matrix, classes))
    booster = xgboost.train(params, training, int(generator.randint(1, 10)))
    return Model(kind, booster, matrix, schema), generator
