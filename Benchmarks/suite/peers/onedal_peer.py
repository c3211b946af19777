"""oneDAL, with models that daal4py converts."""

import daal4py
import numpy

from ..rows import ROWS
from .base import Peer, Refusal


def load(context):
    source = str(context.source)
    match context.model.library:
        case "LightGBM":
            import lightgbm

            return lightgbm.Booster(model_file=source)
        case "XGBoost":
            import xgboost

            return xgboost.Booster(model_file=source)
    import catboost

    return catboost.CatBoost().load_model(source)


class Library(Peer):
    def __init__(self, context):
        super().__init__(context)
        daal4py.daalinit(context.threads)
        try:
            self.model = daal4py.mb.convert_model(load(context))
        except Exception as error:
            raise Refusal(f"no conversion to oneDAL: {str(error).splitlines()[0]}") from error
        self.kind = "raw" if context.output_width == 1 else "probability"
        self.predict = self.model.predict if self.kind == "raw" else self.model.predict_proba
        self.ways = {"Python, predict": self.python_way(context.floats, self.predict)}

    def answers(self):
        return numpy.asarray(self.predict(self.context.floats[:ROWS]))


def library(_):
    return Library
