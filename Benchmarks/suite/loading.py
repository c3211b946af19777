"""The section of loading: converting, from opening to the first answer, and peaks of memory."""

import json
import os
import statistics
import subprocess
import sys

from machine import measure_command, run_treec

from .environment import BENCHMARKS, BUILD, ROOT
from .loaders import LOADERS
from .models import named
from .processes import prepare, without_paths
from .scale import trained
from .subject import Subject

# Models that are opened; the last is the largest of the scale's.
OPENED = ["31x500", "255x500", "depth6x500", "catboost", "catboost-text", "pmml"]
LARGEST = "trees20000"
# Those of a quick run, which converts no large files.
QUICK = ["31x100"]
# Large files to convert, and the library that loads the same.
LARGE = {
    "LightGBM text": ("lightgbm.txt", "LightGBM"),
    "LightGBM JSON": ("lightgbm.json", None),
    "XGBoost JSON": ("xgboost.json", "XGBoost"),
    "XGBoost UBJSON": ("xgboost.ubj", "XGBoost"),
    "CatBoost cbm": ("catboost.cbm", "CatBoost"),
    "CatBoost JSON": ("catboost.json", "CatBoost"),
}


class Opened:
    """A model that is opened: its files, and which libraries can load it."""

    def __init__(self, name, settings):
        self.name = name
        if name == LARGEST:
            self.title = "LightGBM, 20,000 trees of 31 leaves"
            self.source, self.library = trained("trees", settings)[20_000], "LightGBM"
            self.file, self.loaders = self.source.with_suffix(".tir"), ["LightGBM"]
            self.row = BUILD / "models/31x500/one.csv"
            run_treec(settings.treec, "convert", self.source, "-o", self.file)
            return
        model = named(name)[0]
        subject = Subject(model, settings.treec, settings.python)
        subject.prepare()
        self.title, self.source, self.file = model.title, subject.source, subject.file
        self.row = subject.folder / "one.csv"
        lines = subject.table.read_text(encoding="utf-8").splitlines(keepends=True)
        self.row.write_text("".join(lines[:2]), encoding="utf-8")
        self.loaders = [name for name, loader in LOADERS.items()
                        if model.library in loader.libraries and self.is_ready(
                            loader, model, subject, settings)]

    def is_ready(self, loader, model, subject, settings):
        """Whether what a library compiles ahead of time is there."""
        if loader.peer is None:
            return not (loader.file and not (subject.folder / loader.file).exists())
        with open(os.devnull, "wb") as log:
            return prepare(settings.python, loader.peer, model.name, subject.folder,
                           settings.compile_limit, log) is None


def loader_command(python, loader, source, row):
    return [str(word) for word in ("taskset", "-c", "0", python, "-B", "-m", "suite.loaders",
                                   loader, source, row)]


def load(python, loader, source, row):
    """Seconds of loading and of the first answer, and bytes that loading adds to the peak; or why
    there are none."""
    result = subprocess.run(loader_command(python, loader, source, row), cwd=BENCHMARKS, text=True,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if result.returncode:
        return {"error": without_paths((result.stderr.strip().splitlines() or ["failed"])[-1])[:200]}
    return json.loads(result.stdout.splitlines()[-1])


def open_treec(treec, opened):
    """Seconds and peaks of whole programs, and what opening takes in one."""
    convert = measure_command([treec, "convert", opened.source, "-o", opened.file])
    answer = measure_command([treec, "predict", opened.file, opened.row])
    line = json.loads(run_treec(
        treec, "bench", opened.file, "--data", opened.row, "--batches", 1, "--seconds", 0.001,
        "--json", cores="0").splitlines()[0])
    return {"convert_s": convert[0], "convert_peak": convert[1], "answer_s": answer[0],
            "answer_peak": answer[1], "open_ms": line["open_ms"],
            "prepare_ms": line["prepare_ms"]}


def medians(runs):
    """Of figures by name; of a failure its reason."""
    if "error" in runs[0]:
        return runs[0]
    return {key: round(statistics.median(run[key] for run in runs), 6) for key in runs[0]}


def measure_opening(settings):
    results = []
    for name in QUICK if settings.quick else [*OPENED, LARGEST]:
        opened = Opened(name, settings)
        ours, theirs = [], {loader: [] for loader in opened.loaders}
        for _ in range(settings.rounds):
            ours.append(open_treec(settings.treec, opened))
            for loader in opened.loaders:
                theirs[loader].append(
                    load(settings.python, loader, opened.source, opened.row))
        results.append({
            "name": name, "title": opened.title, "source_bytes": opened.source.stat().st_size,
            "file_bytes": opened.file.stat().st_size, "treec": medians(ours),
            "libraries": {loader: medians(runs) for loader, runs in theirs.items()}})
        print(f"loading: {name}", flush=True)
    return results


def measure_conversion(settings):
    """Large files, and the same loaded by their libraries."""
    if settings.quick:
        small = Subject(named(QUICK[0])[0], settings.treec, settings.python)
        return convert_files(settings, {"LightGBM text": (small.source, "LightGBM")}, small.folder)
    folder = BUILD / "large"
    folder.mkdir(parents=True, exist_ok=True)
    if not all((folder / file).exists() for file, _ in LARGE.values()):
        print("training large models", flush=True)
        subprocess.run([str(settings.python), "-B", "-m", "suite.large_models", folder],
                       cwd=BENCHMARKS, check=True)
    files = {name: (folder / file, library) for name, (file, library) in LARGE.items()}
    forest = Subject(named("pmml")[0], settings.treec, settings.python)
    forest.prepare()
    files["PMML"] = forest.source, None
    return convert_files(settings, files, folder)


def convert_files(settings, files, folder):
    """Files by format, with the library that loads the same."""
    results = {name: {"bytes": path.stat().st_size, "treec": [], "library": []}
               for name, (path, _) in files.items()}
    for _ in range(settings.rounds):
        for name, (path, library) in files.items():
            seconds, peak = measure_command(
                [settings.treec, "convert", path, "-o", folder / "converted.tir"])
            results[name]["treec"].append({"s": seconds, "peak": peak})
            if library:
                loaded = load(settings.python, library, path, "-")
                results[name]["library"].append(
                    loaded if "error" in loaded
                    else {"s": loaded["load_s"], "peak": loaded["peak"]})
    for name, result in results.items():
        result["treec"] = medians(result["treec"])
        result["library"] = medians(result["library"]) if result["library"] else None
        result["name"] = files[name][1]
    print("loading: large files", flush=True)
    return results


def measure_statistics(settings):
    """A model of CatBoost with a large table of statistics."""
    program = ROOT / "Benchmarks/catboost_loading.py"
    text = subprocess.run([str(settings.python), "-B", program, "--treec", settings.treec, "--runs",
                           str(settings.rounds)], stdout=subprocess.PIPE).stdout
    if not text:
        sys.exit("catboost_loading.py failed")
    return json.loads(text)


def measure(settings):
    """What is written as JSON."""
    return {"opening": measure_opening(settings), "conversion": measure_conversion(settings),
            "statistics": None if settings.quick else measure_statistics(settings)}
