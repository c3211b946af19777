"""A library loads a model and scores a row, in a process of its own.

    python -m suite.loaders LIBRARY MODEL ROW.csv|-

Prints a line of JSON: seconds of the import, of loading, and of the first answer after it, and the
bytes that loading and answering add to the peak of memory after the import.
"""

import csv
import json
import resource
import sys
import time
from dataclasses import dataclass


@dataclass(frozen=True)
class Loader:
    """Which models a library loads, and what has to be there beside them."""

    libraries: tuple
    peer: str | None = None
    file: str | None = None


LOADERS = {
    "LightGBM": Loader(("LightGBM",)),
    "XGBoost": Loader(("XGBoost",)),
    "CatBoost": Loader(("CatBoost",)),
    "lleaves, compiled before": Loader(("LightGBM",), peer="lleaves"),
    "TL2cgen, compiled before": Loader(("LightGBM", "XGBoost"), peer="tl2cgen"),
    "ONNX Runtime, converted before": Loader(("LightGBM", "XGBoost", "CatBoost"),
                                             file="model.onnx"),
}


def steps(library, path):
    """Functions: the import, which gives one that loads, which gives one that scores cells."""
    folder = path.rpartition("/")[0]

    def numbers(cells):
        import numpy
        return numpy.array([[float(cell or "nan") for cell in cells]])

    match library.partition(",")[0]:
        case "LightGBM":
            import lightgbm
            return (lambda: lightgbm.Booster(model_file=path),
                    lambda model, cells: model.predict(numbers(cells), raw_score=True))
        case "XGBoost":
            import xgboost
            return (lambda: xgboost.Booster(model_file=path),
                    lambda model, cells: model.inplace_predict(
                        numbers(cells).astype("float32"), predict_type="margin"))
        case "CatBoost":
            import catboost
            suffix = path.rpartition(".")[2]
            return (lambda: catboost.CatBoost().load_model(path, format=suffix),
                    lambda model, cells: model.predict(
                        with_texts(cells, set(model.get_cat_feature_indices())),
                        prediction_type="RawFormulaVal"))
        case "lleaves":
            import lleaves

            def load():
                model = lleaves.Model(path)
                model.compile(cache=f"{folder}/lleaves.o", raw_score=True)
                return model
            return load, lambda model, cells: model.predict(numbers(cells), n_jobs=1)
        case "TL2cgen":
            import tl2cgen
            return (lambda: tl2cgen.Predictor(f"{folder}/tl2cgen.so", nthread=1),
                    lambda model, cells: model.predict(tl2cgen.DMatrix(
                        numbers(cells).astype(str(model.threshold_type)))))
        case "ONNX Runtime":
            import onnxruntime
            return (lambda: onnxruntime.InferenceSession(
                        f"{folder}/model.onnx", providers=["CPUExecutionProvider"]),
                    lambda model, cells: model.run(None, {
                        model.get_inputs()[0].name: numbers(cells).astype("float32")}))
    raise ValueError(library)


def with_texts(cells, categories):
    """Texts in columns of categories, numbers elsewhere."""
    return [cell if column in categories else float(cell or "nan")
            for column, cell in enumerate(cells)]


def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def main():
    library, path, row = sys.argv[1:]
    start = time.perf_counter()
    load, score = steps(library, path)
    imported, before = time.perf_counter(), peak()
    model = load()
    loaded = time.perf_counter()
    if row != "-":
        with open(row, encoding="utf-8", newline="") as file:
            cells = list(csv.reader(file))[1]
        score(model, cells)
    print(json.dumps({"import_s": imported - start, "load_s": loaded - imported,
                      "answer_s": time.perf_counter() - loaded, "peak": peak() - before}))


if __name__ == "__main__":
    main()
