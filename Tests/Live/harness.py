"""What every live suite needs: running treec, comparing to the bit, counting, reporting.

A suite draws cases from seeds until its time is up. A case that fails keeps its files and prints
the command that repeats it.
"""
import argparse
import collections
import csv
import os
import shutil
import subprocess
import sys
import tempfile
import textwrap
import time
import traceback

import numpy as np

from tables import write_csv

ORDER_OF_KINDS = [
    "raw", "prediction", "probability", "log-probability", "exponent", "label", "leaf",
    # What JPMML answers is of a class of Java.
    "double", "inexact double", "difference", "float", "integer", "boolean", "string", "null",
    "refusal"]


class Disagreement(Exception):
    """treec and the library differ, or treec failed."""


class Tally:
    """How many values of a kind were compared, and how far apart they were."""

    def __init__(self):
        self.values = self.differing = self.beyond = self.largest = 0


def ordered_bits(values):
    """float64 as integers in which neighbouring numbers are neighbours; -0.0 is beside 0.0."""
    bits = np.ascontiguousarray(values, dtype=np.float64).view(np.int64)
    return np.where(bits < 0, -(bits & np.int64(2**63 - 1)) - 1, bits)


def ulps(left, right):
    """The distance in ulps, 0 where both are NaN (of whatever sign and payload)."""
    first, second = ordered_bits(left), ordered_bits(right)
    with np.errstate(over="ignore"):
        distance = (np.maximum(first, second) - np.minimum(first, second)).view(np.uint64)
    one_nan = np.isnan(left) != np.isnan(right)
    both_nan = np.isnan(left) & np.isnan(right)
    return np.where(both_nan, 0, np.where(one_nan, np.uint64(2**64 - 1), distance))


def read_records(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.reader(file))


def read_output(path):
    """Header and values of a file that treec wrote."""
    header, *rows = read_records(path)
    values = [[float(cell) if cell else np.nan for cell in row] for row in rows]
    return header, np.array(values, dtype=np.float64).reshape(len(rows), len(header))


class Session:
    """One case: a folder, the treec to run in it, the tallies to add to."""

    def __init__(self, treec, folder, tallies, options=None):
        self.treec, self.folder, self.tallies = treec, folder, tallies
        self.options = options
        self.rows = 0
        self.covered = set()

    def path(self, name):
        return os.path.join(self.folder, name)

    def covers(self, *features):
        """Counts the case among those that show the features."""
        self.covered.update(features)

    def call(self, *arguments):
        """Runs treec in the case's folder: its exit status and what it said."""
        done = subprocess.run(
            [self.treec] + [str(argument) for argument in arguments],
            cwd=self.folder, capture_output=True, text=True, timeout=120, check=False)
        if done.returncode < 0:
            raise self.disagreement(done, "")
        return done

    @staticmethod
    def disagreement(done, remark):
        return Disagreement("`%s` exited with %d%s\n%s" % (
            " ".join(done.args), done.returncode, remark, (done.stdout + done.stderr)[-2000:]))

    def run(self, *arguments, refused=False):
        """Runs treec; `refused` says that it must exit with a complaint."""
        done = self.call(*arguments)
        if refused != (done.returncode != 0):
            raise self.disagreement(done, ", not with a complaint" if refused else "")
        return done

    def refuses(self, naming, *arguments):
        """treec must exit with a complaint that names something."""
        done = self.run(*arguments, refused=True)
        if done.returncode != 1 or naming not in done.stderr:
            raise self.disagreement(done, " and does not name '%s'" % naming)

    def asks_for(self, option, *arguments):
        """Whether treec refuses a call and tells to use `option`."""
        done = self.call(*arguments)
        asked = done.returncode == 1 and option in done.stderr
        if asked:
            self.covers("asked for names")
        return asked

    def rewrite(self, target, change, source="rows.csv"):
        """Writes what `change` makes of the records of a file."""
        header, *rows = change(read_records(self.path(source)))
        write_csv(self.path(target), header, rows)

    def write_headless(self, target):
        """The rows without their header."""
        self.rewrite(target, lambda records: records[1:])

    def write_shuffled(self, target, generator):
        """The rows with their columns in another order, and one more that no model knows."""
        def shuffled(records):
            order = generator.permutation(len(records[0]) + 1)
            extra = ["a column of no model"] + ["text"] * (len(records) - 1)
            records = [record + [cell] for record, cell in zip(records, extra)]
            return [[record[place] for place in order] for record in records]

        self.rewrite(target, shuffled)

    def predict(self, model, rows, output, *options):
        """The header and values of `treec predict --output OUTPUT`."""
        written = self.path("treec-%s.csv" % output)
        if os.path.exists(written):
            os.remove(written)
        self.run("predict", model, rows, "-o", written, "--output", output, *options)
        return read_output(written)

    def expect(self, kind, output, expected, what, limit=0):
        """Compares `output` of `predict` with `expected`, whose columns are kind_0, kind_1, …"""
        header, values = output
        expected = np.asarray(expected, dtype=np.float64)
        names = ["label"] if kind == "label" else [
            "%s_%d" % (kind, column) for column in range(expected.shape[1])]
        if header != names:
            raise Disagreement("%s: columns %s, not %s" % (what, header[:8], names[:8]))
        if values.shape != expected.shape:
            raise Disagreement("%s: shape %s, not %s" % (what, values.shape, expected.shape))
        distance = ulps(values, expected)
        tally = self.tallies.setdefault(kind, Tally())
        tally.values += distance.size
        tally.differing += int((distance > 0).sum())
        tally.largest = max(tally.largest, int(distance.max(initial=0)))
        wrong = distance > limit
        tally.beyond += int(wrong.sum())
        if wrong.any():
            row, column = (int(index[0]) for index in np.nonzero(wrong))
            raise Disagreement("%s: %d of %d values differ; first in row %d, %s: %r, not %r" % (
                what, wrong.sum(), wrong.size, row, header[column],
                float(values[row, column]), float(expected[row, column])))

    def expect_texts(self, model, rows, expected, what, *options):
        """Compares labels that may be texts with `expected`, a column or several."""
        self.run("predict", model, rows, "-o", "treec-label.csv", "--output", "label", *options)
        header, *found = read_records(self.path("treec-label.csv"))
        expected = [[str(value) for value in row] for row in expected]
        width = len(expected[0])
        names = ["label"] if width == 1 else ["label_%d" % column for column in range(width)]
        if header != names or len(found) != len(expected):
            raise Disagreement("%s: %d rows of %s" % (what, len(found), header[:8]))
        wrong = [row for row, pair in enumerate(zip(found, expected)) if pair[0] != pair[1]]
        tally = self.tallies.setdefault("label", Tally())
        tally.values += len(expected) * width
        tally.differing += len(wrong)
        tally.beyond += len(wrong)
        if wrong:
            raise Disagreement("%s: %d of %d rows differ; first row %d: %s, not %s" % (
                what, len(wrong), len(expected), wrong[0], found[wrong[0]], expected[wrong[0]]))

    def check_verify(self, model, kind, expected, change):
        """`verify` accepts the library's answers and notices one that `change` has changed."""
        header = ["%s_%d" % (kind, column) for column in range(expected.shape[1])]
        write_csv(self.path("expected.csv"), header, expected)
        self.run("verify", model, "rows.csv", "expected.csv")
        changed = expected.copy()
        changed[-1, 0] = 1.0 if np.isnan(changed[-1, 0]) else change(changed[-1, 0])
        write_csv(self.path("changed.csv"), header, changed)
        self.run("verify", model, "rows.csv", "changed.csv", refused=True)


def summary(title, cases, coverage, rows, tallies):
    print("\n%s: %d cases, %d rows" % (title, cases, rows))
    print("%-12s %14s %16s %14s %12s" % (
        "output", "values", "differing bits", "beyond limit", "largest ulp"))
    for kind in sorted(tallies, key=ORDER_OF_KINDS.index):
        tally = tallies[kind]
        print("%-12s %14d %16d %14d %12d" % (
            kind, tally.values, tally.differing, tally.beyond, tally.largest))
    for introduction, features in (
        ("cases with", ["%s %d" % (name, count) for name, count in coverage.items() if count]),
        ("no case with", [name for name, count in coverage.items() if not count]),
    ):
        if features:
            # Lines are broken between features, not within.
            listed = ", ".join(feature.replace(" ", "\0") for feature in features)
            print(textwrap.fill(
                "%s: %s" % (introduction, listed), 100, subsequent_indent="  ",
                break_long_words=False, break_on_hyphens=False).replace("\0", " "))


def main(
        title, description, run_case, parts=None, report=summary, features=(), options=None):
    """Parses the arguments, runs `run_case(session, seed)` until time is up, and exits.

    `parts` are cases that do not depend on a seed, functions of a session by name; they go first.
    `features` are what cases should cover, in the order of the report. `options` are the suite's
    own, with what argparse is to know of each; sessions have their values.
    """
    parts, options = parts or {}, options or {}
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--treec", required=True, help="the program to judge")
    parser.add_argument("--minutes", type=float, default=4, help="start no case after this long")
    parser.add_argument("--seed", type=int, help="seed of the first case (default: the clock)")
    parser.add_argument("--cases", type=int, help="stop after this many cases")
    if parts:
        parser.add_argument("--part", choices=sorted(parts), help="run this part alone")
    parser.add_argument("--keep", help="folder for the files of failing cases (default: a new one)")
    for name, settings in options.items():
        parser.add_argument("--" + name, **settings)
    arguments = parser.parse_args()
    chosen = " ".join("--%s %s" % (name, getattr(arguments, name)) for name in options)

    treec = os.path.abspath(arguments.treec)
    seed = int(time.time()) % 1000000 * 1000 if arguments.seed is None else arguments.seed
    keep = arguments.keep or tempfile.mkdtemp(prefix="treec-live-")
    print("%s: seed %d, %g minutes" % (title, seed, arguments.minutes), flush=True)
    deadline = time.monotonic() + 60 * arguments.minutes
    tallies, passed, failed, rows = {}, 0, 0, 0
    coverage = collections.Counter({feature: 0 for feature in features})

    def run(name, again, case):
        nonlocal passed, failed, rows
        folder = os.path.join(keep, name)
        shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(folder)
        session = Session(treec, folder, tallies, arguments)
        try:
            case(session)
        except Exception as error:  # a case that cannot be run is a failure, not the end
            failed += 1
            known = isinstance(error, (Disagreement, subprocess.TimeoutExpired))
            print("\n%s FAILED: %s" % (name, error if known else traceback.format_exc()))
            print("  files:  %s" % folder)
            print("  repeat: %s" % " ".join(filter(None, [
                sys.executable, sys.argv[0], "--treec", arguments.treec, again, chosen])),
                flush=True)
        else:
            passed += 1
            shutil.rmtree(folder)
        rows += session.rows
        coverage.update(session.covered)

    alone = getattr(arguments, "part", None)
    for name, case in parts.items():
        # Whoever asks for a number of cases repeats one of a seed.
        if alone == name or not alone and arguments.cases is None:
            run(name, "--part " + name, case)
    while not alone and time.monotonic() < deadline and passed + failed != arguments.cases:
        run("case-%d" % seed, "--seed %d --cases 1" % seed, lambda session: run_case(session, seed))
        seed += 1
    if not failed and not arguments.keep:
        shutil.rmtree(keep)
    report(title, passed + failed, coverage, rows, tallies)
    print("%d passed, %d failed" % (passed, failed))
    # A run without a case has shown nothing.
    sys.exit(1 if failed or not passed else 0)
