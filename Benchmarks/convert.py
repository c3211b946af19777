#!/usr/bin/env python3
"""Measures `treec convert` on a large LightGBM model, beside LightGBM loading the same file.

    .venv-live/bin/python Benchmarks/convert.py --treec .build/release/treec

The model is trained once and kept in a folder of the build. Each command runs pinned to one
core, the commands in turn, and medians are quoted: of seconds of wall clock, and of the peak of
resident memory. The table goes to docs/benchmarks/convert.md.
"""

import argparse
import json
import multiprocessing
import os
import platform
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOAD = "import lightgbm, sys; lightgbm.Booster(model_file=sys.argv[1])"
IMPORT = "import lightgbm"


def train(text, dump):
    """Makes a model of more than 50 MB of text, and the JSON dump of the same model."""
    import lightgbm
    import numpy

    random = numpy.random.default_rng(0)
    rows = random.normal(size=(60_000, 40))
    rows[random.random(rows.shape) < 0.05] = numpy.nan
    rows[:, 0] = random.integers(0, 60, len(rows))
    filled = numpy.nan_to_num(rows)
    target = filled[:, 1] * filled[:, 2] + numpy.sin(filled[:, 3]) + filled[:, 0] % 7
    target += random.normal(size=len(rows))
    parameters = dict(objective="regression", num_leaves=511, min_data_in_leaf=5,
                      learning_rate=0.03, verbose=-1, seed=0, deterministic=True)
    data = lightgbm.Dataset(rows, target, categorical_feature=[0])
    booster = lightgbm.train(parameters, data, 1100)
    booster.save_model(text)
    with open(dump, "w", encoding="utf-8") as file:
        json.dump(booster.dump_model(), file)


def measure(command):
    """Runs a command on one core; seconds and bytes of peak memory."""
    start = time.perf_counter()
    process = subprocess.Popen(["taskset", "-c", "0", *map(str, command)],
                               stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    if status != 0:
        sys.exit(f"{command} failed")
    return seconds, usage.ru_maxrss * 1024


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--treec", type=Path, default=ROOT / ".build/release/treec")
    parser.add_argument("--runs", type=int, default=9)
    arguments = parser.parse_args()
    folder = ROOT / ".build/benchmarks"
    folder.mkdir(parents=True, exist_ok=True)
    text, dump = folder / "model.txt", folder / "model.json"
    if not dump.exists():
        # In a process of its own: a child's peak of memory begins with its parent's.
        training = multiprocessing.Process(target=train, args=(text, dump))
        training.start()
        training.join()
        if training.exitcode != 0:
            sys.exit("training failed")
    python = sys.executable
    commands = {
        "treec convert, text": ([arguments.treec, "convert", text, "-o", folder / "t.tir"], text),
        "treec convert, JSON": ([arguments.treec, "convert", dump, "-o", folder / "j.tir"], dump),
        "LightGBM, load text": ([python, "-c", LOAD, text], text),
        "Python, import only": ([python, "-c", IMPORT], None),
    }
    results = {name: [] for name in commands}
    for run in range(arguments.runs + 1):
        for name, (command, _) in commands.items():
            result = measure(command)
            if run > 0:
                results[name].append(result)

    medians = {name: tuple(statistics.median(values) for values in zip(*runs))
               for name, runs in results.items()}
    imported = medians.pop("Python, import only")
    lines = [
        "# Converting a large model", "",
        f"`Benchmarks/convert.py` on {platform.machine()}, one core, medians of "
        f"{arguments.runs} interleaved runs. A LightGBM regression of 1,100 trees with 511 leaves, "
        f"categorical splits among them. LightGBM's figures are what loading adds to "
        f"`import lightgbm`.", "",
        "| command | file | seconds | MB/s | peak memory | memory / file |",
        "|---|---|---|---|---|---|",
    ]
    for name, (seconds, memory) in medians.items():
        path = commands[name][1]
        size = path.stat().st_size
        if name.startswith("LightGBM"):
            seconds, memory = seconds - imported[0], memory - imported[1]
        lines.append(f"| {name} | {size / 1e6:.1f} MB | {seconds:.2f} | {size / 1e6 / seconds:.0f} "
                     f"| {memory / 1e6:.0f} MB | {memory / size:.2f} |")
    size = (folder / "t.tir").stat().st_size
    lines += ["", f"The `.tir` file has {size / 1e6:.1f} MB."]
    table = "\n".join(lines) + "\n"
    report = ROOT / "docs/benchmarks/convert.md"
    report.parent.mkdir(parents=True, exist_ok=True)
    report.write_text(table, encoding="utf-8")
    print(table)


if __name__ == "__main__":
    main()
