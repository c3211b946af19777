#!/usr/bin/env python3
"""Trains random CatBoost models and checks that treec gives CatBoost's answers.

Everything must be equal to the bit, from both forms of a model: what CatBoost computes by its own
exponential is the same everywhere, and what it computes by the C library's is computed here by the
same one. The answers are those of the model loaded from its binary form.
"""
import json
import os
import sys

# One thread, and before CatBoost is loaded.
os.environ.setdefault("OMP_NUM_THREADS", "1")
sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "fixtures", "make"))

import catboost
import numpy as np

import catboost_features
import harness
import random_catboost
from catboost_answers import Answers
from catboost_files import loses_tables, renamed_cbm, renamed_json
from catboost_probes import probe_rows
from random_columns import chance
from tables import write_csv

ROWS = 120
KINDS = {
    "raw": Answers.raw, "prediction": Answers.prediction, "probability": Answers.probability,
    "log-probability": Answers.log_probability, "exponent": Answers.exponent,
    "label": Answers.label, "leaf": Answers.leaves,
}


def save(session, model, generator):
    """Both forms, and the JSON one as Python reads it."""
    options = {}
    if chance(generator, 0.5):
        # Without rows the file has no texts of categories.
        options["pool"] = model.table.pool(model.table.matrix)
    model.library.save_model(session.path("model.cbm"))
    model.library.save_model(session.path("model.json"), format="json", **options)
    for name, rename in (("model.cbm", renamed_cbm), ("model.json", renamed_json)):
        with open(session.path(name), "rb") as file:
            data = rename(file.read(), model.rename)
        with open(session.path(name), "wb") as file:
            file.write(data)
    with open(session.path("model.json"), encoding="utf-8") as file:
        return json.load(file)


def random_rows(table, document, generator):
    """Odd rows, rows at the borders of the model, and training rows with more missing values."""
    odd = probe_rows(table.matrix, table.schema, document, generator, ROWS * 3 // 4)
    rows = table.matrix[generator.randint(len(table.matrix), size=ROWS - len(odd))].copy()
    numbers = [place for place in range(rows.shape[1]) if place not in table.schema.categories]
    for column in numbers:
        for value in (0.0, np.nan):
            rows[generator.rand(len(rows)) < generator.uniform(-0.5, 0.5), column] = value
    return np.concatenate([odd, rows])


def expect(session, kind, model_file, expected, *options, rows="rows.csv"):
    """Compares an output with CatBoost's answer; one that is not there must be refused."""
    what = "%s of %s for %s %s" % (kind, model_file, rows, " ".join(map(str, options)))
    if expected is None:
        session.refuses(kind, "predict", model_file, rows, "--output", kind, *options)
    elif kind == "label":
        session.expect_texts(model_file, rows, expected, what, *options)
    else:
        session.expect(
            kind, session.predict(model_file, rows, kind, *options), expected, what)


def check_everything(session, model_file, answers, *options, rows="rows.csv"):
    for kind, ask in KINDS.items():
        if kind == "leaf" and model_file == "json.tir" and {
                "edited", "nested trees"} <= session.covered:
            # A model that CatBoost has read from JSON numbers its leaves in another way.
            continue
        expect(session, kind, model_file, ask(answers), *options, rows=rows)


def check_ranges(session, generator, files, library, pool):
    """A range of trees, and that one beyond the model is refused, as CatBoost does."""
    count = library.tree_count_
    session.run("predict", files[0], "rows.csv", "--start-iteration", 1, "--iterations", count,
                refused=True)
    start = int(generator.randint(count))
    end = int(generator.randint(start + 1, count + 1))
    answers = Answers(library, pool, (start, end))
    for file in files:
        check_everything(
            session, file, answers, "--start-iteration", start, "--iterations", end - start)


def check_itself(generator, library, table, rows, raw):
    """That CatBoost gives the same scores for some rows alone."""
    some = generator.choice(len(rows), size=5, replace=False)
    found = Answers(library, table.pool(rows[some])).raw()
    if not np.array_equal(found, raw[some]):
        raise harness.Disagreement("CatBoost does not agree with itself")


def check_odd_cells(session, table, document):
    """Text among numbers is an error; among categories it is one that was never seen."""
    numbers = [place for place in catboost_features.places_of(document["features_info"] or {})
               if place not in table.schema.categories]
    if not numbers:
        return

    def put(records):
        header, *rows = records
        rows[1] = ["a text" if place == numbers[-1] else cell for place, cell in enumerate(rows[1])]
        return [header, *rows]

    session.rewrite("odd.csv", put)
    session.refuses("a text", "predict", "cbm.tir", "odd.csv")


def converts_json(session, document):
    """Whether treec takes the JSON form. It must not where CatBoost has lost tables."""
    with open(session.path("model.cbm"), "rb") as file:
        has_lost = loses_tables(file.read())
    if has_lost or catboost_features.may_lose_tables(document) and not session.call(
            "convert", "model.json", "-o", "json.tir").returncode == 0:
        session.refuses("save_model('model.cbm')", "convert", "model.json", "-o", "json.tir")
        session.covers("JSON refused", *["tables lost"] * has_lost)
        return False
    session.run("convert", "model.json", "-o", "json.tir")
    return True


def next_number(value):
    return np.nextafter(value, np.inf if value < 1 else 0)


def plainly_different(value):
    return 2.0 if value < 1 else 0.0


def run_case(session, seed):
    model, generator = random_catboost.train(seed, session.folder)
    table = model.table
    try:
        document = save(session, model, generator)
    except catboost.CatBoostError:
        # JSON has no infinite leaves.
        session.covers("no JSON")
        return
    session.covers(*catboost_features.in_document(document), *model.steps)
    session.covers("names" if table.has_names else "no names")

    rows = random_rows(table, document, generator)
    session.rows = len(rows)
    table.schema.write(session.path("rows.csv"), rows)
    try:
        library = catboost.CatBoost().load_model(session.path("model.cbm"))
    except catboost.CatBoostError:
        # Some parameters it cannot read again.
        session.covers("unreadable")
        return
    pool = table.pool(rows)
    answers = Answers(library, pool)
    raw, prediction = answers.raw(), answers.prediction()
    check_itself(generator, library, table, rows, raw)

    write_csv(session.path("native.csv"), ["raw_%d" % k for k in range(raw.shape[1])], raw)
    session.run("convert", "model.cbm", "-o", "cbm.tir",
                "--verify-rows", "rows.csv", "--verify-expected", "native.csv")
    files = ["cbm.tir"]
    if converts_json(session, document):
        files.append("json.tir")
    for file in files:
        check_everything(session, file, answers)
    expect(session, "raw", "model.cbm", raw)
    expect(session, "prediction", "model.json" if len(files) > 1 else "model.cbm", prediction)
    session.write_headless("headless.csv")
    if len(catboost_features.places_of(document["features_info"] or {})) == rows.shape[1]:
        expect(session, "raw", files[-1], raw, "--no-header", rows="headless.csv")
    session.write_shuffled("shuffled.csv", generator)
    expect(session, "raw", files[-1], raw, rows="shuffled.csv")
    if chance(generator, 0.3):
        # More rows than a block has.
        table.schema.write(session.path("many.csv"), np.tile(rows, (20, 1)))
        expect(session, "raw", files[-1], np.tile(raw, (20, 1)), rows="many.csv")
    check_ranges(session, generator, files, library, pool)
    check_odd_cells(session, table, document)
    session.run("inspect", "cbm.tir")
    json.loads(session.run("inspect", files[-1], "--json").stdout)
    session.run("verify", "cbm.tir")
    session.check_verify("cbm.tir", "raw", raw, next_number)
    session.check_verify(files[-1], "prediction", prediction, plainly_different)


if __name__ == "__main__":
    losses = {
        loss.partition(":")[0] for loss in (
            random_catboost.ONE_OUTPUT + random_catboost.RANKING + random_catboost.BINARY
            + random_catboost.SEVERAL)}
    harness.main(
        "CatBoost %s live" % catboost.__version__, __doc__, run_case,
        features=[
            *catboost_features.FEATURES, "JSON refused", "tables lost", "no JSON",
            "unreadable",
            *random_catboost.STEPS, *sorted(losses)])
