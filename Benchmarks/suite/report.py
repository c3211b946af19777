"""Writes pages and charts from results in JSON, and nothing else: what is measured once can be
shown again."""

import json

from . import loading_report, scale_report, speed_report

# Libraries whose versions stand in the pages.
NAMED = ("catboost", "jpmml_evaluator", "lightgbm", "lleaves", "llvmlite", "numpy", "onnxruntime",
         "pypmml", "scikit-learn-intelex", "tl2cgen", "treelite", "xgboost", "ydf")


def read(folder, name):
    """Results of a section; None where it has not been measured."""
    path = folder / f"{name}.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None


def dumped(results):
    """JSON with a line for each thing in a list, so that changes can be read."""
    parts = []
    for key, value in results.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            inner = ",\n  ".join(json.dumps(one, ensure_ascii=False) for one in value)
            parts.append(f" {json.dumps(key)}: [\n  {inner}\n ]")
        else:
            parts.append(f" {json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}")
    return "{\n" + ",\n".join(parts) + "\n}\n"


def pages(folder):
    """Texts by file name, of the sections whose results are there."""
    made = {}
    if speed := read(folder, "speed"):
        made["speed.md"] = speed_report.page(speed)
        made["speed.svg"] = speed_report.chart(speed)
    if scale := read(folder, "scale"):
        made["scale.md"] = scale_report.page(scale)
        made |= {f"scale-{axis}.svg": chart for axis, chart in scale_report.charts(scale).items()}
    if loading := read(folder, "loading"):
        made["loading.md"] = loading_report.page(loading)
        made["loading.svg"] = loading_report.chart(loading)
    return made


def write(folder):
    """The paths that are written."""
    for name, text in pages(folder).items():
        path = folder / name
        path.write_text(text.rstrip("\n") + "\n", encoding="utf-8")
        yield path
