#!/usr/bin/env python3
"""Measures how fast treec scores rows, beside the libraries that trained the models.

    .venv-live/bin/python Benchmarks/engines.py --treec .build/release/treec

The models are trained once and kept in a folder of the build. First the raw scores of treec and
of the library are compared, bit by bit. Then both score the same rows from memory, pinned to one
core (treec also to two, with two threads), in turns; quoted is the best call of each round, the
median of several rounds, which other work on the machine hardly touches as long as calls are
shorter than its time slices. The tables go to docs/benchmarks/engines.md.
"""

import argparse
import csv
import json
import os
import statistics
import sys
from collections import defaultdict
from importlib.metadata import version
from pathlib import Path

import numpy

from engine_models import MODELS, ROWS
from engine_peers import measure, peer
from machine import ROOT, description, processor, run_treec

BATCHES = [1, 64, 1000, 8192]
# Batches that two threads share.
SHARED_BATCHES = [8192, 100_000]


class Subject:
    """A trained model, its rows, and the two that score them."""

    def __init__(self, model, folder, treec):
        self.model, self.treec = model, treec
        self.source = folder / model.file_name
        self.file = self.source.with_suffix(".tir")
        self.table = self.source.with_suffix(".csv")
        if not self.source.exists():
            print(f"training {model.name}", flush=True)
            partial = self.source.with_suffix(".partial" + self.source.suffix)
            model.train(str(partial))
            partial.rename(self.source)
        self.rows = model.rows(ROWS, seed=2)[0]
        if not self.table.exists():
            self.write_rows()
        self.run("convert", self.source, "-o", self.file)
        self.peer = peer(model.library, self.source)
        self.scorers = {batch: self.peer.scorer(self.rows, batch) for batch in BATCHES}

    def run(self, *arguments, **how):
        return run_treec(self.treec, *arguments, **how)

    def write_rows(self):
        with open(self.table, "w", encoding="utf-8") as file:
            print(*self.model.column_names, sep=",", file=file)
            for row in self.rows.tolist():
                print(*("" if x != x else repr(x) for x in row), sep=",", file=file)

    def check(self, instructions):
        """Ends the program unless treec's raw scores are the library's, bit by bit."""
        expected = self.peer.raw(self.rows)
        text = self.run("predict", self.file, self.table, "--output", "raw",
                        instructions=instructions)
        table = list(csv.reader(text.splitlines()))[1:]
        scores = numpy.array(table, dtype=numpy.float64).astype(expected.dtype)
        if scores.reshape(expected.shape).tobytes() != expected.tobytes():
            sys.exit(f"{self.model.name}, {instructions}: other scores than {self.model.library}")

    def bench(self, instructions, batches, threads, cores, seconds):
        """What `treec bench` says of each batch."""
        lines = self.run(
            "bench", self.file, "--data", self.table, "--output", "raw", "--json",
            "--batches", ",".join(map(str, batches)), "--threads", threads,
            "--seconds", seconds, cores=cores, instructions=instructions)
        return {result["batch"]: result for result in map(json.loads, lines.splitlines())}

    def table_bytes(self, instructions):
        engines = json.loads(self.run("inspect", "--json", self.file, instructions=instructions))
        return sum(ensemble["table_bytes"] for ensemble in engines["engines"])


class Results:
    """What all rounds said."""

    def __init__(self):
        self.times = defaultdict(list)
        self.engines = {}
        self.prepare = defaultdict(list)

    def add(self, name, instructions, threads, results):
        for batch, result in results.items():
            key = name, instructions, threads, batch
            self.times[key].append(result["ns_per_row_min"])
            self.engines[key] = result["engine"]
        # One plan is made for all batches.
        self.prepare[name, instructions].append(next(iter(results.values()))["prepare_ms"])

    def median(self, *key):
        return statistics.median(self.times[key])


def measure_all(subjects, instruction_sets, rounds, seconds):
    one, two = "0", "0-1"
    results = Results()
    os.sched_setaffinity(0, {0})
    for number in range(rounds):
        for subject in subjects:
            name = subject.model.name
            for batch, scorer in subject.scorers.items():
                results.times[name, "library", 1, batch].append(
                    measure(scorer, subject.rows, batch, seconds))
            for isa in instruction_sets:
                for batches, threads, cores in ((BATCHES, 1, one), (SHARED_BATCHES, 2, two)):
                    results.add(name, isa, threads, subject.bench(
                        isa, batches, threads, cores, seconds))
        print(f"round {number + 1} of {rounds}", flush=True)
    return results


def heading(processor_name, arguments):
    versions = ", ".join(f"{name} {version(name.lower())}" for name in ("LightGBM", "XGBoost"))
    return [
        "# Engines beside the libraries", "",
        f"`Benchmarks/engines.py --rounds {arguments.rounds} --seconds {arguments.seconds}` "
        f"(`make benchmark`) {description(processor_name, versions)} Nanoseconds a row, medians "
        f"of {arguments.rounds} interleaved rounds of the best call of each, raw scores of rows in "
        "memory; the scores of both are the same bits. "
        "The name is the engine that treec chooses, and the factor how many times faster it is "
        "than the library on the same core. Models are called trees x leaves; they have 28 columns "
        "unless the name says otherwise. A single row is scored by LightGBM's "
        "`PredictForMatSingleRowFast` through ctypes, larger batches by `Booster.predict`; XGBoost "
        "by `inplace_predict`, whose calls from Python count where batches are small. The "
        "libraries' figures are processor time, treec's wall clock.", "",
    ]


def engine_table(results, subjects, isa):
    lines = [f"## {isa}", "",
             "| model | " + " | ".join(f"batch {batch:,}" for batch in BATCHES) + " | "
             + " | ".join(f"2 threads, {batch:,}" for batch in SHARED_BATCHES) + " |",
             "|---" * (1 + len(BATCHES) + len(SHARED_BATCHES)) + "|"]
    for subject in subjects:
        name = subject.model.name
        cells = []
        for batch in BATCHES:
            time = results.median(name, isa, 1, batch)
            factor = results.median(name, "library", 1, batch) / time
            engine = results.engines[name, isa, 1, batch]
            cells.append(f"{time:,.0f} {engine} ({factor:,.0f}x)")
        cells += [f"{results.median(name, isa, 2, batch):,.0f}" for batch in SHARED_BATCHES]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return lines + [""]


def library_table(results, subjects):
    lines = ["## The libraries", "",
             "| model | " + " | ".join(f"batch {batch:,}" for batch in BATCHES) + " |",
             "|---" * (1 + len(BATCHES)) + "|"]
    for subject in subjects:
        name = subject.model.name
        cells = [f"{results.median(name, 'library', 1, batch):,.0f}" for batch in BATCHES]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return lines + [""]


def plan_table(results, subjects, instruction_sets):
    lines = ["## What engines are made of", "",
             "Made once, when a model is opened or behind the first requests. The tables are those "
             "of all engines that treec chooses from.", "",
             "| model | file, .tir | " + " | ".join(
                 f"{isa}: made in | tables" for isa in instruction_sets) + " |",
             "|---" * (2 + 2 * len(instruction_sets)) + "|"]
    for subject in subjects:
        cells = [f"{subject.file.stat().st_size / 1e6:.2f} MB"]
        for isa in instruction_sets:
            milliseconds = statistics.median(results.prepare[subject.model.name, isa])
            cells += [f"{milliseconds:,.0f} ms", f"{subject.table_bytes(isa) / 1e6:.2f} MB"]
        lines.append(f"| {subject.model.name} | " + " | ".join(cells) + " |")
    return lines


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--treec", type=Path, default=ROOT / ".build/release/treec")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=0.3, help="for each batch, in a round")
    parser.add_argument("--models", default="", help="only those whose names contain this")
    arguments = parser.parse_args()
    folder = ROOT / ".build/benchmarks/engines"
    folder.mkdir(parents=True, exist_ok=True)
    name, instruction_sets = processor()
    subjects = [Subject(model, folder, arguments.treec.resolve()) for model in MODELS
                if arguments.models in model.name]
    for subject in subjects:
        for isa in instruction_sets:
            subject.check(isa)
    results = measure_all(subjects, instruction_sets, arguments.rounds, arguments.seconds)
    lines = heading(name, arguments)
    for isa in reversed(instruction_sets):
        lines += engine_table(results, subjects, isa)
    lines += library_table(results, subjects)
    lines += plan_table(results, subjects, instruction_sets)
    report = "\n".join(lines) + "\n"
    print(report)
    if not arguments.models:
        (ROOT / "docs/benchmarks/engines.md").write_text(report, encoding="utf-8")


if __name__ == "__main__":
    main()
