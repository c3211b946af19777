#!/usr/bin/env python3
"""Trains random XGBoost models and checks that treec gives XGBoost's answers.

Everything must be equal to the bit: XGBoost computes with the C library's expf and logf, and so
does treec. The answers are those of DMatrix and Booster.predict on the processor.
"""
import json
import os
import sys

# One thread, and before XGBoost is loaded.
os.environ.setdefault("OMP_NUM_THREADS", "1")
sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "fixtures", "make"))

import numpy as np
import xgboost

import harness
import random_xgboost
import xgboost_features
from random_columns import chance
from tables import unseen, write_csv
from xgboost_tables import random_rows

CALLS = {"raw": {"output_margin": True}, "leaf": {"pred_leaf": True}, "prediction": {}}
ROWS = 150


class Reference:
    """The booster loaded from a saved file, and the rows it is asked about."""

    def __init__(self, path, table, rows, turned=False):
        self.booster, self.table, self.rows = xgboost.Booster(model_file=path), table, rows
        with np.errstate(over="ignore"):
            narrow = rows.astype(np.float32)
        upper, lower = (narrow == np.inf).any(axis=1), (narrow == -np.inf).any(axis=1)
        self.is_finite = ~(upper | lower)
        # DMatrix takes an infinity where the other one is declared to be the missing value.
        self.parts = []
        for chosen, missing in (
            (self.is_finite, np.nan), (upper & ~lower, -np.inf), (lower & ~upper, np.inf),
        ):
            places = np.nonzero(chosen)[0]
            if len(places):
                data = table.data(rows[places], turned)
                self.parts.append((places, table.for_library(data, missing=missing)))
        if sum(len(places) for places, _ in self.parts) != len(rows):
            raise ValueError("a row has both infinities")

    def data(self, places=slice(None)):
        return self.table.data(self.rows[places])

    def answer(self, kind, booster=None, iterations=(0, 0)):
        found = None
        for places, matrix in self.parts:
            values = np.asarray((booster or self.booster).predict(
                matrix, validate_features=False, iteration_range=iterations, **CALLS[kind]))
            if found is None:
                width = values.size // len(places)
                found = np.empty((len(self.rows), width), np.float32)
            found[places] = values.reshape(len(places), -1)
        return found

    def in_place(self):
        """The same predictions, asked for without DMatrix."""
        values = self.booster.inplace_predict(
            self.data(), validate_features=False, missing=np.nan)
        return np.asarray(values).reshape(len(self.rows), -1)


def same(left, right):
    return np.array_equal(left, right, equal_nan=True)


def random_range(generator, rounds):
    """A range of iterations, for XGBoost and as arguments of treec."""
    start = int(generator.randint(rounds))
    if chance(generator, 0.2):
        return (start, rounds), ["--start-iteration", start]
    count = int(generator.randint(1, rounds - start + 1))
    return (start, start + count), ["--start-iteration", start, "--iterations", count]


def softprob_copy(source, target):
    """The same model with the objective that gives all probabilities, as Python writes JSON."""
    with open(source, encoding="utf-8") as file:
        document = json.load(file)
    document["learner"]["objective"]["name"] = "multi:softprob"
    with open(target, "w", encoding="utf-8") as file:
        json.dump(document, file)


class Classes:
    """Probabilities and labels as XGBClassifier gives them; None where there are none."""

    def __init__(self, session, objective, reference, prediction):
        self.probability = self.label = None
        if objective == "binary:logistic" and prediction.shape[1] == 1:
            self.probability = np.hstack([np.float32(1) - prediction, prediction])
            self.label = prediction > 0.5
        elif objective == "binary:hinge" and prediction.shape[1] == 1:
            self.label = prediction
        elif objective == "multi:softprob":
            self.probability = prediction
            self.label = np.argmax(prediction, axis=1).reshape(-1, 1)
        elif objective == "multi:softmax":
            softprob_copy(session.path("model.json"), session.path("softprob.json"))
            self.probability = reference.answer(
                "prediction", xgboost.Booster(model_file=session.path("softprob.json")))
            self.label = prediction

    def check_with_estimator(self, path, reference, objective):
        """That XGBClassifier itself gives them, for rows that it takes."""
        classifier = xgboost.XGBClassifier(n_jobs=1)
        classifier.load_model(path)
        places = np.nonzero(reference.is_finite)[0]
        options = {
            "validate_features": False,
            "iteration_range": (0, reference.booster.num_boosted_rounds())}
        # For multi:softmax the exp there is another.
        if objective in ("binary:logistic", "multi:softprob"):
            found = classifier.predict_proba(reference.data(places), **options)
            if not same(found, self.probability[places]):
                raise harness.Disagreement("XGBClassifier gives other probabilities")
        # Two columns are taken there for two labels.
        if objective != "multi:softprob" or self.probability.shape[1] > 2:
            found = classifier.predict(reference.data(places), **options)
            if not same(found, self.label[places, 0]):
                raise harness.Disagreement("XGBClassifier gives other labels")


def check_classes(session, classes, objective):
    for kind, expected in (("probability", classes.probability), ("label", classes.label)):
        if expected is None:
            session.refuses(kind, "predict", "model.tir", "rows.csv", "--output", kind)
            session.covers("no " + kind)
        else:
            session.expect(
                kind, session.predict("model.tir", "rows.csv", kind), expected,
                "%s of %s" % (kind, objective))


def check_ranges(session, generator, reference, document, leaves):
    """Ranges of iterations, and that others are refused, as they are by XGBoost."""
    rounds = reference.booster.num_boosted_rounds()
    outside = ["--start-iteration", 1, "--iterations", max(1, rounds)]
    session.run("predict", "model.tir", "rows.csv", *outside, refused=True)
    if leaves is None:
        return
    iterations, flags = random_range(generator, rounds)
    for kind in ("raw", "prediction"):
        session.expect(
            kind, session.predict("model.tir", "rows.csv", kind, *flags),
            reference.answer(kind, iterations=iterations), "%s in %s" % (kind, iterations))
    ends = xgboost_features.boosted(document)["iteration_indptr"]
    # XGBoost gives the leaves of ranges that start with the first iteration only.
    session.expect(
        "leaf", session.predict("model.tir", "rows.csv", "leaf", *flags),
        leaves[:, ends[iterations[0]]:ends[iterations[1]]], "leaf in %s" % (iterations,))


def check_taken_as_missing(session, table, reference, column):
    """With --unknown-category missing the second row of odd.csv is scored."""
    rows = reference.rows[-3:].copy()
    rows[1, column] = np.nan
    expected = Reference(session.path("model.json"), table, rows).answer("raw")
    option = ["--unknown-category", "missing"]
    session.run("convert", "model.ubj", "-o", "lenient.tir", *option)
    for model, options in (("model.json", option), ("lenient.tir", [])):
        session.expect(
            "raw", session.predict(model, "odd.csv", "raw", *options), expected,
            "raw of %s with an unknown category taken as missing" % model)


def check_odd_cells(session, generator, table, reference):
    """Texts that are no category of the dictionary, and text among codes."""
    dictionaries = table.schema.categories
    columns = sorted(dictionaries or table.codes)
    if not columns:
        return
    column = columns[generator.randint(len(columns))]
    text = str(unseen(dictionaries[column])) if dictionaries else "a text"

    def put(records):
        header, *rows = records
        rows = rows[-3:]
        rows[1][column] = text
        return [header, *rows]

    session.rewrite("odd.csv", put)
    # No row is scored where one cannot be.
    session.refuses(text, "predict", "model.tir", "odd.csv")
    if dictionaries:
        check_taken_as_missing(session, table, reference, column)


def check_inspect(session, document):
    """`inspect` shows the attributes, such as the best iteration."""
    shown = json.loads(session.run("inspect", "model.tir", "--json").stdout)
    attributes = document["learner"]["attributes"]
    if shown["provenance"]["attributes"] != attributes:
        raise harness.Disagreement("inspect shows other attributes than %s" % attributes)


def next_float32(value):
    return np.nextafter(value, np.float32(np.inf) if value < 1 else np.float32(0))


def plainly_different(value):
    return np.float32(2) if value < 1 else np.float32(0)


def write_and_convert(session, table, rows, prediction):
    table.schema.write(session.path("rows.csv"), rows)
    write_csv(
        session.path("native.csv"), ["prediction_%d" % k for k in range(prediction.shape[1])],
        prediction)
    session.run(
        "convert", "model.json", "-o", "model.tir",
        "--verify-rows", "rows.csv", "--verify-expected", "native.csv")
    session.run("convert", "model.ubj", "-o", "ubj.tir")
    session.write_headless("headless.csv")


def run_case(session, seed):
    model, generator = random_xgboost.train(seed)
    table = model.table
    for name in ("model.json", "model.ubj"):
        model.booster.save_model(session.path(name))
    with open(session.path("model.json"), encoding="utf-8") as file:
        document = json.load(file)
    features = xgboost_features.in_document(document)
    session.covers(*features, *model.steps)
    if table.schema.categories and not features & xgboost_features.DICTIONARIES:
        session.covers("dictionaries lost")
        table.forget_dictionaries()
    if table.is_garbled:
        session.covers("dictionaries garbled")
        for name in ("model.json", "model.ubj"):
            session.refuses(name, "convert", name, "-o", "model.tir")
        return
    if "scalar and vector trees" in features:
        session.refuses("leaves", "convert", "model.json", "-o", "model.tir")
        return

    rows = random_rows(table, document, generator, ROWS)
    session.rows = len(rows)
    source = session.path("model.json" if chance(generator, 0.5) else "model.ubj")
    reference = Reference(source, table, rows, turned=True)
    raw, prediction = reference.answer("raw"), reference.answer("prediction")
    # Without DMatrix dart is summed in another order, and there are no linear models.
    if "gbtree" in features and not same(reference.in_place(), prediction):
        raise harness.Disagreement("XGBoost does not agree with itself")
    write_and_convert(session, table, rows, prediction)

    def compare(kind, expected, model_file, rows_file="rows.csv", *options):
        session.expect(
            kind, session.predict(model_file, rows_file, kind, *options), expected,
            "%s of %s for %s" % (kind, model_file, rows_file))

    for file in ("model.tir", "ubj.tir"):
        compare("raw", raw, file)
        compare("prediction", prediction, file)
    compare("prediction", prediction, "model.json")
    compare("raw", raw, "model.ubj")
    compare("raw", raw, "model.tir", "headless.csv", "--no-header")
    session.write_shuffled("shuffled.csv", generator)
    compare("raw", raw, "model.tir", "shuffled.csv")

    leaves = None
    if features & {"no trees", "gblinear"}:
        session.run("predict", "model.tir", "rows.csv", "--output", "leaf", refused=True)
    else:
        leaves = reference.answer("leaf")
        compare("leaf", leaves, "model.tir")
        compare("leaf", leaves, "ubj.tir")
    check_ranges(session, generator, reference, document, leaves)

    objective = document["learner"]["objective"]["name"]
    classes = Classes(session, objective, reference, prediction)
    if classes.label is not None and "dart" not in features:
        classes.check_with_estimator(source, reference, objective)
    check_classes(session, classes, objective)
    if objective == "multi:softmax":
        compare("prediction", classes.probability, "softprob.json")
    check_odd_cells(session, generator, table, reference)
    check_inspect(session, document)
    session.run("verify", "model.tir")
    session.check_verify("model.tir", "raw", raw, next_float32)
    session.check_verify("ubj.tir", "prediction", prediction, plainly_different)


if __name__ == "__main__":
    objectives = set(random_xgboost.OBJECTIVES) - {"reg:linear", "custom"}
    harness.main(
        "XGBoost %s live" % xgboost.__version__, __doc__, run_case,
        features=[
            *xgboost_features.FEATURES, "dictionaries lost", "dictionaries garbled",
            "no probability", "no label", *random_xgboost.STEPS, *sorted(objectives)])
