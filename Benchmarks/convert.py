#!/usr/bin/env python3
"""Measures `treec convert` on large models, beside their libraries loading the same files.

    .venv-live/bin/python Benchmarks/convert.py --treec .build/release/treec

The models are trained once and kept in a folder of the build. Each command runs pinned to one
core, the commands in turn, and medians are quoted: of seconds of wall clock, and of the peak of
resident memory. The table goes to docs/benchmarks/convert.md.
"""

import argparse
import json
import multiprocessing
import platform
import statistics
import sys
from pathlib import Path

from machine import ROOT, measure_command

LOAD = "import {0}, sys; {0}.Booster(model_file=sys.argv[1])"
IMPORT = "import {0}"
# How often the trees of the XGBoost model are repeated, so that its JSON has 500 MB.
REPEATED = 53


def train_lightgbm(text, dump):
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


def train_xgboost(text, binary):
    """Makes a model of about 500 MB of JSON, and the UBJSON of the same model."""
    import numpy
    import xgboost

    random = numpy.random.default_rng(0)
    rows = random.normal(size=(100_000, 28)).astype(numpy.float32)
    rows[random.random(rows.shape) < 0.05] = numpy.nan
    target = numpy.nansum(rows[:, :5], axis=1) + random.normal(size=len(rows)) > 0
    parameters = {"objective": "binary:logistic", "max_depth": 0, "max_leaves": 4096,
                  "grow_policy": "lossguide", "tree_method": "hist", "eta": 0.02, "lambda": 0.01,
                  "min_child_weight": 0, "seed": 0}
    booster = xgboost.train(parameters, xgboost.DMatrix(rows, target), 20)
    model = json.loads(booster.save_raw("json"))
    trees = model["learner"]["gradient_booster"]["model"]
    trees["trees"] = [dict(tree, id=index) for index, tree in
                      enumerate(tree for _ in range(REPEATED) for tree in trees["trees"])]
    count = len(trees["trees"])
    trees["tree_info"] = [0] * count
    trees["iteration_indptr"] = list(range(count + 1))
    trees["gbtree_model_param"]["num_trees"] = str(count)
    with open(text, "w", encoding="utf-8") as file:
        json.dump(model, file, separators=(",", ":"))
    xgboost.Booster(model_file=text).save_model(binary)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--treec", type=Path, default=ROOT / ".build/release/treec")
    parser.add_argument("--runs", type=int, default=9)
    arguments = parser.parse_args()
    folder = ROOT / ".build/benchmarks"
    folder.mkdir(parents=True, exist_ok=True)
    text, dump = folder / "model.txt", folder / "model.json"
    large, binary = folder / "xgboost.json", folder / "xgboost.ubj"
    for train, first, second in ((train_lightgbm, text, dump), (train_xgboost, large, binary)):
        if second.exists():
            continue
        # In a process of its own: a child's peak of memory begins with its parent's.
        training = multiprocessing.Process(target=train, args=(first, second))
        training.start()
        training.join()
        if training.exitcode != 0:
            sys.exit("training failed")
    output = folder / "converted.tir"

    def convert(path):
        return [arguments.treec, "convert", path, "-o", output], path

    def load(library, path):
        return [sys.executable, "-c", LOAD.format(library), path], path

    commands = {
        "treec convert, LightGBM text": convert(text),
        "treec convert, LightGBM JSON": convert(dump),
        "LightGBM, load text": load("lightgbm", text),
        "treec convert, XGBoost JSON": convert(large),
        "XGBoost, load JSON": load("xgboost", large),
        "treec convert, XGBoost UBJSON": convert(binary),
        "XGBoost, load UBJSON": load("xgboost", binary),
        "import lightgbm": ([sys.executable, "-c", IMPORT.format("lightgbm")], None),
        "import xgboost": ([sys.executable, "-c", IMPORT.format("xgboost")], None),
    }
    results = {name: [] for name in commands}
    for run in range(arguments.runs + 1):
        for name, (command, _) in commands.items():
            result = measure_command(command)
            if run > 0:
                results[name].append(result)

    medians = {name: tuple(statistics.median(values) for values in zip(*runs))
               for name, runs in results.items()}
    imported = {"LightGBM": medians.pop("import lightgbm"),
                "XGBoost": medians.pop("import xgboost")}
    lines = [
        "# Converting a large model", "",
        f"`Benchmarks/convert.py` on {platform.machine()}, one core, medians of "
        f"{arguments.runs} interleaved runs. A LightGBM regression of 1,100 trees with 511 leaves, "
        f"categorical splits among them, and an XGBoost classifier of {20 * REPEATED} trees with "
        f"4,096 leaves. The libraries' figures are what loading adds to their import.", "",
        "| command | file | seconds | MB/s | peak memory | memory / file |",
        "|---|---|---|---|---|---|",
    ]
    for name, (seconds, memory) in medians.items():
        size = commands[name][1].stat().st_size
        library = name.split(",")[0]
        if library in imported:
            seconds, memory = seconds - imported[library][0], memory - imported[library][1]
        lines.append(f"| {name} | {size / 1e6:.1f} MB | {seconds:.2f} | {size / 1e6 / seconds:.0f} "
                     f"| {memory / 1e6:.0f} MB | {memory / size:.2f} |")
    table = "\n".join(lines) + "\n"
    report = ROOT / "docs/benchmarks/convert.md"
    report.parent.mkdir(parents=True, exist_ok=True)
    report.write_text(table, encoding="utf-8")
    print(table)


if __name__ == "__main__":
    main()
