#!/usr/bin/env python3
"""Measures `treec predict` from disk to disk, beside a script of pandas and LightGBM.

    Benchmarks/predict.py --treec .build/release/treec

A model is trained and a CSV of random rows is written once, and both are kept in a folder of the
build. Then all programs score the file in turns; quoted is the median of several rounds. The files
that they write are compared. The table goes to docs/benchmarks/predict.md.
"""

import argparse
import gzip
import json
import os
import shutil
import statistics
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import lightgbm
import numpy
import pandas

from machine import ROOT, description, processor, run_treec

COLUMNS = [f"f{number}" for number in range(30)]
TREES, LEAVES = 500, 31
SCRIPT = Path(__file__).with_name("predict_pandas.py")
METER = Path(__file__).with_name("meter.py")
CHUNK = 20_000


def train(path):
    random = numpy.random.default_rng(1)
    rows = random.normal(size=(30_000, len(COLUMNS)))
    target = rows[:, :6].sum(axis=1) + rows[:, 6] * rows[:, 7] + random.normal(size=len(rows)) > 0
    parameters = {"objective": "binary", "num_leaves": LEAVES, "num_threads": 1, "verbose": -1}
    data = lightgbm.Dataset(pandas.DataFrame(rows, columns=COLUMNS), target.astype(int))
    lightgbm.train(parameters, data, TREES).save_model(path)


def write_rows(path, megabytes):
    """Writes rows of normal numbers with all their digits, one cell in twenty missing."""
    random = numpy.random.default_rng(2)
    part = path.with_suffix(".part")
    with part.open("w", encoding="ascii") as file:
        while file.tell() < megabytes * 1e6:
            rows = random.normal(size=(CHUNK, len(COLUMNS)))
            rows[random.random(rows.shape) < 0.05] = numpy.nan
            pandas.DataFrame(rows, columns=COLUMNS).to_csv(
                file, index=False, header=file.tell() == 0)
    part.rename(path)


def write_forms(rows):
    """The same rows packed, and as NDJSON; their paths."""
    packed, objects = rows.with_suffix(".csv.gz"), rows.with_suffix(".ndjson")
    if not packed.exists():
        with rows.open("rb") as source, gzip.open(packed, "wb", compresslevel=6) as target:
            shutil.copyfileobj(source, target, 1 << 20)
    if not objects.exists():
        part = objects.with_suffix(".part")
        with rows.open(encoding="ascii") as source, part.open("w", encoding="ascii") as target:
            keys = [json.dumps(name) for name in next(source).strip().split(",")]
            for line in source:
                pairs = zip(keys, line.strip().split(","))
                members = ",".join(f"{key}:{text or 'null'}" for key, text in pairs)
                target.write(f"{{{members}}}\n")
        part.rename(objects)
    return packed, objects


class Program:
    """A command that scores the file, on so many cores."""

    def __init__(self, title, command, output, cores):
        self.title, self.output, self.cores = title, output, cores
        self.command = [str(word) for word in command]

    def run(self):
        """Seconds of wall clock and of processor time, bytes of peak memory, what it printed."""
        environment = dict(os.environ, OMP_NUM_THREADS="1")
        command = [sys.executable, "-S", "-E", METER, "taskset", "-c", self.cores, *self.command]
        lines = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True,
                               check=True).stdout.splitlines()
        measured = json.loads(lines[-1])
        return measured["wall"], measured["processor"], measured["peak"], "\n".join(lines[:-1])


def compare(expected, found):
    """How many predictions differ, and the greatest distance in ulps."""
    first, second = (pandas.read_csv(path, float_precision="round_trip")["prediction_0"].to_numpy()
                     for path in (expected, found))
    if len(first) != len(second):
        sys.exit(f"{found} has {len(second)} rows, {expected} {len(first)}")
    distance = numpy.abs(first.view(numpy.int64) - second.view(numpy.int64))
    return int(numpy.count_nonzero(distance)), int(distance.max())


def cells(*words):
    return "| " + " | ".join(words) + " |"


def table(programs, results, count):
    """A line a program, each beside the first one."""
    base = results[programs[0].title]
    lines = [cells("program", "cores", "rows/s", "wall", "processor time", "peak memory"),
             "|---" * 6 + "|"]
    for program in programs:
        wall, processor_time, peak = (statistics.median(values)
                                      for values in zip(*results[program.title]))
        times = ["", ""]
        if program is not programs[0]:
            times = [f" ({statistics.median(base_values) / value:.1f}x)" for base_values, value in
                     zip(list(zip(*base))[:2], (wall, processor_time))]
        lines.append(cells(
            program.title, str(len(program.cores.split(","))), f"{count / wall:,.0f}",
            f"{wall:.2f} s{times[0]}", f"{processor_time:.2f} s{times[1]}",
            f"{peak / 1e6:,.0f} MB"))
    return lines


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--treec", type=Path, default=ROOT / ".build/release/treec")
    parser.add_argument("--megabytes", type=int, default=1000, help="size of the CSV")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2, help="most threads of treec")
    parser.add_argument("--output", type=Path, default=ROOT / "docs/benchmarks/predict.md")
    parser.add_argument("--forms", action="store_true", help="measure NDJSON and gzip too")
    return parser.parse_args()


def main():
    arguments = parse_arguments()
    folder = ROOT / ".build/benchmarks/predict"
    folder.mkdir(parents=True, exist_ok=True)
    text, model = folder / "model.txt", folder / "model.tir"
    rows = folder / f"rows-{arguments.megabytes}.csv"
    if not text.exists():
        train(text)
    if not rows.exists():
        write_rows(rows, arguments.megabytes)
    run_treec(arguments.treec, "convert", text, "-o", model)

    every_core = ",".join(map(str, range(min(os.cpu_count(), arguments.threads + 2))))

    def treec(title, source, threads, cores):
        target = folder / f"treec-{len(programs)}.out"
        programs.append(Program(title, [arguments.treec, "predict", model, source, "-o", target,
                                        "--output-format", "csv", "--threads", threads],
                                target, cores))

    script_output = folder / "pandas.csv"
    programs = [Program("pandas and LightGBM", [sys.executable, SCRIPT, text, rows, script_output],
                        script_output, "0")]
    treec("treec, 1 thread", rows, 1, "0")
    treec("treec, 1 thread, reading and writing on other cores", rows, 1, every_core)
    for threads in range(2, arguments.threads + 1):
        treec(f"treec, {threads} threads", rows, threads, every_core)
    if arguments.forms:
        packed, objects = write_forms(rows)
        treec("treec, 1 thread, CSV packed by gzip", packed, 1, "0")
        treec("treec, 1 thread, NDJSON", objects, 1, "0")

    results, steps = defaultdict(list), []
    for number in range(arguments.rounds):
        for program in programs:
            wall, processor_time, peak, printed = program.run()
            results[program.title].append((wall, processor_time, peak))
            if program is programs[0]:
                steps.append([float(word) for word in printed.split()])
            print(f"round {number + 1}: {program.title}: {wall:.2f} s, {processor_time:.2f} s of "
                  f"processor time, {peak / 1e6:.0f} MB", flush=True)

    count = sum(1 for _ in script_output.open("rb")) - 1
    answers = {program.title: compare(script_output, program.output) for program in programs[1:]}
    print(json.dumps(answers))
    differing = max(number for number, _ in answers.values())
    greatest = max(distance for _, distance in answers.values())
    read, predict, write = (statistics.median(values) for values in zip(*steps))
    libraries = ", ".join(f"{module.__name__} {module.__version__}"
                          for module in (lightgbm, pandas, numpy))
    report = [
        "# treec predict beside pandas and LightGBM", "",
        f"`Benchmarks/predict.py --megabytes {arguments.megabytes} --rounds {arguments.rounds}"
        f"{' --forms' if arguments.forms else ''}` (`make benchmark-predict`) "
        f"{description(processor()[0], libraries)} Medians of {arguments.rounds} interleaved "
        "rounds, the files in the page cache.", "",
        f"A CSV of {rows.stat().st_size / 1e6:,.0f} MB, {count:,} rows of {len(COLUMNS)} numbers "
        f"with all their digits, one in twenty missing, goes through a LightGBM model of {TREES} "
        f"trees of {LEAVES} leaves to a CSV of predictions. The script "
        "(`Benchmarks/predict_pandas.py`) reads with `pandas.read_csv`, calls "
        "`Booster.predict(num_threads=1)` and writes with `DataFrame.to_csv`; on one core, and "
        "with one thread for OpenMP. Whole programs from start to end, loading the model among "
        "it.", "",
        *table(programs, results, count), "",
        f"Of the script's processor time reading takes {read:.2f} s, scoring {predict:.2f} s and "
        f"writing {write:.2f} s; the rest is Python's start.", "",
        f"Of {count:,} predictions of treec {differing:,} differ from the script's, by at most "
        f"{greatest} ulp. (pandas reads numbers fast and not always to the nearest; treec reads "
        "to the nearest. That matters only where it moves a number past a split.)", ""]
    print("\n".join(report))
    arguments.output.write_text("\n".join(report), encoding="utf-8")


if __name__ == "__main__":
    main()
