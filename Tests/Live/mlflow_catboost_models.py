"""Random small CatBoost models for the serving suite, with splits where rounding a number to
float32 once, or by way of float64, changes the answer, and categories that look like other
things."""
import json
import os
import tempfile

import catboost
import numpy as np
import pandas

import mlflow_requests
from mlflow_models import classified, random_matrix, random_names, random_score
from mlflow_requests import Token, chance, pick
from tables import Schema

KINDS = [
    "named", "named", "unnamed", "one_named", "one_unnamed", "categories", "categories",
    "categories_unnamed", "all_categories"]
TEXTS = [
    "red", "green", "", " red", "1", "1.0", "True", "False", "nan", "NA", "0", "-5", "1e+16", "007",
    "-0", "inf", "größe", "a,b", 'say "hi"', "x\ny", "😀", "None", "true", "1e16", "+1", "0x1"]
INTEGERS = [0, 1, 2, 7, -5, 30, 2**53 + 1, 2**63 - 1, -2**63]
LOSSES = [
    "RMSE", "RMSE", "Logloss", "Logloss", "MultiClass", "MultiClassOneVsAll", "Poisson",
    "RMSEWithUncertainty", "MultiLogloss"]
LABELS = [[0, 1, 2, 3], ["a", "nö", "c", 'd"'], [0.5, 1.0, -2.0, 1e20], [3, 7, 11, 2**40]]


class Model:
    """A trained model and what the requests need to know of it."""

    file = "model.cb"
    # Missing cells of CSV are categories to treec, and names that are no names are believed.
    takes_more = True

    def __init__(self, kind, booster, output, matrix, schema, texts):
        self.kind, self.booster, self.matrix, self.schema = kind, booster, matrix, schema
        self.options = ["--output", output]
        self.texts = texts  # by column of categories
        self.needs_names = "unnamed" not in kind
        self.thresholds = thresholds(booster, len(schema.names))

    def requests(self, generator):
        return Requests(self, generator)

    def predict(self, _path, rows):
        """What the library makes of rows."""
        return self.booster.predict(pandas.DataFrame(
            {name: pandas.Series(cells, dtype=object if column in self.texts else None)
             for column, (name, cells) in enumerate(zip(self.schema.names, zip(*rows)))}))

    def expected(self, _path, _request, real):
        """What treec should answer where MLflow answers `real`."""
        return real


def thresholds(booster, width):
    """For each column its thresholds, and the middles between them and their neighbours."""
    found = [[] for _ in range(width)]
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "model.json")
        booster.save_model(path, format="json")
        with open(path, encoding="utf-8") as file:
            features = json.load(file)["features_info"].get("float_features", [])
    for feature in features:
        for border in feature["borders"] or []:
            here = np.float32(border)
            for beside in (-np.inf, here, np.inf):
                with np.errstate(over="ignore"):
                    value = (float(np.nextafter(here, np.float32(beside))) + float(here)) / 2
                if np.isfinite(value):
                    found[feature["flat_feature_index"]].append(value)
    return found


class Requests(mlflow_requests.Requests):
    """Requests whose columns of categories hold texts and integers, mostly."""

    # Whether texts must be ones that pandas leaves alone.
    is_plain = False

    def category(self, column):
        generator, known = self.generator, self.model.texts[column]
        if chance(generator, 0.1):
            known = TEXTS + ["never seen"]
        if self.is_plain:
            known = [text for text in known if is_plain(text)] or ["never seen"]
        return pick(generator, known)

    def rows(self, count, integral=()):
        rows = super().rows(count, [
            column for column in integral if column not in self.model.texts])
        for column in self.model.texts:
            # A column of one type, or anything.
            whole = chance(self.generator, 0.7) and not self.is_plain
            numbers = [value for value in self.model.texts[column] if isinstance(value, int)]
            for row in rows:
                row[column] = (
                    pick(self.generator, numbers) if whole and numbers else self.category(column))
        return rows

    def number_token(self, value):
        if isinstance(value, str):
            return value
        if isinstance(value, int):
            return Token(value)
        return super().number_token(value)

    def csv_number(self, value):
        if isinstance(value, str):
            return value
        if isinstance(value, int):
            return pick(self.generator, ["%d", "%d", "%d", "%+d", " %d", "%05d"]) % value
        return super().csv_number(value)

    def odd_token(self):
        if chance(self.generator, 0.15):
            return pick(self.generator, TEXTS)
        return super().odd_token()

    def permuted(self, form):
        self.is_plain = form == "csv"
        try:
            return super().permuted(form)
        finally:
            self.is_plain = False


def is_plain(text):
    """Whether pandas leaves a text as it is in whatever column of CSV."""
    return isinstance(text, str) and text.strip().lower() not in (
        "", "nan", "na", "none", "inf", "true", "false") and not any(
            letter.isdigit() for letter in text)


def train(seed):
    generator = np.random.RandomState(seed % 2**32)
    while True:
        try:
            return draw(generator), generator
        except catboost.CatBoostError:
            pass  # There is nothing to learn from such rows.


def draw(generator):
    kind = str(generator.choice(KINDS))
    matrix, _ = random_matrix(generator, 1 if kind.startswith("one") else None)
    matrix = matrix[:, :int(generator.choice([2, 3, 4, 6, 12]))]
    rows, width = matrix.shape
    names, texts = random_names(generator, width), {}
    if "unnamed" in kind:
        names = [str(column) for column in range(width)]
    frame = pandas.DataFrame(dict(enumerate(matrix.T)))
    if "categories" in kind:
        picked = generator.choice(width, size=min(width, generator.randint(1, 4)), replace=False)
        for column in range(width) if kind.startswith("all") else picked:
            pool = [TEXTS, INTEGERS, TEXTS + INTEGERS][generator.randint(3)]
            known = list(pool[at] for at in generator.choice(
                len(pool), size=min(len(pool), generator.randint(2, 12)), replace=False))
            codes = generator.randint(len(known), size=rows)
            texts[int(column)] = known
            frame[int(column)] = pandas.Series([known[code] for code in codes], dtype=object)
            matrix[:, column] = codes
    frame.columns = names

    loss = str(generator.choice(LOSSES))
    score = random_score(generator, matrix)
    labels = LABELS[generator.randint(len(LABELS))]
    kind_of_model, output = pick(generator, [
        (catboost.CatBoost, "raw"), (catboost.CatBoost, "raw"), (None, None)])
    target = score
    if loss == "Poisson":
        target = np.abs(score)
    elif loss == "MultiLogloss":
        target = np.column_stack([score > 0, score > np.median(score)]).astype(int)
    elif loss == "Logloss":
        target = np.array(labels[:2] if generator.rand() < 0.8 else [False, True])[
            (score > np.median(score)).astype(int)]
    elif loss.startswith("Multi"):
        target = np.array(labels)[classified(score, int(generator.randint(3, 5)))]
    if kind_of_model is None:
        is_classifier = loss.startswith(("Logloss", "Multi"))
        kind_of_model = catboost.CatBoostClassifier if is_classifier else catboost.CatBoostRegressor
        output = "label" if is_classifier else "prediction"
    params = {
        "loss_function": loss, "iterations": int(generator.randint(1, 10)), "verbose": False,
        "thread_count": 1, "random_seed": int(generator.randint(2**31 - 1)),
        "depth": int(generator.choice([1, 3, 6])), "allow_writing_files": False,
        "learning_rate": float(generator.choice([0.1, 0.5])), "min_data_in_leaf": 1,
        "one_hot_max_size": int(generator.choice([2, 50])),
        "grow_policy": str(generator.choice(["SymmetricTree", "SymmetricTree", "Lossguide"])),
    }
    if loss == "MultiLogloss":
        params["grow_policy"] = "SymmetricTree"
    model = (
        kind_of_model(params) if kind_of_model is catboost.CatBoost else kind_of_model(**params))
    data = frame
    if "unnamed" in kind:
        data = np.array(frame.astype(object)) if texts else matrix
    model.fit(data, target, cat_features=sorted(texts) or None)
    return Model(kind, model, output, matrix, Schema(names), texts)
