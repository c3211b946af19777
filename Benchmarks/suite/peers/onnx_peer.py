"""ONNX Runtime, with models that onnxmltools or CatBoost itself converts; it computes in Floats."""

import numpy
import onnxruntime

from ..rows import ROWS
from .base import Peer, Refusal

OBJECT = "model.onnx"


def convert(context):
    """The bytes of the model in ONNX."""
    source = str(context.source)
    if context.model.library == "CatBoost":
        import catboost

        path = context.folder / OBJECT
        catboost.CatBoost().load_model(source).save_model(str(path), format="onnx")
        return path.read_bytes()
    from onnxmltools.convert.common.data_types import FloatTensorType

    types = [("input", FloatTensorType([None, context.model.columns]))]
    if context.model.library == "LightGBM":
        import lightgbm
        from onnxmltools import convert_lightgbm

        model = convert_lightgbm(lightgbm.Booster(model_file=source), initial_types=types,
                                 zipmap=False, target_opset=15)
    else:
        import xgboost
        from onnxmltools import convert_xgboost

        model = convert_xgboost(xgboost.Booster(model_file=source), initial_types=types,
                                target_opset=15)
    return model.SerializeToString()


class Library(Peer):
    def __init__(self, context):
        super().__init__(context)
        path = context.folder / OBJECT
        if not path.exists():
            try:
                made = convert(context)
            except Exception as error:
                raise Refusal(f"no conversion to ONNX: {str(error).splitlines()[0]}") from error
            path.write_bytes(made)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = context.threads
        options.inter_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(
            path, options, providers=["CPUExecutionProvider"])
        self.input = self.session.get_inputs()[0].name
        outputs = [one.name for one in self.session.get_outputs()]
        self.output = outputs[-1:]
        # A classifier has labels and, after them, probabilities.
        self.kind = "raw" if len(outputs) == 1 else "probability"
        self.ways = {"Python, run": self.python_way(context.floats, self.scores)}

    def scores(self, rows):
        return self.session.run(self.output, {self.input: rows})[0]

    def answers(self):
        return numpy.asarray(self.scores(self.context.floats[:ROWS]))


def library(_):
    return Library
