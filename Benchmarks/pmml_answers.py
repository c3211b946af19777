"""Compares what treec and JPMML-Evaluator answer, for `beside_pmml.py`."""

import csv
import struct
from dataclasses import dataclass

FORMATS = {"Double": ("<d", "<q"), "Float": ("<f", "<i")}


@dataclass
class Differences:
    """How many answers there are, how many of them differ, and the greatest difference of numbers,
    in units of the last place and absolutely."""

    answers: int = 0
    differing: int = 0
    ulp: int = 0
    distance: float = 0
    example: str = ""

    def add(self, other):
        self.answers += other.answers
        self.differing += other.differing
        self.ulp = max(self.ulp, other.ulp)
        self.distance = max(self.distance, other.distance)
        self.example = self.example or other.example


def place(kind, text):
    """The position of a number among all of its type."""
    real, whole = FORMATS[kind]
    bits, = struct.unpack(whole, struct.pack(real, float(text)))
    return bits if bits >= 0 else -(bits & (1 << (8 * struct.calcsize(whole) - 1)) - 1)


def distance(expected, text):
    """How far a cell is from an answer of JPMML's, which is its type and its text; None where they
    are not the same kind of thing."""
    kind, _, value = expected.partition(" ")
    if not value or not text or kind not in FORMATS:
        return 0 if value == text else None
    return abs(place(kind, value) - place(kind, text))


def compare(expected, answers):
    """Differences of two files; the second may be treec's or JPMML's."""
    with open(expected, encoding="utf-8", newline="") as file:
        wanted = list(csv.reader(file))
    with open(answers, encoding="utf-8", newline="") as file:
        given = list(csv.reader(file))
    differences = Differences(answers=sum(map(len, wanted[1:])))
    if wanted[0] != given[0] or len(wanted) != len(given):
        differences.differing = differences.answers
        differences.example = f"{wanted[0]}, {len(wanted)} rows; {given[0]}, {len(given)} rows"
        return differences
    for number, rows in enumerate(zip(wanted[1:], given[1:]), 1):
        for name, value, text in zip(wanted[0], *rows):
            apart = distance(value, text.rpartition(" ")[2])
            if apart != 0:
                differences.differing += 1
                differences.ulp = max(differences.ulp, apart or 0)
                if apart is not None:
                    differences.distance = max(
                        differences.distance, abs(float(value.split()[1]) - float(text.split()[-1])))
                differences.example = (
                    differences.example or f"row {number}, {name}: {value} and {text}")
    return differences
