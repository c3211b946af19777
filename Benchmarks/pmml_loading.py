"""Measures how PMML is converted and loaded, for `beside_pmml.py`."""

import json
import statistics
from pathlib import Path

from machine import measure_command, run_treec
from pmml_peers import PyPMMLPeer

# Seconds of loading again and again before loads in a warm process are measured, and how many are.
WARM_SECONDS, WARM_LOADS = 10, 5


def commands(subject, java, python):
    """Whole programs by name, with the cores that they may run on: one for treec, all for Java,
    which loads on one while it compiles and collects on others."""
    one = subject.one_row()
    every = f"0-{Path('/sys/devices/system/cpu/online').read_text().strip().rpartition('-')[2]}"
    options = ["--output", "fields"]
    return {
        "convert": ([subject.treec, "convert", subject.source, "-o", subject.file], "0"),
        "answer": ([subject.treec, "predict", subject.file, one, *options], "0"),
        "answer from PMML": ([subject.treec, "predict", subject.source, one, *options], "0"),
        **{kind: (java.command(subject.source, kind, one), every) for kind in subject.kinds},
        "pypmml": ([python, PyPMMLPeer.program, subject.source, one], every),
    }


def measure_loading(subject, java, python, runs):
    """Medians: seconds and peak bytes of whole programs, and milliseconds of opening."""
    programs = commands(subject, java, python)
    results = {name: [] for name in programs}
    opened = []
    for _ in range(runs):
        for name, (command, cores) in programs.items():
            results[name].append(measure_command(command, cores))
        line = run_treec(
            subject.treec, "bench", subject.file, "--data", subject.table("whole"), "--output",
            "fields", "--batches", 1, "--seconds", 0.01, "--json", cores="0").splitlines()[0]
        opened.append(json.loads(line))
    figures = {name: [statistics.median(values) for values in zip(*pairs)]
               for name, pairs in results.items()}
    for key in ("open_ms", "prepare_ms"):
        figures[key] = statistics.median(line[key] for line in opened)
    return figures


def measure_warm_loads(peer):
    """Seconds of a load in a process that has loaded for a while."""
    return statistics.median(peer.loads(WARM_SECONDS, WARM_LOADS))
