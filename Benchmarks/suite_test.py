#!/usr/bin/env python3
"""Tests of what the suite writes from results; needs no libraries.

    Benchmarks/suite_test.py
"""

import contextlib
import io
import json
import tempfile
import unittest
import xml.etree.ElementTree
from pathlib import Path

import compare
import readme
from suite import models, peers, report
from suite.processes import PeerFailure, PeerProcess

HEAD = {"command": "Benchmarks/run.py", "rounds": 2, "seconds": 0.1, "took_minutes": 1.5,
        "machine": "on 2026-01-01: A Processor, 2 cores, Linux 6."}


def line(who, way, batch, nanoseconds, **more):
    return {"model": "31x500", "who": who, "way": way, "cores": "one", "batch": batch,
            "ns": nanoseconds, **more}


def speed(treec=200.0):
    return HEAD | {
        "batches": [1, 8192], "instruction_sets": ["avx2"], "peers": ["LightGBM", "XGBoost"],
        "models": [{"name": "31x500", "title": "LightGBM, trees", "library": "LightGBM",
                    "source_bytes": 2_000_000, "file_bytes": 1_000_000, "table_bytes": 3_000_000,
                    "answers": {"LightGBM": {"values": 8192, "differing": 3, "ulp": 2,
                                             "difference": 1e-15, "bits": 64}},
                    "notes": {}}],
        "times": [line("treec avx2", "Doubles", 8192, [treec, treec * 1.1], engine="bitslice"),
                  line("LightGBM", "Python, Booster.predict", 8192, [20_000.0, 22_000.0]),
                  line("LightGBM", "C, PredictForMat", 8192, [16_000.0, 16_800.0])],
        "refusals": {"31x500": {"XGBoost": "reads its own models only"}}}


class ReportTest(unittest.TestCase):
    def folder(self, results):
        folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        (folder / "speed.json").write_text(report.dumped(results), encoding="utf-8")
        return folder

    def test_results_survive_being_written(self):
        results = speed()
        self.assertEqual(json.loads(report.dumped(results)), results)

    def test_page_shows_times_answers_and_refusals(self):
        page = report.pages(self.folder(speed()))["speed.md"]
        self.assertIn("| **treec avx2**, from Doubles | 210 bitslice |", page)
        # The medians of both, and how many times as long.
        self.assertIn("| LightGBM: C, PredictForMat | 16,400 (78x) |", page)
        self.assertIn("| LightGBM | 3 of 8,192 | 2 (float64) | 1e-15 |", page)
        self.assertIn("| XGBoost | not measured |  |  | reads its own models only |", page)
        self.assertNotIn("None", page)

    def test_charts_are_well_formed_and_the_same_each_time(self):
        folder = self.folder(speed())
        chart = report.pages(folder)["speed.svg"]
        self.assertEqual(chart, report.pages(folder)["speed.svg"])
        labels = [text.text for text in xml.etree.ElementTree.fromstring(chart).iter(
            "{http://www.w3.org/2000/svg}text")]
        self.assertIn("LightGBM", labels)
        # The faster of its two ways.
        self.assertIn("16,400", labels)
        self.assertNotIn("21,000", labels)


class CompareTest(unittest.TestCase):
    def regressions(self, before, now):
        with contextlib.redirect_stdout(io.StringIO()):
            return compare.compare("ratios", before, now, 0.25)

    def ratios(self, treec):
        with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
            json.dump(speed(treec), file)
            file.flush()
            return compare.ratios(Path(file.name))

    def test_ratio_is_of_the_best_way(self):
        self.assertEqual(self.ratios(200.0),
                         {"31x500, avx2, batch 8192, LightGBM": float(f"{210 / 16400:.4g}")})

    def test_only_what_is_slower_is_a_regression(self):
        before = self.ratios(200.0)
        self.assertEqual(self.regressions(before, self.ratios(300.0)), 1)
        self.assertEqual(self.regressions(before, self.ratios(240.0)), 0)
        self.assertEqual(self.regressions(before, self.ratios(100.0)), 0)


class ReadmeTest(unittest.TestCase):
    def test_figures_replace_words_in_braces(self):
        figures = readme.Figures.__new__(readme.Figures)
        figures.speed = readme.Speed(speed())
        text = readme.filled("takes {ns 31x500 8192}, {times 31x500 8192 LightGBM} times less",
                             figures)
        self.assertEqual(text, "takes 210 ns, 78 times less")

    def test_times_have_units(self):
        self.assertEqual([readme.time_of(value) for value in (225, 1775, 8.4e6, 42e6, 4.04e9)],
                         ["225 ns", "1.8 µs", "8.4 ms", "42 ms", "4.0 s"])


class PeerTest(unittest.TestCase):
    def test_every_peer_refuses_or_takes_every_model_with_a_reason(self):
        for entry in peers.PEERS:
            for model in models.MODELS:
                self.assertEqual(entry.refuses(model) is None, model.library in entry.libraries)

    def test_a_peer_that_ends_is_a_failure_of_its_own(self):
        with open("/dev/null", "wb") as log, self.assertRaisesRegex(PeerFailure, "status 1"):
            # A program that fails takes the place of Python.
            PeerProcess("false", "lightgbm", "31x100", Path("."), 1, "0", log)

    def test_unknown_names_are_refused(self):
        with self.assertRaisesRegex(SystemExit, "no peer martian"):
            peers.named("martian")
        with self.assertRaisesRegex(SystemExit, "no model martian"):
            models.named("martian")


if __name__ == "__main__":
    unittest.main()
