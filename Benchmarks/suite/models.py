"""The models that are measured; needs no libraries until one of them is trained."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Model:
    """A model to train: its library, its shape, and what stands in tables."""

    name: str
    title: str
    library: str
    iterations: int = 0
    parameters: dict = field(default_factory=dict)
    columns: int = 28
    classes: int = 1
    has_categories: bool = False

    @property
    def suffix(self):
        return {"LightGBM": "txt", "XGBoost": "json", "CatBoost": "cbm", "PMML": "pmml"}[
            self.library]

    @property
    def has_text(self):
        """Whether cells are texts, so that treec is also measured from text."""
        return self.has_categories and self.library in ("CatBoost", "PMML")

    @property
    def column_names(self):
        prefix = "Column_" if self.library == "LightGBM" else "f"
        return [f"{prefix}{column}" for column in range(self.columns)]


def lightgbm_model(name, title, iterations, leaves, more=None, **shape):
    return Model(name, f"LightGBM, {title}", "LightGBM", iterations,
                 {"num_leaves": leaves} | (more or {}), **shape)


FOREST = {"boosting": "rf", "bagging_fraction": 0.7, "bagging_freq": 1, "feature_fraction": 0.7,
          "min_data_in_leaf": 3}

MODELS = [
    lightgbm_model("31x100", "100 trees of 31 leaves", 100, 31),
    lightgbm_model("31x500", "500 trees of 31 leaves", 500, 31),
    lightgbm_model("64x500", "500 trees of 64 leaves", 500, 64),
    lightgbm_model("255x500", "500 trees of 255 leaves", 500, 255, {"learning_rate": 0.05}),
    Model("depth6x500", "XGBoost, 500 trees of depth 6", "XGBoost", 500,
          {"max_depth": 6, "eta": 0.1}),
    Model("catboost", "CatBoost, 1,000 symmetric trees of depth 6, numbers", "CatBoost"),
    Model("catboost-text", "CatBoost, 1,000 symmetric trees of depth 6, 10 columns of numbers and "
          "10 of text", "CatBoost", columns=20, has_categories=True),
    lightgbm_model("10classes", "10 classes, 100 iterations of 31 leaves", 100, 31, classes=10),
    lightgbm_model("categories", "500 trees of 31 leaves, 3 columns of categories", 500, 31,
                   has_categories=True),
    lightgbm_model("500features", "500 trees of 31 leaves, 500 columns", 500, 31, columns=500),
    lightgbm_model("forest", "random forest of 100 trees of 1,200 leaves", 100, 1200, FOREST),
    Model("pmml", "PMML, scikit-learn's random forest of 100 trees of depth 10 with its "
          "preprocessing: gaps filled, numbers scaled, texts one-hot and ordinal", "PMML",
          columns=30, classes=2, has_categories=True),
]


def named(names):
    """The models of a list of names separated by commas, or all."""
    if not names:
        return MODELS
    known = {model.name: model for model in MODELS}
    unknown = [name for name in names.split(",") if name not in known]
    if unknown:
        raise SystemExit(f"no model {', '.join(unknown)}; there are {', '.join(known)}")
    return [known[name] for name in names.split(",")]
