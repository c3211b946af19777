"""The section of scale: how the time of a row grows with trees, leaves, columns, classes and
threads."""

import json
import os
import subprocess

from machine import processor, run_treec

from .environment import BENCHMARKS, BUILD
from .models import named
from .subject import Subject

# The points of each axis; `scale_models.py` trains them.
AXES = {
    "trees": [1, 3, 10, 30, 100, 300, 1000, 3000, 10_000, 20_000],
    "leaves": [2, 4, 8, 16, 31, 64, 65, 128, 255, 512, 1024, 2048, 4096],
    "columns": [1, 4, 16, 64, 256, 1000, 2500, 5000],
    "classes": [1, 3, 10, 30, 100, 300, 1000],
}
# The greatest points of a quick run.
QUICK = {"trees": 100, "leaves": 64, "columns": 64, "classes": 10}
TITLES = {
    "trees": "Trees of 31 leaves, 28 columns",
    "leaves": "Leaves of each of 100 trees, 28 columns",
    "columns": "Columns, 500 trees of 31 leaves",
    "classes": "Classes, 5 trees of 15 leaves for each, 28 columns",
    "threads": "Threads, 500 trees of 31 leaves, 28 columns",
}
BATCHES = [1, 64, 8192]
SHARED_BATCHES = [1000, 8192, 100_000]


def trained(axis, settings):
    """The files of an axis, by point."""
    folder = BUILD / "scale" / axis
    folder.mkdir(parents=True, exist_ok=True)
    files = {point: folder / f"{point}.txt" for point in AXES[axis]
             if not settings.quick or point <= QUICK[axis]}
    missing = [point for point, path in files.items() if not path.exists()]
    if missing:
        print(f"training models of up to {missing[-1]:,} {axis}", flush=True)
        subprocess.run([str(settings.python), "-B", "-m", "suite.scale_models", axis, folder,
                        *map(str, missing)], cwd=BENCHMARKS, check=True)
    return files


def bench(treec, file, batches, threads, cores, seconds):
    """`treec bench` with its own rows, which go all ways through the trees."""
    lines = run_treec(treec, "bench", file, "--output", "raw", "--json", "--batches",
                      ",".join(map(str, batches)), "--threads", threads, "--seconds", seconds,
                      cores=cores)
    return [json.loads(line) for line in lines.splitlines()]


class Points:
    """Times by axis, point and batch."""

    def __init__(self):
        self.lines = {}

    def add(self, axis, point, results):
        for result in results:
            line = self.lines.setdefault(
                (axis, point, result["batch"]),
                {"axis": axis, "point": point, "batch": result["batch"],
                 "engine": result["engine"], "ns": [], "open_ms": [], "prepare_ms": []})
            line["ns"].append(round(result["ns_per_row_min"], 1))
            line["open_ms"].append(round(result["open_ms"], 3))
            line["prepare_ms"].append(round(result["prepare_ms"], 3))


def thread_counts(cores):
    """1, 2, 4, … and all."""
    counts = [1]
    while counts[-1] * 2 < cores:
        counts.append(counts[-1] * 2)
    return counts + [cores] if cores > 1 else counts


def measure(settings):
    """What is written as JSON."""
    points, files, sizes = Points(), {}, {}
    for axis in AXES:
        for point, source in trained(axis, settings).items():
            file = files[axis, point] = source.with_suffix(".tir")
            run_treec(settings.treec, "convert", source, "-o", file)
            sizes[f"{axis} {point}"] = file.stat().st_size
    shared = Subject(named("31x500")[0], settings.treec, settings.python)
    shared.prepare()
    cores = os.cpu_count()
    for number in range(settings.rounds):
        for (axis, point), file in files.items():
            points.add(axis, point, bench(settings.treec, file, BATCHES, 1, "0", settings.seconds))
        for threads in thread_counts(cores):
            points.add("threads", threads, bench(
                settings.treec, shared.file, SHARED_BATCHES, threads, f"0-{threads - 1}",
                settings.seconds))
        print(f"scale: round {number + 1} of {settings.rounds}", flush=True)
    return {"titles": TITLES, "instructions": processor()[1][-1], "points":
            list(points.lines.values()), "file_bytes": sizes}
