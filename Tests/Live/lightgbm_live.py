#!/usr/bin/env python3
"""Trains random LightGBM models and checks that treec gives LightGBM's answers.

Margins, leaves and labels must be equal to the bit; a prediction behind one exp() may be 1 ulp
off, behind a softmax 2 (LightGBM's own exp differs that much between processors).
"""
import json
import os
import sys

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "fixtures", "make"))

import lightgbm
import numpy as np

import harness
import random_lightgbm
from probes import probe_rows
from tables import write_csv

CLASSIFIERS = ("binary", "multiclass", "multiclassova")
ONE_EXP = ("binary", "multiclassova", "poisson", "gamma", "tweedie", "cross_entropy",
           "cross_entropy_lambda")


def ulp_limit(objective):
    return 2 if objective == "multiclass" else 1 if objective in ONE_EXP else 0


class Reference:
    """The booster loaded from the saved file, and the rows it is asked about."""

    def __init__(self, booster, given):
        self.booster, self.given = booster, given

    def answer(self, **arguments):
        values = np.asarray(self.booster.predict(self.given, **arguments))
        return values.reshape(len(self.given), -1)


def random_range(generator, iterations):
    """An iteration range that overlaps the model, as arguments of LightGBM and of treec."""
    start = int(generator.randint(iterations))
    count = int(generator.randint(1, iterations + 2))
    return (
        {"start_iteration": start, "num_iteration": count},
        ["--start-iteration", start, "--iterations", count])


def random_early_stop(generator, raw):
    """Early stopping at a margin that some rows reach and some do not."""
    reached = np.abs(raw[np.isfinite(raw)])
    margin = float(np.quantile(reached, generator.rand()) * 2) if reached.size else 1.0
    frequency = int(generator.randint(1, 8))
    return (
        {"pred_early_stop": True, "pred_early_stop_freq": frequency,
         "pred_early_stop_margin": margin},
        ["--early-stop-margin", repr(margin), "--early-stop-freq", frequency])


def check_labels(session, model, reference, objective):
    """Probabilities and labels as scikit-learn's LGBMClassifier gives them."""
    header, values = session.predict(model, "rows.csv", "probability")
    native, limit = reference.answer(), ulp_limit(objective)
    if objective == "binary":
        # Exactly the complement of treec's own probability, whose last bit may be off.
        positive = values[:, 1:] if values.shape == (len(native), 2) else native
        native, limit = np.hstack([1.0 - positive, native]), [0, limit]
    session.expect("probability", (header, values), native, "probability", limit)
    # Within its ulp two classes may change places: the label is that of the written values.
    labels = np.argmax(values, axis=1).reshape(-1, 1)
    session.expect("label", session.predict(model, "rows.csv", "label"), labels, "label")


def plainly_different(value):
    return 1.0 if abs(value) > 10 else value + 20


def run_case(session, seed):
    model, generator = random_lightgbm.train(seed)
    session.covers(model.objective)
    schema, limit = model.schema, ulp_limit(model.objective)
    model.booster.save_model(session.path("model.txt"))
    reference_booster = lightgbm.Booster(model_file=session.path("model.txt"))
    with open(session.path("model.json"), "w", encoding="utf-8") as file:
        json.dump(reference_booster.dump_model(), file, ensure_ascii=False)

    with open(session.path("model.txt"), encoding="utf-8") as file:
        text = file.read()
    rows = probe_rows(model.matrix, schema, text, generator, 120)
    session.rows = len(rows)
    schema.write(session.path("rows.csv"), rows)
    reference = Reference(reference_booster, schema.for_library(rows))

    # The text names unordered categories only, and treec asks where it cannot be sure whose
    # dictionary is whose; the dump names none.
    named = ["--categorical", ",".join(schema.names[i] for i in sorted(schema.categories))]
    uncertain = schema.categories and session.asks_for("--categorical", "inspect", "model.txt")
    for_text = named if schema.ordered or uncertain else []
    for_json = named if schema.categories else []
    prediction = reference.answer()
    write_csv(
        session.path("native.csv"), ["prediction_%d" % k for k in range(prediction.shape[1])],
        prediction)
    session.run(
        "convert", "model.txt", "-o", "model.tir", *for_text,
        "--verify-rows", "rows.csv", "--verify-expected", "native.csv")
    session.run("inspect", "model.tir", "--json")

    session.write_headless("headless.csv")

    def compare(
        kind, what, allowed, model_file="model.tir", options=(), rows_file="rows.csv", **arguments
    ):
        call = {"raw": {"raw_score": True}, "leaf": {"pred_leaf": True}, "prediction": {}}[kind]
        session.expect(
            kind, session.predict(model_file, rows_file, kind, *options),
            reference.answer(**call, **arguments), "%s %s" % (kind, what), allowed)

    compare("raw", "of the .tir", 0)
    compare("prediction", "of the .tir", limit)
    compare("leaf", "of the .tir", 0)
    compare("raw", "without a header", 0, options=["--no-header"], rows_file="headless.csv")
    compare("raw", "of the text", 0, "model.txt", for_text)
    compare("raw", "of the JSON", 0, "model.json", for_json)
    compare("leaf", "of the JSON", 0, "model.json", for_json)

    raw = reference.answer(raw_score=True)
    iterations = reference_booster.current_iteration()
    selection, flags = random_range(generator, iterations)
    for kind in ("raw", "prediction", "leaf"):
        allowed = limit if kind == "prediction" else 0
        compare(kind, "in the range %s" % selection, allowed, options=flags, **selection)
    stop, stop_flags = random_early_stop(generator, raw)
    if generator.rand() < 0.3:
        stop, stop_flags = dict(stop, **selection), stop_flags + flags
    for kind in ("raw", "prediction"):
        allowed = limit if kind == "prediction" else 0
        compare(kind, "with early stop %s" % stop, allowed, options=stop_flags, **stop)

    if model.objective in CLASSIFIERS:
        check_labels(session, "model.tir", reference, model.objective)
    session.check_verify("model.tir", "prediction", prediction, plainly_different)


if __name__ == "__main__":
    harness.main(
        "LightGBM %s live" % lightgbm.__version__, __doc__, run_case,
        features=[*dict.fromkeys(random_lightgbm.OBJECTIVES), "asked for names"])
