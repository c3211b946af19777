"""What every live suite needs: running treec, comparing to the bit, counting, reporting.

A suite draws cases from seeds until its time is up. A case that fails keeps its files and prints
the command that repeats it.
"""
import argparse
import csv
import os
import shutil
import subprocess
import sys
import tempfile
import time
import traceback

import numpy as np

ORDER_OF_KINDS = ["raw", "prediction", "probability", "label", "leaf"]


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


def read_output(path):
    """Header and values of a file that treec wrote."""
    with open(path, newline="", encoding="utf-8") as file:
        header, *rows = csv.reader(file)
    values = [[float(cell) if cell else np.nan for cell in row] for row in rows]
    return header, np.array(values, dtype=np.float64).reshape(len(rows), len(header))


class Session:
    """One case: a folder, the treec to run in it, the tallies to add to."""

    def __init__(self, treec, folder, tallies):
        self.treec, self.folder, self.tallies = treec, folder, tallies
        self.rows = 0
        self.asked = False

    def path(self, name):
        return os.path.join(self.folder, name)

    def run(self, *arguments, refused=False):
        """Runs treec in the case's folder; `refused` says that it must exit with a complaint."""
        command = [self.treec] + [str(argument) for argument in arguments]
        done = subprocess.run(
            command, cwd=self.folder, capture_output=True, text=True, timeout=120, check=False)
        if done.returncode < 0 or refused != (done.returncode != 0):
            raise Disagreement("`%s` exited with %d%s\n%s" % (
                " ".join(command), done.returncode, ", not with a complaint" if refused else "",
                (done.stdout + done.stderr)[-2000:]))
        return done.stdout

    def asks_for(self, option, *arguments):
        """Whether treec refuses a call and tells to use `option`."""
        command = [self.treec] + [str(argument) for argument in arguments]
        done = subprocess.run(
            command, cwd=self.folder, capture_output=True, text=True, timeout=120, check=False)
        self.asked = done.returncode == 1 and option in done.stderr
        return self.asked

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


def summary(title, cases, asked, rows, tallies):
    print("\n%s: %d cases, %d rows; treec asked for names in %d cases" % (
        title, cases, rows, asked))
    print("%-12s %14s %16s %14s %12s" % (
        "output", "values", "differing bits", "beyond limit", "largest ulp"))
    for kind in sorted(tallies, key=ORDER_OF_KINDS.index):
        tally = tallies[kind]
        print("%-12s %14d %16d %14d %12d" % (
            kind, tally.values, tally.differing, tally.beyond, tally.largest))


def main(title, description, run_case, parts=None, report=summary):
    """Parses the arguments, runs `run_case(session, seed)` until time is up, and exits.

    `parts` are cases that do not depend on a seed, functions of a session by name; they go first.
    """
    parts = parts or {}
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--treec", required=True, help="the program to judge")
    parser.add_argument("--minutes", type=float, default=4, help="start no case after this long")
    parser.add_argument("--seed", type=int, help="seed of the first case (default: the clock)")
    parser.add_argument("--cases", type=int, help="stop after this many cases")
    if parts:
        parser.add_argument("--part", choices=sorted(parts), help="run this part alone")
    parser.add_argument("--keep", help="folder for the files of failing cases (default: a new one)")
    arguments = parser.parse_args()

    treec = os.path.abspath(arguments.treec)
    seed = int(time.time()) % 1000000 * 1000 if arguments.seed is None else arguments.seed
    keep = arguments.keep or tempfile.mkdtemp(prefix="treec-live-")
    print("%s: seed %d, %g minutes" % (title, seed, arguments.minutes), flush=True)
    deadline = time.monotonic() + 60 * arguments.minutes
    tallies, passed, failed, asked, rows = {}, 0, 0, 0, 0

    def run(name, again, case):
        nonlocal passed, failed, asked, rows
        folder = os.path.join(keep, name)
        shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(folder)
        session = Session(treec, folder, tallies)
        try:
            case(session)
        except Exception as error:  # a case that cannot be run is a failure, not the end
            failed += 1
            known = isinstance(error, (Disagreement, subprocess.TimeoutExpired))
            print("\n%s FAILED: %s" % (name, error if known else traceback.format_exc()))
            print("  files:  %s" % folder)
            print("  repeat: %s %s --treec %s %s" % (
                sys.executable, sys.argv[0], arguments.treec, again), flush=True)
        else:
            passed += 1
            shutil.rmtree(folder)
        rows += session.rows
        asked += session.asked

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
    report(title, passed + failed, asked, rows, tallies)
    print("%d passed, %d failed" % (passed, failed))
    # A run without a case has shown nothing.
    sys.exit(1 if failed or not passed else 0)
