#!/usr/bin/env python3
"""Measures how fast treec scores and loads PMML, beside JPMML-Evaluator and pypmml.

    Benchmarks/beside_pmml.py --treec .build/release/treec

The libraries are installed, and the models trained, once, and kept in a folder of the build. Java
has to be there with its compiler. First the answers of treec and of JPMML-Evaluator are compared.
Then JPMML is warmed up, and all score the same rows from memory, pinned to one core, in turns;
quoted is the median of several rounds. The tables go to docs/benchmarks/pmml.md, the figures to
pmml.json beside it.
"""

import argparse
import json
import os
import statistics
import subprocess
from collections import defaultdict
from pathlib import Path

from machine import ROOT, description, processor, run_treec
from pmml_answers import Differences, compare
from pmml_loading import measure_loading, measure_warm_loads
from pmml_models import MODELS
from pmml_peers import KINDS, WAYS, Java, JPMMLPeer, PyPMMLPeer, find_java
from suite.environment import prepare_python

BATCHES = [1, 64, 3000, 8192]
# Rows a call of JPMML-Evaluator and pypmml, and where treec is compared with them.
BATCH = 3000
SETS = {"whole": "whole rows", "gaps": "rows with gaps"}
LIBRARIES = ["jpmml_evaluator", "sklearn2pmml", "pypmml", "lightgbm", "scikit-learn", "xgboost"]


class Subject:
    """A trained model, its rows, and the processes that score them."""

    def __init__(self, model, folder, treec, python):
        self.model, self.folder, self.treec = model, folder, treec
        self.source, self.file = (folder / f"{model.name}.{suffix}" for suffix in ("pmml", "tir"))
        if not self.source.exists():
            print(f"training {model.name}", flush=True)
            subprocess.run([python, Path(__file__).with_name("pmml_models.py"), folder, model.name],
                           check=True, stdout=subprocess.DEVNULL)
        run_treec(treec, "convert", self.source, "-o", self.file)
        self.peers, self.pypmml = {}, None
        # Those that can be made of the model.
        self.kinds = list(KINDS)

    def find_kinds(self, java):
        """Leaves out the transpiled model where javac refuses what is too large for a method."""
        command = java.command(self.source, "transpiled", self.one_row())
        if subprocess.run([str(word) for word in command], capture_output=True).returncode:
            self.kinds.remove("transpiled")

    def one_row(self):
        """A file with the first of the rows."""
        path = self.table("whole").with_suffix(".one.csv")
        lines = self.table("whole").read_text(encoding="utf-8").splitlines(keepends=True)
        path.write_text("".join(lines[:2]), encoding="utf-8")
        return path

    def table(self, rows):
        return self.folder / f"{self.model.name}.{rows}.csv"

    def start(self, java, python):
        """Starts the peers; JPMML-Evaluator's answers are written."""
        for kind in self.kinds:
            peer = self.peers[kind] = JPMMLPeer(java, self.source, kind)
            for rows in SETS:
                peer.ask("rows", rows, self.table(rows))
                peer.ask("answers", rows, self.answers(kind, rows))
        self.pypmml = PyPMMLPeer(python, self.source)
        for rows in SETS:
            self.pypmml.ask("rows", rows, self.table(rows), BATCH)

    def answers(self, who, rows):
        return self.folder / f"{self.model.name}.{rows}.{who}.csv"

    def check(self, instruction_sets):
        """How the answers of treec, and of JPMML's transpiled model, differ from JPMML's."""
        differences = {who: Differences() for who in ("treec", "transpiled")
                       if who == "treec" or who in self.kinds}
        for rows in SETS:
            expected = self.answers("plain", rows)
            for isa in instruction_sets:
                path = self.answers(isa, rows)
                run_treec(self.treec, "predict", self.file, self.table(rows), "--output", "fields",
                          "-o", path, instructions=isa)
                differences["treec"].add(compare(expected, path))
            if "transpiled" in self.kinds:
                differences["transpiled"].add(compare(expected, self.answers("transpiled", rows)))
        return differences

    def bench(self, rows, instructions, seconds, encode=False):
        """What `treec bench` says of each batch."""
        options = ["--encode"] if encode else []
        batches = [BATCH] if encode else BATCHES
        lines = run_treec(
            self.treec, "bench", self.file, "--data", self.table(rows), "--output", "fields",
            "--json", "--batches", ",".join(map(str, batches)), "--seconds", seconds, *options,
            cores="0", instructions=instructions)
        return [json.loads(line) for line in lines.splitlines()]


class Results:
    """What all rounds said: times by model, rows, who scored, from what, and rows a call."""

    def __init__(self):
        self.times = defaultdict(list)
        self.engines = {}
        self.garbage = defaultdict(list)
        self.clock = defaultdict(list)

    def measure(self, subject, instruction_sets, seconds):
        for rows in SETS:
            place = subject.model.name, rows
            for isa in instruction_sets:
                for encode in (False, True):
                    for line in subject.bench(rows, isa, seconds, encode):
                        key = *place, isa, "cells" if encode else "prepared", line["batch"]
                        self.times[key].append(line["ns_per_row_min"])
                        self.engines[key] = line["engine"]
            for kind, peer in subject.peers.items():
                for way in WAYS:
                    key = *place, kind, way, BATCH
                    time, clock, garbage, size = peer.measure(rows, way, BATCH, seconds)
                    self.times[key].append(time)
                    self.clock[key].append(clock)
                    self.garbage[key].append((garbage, size))
            self.times[*place, "pypmml", "DataFrame", BATCH].append(
                float(subject.pypmml.ask("measure", rows)))

    def median(self, *key):
        return statistics.median(self.times[key])

    def noise(self):
        """How much longer JPMML's calls took by the clock than its processor time."""
        return statistics.median(
            statistics.median(clock) / self.median(*key) for key, clock in self.clock.items())


def cells(*words):
    return "| " + " | ".join(words) + " |"


def header(*words):
    return [cells(*words), "|---" * len(words) + "|"]


def factor(slow, fast):
    ratio = slow / fast
    return f"{ratio:,.0f}x" if ratio >= 10 else f"{ratio:,.1f}x"


def summary_table(results, subjects, isa):
    """The best that each can do with parsed input, and how many times faster treec is."""
    lines = [f"## Parsed input, batch {BATCH:,}", "",
             *header("ns a row", "treec", *KINDS.values(), "pypmml")]
    for subject in subjects:
        for rows, title in SETS.items():
            place = subject.model.name, rows
            ours = results.median(*place, isa, "prepared", BATCH)
            others = [results.median(*place, kind, "prepared", BATCH) if kind in subject.kinds
                      else None for kind in KINDS]
            others.append(results.median(*place, "pypmml", "DataFrame", BATCH))
            lines.append(cells(f"{subject.model.name}, {title}", f"{ours:,.0f}",
                               *("–" if time is None else f"{time:,.0f} ({factor(time, ours)})"
                                 for time in others)))
    return lines + [""]


def treec_lines(results, subject, instruction_sets):
    """Times of treec by batch, each beside JPMML-Evaluator's time of the same rows."""
    lines = header("ns a row", *(f"batch {batch:,}" for batch in BATCHES))
    for way, batches in {"prepared": BATCHES, "cells": [BATCH]}.items():
        for rows, title in SETS.items():
            place = subject.model.name, rows
            beside = results.median(*place, "plain", way, BATCH)
            for isa in reversed(instruction_sets):
                words = []
                for batch in BATCHES:
                    key = *place, isa, way, batch
                    words.append(f"{results.median(*key):,.0f} {results.engines[key]} "
                                 f"({factor(beside, results.median(*key))})"
                                 if batch in batches else "")
                source = "text" if way == "cells" else "parsed"
                lines.append(cells(f"treec {isa}, {source}, {title}", *words))
    return lines


def peer_lines(results, subject):
    lines = header(f"ns a row, batch {BATCH:,}", *SETS.values(), "bytes allocated a row")
    for kind, title in KINDS.items():
        for way, source in WAYS.items() if kind in subject.kinds else []:
            keys = [(subject.model.name, rows, kind, way, BATCH) for rows in SETS]
            sizes = [size for key in keys for _, size in results.garbage[key]]
            lines.append(cells(f"{title}, {source}", *(f"{results.median(*key):,.0f}"
                                                       for key in keys),
                               f"{statistics.median(sizes):,.0f}"))
    times = [results.median(subject.model.name, rows, "pypmml", "DataFrame", BATCH)
             for rows in SETS]
    return lines + [cells("pypmml, DataFrame", *(f"{time:,.0f}" for time in times), "")]


def answers_text(differences):
    words = []
    for who, found in differences.items():
        text = f"{found.differing:,} of {found.answers:,} differ from JPMML-Evaluator's"
        if found.ulp:
            text += f", by at most {found.ulp} ulp"
        if found.example:
            text += f" (first: {found.example})"
        words.append(f"{'treec' if who == 'treec' else 'the transpiled model'}: {text}")
    return ("Answers, of both sets of rows and of treec with each instruction set: "
            + "; ".join(words) + ".")


def speed_section(results, subject, instruction_sets, differences):
    return [f"## {subject.model.name}", "", f"{subject.model.title}.", "",
            *treec_lines(results, subject, instruction_sets), "",
            *peer_lines(results, subject), "", answers_text(differences), ""]


def loading_section(subjects, loading, warm):
    """Tables of converting and opening."""
    lines = [
        "## Converting and opening", "",
        "Whole programs from start to end: treec on one core; Java on all, as it starts by itself. "
        "`open` is opening and checking the .tir; engines are made after it while the first rows "
        "are scored (`prepare`). `warm load` is a load in a Java process that has loaded for 10 "
        "seconds, without the start of Java. The factor of `open` is that of the warm load, the "
        "factor of whole programs that of Java's.", "",
        *header("model", "PMML", ".tir", "treec convert", "peak", "open", "prepare",
                "JPMML warm load", "transpiled")]
    for subject in subjects:
        name, figures = subject.model.name, loading[subject.model.name]
        sizes = [f"{path.stat().st_size / 1e6:.1f} MB" for path in (subject.source, subject.file)]
        seconds, peak = figures["convert"]
        loads = [f"{warm[name, kind]:.2f} s ({factor(warm[name, kind] * 1e3, figures['open_ms'])})"
                 if kind in subject.kinds else "–" for kind in KINDS]
        lines.append(cells(
            name, *sizes, f"{seconds:.3f} s", f"{peak / 1e6:,.0f} MB",
            f"{figures['open_ms']:.1f} ms", f"{figures['prepare_ms']:.1f} ms", *loads))
    lines += ["", *header("one answer by a whole program: seconds, peak memory", "treec, .tir",
                          "treec, PMML", *KINDS.values(), "pypmml")]
    for subject in subjects:
        figures = loading[subject.model.name]
        ours = figures["answer"][0]
        words = []
        for program in ("answer", "answer from PMML", *KINDS, "pypmml"):
            if program not in figures:
                words.append("–")
                continue
            seconds, peak = figures[program]
            times = f" ({factor(seconds, ours)})" if program not in (
                "answer", "answer from PMML") else ""
            words.append(f"{seconds:.3f} s{times}, {peak / 1e6:,.0f} MB")
        lines.append(cells(subject.model.name, *words))
    return lines + ["", "pypmml's peak is without that of the Java process that it starts."]


def versions(python):
    program = ("import sys; from importlib.metadata import version; "
               "print(', '.join(f'{name} {version(name)}' for name in sys.argv[1:]))")
    return subprocess.run([python, "-c", program, *LIBRARIES], check=True, text=True,
                          stdout=subprocess.PIPE).stdout.strip()


def heading(processor_name, arguments, java, python, results):
    return [
        "# treec beside JPMML-Evaluator", "",
        f"`Benchmarks/beside_pmml.py --rounds {arguments.rounds} --seconds {arguments.seconds}` "
        f"(`make benchmark`) {description(processor_name, java.version())} {versions(python)}. "
        f"Medians of {arguments.rounds} interleaved rounds, one thread on "
        "one core, all result fields of rows in memory.", "",
        "JPMML-Evaluator is called from Java: a process for each model and kind, so that nothing "
        f"else has been compiled there, warmed up in each way in stretches of {arguments.warm:g} "
        "seconds of processor time, at least three, until two more made it less than 3 % faster. "
        "It is loaded as its README has it, with the visitors that optimise and intern; "
        "transpiled, its trees have become Java classes, unless javac refuses them as too large. "
        "The `prepared arguments` of a row are what "
        "`InputField.prepare` makes; from `Java objects`, numbers and texts, and from `text`, "
        "preparing is timed too. It scores a row at a time; its results are neither decoded nor "
        "kept. Its figures are processor time of the thread that scores, without garbage "
        "collection, each hundred rows the best of at least three times in a round; treec's are "
        "wall clock, the best call of a round. By the clock JPMML's rows took "
        f"{results.noise():.2f} times as long (collection and whatever else the machine did).", "",
        "treec scores `parsed` rows of Doubles, or `text`: what a CSV has between its commas "
        "(`treec bench --encode`). The name is the engine that it chooses, the factor how many "
        "times faster it is than JPMML-Evaluator, not transpiled, from prepared arguments or from "
        "text. pypmml predicts a DataFrame of "
        f"{BATCH:,} rows, by the clock.", "",
        "`Whole rows` lack nothing; of `rows with gaps` every twentieth cell is missing.", "",
    ]


def figures(results, loading, warm, command):
    """All medians, for programs."""
    return {"command": command,
            "times": {" ".join(map(str, key)): results.median(*key) for key in results.times},
            "loading": loading,
            "warm": {" ".join(key): seconds for key, seconds in warm.items()}}


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--treec", type=Path, default=ROOT / ".build/release/treec")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=0.3, help="for each batch, in a round")
    parser.add_argument("--warm", type=float, default=5, help="seconds of processor time in each "
                        "of at least three stretches of warming up")
    parser.add_argument("--models", default="", help="only those named, separated by commas")
    parser.add_argument("--python", type=Path, help="one that has the libraries; by default one is "
                        "made with Benchmarks/requirements.txt")
    parser.add_argument("--loads", type=int, default=5, help="whole programs of each kind; 0 for "
                        "no tables of loading")
    parser.add_argument("--output", type=Path, help="where the tables go; docs/benchmarks/pmml.md "
                        "by default, with all models only")
    return parser.parse_args()


def main():
    arguments = parse_arguments()
    find_java()
    folder = ROOT / ".build/benchmarks/pmml"
    folder.mkdir(parents=True, exist_ok=True)
    treec = arguments.treec.resolve()
    python = arguments.python or prepare_python()
    java = Java.prepare(python, folder)
    name, instruction_sets = processor()
    chosen = arguments.models.split(",") if arguments.models else [model.name for model in MODELS]
    subjects = [Subject(model, folder, treec, python) for model in MODELS if model.name in chosen]
    scored = [subject for subject in subjects if subject.model.is_scored]

    loading, warm = {}, {}
    for subject in subjects:
        subject.find_kinds(java)
    for subject in subjects if arguments.loads else []:
        loading[subject.model.name] = measure_loading(subject, java, python, arguments.loads)
        for kind in subject.kinds:
            peer = JPMMLPeer(java, subject.source, kind)
            warm[subject.model.name, kind] = measure_warm_loads(peer)
            peer.close()
            print(f"{subject.model.name}, {kind}: load {warm[subject.model.name, kind]:.3f} s",
                  flush=True)
        print(subject.model.name, loading[subject.model.name], flush=True)

    differences = {}
    for subject in scored:
        subject.start(java, python)
        differences[subject.model.name] = subject.check(instruction_sets)
        print(subject.model.name, answers_text(differences[subject.model.name]), flush=True)
        for kind, peer in subject.peers.items():
            print(f"warmed up {kind}: {peer.warm(arguments.warm)}", flush=True)
            peer.pin()
        subject.pypmml.ask("measure", "whole")
        subject.pypmml.pin()
    os.sched_setaffinity(0, {0})
    results = Results()
    for number in range(arguments.rounds):
        for subject in scored:
            results.measure(subject, instruction_sets, arguments.seconds)
        print(f"round {number + 1} of {arguments.rounds}", flush=True)

    lines = []
    if scored:
        lines += heading(name, arguments, java, python, results)
        lines += summary_table(results, scored, instruction_sets[-1])
    for subject in scored:
        lines += speed_section(results, subject, instruction_sets,
                               differences[subject.model.name])
    if loading:
        lines += loading_section(subjects, loading, warm)
    report = "\n".join(lines) + "\n"
    print(report)
    output = arguments.output or (
        None if arguments.models else ROOT / "docs/benchmarks/pmml.md")
    if output:
        output.write_text(report, encoding="utf-8")
        command = f"Benchmarks/beside_pmml.py --rounds {arguments.rounds}"
        text = json.dumps(figures(results, loading, warm, command), indent=1)
        output.with_suffix(".json").write_text(text + "\n", encoding="utf-8")
    for subject in scored:
        for peer in (*subject.peers.values(), subject.pypmml):
            peer.close()


if __name__ == "__main__":
    main()
