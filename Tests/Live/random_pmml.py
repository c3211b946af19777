"""Random pipelines of scikit-learn, LightGBM and XGBoost that sklearn2pmml may convert."""
import lightgbm
import numpy as np
import pandas as pd
import xgboost
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import TransformedTargetRegressor
from sklearn.ensemble import (
    AdaBoostClassifier, AdaBoostRegressor, BaggingClassifier, BaggingRegressor,
    ExtraTreesClassifier, ExtraTreesRegressor, GradientBoostingClassifier,
    GradientBoostingRegressor, HistGradientBoostingClassifier, HistGradientBoostingRegressor,
    IsolationForest, RandomForestClassifier, RandomForestRegressor, StackingClassifier,
    StackingRegressor, VotingClassifier, VotingRegressor)
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.multioutput import MultiOutputClassifier, MultiOutputRegressor
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor
from sklearn2pmml.pipeline import PMMLPipeline

from pmml_preparation import preparation, some
from pmml_tables import Table, class_target, number_target
from random_columns import chance

# Those that take missing values, and those that LightGBM or XGBoost made.
TAKE_MISSING = ["histogram", "lightgbm", "xgboost", "tree", "forest"]
KINDS = [
    "tree", "forest", "boosting", "histogram", "adaboost", "bagging", "isolation", "voting",
    "stacking", "calibration", "several", "transformed target", "lightgbm", "lightgbm",
    "xgboost", "xgboost"]
STEPS = [
    "continuous domain", "categorical domain", "imputer", "scaler", "bins", "binarizer",
    "polynomial", "expression", "ordinal encoder", "one-hot encoder", "target encoder",
    "no preparation", "categories of the library", "verification", "options"]


class Draw:
    """The model of a case: a fitted pipeline, the table, and what it shows."""

    def __init__(self, generator):
        self.generator = generator
        self.kind = str(generator.choice(KINDS))
        self.table = Table(
            generator, self.kind in TAKE_MISSING and chance(generator, 0.6)
            or chance(generator, 0.1))
        self.shows, self.fit_options, self.options = {self.kind}, {}, {}
        self.classify = self.kind == "calibration" or chance(generator, 0.55) and (
            self.kind not in ("isolation", "transformed target"))
        self.target = self.random_target()
        estimator = getattr(self, self.kind.replace(" ", "_"))()
        self.pipeline = self.in_pipeline(estimator)

    # What every estimator needs.

    def seed(self):
        return int(self.generator.randint(1 << 20))

    def count(self, low, high):
        return int(self.generator.randint(low, high + 1))

    def random_target(self):
        generator = self.generator
        if self.kind == "isolation":
            return None
        if not self.classify:
            positive = self.kind in ("histogram", "lightgbm", "xgboost", "transformed target")
            return number_target(generator, self.table, positive)
        count = some(generator, [2, 2, 3, 4])
        if self.kind == "adaboost":
            count = 2
        self.classes = count
        target, labels = class_target(generator, self.table, count, self.kind == "xgboost")
        self.shows.add(labels)
        return target

    def in_pipeline(self, estimator):
        """The pipeline, fitted."""
        generator, table = self.generator, self.table
        names = {"no preparation"}
        frame, steps = table.frame, []
        takes_missing = self.kind in TAKE_MISSING
        own_categories = (
            self.kind in ("histogram", "lightgbm", "xgboost") and table.categories
            and chance(generator, 0.6))
        bare = not table.categories and (takes_missing or not frame.isna().any().any())
        if not bare or chance(generator, 0.6):
            prepared, names, codes = preparation(
                generator, table, not takes_missing, own_categories, self.target is not None)
            steps.append(("preparation", prepared))
            if own_categories:
                names.add("categories of the library")
                self.use_categories(estimator, prepared, codes)
        self.shows |= names
        pipeline = PMMLPipeline([*steps, ("estimator", estimator)])
        arguments = [frame] if self.target is None else [frame, self.target]
        pipeline.fit(*arguments, **self.fit_options)
        if self.options:
            self.shows.add("options")
            pipeline.configure(**self.options)
        complete = frame.dropna()
        if chance(generator, 0.2) and len(complete) >= 3 and self.kind != "isolation":
            pipeline.verify(
                complete.sample(3, random_state=self.seed()), precision=1e-5,
                zeroThreshold=1e-7)
            self.shows.add("verification")
        return pipeline

    def use_categories(self, estimator, prepared, codes):
        if self.kind == "histogram":
            estimator.set_params(categorical_features=codes)
        elif self.kind == "lightgbm":
            self.fit_options["estimator__categorical_feature"] = codes
        else:
            width = prepared.fit_transform(self.table.frame, self.target).shape[1]
            estimator.set_params(
                tree_method="hist", enable_categorical=True,
                feature_types=["c"] * len(codes) + ["q"] * (width - len(codes)))

    def random_options(self, **choices):
        """Options of the converter, each with the chance that it is drawn."""
        if chance(self.generator, 0.5):
            for name, values in choices.items():
                if chance(self.generator, 0.4):
                    self.options[name] = some(self.generator, values)

    # Estimators, in the order of KINDS.

    def tree(self, depth=None):
        made = DecisionTreeClassifier if self.classify else DecisionTreeRegressor
        if depth is None:
            self.tree_options()
        return made(
            max_depth=depth or self.count(1, 9), random_state=self.seed(),
            min_samples_leaf=self.count(1, 5),
            splitter=some(self.generator, ["best", "random"]))

    def tree_options(self):
        self.random_options(
            compact=[True, False], flat=[True, False], numeric=[True, False],
            prune=[True, False], winner_id=[True], input_float=[True, False],
            node_score=[True], node_id=[True])
        if self.table.frame.isna().any().any():
            self.options["allow_missing"] = True

    def forest(self, few=False):
        made = some(self.generator, [
            (RandomForestClassifier, RandomForestRegressor),
            (ExtraTreesClassifier, ExtraTreesRegressor)])[not self.classify]
        if not few:
            self.tree_options()
            self.options.pop("winner_id", None)
        return made(
            self.count(1, 4 if few else 8), max_depth=self.count(1, 6),
            random_state=self.seed())

    def boosting(self, few=False):
        options = {
            "n_estimators": self.count(1, 4 if few else 12), "max_depth": self.count(1, 4),
            "random_state": self.seed()}
        if self.classify:
            if self.classes == 2 and chance(self.generator, 0.3):
                options["loss"] = "exponential"
            if chance(self.generator, 0.2):
                options["init"] = "zero"
            return GradientBoostingClassifier(**options)
        return GradientBoostingRegressor(
            loss=some(self.generator, ["squared_error", "absolute_error", "huber", "quantile"]),
            **options)

    def histogram(self):
        options = {
            "max_iter": self.count(1, 12), "max_leaf_nodes": self.count(2, 20),
            "min_samples_leaf": self.count(2, 12), "random_state": self.seed()}
        if self.classify:
            return HistGradientBoostingClassifier(**options)
        loss = some(self.generator, [
            "squared_error", "absolute_error", "poisson", "gamma", "quantile"])
        self.shows.add("loss " + loss)
        return HistGradientBoostingRegressor(
            loss=loss, quantile=0.7 if loss == "quantile" else None, **options)

    def adaboost(self):
        options = {
            "n_estimators": self.count(1, 6), "random_state": self.seed(),
            "estimator": self.tree(self.count(1, 4))}
        if self.classify:
            return AdaBoostClassifier(**options)
        return AdaBoostRegressor(
            loss=some(self.generator, ["linear", "square", "exponential"]), **options)

    def bagging(self):
        made = BaggingClassifier if self.classify else BaggingRegressor
        return made(
            self.tree(self.count(1, 5)), self.count(1, 6),
            max_features=some(self.generator, [1.0, 0.6]), random_state=self.seed())

    def isolation(self):
        return IsolationForest(
            n_estimators=self.count(1, 10), max_samples=self.count(4, 64), random_state=self.seed(),
            contamination=some(self.generator, ["auto", 0.1]))

    def members(self, count):
        """Estimators of other kinds, as voting and stacking take them."""
        linear = LogisticRegression(max_iter=300) if self.classify else LinearRegression()
        choices = [
            lambda: self.tree(self.count(1, 4)), lambda: self.forest(few=True),
            lambda: self.boosting(few=True), lambda: linear]
        places = self.generator.permutation(len(choices))[:count]
        return [("m%d" % place, choices[place]()) for place in places]

    def voting(self):
        members = self.members(self.count(2, 3))
        weights = None
        if chance(self.generator, 0.5):
            weights = [some(self.generator, [0.5, 1, 2, 1.25]) for _ in members]
        if not self.classify:
            return VotingRegressor(members, weights=weights)
        manner = some(self.generator, ["soft", "hard"])
        self.shows.add(manner + " voting")
        return VotingClassifier(members, voting=manner, weights=weights)

    def stacking(self):
        members = self.members(2)
        made = StackingClassifier if self.classify else StackingRegressor
        last = some(self.generator, [self.tree(2), self.boosting(few=True), None])
        return made(members, final_estimator=last, cv=2)

    def calibration(self):
        method = some(self.generator, ["sigmoid", "isotonic"])
        self.shows.add(method)
        inner = some(self.generator, [self.tree(3), self.forest(few=True)])
        return CalibratedClassifierCV(
            inner, method=method, cv=2, ensemble=chance(self.generator, 0.7))

    def several(self):
        other = self.target.sample(frac=1, random_state=self.seed()).to_numpy()
        self.target = pd.DataFrame({"first": self.target, "second": other})
        inner = some(self.generator, [self.tree(4), self.forest(few=True)])
        if chance(self.generator, 0.3):
            # Trees of several outputs.
            self.shows.add("trees of several outputs")
            return inner
        return (MultiOutputClassifier if self.classify else MultiOutputRegressor)(inner)

    def transformed_target(self):
        functions = some(self.generator, [
            (np.log, np.exp), (np.log1p, np.expm1), (np.sqrt, np.square)])
        inner = some(self.generator, [self.tree(4), self.forest(few=True)])
        return TransformedTargetRegressor(
            inner, func=functions[0], inverse_func=functions[1], check_inverse=False)

    def lightgbm(self):
        self.random_options(compact=[True, False], nan_as_missing=[True, False])
        options = {
            "n_estimators": self.count(1, 12), "num_leaves": self.count(2, 20),
            "min_child_samples": self.count(2, 10), "verbose": -1, "n_jobs": 1,
            "random_state": self.seed(), "min_data_per_group": 2, "cat_smooth": 1,
            "boosting_type": some(self.generator, ["gbdt", "gbdt", "gbdt", "dart", "rf"])}
        if options["boosting_type"] == "rf":
            options.update(bagging_freq=1, bagging_fraction=0.7)
        if chance(self.generator, 0.2):
            options["zero_as_missing"] = True
        if not chance(self.generator, 0.8):
            options["use_missing"] = False
        self.shows.add("lightgbm " + options["boosting_type"])
        if self.classify:
            return lightgbm.LGBMClassifier(**options)
        loss = some(self.generator, [
            "regression", "regression", "regression_l1", "poisson", "gamma", "tweedie", "huber",
            "quantile", "mape"])
        self.shows.add("lightgbm " + loss)
        return lightgbm.LGBMRegressor(objective=loss, **options)

    def xgboost(self):
        self.random_options(compact=[True, False], prune=[True, False], numeric=[True, False])
        generator = self.generator
        options = {
            "n_estimators": self.count(1, 12), "max_depth": self.count(1, 5), "n_jobs": 1,
            "random_state": self.seed(), "tree_method": some(generator, ["hist", "exact"])}
        if chance(generator, 0.2):
            options.update(booster="dart", rate_drop=0.3)
            self.shows.add("dart")
        elif chance(generator, 0.2):
            options.update(num_parallel_tree=self.count(2, 3), subsample=0.7)
            self.shows.add("parallel trees")
        if chance(generator, 0.3):
            options["base_score"] = 0.25
        if self.classify:
            if self.classes == 2 and chance(generator, 0.2):
                options["objective"] = "binary:hinge"
            return xgboost.XGBClassifier(**options)
        loss = some(generator, [
            "reg:squarederror", "reg:squarederror", "count:poisson", "reg:gamma", "reg:tweedie",
            "reg:absoluteerror", "reg:pseudohubererror", "reg:quantileerror"])
        if loss == "reg:quantileerror":
            options["quantile_alpha"] = 0.6
        self.shows.add(loss)
        return xgboost.XGBRegressor(objective=loss, **options)
