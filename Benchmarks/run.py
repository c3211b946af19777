#!/usr/bin/env python3
"""Measures treec beside other libraries, and writes the tables and charts of docs/benchmarks.

    Benchmarks/run.py --treec .build/release/treec

The first run makes an environment with all libraries, trains the models and compiles those that
are compiled ahead of time; all of that is kept in .build/benchmarks. The sections are `speed`
(models x batches x libraries), `scale` (trees, leaves, columns, classes, threads), `loading`
(conversion, opening, memory), and `pmml` (JPMML-Evaluator in detail). Each section that is
measured whole replaces its results in docs/benchmarks; what is measured in part, or with
--output, goes to a folder of its own. `--report` measures nothing and writes the tables and charts
of results that are there.
"""

import argparse
import subprocess
import sys
import time
from pathlib import Path

from machine import ROOT, description, processor
from suite import environment, loading, models, peers, report, scale, speed

SECTIONS = {"speed": speed.measure, "scale": scale.measure, "loading": loading.measure}
DOCUMENTS = ROOT / "docs/benchmarks"


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--treec", type=Path, default=ROOT / ".build/release/treec")
    parser.add_argument("--sections", default="speed,scale,loading", help="separated by commas, as "
                        "all names here: speed, scale, loading, pmml")
    parser.add_argument("--models", default="", help="of the section of speed: "
                        + ", ".join(model.name for model in models.MODELS))
    parser.add_argument("--peers", default="", help="of the section of speed: none, "
                        + ", ".join(entry.name for entry in peers.PEERS))
    parser.add_argument("--batches", default=",".join(map(str, speed.BATCHES)),
                        help="rows a call")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=0.1, help="for each cell of a table, in a "
                        "round")
    parser.add_argument("--warm", type=float, default=2, help="seconds of processor time in each "
                        "stretch in which JPMML-Evaluator is warmed up")
    parser.add_argument("--compile-limit", type=float, default=600, help="seconds that a library "
                        "may take to compile a model ahead of time")
    parser.add_argument("--quick", action="store_true", help="only the smallest models of scale and "
                        "loading")
    parser.add_argument("--output", type=Path, help="where results go; docs/benchmarks by default, "
                        "or .build/benchmarks/results for a run of some models, libraries or "
                        "batches")
    parser.add_argument("--report", action="store_true", help="measure nothing, write tables and "
                        "charts")
    return parser.parse_args()


def prepared(arguments):
    """The arguments with what they stand for."""
    settings = argparse.Namespace(**vars(arguments))
    settings.treec = arguments.treec.resolve()
    settings.models = models.named(arguments.models)
    settings.peers = peers.named(arguments.peers)
    settings.batches = [int(word) for word in arguments.batches.split(",")]
    settings.python = environment.prepare_python()
    environment.prepare_calls()
    return settings


def command_line(arguments):
    """How to measure the same again."""
    words = ["Benchmarks/run.py"]
    for name in ("sections", "models", "peers", "batches", "rounds", "seconds"):
        words += [f"--{name}", str(getattr(arguments, name))] if getattr(arguments, name) else []
    return " ".join(words + ["--quick"] * arguments.quick)


def measure(name, settings, arguments):
    start = time.time()
    results = SECTIONS[name](settings)
    libraries = environment.versions(settings.python)
    shown = ", ".join(f"{library} {number}" for library, number in libraries.items()
                      if library in report.NAMED)
    head = {"command": command_line(arguments), "rounds": arguments.rounds,
            "seconds": arguments.seconds, "took_minutes": round((time.time() - start) / 60, 1),
            "machine": description(processor()[0], shown), "libraries": libraries}
    return head | results


def main():
    arguments = parse_arguments()
    chosen = arguments.sections.split(",")
    unknown = set(chosen) - {*SECTIONS, "pmml"}
    if unknown:
        sys.exit(f"no section {', '.join(unknown)}")
    partial = (arguments.models or arguments.peers or arguments.quick
               or arguments.batches != ",".join(map(str, speed.BATCHES)))
    output = arguments.output or (
        environment.BUILD / "results" if partial else DOCUMENTS)
    output.mkdir(parents=True, exist_ok=True)
    if not arguments.report:
        environment.BUILD.mkdir(parents=True, exist_ok=True)
        settings = prepared(arguments)
        for name in chosen:
            if name == "pmml":
                program = Path(__file__).with_name("beside_pmml.py")
                subprocess.run([settings.python, program, "--treec", settings.treec,
                                "--python", settings.python, "--output", output / "pmml.md",
                                "--rounds", str(arguments.rounds),
                                "--seconds", str(arguments.seconds)], check=True)
                continue
            results = measure(name, settings, arguments)
            (output / f"{name}.json").write_text(report.dumped(results), encoding="utf-8")
    for path in report.write(output):
        print(path, flush=True)


if __name__ == "__main__":
    main()
