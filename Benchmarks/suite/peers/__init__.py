"""The libraries that are measured beside treec; needs none of them to be listed."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Entry:
    """A peer: which module of this folder it is in, and which models it takes."""

    name: str
    title: str
    module: str
    libraries: tuple
    # Said of models that it does not take.
    refusal: str
    # Whether something is compiled ahead of time, which takes minutes.
    is_compiled: bool = False

    def refuses(self, model):
        """Why it cannot score a model; None where it may."""
        return None if model.library in self.libraries else self.refusal


TREES = ("LightGBM", "XGBoost")

PEERS = [
    Entry("lightgbm", "LightGBM", "lightgbm_peer", ("LightGBM",), "reads its own models only"),
    Entry("xgboost", "XGBoost", "xgboost_peer", ("XGBoost",), "reads its own models only"),
    Entry("catboost", "CatBoost", "catboost_peer", ("CatBoost",), "reads its own models only"),
    Entry("lleaves", "lleaves", "lleaves_peer", ("LightGBM",), "compiles LightGBM's models only",
          is_compiled=True),
    Entry("tl2cgen", "TL2cgen", "treelite_peers", TREES, "treelite reads no such models",
          is_compiled=True),
    Entry("treelite", "treelite GTIL", "treelite_peers", TREES, "reads no such models"),
    Entry("onnxruntime", "ONNX Runtime", "onnx_peer", (*TREES, "CatBoost"),
          "not converted to ONNX here"),
    Entry("onedal", "oneDAL", "onedal_peer", (*TREES, "CatBoost"), "reads no such models"),
    Entry("ydf", "YDF", "ydf_peer", TREES,
          "trains boosted trees of its own, of the sizes of the others; not of this kind"),
    Entry("jpmml", "JPMML-Evaluator", "pmml", ("PMML",), "reads PMML only"),
    Entry("pypmml", "pypmml", "pmml", ("PMML",), "reads PMML only"),
]


def named(names):
    """The peers of a list of names separated by commas, or all."""
    if not names:
        return PEERS
    known = {entry.name: entry for entry in PEERS}
    unknown = [name for name in names.split(",") if name not in known and name != "none"]
    if unknown:
        raise SystemExit(f"no peer {', '.join(unknown)}; there are none, {', '.join(known)}")
    return [known[name] for name in names.split(",") if name in known]
