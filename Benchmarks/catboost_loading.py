#!/usr/bin/env python3
"""Measures how a large categorical model of CatBoost is converted and loaded.

The suite (`run.py`) runs this, as a program of its own and without libraries: a command's peak of
memory is not less than that of the program that starts it. Prints a JSON object.
"""

import argparse
import json
import multiprocessing
import statistics
import sys
from pathlib import Path

from machine import ROOT, measure_command, run_treec

ITERATIONS = 200
DISTINCT = 1_000_000
# Rows whose scores are compared.
COMPARED = 4096
IMPORT = "import catboost, sys; "
LOAD = IMPORT + "model = catboost.CatBoost().load_model(sys.argv[1]); "
PREDICT = LOAD + "print(model.predict(sys.argv[2:], prediction_type='RawFormulaVal'))"


def make_rows(count, seed):
    """A frame with a column of as many texts as there may be, and a target. The first rows have
    each text once."""
    import numpy
    import pandas

    random = numpy.random.default_rng(seed)
    codes = {
        "user": random.exponential(DISTINCT / 50, count).astype(int) % DISTINCT,
        "item": random.exponential(2_000, count).astype(int) % 10_000,
        "shop": random.integers(0, 100, count),
    }
    if count >= DISTINCT:
        codes["user"][:DISTINCT] = random.permutation(DISTINCT)
    numbers = random.normal(size=(count, 5)).round(4)
    target = numbers[:, 0] * numbers[:, 1] + numbers[:, 2] + random.normal(size=count)
    for column, name in enumerate(codes):
        effects = numpy.random.default_rng(column).normal(size=DISTINCT)
        target += effects[codes[name]]
    target += numpy.random.default_rng(9).normal(size=1000)[
        (codes["user"] % 10 * 100 + codes["shop"]) % 1000]
    columns = {f"f{column}": values for column, values in enumerate(numbers.T)}
    for name, values in codes.items():
        columns[name] = pandas.Series([f"{name}-{code}" for code in values], dtype=object)
    return pandas.DataFrame(columns), target


def train(path):
    import catboost
    import numpy

    rows, target = make_rows(DISTINCT * 3 // 2, seed=1)
    model = catboost.CatBoostClassifier(
        iterations=ITERATIONS, depth=6, learning_rate=0.1, random_seed=0, verbose=0,
        allow_writing_files=False)
    model.fit(rows, target > numpy.median(target), cat_features=["user", "item", "shop"])
    model.save_model(str(path))


def compare(treec, source, file, table):
    """Ends the program unless treec's raw scores are CatBoost's, bit by bit."""
    import catboost
    import numpy

    rows = make_rows(COMPARED, seed=2)[0]
    rows.to_csv(table, index=False)
    rows.head(1).to_csv(table.with_suffix(".one.csv"), index=False)
    expected = catboost.CatBoost().load_model(str(source)).predict(
        rows, prediction_type="RawFormulaVal")
    text = run_treec(treec, "predict", file, table, "--output", "raw")
    if numpy.array(text.split()[1:], dtype=numpy.float64).tobytes() != expected.tobytes():
        sys.exit("the large model: other scores than CatBoost")


def in_process(function, *arguments):
    """Calls a function in a process of its own, which takes the libraries away with it."""
    process = multiprocessing.Process(target=function, args=arguments)
    process.start()
    process.join()
    if process.exitcode != 0:
        sys.exit(f"{function.__name__} failed")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--treec", type=Path, default=ROOT / ".build/release/treec")
    parser.add_argument("--runs", type=int, default=5)
    arguments = parser.parse_args()
    treec = arguments.treec.resolve()
    folder = ROOT / ".build/benchmarks/catboost"
    folder.mkdir(parents=True, exist_ok=True)
    source, file, table = (folder / f"large.{suffix}" for suffix in ("cbm", "tir", "csv"))
    if not source.exists():
        print("training the large model", file=sys.stderr, flush=True)
        partial = folder / "large.partial.cbm"
        in_process(train, partial)
        partial.rename(source)
    run_treec(treec, "convert", source, "-o", file)
    in_process(compare, treec, source, file, table)

    row = table.with_suffix(".one.csv")
    cells = row.read_text(encoding="utf-8").splitlines()[1].split(",")
    python = [sys.executable, "-c"]
    commands = {
        "convert": [treec, "convert", source, "-o", file],
        "answer": [treec, "predict", file, row],
        "answer from cbm": [treec, "predict", source, row],
        "import": [*python, IMPORT],
        "load": [*python, LOAD, source],
        "load and answer": [*python, PREDICT, source, *cells],
    }
    results = {name: [] for name in commands}
    opened = []
    for run in range(arguments.runs + 1):
        for name, command in commands.items():
            result = measure_command(command)
            if run > 0:
                results[name].append(result)
        line = run_treec(treec, "bench", file, "--data", row, "--batches", 1, "--seconds", 0.01,
                         "--json", cores="0")
        opened.append(json.loads(line))
    print(json.dumps({
        "iterations": ITERATIONS, "distinct": DISTINCT, "compared": COMPARED,
        "source_bytes": source.stat().st_size, "file_bytes": file.stat().st_size,
        "open_ms": statistics.median(line["open_ms"] for line in opened),
        "prepare_ms": statistics.median(line["prepare_ms"] for line in opened),
        "commands": {name: [statistics.median(values) for values in zip(*runs)]
                     for name, runs in results.items()},
    }))


if __name__ == "__main__":
    main()
