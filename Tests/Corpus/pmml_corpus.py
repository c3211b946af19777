#!/usr/bin/env python3
"""Compares treec with JPMML's answers over folders of PMML models.

A case is a folder with `model.pmml` and one or both of these pairs of tables:

    input.csv  expected.csv        rows, and what JPMML-Evaluator answers
    fuzz.csv   fuzz_jpmml.csv      the same for odd rows

An answer `#ERROR` in all cells says that the row must be refused. The target without a name is
`_target`. Cells that are empty, N/A or NA are missing, and so is a column that the rows lack.

Each model is converted and scored with `--on-error mark`. Texts, truth values, whole numbers and
float32 numbers must be equal, float64 numbers within two ulps: JPMML computes exponentials in Java.
The exit status is 1 if anything differs that is not in the list of known differences, whose lines
name a case, a table, a row from 1 and a column; each may be a pattern of a shell. What follows a
`#` after a blank is the reason:

    iforest  input.csv  18  decisionFunction  # cancels
    broken   model.pmml *   *                 # refused
"""
import argparse
import collections
import concurrent.futures
import csv
import fnmatch
import os
import re
import struct
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

TRUTH_VALUES = ("true", "false")
TABLES = [("input.csv", "expected.csv"), ("fuzz.csv", "fuzz_jpmml.csv")]
ERROR = "#ERROR"
ULPS = 2

Difference = collections.namedtuple("Difference", "table row column found wanted ulps")
# `both_refused`, `wrong` and `unanswered` are numbers of rows.
Result = collections.namedtuple(
    "Result", "rows both_refused wrong unanswered refused remarks differences")


def read_table(path):
    with open(path, newline="", encoding="utf-8-sig") as file:
        header, *rows = csv.reader(file)
    # A blank line is a row whose only cell is empty.
    return header, [row or [""] for row in rows]


def local_name(element):
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def data_fields(path):
    """The names in the DataDictionary."""
    for _, element in xml.etree.ElementTree.iterparse(path):
        if local_name(element) == "DataDictionary":
            return [field.get("name") for field in element if local_name(field) == "DataField"]
    return []


def complete_rows(source, target, names):
    """Writes the rows with empty columns for the names that they lack."""
    header, rows = read_table(source)
    absent = [name for name in names if name not in header]
    with open(target, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header + absent)
        writer.writerows(row + [""] * len(absent) for row in rows)


def number(text):
    """The number of a text that has a point, an exponent or a name of its own; else None."""
    if re.fullmatch(r"[+-]?[0-9]+", text):
        return None
    try:
        return float(text)
    except ValueError:
        return None


def ordered_bits(value):
    """A float64 as an integer; neighbouring numbers have neighbouring ones."""
    bits = struct.unpack("<q", struct.pack("<d", value))[0]
    return bits if bits >= 0 else -(bits & 2**63 - 1) - 1


def distance(left, right):
    """How many ulps two numbers are apart; nothing if both are NaN."""
    if left != left or right != right:
        return 0 if left != left and right != right else 2**64
    return abs(ordered_bits(left) - ordered_bits(right))


def digits(text):
    """How many significant digits a number is written with."""
    return len(re.sub(r"[eE].*|[^0-9]", "", text).strip("0"))


def float32_bits(value):
    try:
        return struct.pack("<f", value)
    except OverflowError:
        return None


def is_float64(column):
    """Whether a column has a number that no float32 needs so many digits for."""
    return any(digits(text) > 9 for text in column if number(text) is not None)


def ulps_apart(found, wanted, float64):
    """The distance of two cells, None if they differ otherwise or more than they may."""
    # treec writes them as Python does, Java in small letters.
    if found == wanted or wanted in TRUTH_VALUES and found == wanted.capitalize():
        return 0
    left, right = number(found), number(wanted)
    if left is None or right is None:
        return None
    if float64:
        return distance(left, right)
    # Java may write more digits than are needed.
    if distance(left, right) == 0 or (
            digits(found) <= 9 and float32_bits(left) == float32_bits(right) is not None):
        return 0
    return None


def complaint(done, folder):
    """The last thing that treec said, without the folder of the files in question."""
    lines = [line for line in done.stderr.splitlines() if line.strip()]
    if not lines or done.returncode < 0:
        return "exit status %d" % done.returncode
    return lines[-1].strip().removeprefix("Error: ").replace(folder + os.sep, "")


class Comparison:
    """One table of a case beside JPMML's answers."""

    def __init__(self, table, found, wanted):
        self.table, self.remarks, self.differences = table, [], []
        (found_header, self.found), (self.wanted_header, self.wanted) = found, wanted
        self.places = {name: place for place, name in enumerate(found_header)}
        self.wrong = self.unanswered = self.both_refused = 0
        columns = list(zip(*self.wanted)) or [[]] * len(self.wanted_header)
        self.float64 = [is_float64(column) for column in columns]
        self.compare_columns(found_header, columns)
        if len(self.found) != len(self.wanted):
            self.differ("*", "*", "%d rows" % len(self.found), "%d rows" % len(self.wanted))
        for place, rows in enumerate(zip(self.found, self.wanted)):
            self.compare_row(place + 1, *rows)

    def differ(self, row, column, found, wanted, ulps=None):
        self.differences.append(Difference(self.table, row, column, found, wanted, ulps))

    def compare_columns(self, found_header, columns):
        for name in found_header:
            if name not in self.wanted_header:
                self.differ("*", name, "a column", "no column")
        for name, column in zip(self.wanted_header, columns):
            if name not in self.places:
                if any(cell not in ("", ERROR) for cell in column):
                    self.differ("*", name, "no column", "a column")
                else:
                    self.remarks.append(
                        "%s: no column '%s', which has no value" % (self.table, name))

    def compare_row(self, row, found, wanted):
        refused, must_be_refused = ERROR in found, ERROR in wanted
        if refused and must_be_refused:
            self.both_refused += 1
        elif refused:
            self.unanswered += 1
            self.differ(row, "*", "refused", "answered")
        elif must_be_refused:
            self.wrong += 1
            self.differ(row, "*", "answered", "refused")
        else:
            self.compare_cells(row, found, wanted)

    def compare_cells(self, row, found, wanted):
        before = len(self.differences)
        for place, (column, cell) in enumerate(zip(self.wanted_header, wanted)):
            if column in self.places:
                ulps = ulps_apart(found[self.places[column]], cell, self.float64[place])
                if ulps is None or ulps > ULPS:
                    self.differ(row, column, found[self.places[column]], cell, ulps)
        self.wrong += len(self.differences) > before


class Corpus:
    def __init__(self, treec, missing):
        self.treec, self.missing = treec, missing

    def run(self, *arguments):
        return subprocess.run(
            [self.treec, *arguments], capture_output=True, text=True, encoding="utf-8",
            errors="replace", timeout=300, check=False)

    def judge(self, folder):
        """The Result of a case."""
        with tempfile.TemporaryDirectory() as scratch:
            compiled = os.path.join(scratch, "model.tir")
            model = os.path.join(folder, "model.pmml")
            done = self.run("convert", model, "-o", compiled)
            tables = [pair for pair in TABLES
                      if all(os.path.exists(os.path.join(folder, name)) for name in pair)]
            if done.returncode:
                return self.refused_model(folder, tables, done)
            names = data_fields(model)
            results = [
                self.judge_table(folder, scratch, compiled, names, *pair) for pair in tables]
        return total(results)

    @staticmethod
    def refused_model(folder, tables, done):
        """No row of a model that JPMML answers nothing for needs an answer."""
        answered = both_refused = 0
        for _, answers in tables:
            _, wanted = read_table(os.path.join(folder, answers))
            refused = sum(ERROR in row for row in wanted)
            both_refused += refused
            answered += len(wanted) - refused
        reason = complaint(done, folder)
        differences = []
        if done.returncode < 0 or answered:
            wanted = "%d rows answered" % answered
            differences = [Difference("model.pmml", "*", "*", reason, wanted, None)]
        remarks = [] if differences else ["refused, as are all of its rows: " + reason]
        return Result(
            answered + both_refused, both_refused, 0, answered, 1, remarks, differences)

    def judge_table(self, folder, scratch, compiled, names, rows, answers):
        wanted = read_table(os.path.join(folder, answers))
        complete = os.path.join(scratch, "rows.csv")
        written = os.path.join(scratch, "answers.csv")
        complete_rows(os.path.join(folder, rows), complete, names)
        done = self.run(
            "predict", compiled, complete, "-o", written, "--on-error", "mark",
            "--missing", self.missing)
        # Refused rows are told with a status of their own.
        if not os.path.exists(written) or done.returncode < 0:
            answered = sum(ERROR not in row for row in wanted[1])
            return Result(
                len(wanted[1]), 0, 0, answered, 0, [],
                [Difference(rows, "*", "*", complaint(done, scratch), "answers", None)])
        found = Comparison(rows, read_table(written), wanted)
        return Result(
            len(wanted[1]), found.both_refused, found.wrong, found.unanswered, 0, found.remarks,
            found.differences)


def total(results):
    columns = list(zip(*results)) or [[]] * len(Result._fields)
    sums = [sum(column) for column in columns[:5]]
    lists = [[item for items in column for item in items] for column in columns[5:]]
    return Result(*sums, *lists)


class KnownDifferences:
    def __init__(self, path):
        self.lines, self.met = [], set()
        if path is None:
            return
        with open(path, encoding="utf-8") as file:
            for text in file:
                words = re.split(r"(?:^|\s)#", text, maxsplit=1)[0].split()
                if words and len(words) != 4:
                    sys.exit("%s: not a case, a table, a row and a column: %s" % (path, text))
                if words:
                    self.lines.append(words)

    def has(self, case, difference):
        names = [case, difference.table, str(difference.row), difference.column]
        # A blank in a name would begin the next word.
        names = [re.sub(r"\s", "?", name) for name in names]
        for place, patterns in enumerate(self.lines):
            if all(map(fnmatch.fnmatchcase, names, patterns)):
                self.met.add(place)
                return True
        return False

    def unmet(self, cases):
        """The lines that are about these cases, and about no difference."""
        return [" ".join(line) for place, line in enumerate(self.lines)
                if place not in self.met and fnmatch.filter(cases, line[0])]


def describe(difference, known):
    text = "  %s, row %s, %s: %s instead of %s" % (
        difference.table, difference.row, difference.column, shown(difference.found),
        shown(difference.wanted))
    if difference.ulps is not None:
        text += ", %d ulps" % difference.ulps
    return text + (" (known)" if known else "")


def shown(text):
    return "nothing" if text == "" else text[:300]


def report(case, result, known, limit):
    """Prints what is to be said about a case; how many differences are not known."""
    judged = [(difference, known.has(case, difference)) for difference in result.differences]
    if judged or result.remarks:
        print(case)
    for remark in result.remarks:
        print("  " + remark)
    for difference, is_known in judged[:limit]:
        print(describe(difference, is_known))
    if len(judged) > limit:
        print("  and %d differences more" % (len(judged) - limit))
    return sum(not is_known for _, is_known in judged)


def cases_in(folders):
    """The cases in some folders, or one level below, by their names."""
    found = {}
    for folder in folders:
        top = os.path.abspath(folder)
        for place, below, files in os.walk(top):
            below.sort()
            if "model.pmml" in files:
                found[place] = os.path.basename(place)
            if "model.pmml" in files or place[len(top):].count(os.sep) >= 2:
                below.clear()
    return found


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--treec", required=True, help="the program to judge")
    parser.add_argument("--known", metavar="FILE", help="differences that are known")
    parser.add_argument("--missing", default="N/A,NA", help="cells that are missing")
    parser.add_argument("--show", type=int, default=10, help="differences to print of a case")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="cases at once")
    parser.add_argument("folders", nargs="+", metavar="DIR", help="folders of cases")
    arguments = parser.parse_args()

    cases = cases_in(arguments.folders)
    if not cases:
        sys.exit("no case in %s" % ", ".join(arguments.folders))
    known = KnownDifferences(arguments.known)
    corpus = Corpus(os.path.abspath(arguments.treec), arguments.missing)
    results, unknown = [], 0
    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        for case, result in zip(cases.values(), pool.map(corpus.judge, cases)):
            unknown += report(case, result, known, arguments.show)
            results.append(result)
    for line in known.unmet(list(cases.values())):
        print("known, but not met: " + line)
    sums = total(results)
    print(
        "%d cases (%d models refused), %d rows: %d refused by both, %d differ, "
        "%d refused by treec alone" % (
            len(cases), sums.refused, sums.rows, sums.both_refused, sums.wrong,
            sums.unanswered))
    print("%d differences, %d of them known" % (
        len(sums.differences), len(sums.differences) - unknown))
    sys.exit(1 if unknown else 0)


if __name__ == "__main__":
    main()
