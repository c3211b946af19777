#!/usr/bin/env python3
"""Compares treec with a committed baseline, in figures that hardly depend on the machine.

    Benchmarks/compare.py --treec .build/release/treec

Two kinds: instructions a row, counted by valgrind (of instruction sets that it knows: not AVX-512),
and, where there are results of `run.py`, how much of a library's time treec takes. What is worse
than the baseline by more than a tolerance is a regression, and the exit status is 1. `--update`
writes the baseline anew.
"""

import argparse
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from machine import ROOT, processor
from suite import environment, models
from suite.speed_report import Speed
from suite.subject import Subject

BASELINE = ROOT / "docs/benchmarks/baseline.json"
RESULTS = ROOT / "docs/benchmarks/speed.json"
# Models whose instructions are counted, and rows a call.
COUNTED = ["31x100", "31x500", "255x500", "depth6x500", "catboost", "10classes"]
BATCHES = [1, 64, 8192]
# What valgrind can run.
COUNTED_SETS = ["avx2", "sse2"]
# `treec bench` scores at least so many times, once before and five times with the clock, calls for
# this many rows each time; a limit of next to no seconds leaves it at that.
REPEATED, ROWS_PER_READING = 6, 200
NO_SECONDS = "1e-9"


def instructions(treec, file, table, isa, batches):
    """All that `treec bench` executes."""
    environment_variables = os.environ | {"TREEC_ISA": isa}
    with tempfile.TemporaryDirectory() as folder:
        command = ["valgrind", "--tool=cachegrind", "--cache-sim=no",
                   f"--cachegrind-out-file={folder}/out", treec, "bench", file, "--data", table,
                   "--output", "raw", "--json", "--seconds", NO_SECONDS, "--batches",
                   ",".join(map(str, batches))]
        result = subprocess.run([str(word) for word in command], env=environment_variables,
                                stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    found = re.search(r"I\s+refs:\s+([\d,]+)", result.stderr)
    if result.returncode or not found:
        sys.exit(f"{' '.join(map(str, command))}\n{result.stderr}")
    return int(found[1].replace(",", ""))


def instructions_a_row(treec, file, table, isa, batch):
    """What scoring the batch twice takes more than scoring it once: nothing but scoring."""
    more = (instructions(treec, file, table, isa, [8192, batch, batch])
            - instructions(treec, file, table, isa, [8192, batch]))
    return more / (REPEATED * max(1, ROWS_PER_READING // batch) * batch)


def count(arguments):
    """Instructions a row by model, instruction set and batch; and which models they are of."""
    if not shutil.which("valgrind"):
        sys.exit("valgrind is needed: apt-get install valgrind")
    with tempfile.TemporaryDirectory() as folder:
        # valgrind does not know all debugging information that Swift writes.
        treec = Path(folder) / "treec"
        subprocess.run(["strip", "-o", treec, arguments.treec.resolve()], check=True)
        return count_instructions(treec, arguments.models or ",".join(COUNTED))


def count_instructions(treec, names):
    counted, hashes = {}, {}
    available = processor()[1]
    python = environment.prepare_python()
    for model in models.named(names):
        subject = Subject(model, treec, python)
        subject.prepare()
        hashes[model.name] = hashlib.sha256(subject.source.read_bytes()).hexdigest()
        for isa in COUNTED_SETS:
            for batch in BATCHES if isa in available else []:
                key = f"{model.name}, {isa}, batch {batch}"
                counted[key] = round(instructions_a_row(
                    subject.treec, subject.file, subject.table, isa, batch), 1)
                print(f"{key}: {counted[key]:,.1f} instructions a row", flush=True)
    return counted, hashes


def ratios(path):
    """Time of treec as a part of a library's best, by model, instruction set, batch and library."""
    if not path.exists():
        return {}
    results = json.loads(path.read_text(encoding="utf-8"))
    speed, found = Speed(results), {}
    for model in results["models"]:
        for isa in results["instruction_sets"]:
            for batch in results["batches"]:
                ours = speed.median(model["name"], f"treec {isa}", "Doubles", "one", batch)
                for title in results["peers"]:
                    best = speed.peer_best(model["name"], "one", batch, title)
                    if ours and best:
                        key = f"{model['name']}, {isa}, batch {batch}, {title}"
                        found[key] = float(f"{ours / best[0]:.4g}")
    return found


def compare(kind, before, now, tolerance):
    """How many are worse than the tolerance allows; prints all that differ by more."""
    worse = 0
    for key, value in now.items():
        if key not in before:
            print(f"{kind}, {key}: {value:g}, not in the baseline")
            continue
        change = value / before[key] - 1
        if abs(change) > tolerance:
            worse += change > 0
            print(f"{kind}, {key}: {before[key]:g} before, {value:g} now ({change:+.1%})"
                  + (", a regression" if change > 0 else ""))
    print(f"{kind}: {len(now)} compared, {worse} regressions beyond {tolerance:.0%}")
    return worse


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--treec", type=Path, default=ROOT / ".build/release/treec")
    parser.add_argument("--baseline", type=Path, default=BASELINE)
    parser.add_argument("--results", type=Path, default=RESULTS, help="speed.json of a run, for "
                        "ratios")
    parser.add_argument("--kinds", default="instructions,ratios")
    parser.add_argument("--models", default="", help="whose instructions are counted; by default "
                        + ",".join(COUNTED))
    parser.add_argument("--instructions-tolerance", type=float, default=0.03)
    parser.add_argument("--ratios-tolerance", type=float, default=0.25)
    parser.add_argument("--update", action="store_true", help="write the baseline")
    return parser.parse_args()


def main():
    arguments = parse_arguments()
    baseline = {}
    if arguments.baseline.exists():
        baseline = json.loads(arguments.baseline.read_text(encoding="utf-8"))
    kinds = arguments.kinds.split(",")
    now = dict(baseline)
    if "instructions" in kinds:
        now["instructions"], now["sha256"] = count(arguments)
    if "ratios" in kinds:
        now["ratios"] = ratios(arguments.results)
    if arguments.update:
        text = json.dumps(now, indent=1, sort_keys=True)
        arguments.baseline.write_text(text + "\n", encoding="utf-8")
        print(f"wrote {arguments.baseline}")
        return
    if not baseline:
        sys.exit(f"there is no {arguments.baseline}; --update writes it")
    worse = 0
    if "instructions" in kinds:
        other = [name for name, digest in now["sha256"].items()
                 if baseline["sha256"].get(name, digest) != digest]
        if other:
            sys.exit(f"{', '.join(other)}: other models than the baseline's (other versions of "
                     "libraries, or another processor, train others); --update counts them")
        worse += compare("instructions", baseline["instructions"], now["instructions"],
                         arguments.instructions_tolerance)
    if "ratios" in kinds:
        worse += compare("ratios", baseline["ratios"], now["ratios"], arguments.ratios_tolerance)
    sys.exit(worse > 0)


if __name__ == "__main__":
    main()
