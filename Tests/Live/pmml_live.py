#!/usr/bin/env python3
"""Trains random pipelines, has sklearn2pmml write them as PMML, and checks that treec gives
JPMML-Evaluator's answers.

Rows that JPMML refuses must be refused. Labels, whole numbers and float32 numbers must be equal, and
so must float64 numbers of models without exponentials; with them they may be two ulps apart, because
Java computes those by itself, or 2**-52 where a number was subtracted from another one near it. A row
with a NaN that is no missing value may be refused if the reason says so.
"""
import json
import os
import re
import struct
import sys
import warnings

# One thread, and before any library is loaded.
os.environ.setdefault("OMP_NUM_THREADS", "1")
sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "fixtures", "make"))

import jpype
import numpy as np

import harness
import jpmml
import pmml_document
import random_pmml
from pmml_rows import probe_rows
from tables import write_csv

ROWS = 160
ULPS = 2
NEAR = 2.0**-52
REFUSED = "#ERROR"
# Why treec refuses rows that JPMML answers, and says so.
KNOWN_REFUSAL = re.compile(
    r": row ([0-9]+):.* NaN, which treec cannot keep apart from a missing")
# Draws that scikit-learn or the converter refuses are drawn again.
DRAWS = 60


def draw(session, generator, converter):
    """A Draw, its document, which looks at columns, and JPMML's form of that."""
    faults = []
    for _ in range(DRAWS):
        try:
            model = random_pmml.Draw(generator)
        # There are many reasons, and an exception for each library.
        except Exception as error:  # pylint: disable=broad-except
            faults.append(repr(error))
            session.covers("refused by scikit-learn")
            continue
        try:
            document = converter.convert(model.pipeline)
        except jpype.JException as error:
            faults.append(str(error))
            session.covers("refused by sklearn2pmml")
            continue
        try:
            evaluator = jpmml.Evaluator(document)
        except jpype.JException as error:
            # Names of elements that are made from those of columns may be none.
            faults.append(str(error))
            session.covers("refused by JPMML")
            continue
        if evaluator.fields:
            return model, document, evaluator
        faults.append("no columns")
    raise harness.Disagreement("nothing could be drawn:\n%s" % "\n".join(faults)[:3000])


def number_of(text):
    """A number as treec writes it, None if it is none."""
    try:
        return float(text)
    except ValueError:
        return None


class Comparison:
    """treec's cells beside JPMML's results."""

    def __init__(self, session, is_inexact, what):
        self.session, self.is_inexact, self.what = session, is_inexact, what
        self.wrong = []

    def tally(self, kind, distance, is_wrong):
        tally = self.session.tallies.setdefault(kind, harness.Tally())
        tally.values += 1
        tally.differing += distance > 0
        tally.largest = max(tally.largest, int(distance))
        tally.beyond += is_wrong

    def cell(self, row, column, found, expected):
        kind, text = expected
        distance, is_wrong = 0, False
        if kind in ("Double", "Float"):
            number, wanted = number_of(found), float(text)
            if number is None:
                is_wrong = True
            elif kind == "Float":
                # Both are written with as many digits as a float32 needs.
                distance = int(struct.pack("<f", number) != struct.pack("<f", wanted))
                is_wrong = distance > 0 or len(found.strip("-0.").replace(".", "")) > 12
            else:
                distance = int(harness.ulps(np.array([number]), np.array([wanted]))[0])
                kind = "inexact " + kind if self.is_inexact else kind
                if self.is_inexact and distance > ULPS and abs(number - wanted) <= NEAR:
                    kind = "difference"
                else:
                    is_wrong = distance > (ULPS if self.is_inexact else 0)
        elif kind == "Boolean":
            is_wrong = found.lower() != text.lower()
        else:
            is_wrong = found != (text or "")
        self.tally(kind.lower(), distance or is_wrong, is_wrong)
        if is_wrong:
            self.wrong.append("row %d, %s: %r, not %r, which is a %s" % (
                row, column, found, text, expected[0]))

    def refusal(self, row, is_refused, answer):
        is_wrong = is_refused != ("error" in answer)
        self.tally("refusal", is_wrong, is_wrong)
        if is_wrong:
            self.wrong.append("row %d: %s" % (
                row, "refused, not answered: %s" % answer["out"] if is_refused
                else "answered, not refused: %s" % answer["error"]))


def compare(session, comparison, names, header, found, reasons, answers):
    if header != names:
        raise harness.Disagreement("%s: columns %s, not %s" % (comparison.what, header, names))
    if len(found) != len(answers):
        raise harness.Disagreement("%s: %d rows, not %d" % (
            comparison.what, len(found), len(answers)))
    known_rows = {int(row) for row in KNOWN_REFUSAL.findall(reasons)}
    for place, (cells, answer) in enumerate(zip(found, answers)):
        is_refused = REFUSED in cells
        if is_refused and "out" in answer and place + 1 in known_rows:
            session.covers("rows refused as is known")
            continue
        comparison.refusal(place + 1, is_refused, answer)
        if not is_refused and "out" in answer:
            for column, cell in zip(header, cells):
                comparison.cell(
                    place + 1, column, cell, answer["out"].get(column, ["null", None]))
    if comparison.wrong:
        raise harness.Disagreement("%s: %d cells or rows differ\n  %s" % (
            comparison.what, len(comparison.wrong), "\n  ".join(comparison.wrong[:8])))


def scored(session, model, rows, written):
    """What treec answers, refused rows marked, and why they are refused."""
    done = session.call("predict", model, rows, "-o", written, "--on-error", "mark")
    if not os.path.exists(session.path(written)):
        raise session.disagreement(done, "")
    header, *found = harness.read_records(session.path(written))
    return header, [row or [""] for row in found], done.stderr


def run_case(session, seed, converter):
    generator = np.random.RandomState(seed)
    model, document, evaluator = draw(session, generator, converter)
    with open(session.path("model.pmml"), "wb") as file:
        file.write(document)
    read = pmml_document.Document(document)
    session.covers(*read.features, *model.shows)

    header, rows = probe_rows(read, model.table.frame, generator, ROWS)
    session.rows = len(rows)
    write_csv(session.path("rows.csv"), header, rows)
    answers = [
        evaluator.answer({name: cell or None for name, cell in zip(header, row)})
        for row in rows]
    with open(session.path("answers.jsonl"), "w", encoding="utf-8") as file:
        for row, answer in zip(rows, answers):
            file.write(json.dumps({"in": dict(zip(header, row)), **answer}) + "\n")
    if all("error" in answer for answer in answers):
        session.covers("every row refused")
        # Then treec may refuse the model.
        if session.call("convert", "model.pmml", "-o", "model.tir").returncode == 1:
            return

    options = []
    if not evaluator.is_verified():
        session.covers("verification fails")
        session.run("convert", "model.pmml", "-o", "model.tir", refused=True)
        options = ["--no-verify"]
    session.run("convert", "model.pmml", "-o", "model.tir", *options)
    found = scored(session, "model.tir", "rows.csv", "found.csv")
    compare(
        session, Comparison(session, read.is_inexact, "model.tir"), evaluator.names(), *found,
        answers)
    session.write_shuffled("shuffled.csv", generator)
    for model_file, rows_file in (("model.pmml", "rows.csv"), ("model.tir", "shuffled.csv")):
        if scored(session, model_file, rows_file, "again.csv")[:2] != found[:2]:
            raise harness.Disagreement("%s answers otherwise for %s" % (model_file, rows_file))
        os.remove(session.path("again.csv"))
    session.run("inspect", "model.tir", "--json")


def main():
    warnings.filterwarnings("ignore")
    jpmml.start()
    converter = jpmml.Converter()
    harness.main(
        "PMML by sklearn2pmml live", __doc__,
        lambda session, seed: run_case(session, seed, converter),
        features=list(dict.fromkeys([
            *pmml_document.FEATURES, *random_pmml.KINDS, *random_pmml.STEPS,
            "verification fails", "every row refused", "rows refused as is known", "refused by sklearn2pmml",
            "refused by scikit-learn", "refused by JPMML"])))


if __name__ == "__main__":
    main()
