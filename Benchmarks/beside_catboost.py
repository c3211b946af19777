#!/usr/bin/env python3
"""Measures how fast treec scores models of CatBoost, beside CatBoost itself.

    .venv-live/bin/python Benchmarks/beside_catboost.py --treec .build/release/treec

The models are trained once and kept in a folder of the build. First the raw scores of treec and
of CatBoost are compared, bit by bit. Then both score the same rows from memory, pinned to one
core, in turns; quoted is the best call of each round, the median of several rounds. A third,
larger model is only loaded. The tables go to docs/benchmarks/catboost.md.
"""

import argparse
import csv
import json
import os
import statistics
import subprocess
import sys
from collections import defaultdict
from importlib.metadata import version
from pathlib import Path

import numpy

from catboost_models import MODELS
from catboost_peers import CatBoostPeer
from engine_peers import measure
from machine import ROOT, description, processor, run_treec

BATCHES = [1, 64, 1000, 8192]
# What treec scores: whether it encodes text, and which way of CatBoost's it stands beside.
NUMBERS = {"from Doubles": (False, "float32 matrix")}
TEXT = {"from text": (True, "ready DataFrame"), "from Doubles": (False, "ready Pool")}


class Subject:
    """A trained model, its rows, and the two that score them."""

    def __init__(self, model, folder, treec):
        self.model, self.treec = model, treec
        self.ways = TEXT if model.text_columns else NUMBERS
        self.source = folder / model.file_name
        self.file = self.source.with_suffix(".tir")
        self.table = self.source.with_suffix(".csv")
        if not self.source.exists():
            print(f"training {model.name}", flush=True)
            partial = self.source.with_suffix(".partial.cbm")
            model.train(str(partial))
            partial.rename(self.source)
        with open(self.table, "w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([model.columns, *model.cells()])
        run_treec(treec, "convert", self.source, "-o", self.file)
        self.peer = CatBoostPeer(model, self.source)
        self.scorers = {
            (way, batch): scorer for way in self.peer.ways for batch in BATCHES
            if (scorer := self.peer.scorer(way, batch))}

    def check(self, instructions):
        """Ends the program unless treec's raw scores are CatBoost's, bit by bit, from all that
        CatBoost takes rows from."""
        text = run_treec(self.treec, "predict", self.file, self.table, "--output", "raw",
                         instructions=instructions)
        scores = numpy.array(text.split()[1:], dtype=numpy.float64)
        for (way, batch), scorer in self.scorers.items():
            count = self.peer.count(batch) // batch * batch
            expected = numpy.array(
                [scorer(first) for first in range(0, count, batch)], dtype=numpy.float64)
            if scores[:count].tobytes() != expected.tobytes():
                sys.exit(f"{self.model.name}, {instructions}: other scores than CatBoost, {way}")

    def bench(self, instructions, encode, seconds):
        """What `treec bench` says of each batch."""
        options = ["--encode"] if encode else []
        lines = run_treec(
            self.treec, "bench", self.file, "--data", self.table, "--output", "raw", "--json",
            "--batches", ",".join(map(str, BATCHES)), "--seconds", seconds, *options, cores="0",
            instructions=instructions)
        return [json.loads(line) for line in lines.splitlines()]


class Results:
    """What all rounds said: times by model, who scored, from what, and rows a call."""

    def __init__(self):
        self.times = defaultdict(list)
        self.engines = {}

    def measure(self, subject, instruction_sets, seconds):
        name = subject.model.name
        for (way, batch), scorer in subject.scorers.items():
            count = subject.peer.count(batch)
            self.times[name, "CatBoost", way, batch].append(
                measure(scorer, range(count), batch, seconds))
        for isa in instruction_sets:
            for way, (encode, _) in subject.ways.items():
                for line in subject.bench(isa, encode, seconds):
                    key = name, isa, way, line["batch"]
                    self.times[key].append(line["ns_per_row_min"])
                    self.engines[key] = line["engine"]

    def median(self, *key):
        return statistics.median(self.times[key]) if key in self.times else None


def cells(*words):
    return "| " + " | ".join(words) + " |"


def speed_table(results, subject, instruction_sets):
    name = subject.model.name
    lines = [f"## {subject.model.title}", "",
             cells("ns a row", *(f"batch {batch:,}" for batch in BATCHES)),
             "|---" * (1 + len(BATCHES)) + "|"]
    for way in subject.peer.ways:
        times = [results.median(name, "CatBoost", way, batch) for batch in BATCHES]
        lines.append(cells(f"CatBoost, {way}",
                           *("" if time is None else f"{time:,.0f}" for time in times)))
    for way, (_, beside) in subject.ways.items():
        for isa in reversed(instruction_sets):
            words = []
            for batch in BATCHES:
                key = name, isa, way, batch
                time = results.median(*key)
                factor = results.median(name, "CatBoost", beside, batch) / time
                words.append(f"{time:,.0f} {results.engines[key]} ({factor:,.1f}x)")
            lines.append(cells(f"treec {isa}, {way} (beside {beside})", *words))
    sizes = [f"{path.stat().st_size / 1e6:.1f} MB" for path in (subject.source, subject.file)]
    return lines + ["", f"The cbm has {sizes[0]}, the .tir {sizes[1]}.", ""]


def loading_table(figures):
    commands = figures["commands"]
    seconds, memory = commands["import"]
    rows = [
        ("treec convert, cbm to .tir", commands["convert"]),
        ("treec predict, one row, from the .tir", commands["answer"]),
        ("treec predict, one row, from the cbm", commands["answer from cbm"]),
        ("CatBoost, load_model", [commands["load"][0] - seconds, commands["load"][1] - memory]),
        ("CatBoost, load_model and predict, one row",
         [commands["load and answer"][0] - seconds, commands["load and answer"][1] - memory]),
        ("Python, import catboost", commands["import"]),
    ]
    return [
        "## Loading a large model", "",
        f"{figures['iterations']} trees of depth 6 with statistics of combinations of columns, one "
        f"of which has {figures['distinct']:,} texts. The cbm has "
        f"{figures['source_bytes'] / 1e6:.1f} MB, the .tir {figures['file_bytes'] / 1e6:.1f} MB. "
        "Whole programs on one core, from start to end; CatBoost's figures are what is added to "
        "the import. treec's peaks count the pages of the file, which it maps. Of the .tir, "
        f"opening and checking takes {figures['open_ms']:,.1f} ms; making the engines, "
        f"{figures['prepare_ms']:,.1f} ms, goes on while the first rows are scored. The raw "
        f"scores of {figures['compared']:,} rows, some with texts that training has not seen, "
        "are the same bits.", "",
        "| program | seconds | peak memory |", "|---|---|---|",
        *(cells(name, f"{time:.3f}", f"{peak / 1e6:,.0f} MB") for name, (time, peak) in rows),
    ]


def heading(processor_name, arguments):
    libraries = ", ".join(f"{name} {version(name.lower())}"
                          for name in ("CatBoost", "pandas", "NumPy"))
    return [
        "# treec beside CatBoost", "",
        f"`Benchmarks/beside_catboost.py --rounds {arguments.rounds} --seconds "
        f"{arguments.seconds}` (`make benchmark`) {description(processor_name, libraries)} "
        f"Nanoseconds a row on one core, medians of {arguments.rounds} interleaved rounds of the "
        "best call of each, raw scores of rows in memory; the scores of both are the same bits for "
        "all rows and in all ways that are shown.", "",
        "CatBoost is called from Python with `thread_count=1`, because its wheel exposes no other "
        "interface. Matrices are in C order. Pools and frames are made before the clock starts; "
        "making one is not counted. The text columns of the frames have dtype `object`, which "
        "CatBoost reads faster than pandas' `str` and `category`; `FeaturesData` is its own "
        "container of Floats and bytes. CatBoost's figures are processor time, treec's wall "
        "clock.", "",
        "treec scores `from text` what a CSV has between its commas: each call parses the numbers "
        "and hashes the texts (`treec bench --encode`); `from Doubles` rows that are encoded "
        "already. The name is the engine that treec chooses, and the factor how many times faster "
        "it is than the way of CatBoost's that stands in its line.", "",
    ]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--treec", type=Path, default=ROOT / ".build/release/treec")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=0.3, help="for each batch, in a round")
    parser.add_argument("--models", default="", help="only those whose names contain this")
    arguments = parser.parse_args()
    folder = ROOT / ".build/benchmarks/catboost"
    folder.mkdir(parents=True, exist_ok=True)
    treec = arguments.treec.resolve()
    name, instruction_sets = processor()
    subjects = [Subject(model, folder, treec) for model in MODELS
                if arguments.models in model.name]
    for subject in subjects:
        for isa in instruction_sets:
            subject.check(isa)
    loading = ""
    if arguments.models in "large":
        program = [sys.executable, Path(__file__).with_name("catboost_loading.py")]
        loading = subprocess.run([*program, "--treec", treec], check=True, stdout=subprocess.PIPE,
                                 text=True).stdout
    os.sched_setaffinity(0, {0})
    results = Results()
    for number in range(arguments.rounds):
        for subject in subjects:
            results.measure(subject, instruction_sets, arguments.seconds)
        print(f"round {number + 1} of {arguments.rounds}", flush=True)
    lines = heading(name, arguments)
    for subject in subjects:
        lines += speed_table(results, subject, instruction_sets)
    if loading:
        lines += loading_table(json.loads(loading))
    report = "\n".join(lines) + "\n"
    print(report)
    if not arguments.models:
        (ROOT / "docs/benchmarks/catboost.md").write_text(report, encoding="utf-8")


if __name__ == "__main__":
    main()
