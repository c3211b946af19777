#!/usr/bin/env python3
"""Puts figures of docs/benchmarks/*.json into README.md, and says whether they are there.

    Benchmarks/readme.py --check|--write

The text between `<!-- benchmark: NAME -->` and `<!-- /benchmark -->` is that of
Benchmarks/readme/NAME.md, whose words in braces are figures.
"""

import argparse
import functools
import json
import re
import sys
import textwrap
from pathlib import Path

from machine import ROOT
from suite.speed_report import Speed

README = ROOT / "README.md"
TEMPLATES = Path(__file__).with_name("readme")
RESULTS = ROOT / "docs/benchmarks"
BLOCK = re.compile(r"(<!-- benchmark: (\w+) -->\n).*?(<!-- /benchmark -->)", re.DOTALL)
WIDTH = 110


def time_of(nanoseconds):
    """With a unit, and three digits or so."""
    if nanoseconds < 1500:
        return f"{nanoseconds:,.0f} ns"
    if nanoseconds < 1e6:
        return f"{nanoseconds / 1e3:,.1f} µs"
    if nanoseconds < 1e9:
        return f"{nanoseconds / 1e6:,.0f} ms" if nanoseconds >= 1e7 else f"{nanoseconds / 1e6:.1f} ms"
    return f"{nanoseconds / 1e9:,.1f} s"


def times(ratio):
    return f"{ratio:,.0f}" if ratio >= 10 else f"{ratio:,.1f}"


class Figures:
    """What the words in braces stand for: a method each."""

    def __init__(self, folder):
        self.folder = folder

    def read(self, name):
        return json.loads((self.folder / f"{name}.json").read_text(encoding="utf-8"))

    @functools.cached_property
    def speed(self):
        return Speed(self.read("speed"))

    @functools.cached_property
    def loading(self):
        return self.read("loading")

    @functools.cached_property
    def pmml_results(self):
        return self.read("pmml")

    def processor(self):
        name = re.search(r": (.*?), \d+ cores", self.speed.results["machine"])[1]
        isa = self.speed.results["instruction_sets"][-1]
        return f"an {name} with {isa.upper().replace('AVX', 'AVX-') if isa == 'avx512' else isa}"

    def ours(self, model, batch, source="Doubles"):
        return self.speed.median(model, self.speed.best, source, "one", int(batch))

    def ns(self, model, batch, source="Doubles"):
        return time_of(self.ours(model, batch, source))

    def times(self, model, batch, library, source="Doubles"):
        best = self.speed.peer_best(model, "one", int(batch), library)
        return times(best[0] / self.ours(model, batch, source))

    def conversion(self, *words):
        return self.loading["conversion"][" ".join(words)]

    def size(self, *words):
        return f"{self.conversion(*words)['bytes'] / 1e6:,.0f} MB"

    def convert(self, *words):
        return time_of(self.conversion(*words)["treec"]["s"] * 1e9)

    def rate(self, *words):
        found = self.conversion(*words)
        return f"{found['bytes'] / 1e6 / found['treec']['s']:,.0f}"

    def memory(self, *words):
        found = self.conversion(*words)
        return f"{found['treec']['peak'] / found['bytes']:.2f}"

    def library(self, *words):
        return time_of(self.conversion(*words)["library"]["s"] * 1e9)

    def library_memory(self, *words):
        found = self.conversion(*words)
        return f"{found['library']['peak'] / found['bytes']:.0f}"

    def first(self, name):
        found = next(one for one in self.loading["opening"] if one["name"] == name)
        return time_of(found["treec"]["answer_s"] * 1e9)

    def pmml(self, model, rows):
        """treec's time of PMML."""
        return time_of(self.pmml_results["times"][f"{model} {rows} avx512 prepared 3000"])

    def pmml_times(self, model, rows):
        found = self.pmml_results["times"]
        return times(found[f"{model} {rows} plain prepared 3000"]
                     / found[f"{model} {rows} avx512 prepared 3000"])

    def pmml_convert(self, model):
        return time_of(self.pmml_results["loading"][model]["convert"][0] * 1e9)

    def pmml_open(self, model):
        return time_of(self.pmml_results["loading"][model]["open_ms"] * 1e6)

    def pmml_open_times(self, model):
        found = self.pmml_results
        return times(found["warm"][f"{model} plain"] * 1e3 / found["loading"][model]["open_ms"])

    def figure(self, words):
        name, *rest = words.split()
        return getattr(self, name.replace("-", "_"))(*rest)


def filled(template, figures):
    """A template with its figures, wrapped again, since figures have any length."""
    text = re.sub(r"\{([^}]+)\}", lambda match: figures.figure(match[1]), template)
    return "\n\n".join(
        textwrap.fill(paragraph, WIDTH, break_long_words=False, break_on_hyphens=False)
        for paragraph in text.strip().split("\n\n"))


def with_figures(readme, figures):
    """The page with the figures of now; what has not been measured is left as it is."""
    def block(match):
        template = (TEMPLATES / f"{match[2]}.md").read_text(encoding="utf-8")
        try:
            return f"{match[1]}{filled(template, figures)}\n{match[3]}"
        except FileNotFoundError as error:
            print(f"{match[2]}: no {error.filename}, left as it is", file=sys.stderr)
            return match[0]
    return BLOCK.sub(block, readme)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    action = parser.add_mutually_exclusive_group(required=True)
    action.add_argument("--check", action="store_true", help="exit with 1 where figures differ")
    action.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    before = README.read_text(encoding="utf-8")
    names = {match[2] for match in BLOCK.finditer(before)}
    missing = {path.stem for path in TEMPLATES.glob("*.md")} - names
    if missing:
        sys.exit(f"README.md has no place for {', '.join(sorted(missing))}")
    after = with_figures(before, Figures(RESULTS))
    if arguments.write:
        README.write_text(after, encoding="utf-8")
    elif after != before:
        sys.exit("README.md has other figures than docs/benchmarks: Benchmarks/readme.py --write")


if __name__ == "__main__":
    main()
