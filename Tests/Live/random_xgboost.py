"""Random XGBoost models: every booster, objective and tree method, every kind of column."""
import collections
import contextlib
import json

import numpy as np
import xgboost

from random_columns import chance, hidden_score, log_uniform
from xgboost_tables import random_table

# `steps` says what the file does not: how the trees were grown and what was done to them.
Model = collections.namedtuple("Model", "booster table steps")

OBJECTIVES = [
    "reg:squarederror", "reg:squarederror", "reg:linear", "reg:squaredlogerror", "reg:logistic",
    "reg:pseudohubererror", "reg:absoluteerror", "reg:quantileerror", "reg:gamma", "reg:tweedie",
    "count:poisson", "survival:cox", "survival:aft", "rank:ndcg", "rank:map", "rank:pairwise",
    "binary:logistic", "binary:logistic", "binary:logistic", "binary:logistic", "binary:logitraw",
    "binary:hinge",
    "multi:softprob", "multi:softprob", "multi:softmax", "multi:softmax", "custom",
]
POSITIVE = (
    "reg:squaredlogerror", "reg:gamma", "reg:tweedie", "count:poisson", "survival:cox",
    "survival:aft")
EXPONENTIAL = ("reg:gamma", "reg:tweedie", "count:poisson", "survival:cox", "survival:aft")
ONE_TARGET = ("survival", "rank", "multi", "custom")
GROUP = 10
STEPS = [
    "exact", "approx", "hist", "lossguide", "max_leaves", "constraints", "custom objective",
    "early stopping", "best kept", "continued", "updated", "sliced", "attributes",
]


def single_targets(generator, objective, matrix, classes):
    """One target a row, as the objective wants them."""
    score = hidden_score(generator, matrix)
    if objective == "survival:cox":
        # A negative time is that of somebody still alive.
        return (np.abs(score) + 0.1) * np.where(generator.rand(len(score)) < 0.2, -1, 1)
    if objective in POSITIVE:
        return np.abs(score) + 0.1
    if objective == "reg:logistic":
        return 1 / (1 + np.exp(-score))
    if objective.startswith("binary"):
        # Now and then everybody is of one class.
        return (score > np.quantile(score, generator.choice([0, 0.1, 0.5, 0.9, 1]))).astype(int)
    if objective.startswith("multi"):
        return np.digitize(score, np.quantile(score, np.arange(1, classes) / classes))
    if objective == "rank:map":
        return (score > np.median(score)).astype(int)
    if objective.startswith("rank"):
        return np.digitize(score, np.quantile(score, [0.4, 0.7, 0.9]))
    return score * 10.0 ** generator.choice([-3, 0, 0, 0, 3, 30])


def random_labels(generator, objective, matrix, outputs):
    """What the training data says beside its columns, as arguments of DMatrix."""
    if objective == "survival:aft":
        lower = single_targets(generator, objective, matrix, 0)
        beyond = generator.choice([0, 1, np.inf], size=len(lower))
        return {"label_lower_bound": lower, "label_upper_bound": lower + beyond}
    if objective in ("reg:quantileerror", "custom") or objective.startswith(ONE_TARGET):
        targets = single_targets(generator, objective, matrix, outputs)
    else:
        targets = np.column_stack([
            single_targets(generator, objective, matrix, 0) for _ in range(outputs)])
    if objective.startswith("rank"):
        return {"label": targets, "qid": np.arange(len(targets)) // GROUP}
    if chance(generator, 0.2):
        return {"label": targets, "weight": generator.uniform(0.1, 3, size=len(targets))}
    return {"label": targets}


def random_base_score(generator, objective, outputs):
    """In the space of the outputs, as XGBoost wants it."""
    def one():
        if objective in ("reg:logistic", "binary:logistic"):
            return float(generator.choice([generator.rand(), 0.5, 1e-9, 1 - 1e-7]))
        if objective in EXPONENTIAL:
            return float(10.0 ** generator.uniform(-3, 3))
        return float(generator.choice([0, 0.5, generator.normal() * 5]))

    return [one() for _ in range(outputs)] if chance(generator, 0.3) else one()


def linear_parameters(generator):
    updater = str(generator.choice(["shotgun", "coord_descent"]))
    selectors = ["cyclic", "shuffle"]
    if updater == "coord_descent":
        selectors += ["random", "greedy", "thrifty"]
    return {
        "updater": updater, "feature_selector": str(generator.choice(selectors)),
        "top_k": int(generator.randint(3)), "tolerance": float(generator.choice([0, 1e-3])),
    }


def dart_parameters(generator):
    return {
        "rate_drop": float(generator.choice([0.1, 0.5, 0.9])),
        "skip_drop": float(generator.choice([0, 0.3])), "one_drop": int(generator.randint(2)),
        "sample_type": str(generator.choice(["uniform", "weighted"])),
        "normalize_type": str(generator.choice(["tree", "forest"])),
    }


def tree_parameters(generator, table):
    methods = ["approx", "hist"] if table.has_categories else ["exact", "approx", "hist"]
    params = {
        "tree_method": str(generator.choice(methods)),
        "max_depth": int(generator.choice([1, 2, 3, 6, 6, 10])),
        "gamma": float(generator.choice([0, 0, 0.01, 1.0])),
        "min_child_weight": float(generator.choice([0, 1e-3, 1, 10])),
        "subsample": float(generator.choice([1, 1, 0.7])),
        "colsample_bytree": float(generator.choice([1, 1, 0.6])),
        "colsample_bylevel": float(generator.choice([1, 0.6])),
        "max_delta_step": float(generator.choice([0, 0, 0.7])),
    }
    if params["tree_method"] != "exact":
        params.update({
            "colsample_bynode": float(generator.choice([1, 0.6])),
            "max_bin": log_uniform(generator, 2, 300),
            "grow_policy": str(generator.choice(["depthwise", "lossguide"])),
            "max_leaves": int(generator.choice([0, 0, 2, 5, 40])),
            "max_cat_to_onehot": int(generator.choice([1, 4, 1000])),
            "max_cat_threshold": int(generator.choice([2, 64])),
        })
        if params["grow_policy"] == "lossguide":
            params["max_depth"] = int(generator.choice([0, params["max_depth"]]))
    if chance(generator, 0.15) and not table.has_categories:
        params["monotone_constraints"] = tuple(
            int(sign) for sign in generator.randint(-1, 2, size=table.width))
    if chance(generator, 0.15):
        half = max(1, table.width // 2)
        # A text, because lists would have to be of names where there are names.
        params["interaction_constraints"] = json.dumps([
            list(range(half)), list(range(half - 1, table.width))])
    if chance(generator, 0.2):
        params["num_parallel_tree"] = int(generator.randint(2, 5))
    return params


def parameters(generator, objective, outputs, table):
    boosters = ["gbtree"] * 4 + ["dart"] + ["gblinear"] * (not table.has_categories)
    params = {
        "verbosity": 0, "nthread": 1, "seed": int(generator.randint(2**31 - 1)),
        "booster": str(generator.choice(boosters)),
        # After the smallest, margins differ by so little that probabilities do not; after the
        # largest, exp() overflows.
        "eta": float(generator.choice([1e-7, 0.05, 0.3, 0.3, 0.3, 1.0, 1.0, 5.0])),
        "lambda": float(generator.choice([0, 1, 10])),
        "alpha": float(generator.choice([0, 0, 0.1])),
    }
    if objective != "custom":
        params["objective"] = objective
    if params["booster"] == "gblinear":
        params.update(linear_parameters(generator))
    else:
        params.update(tree_parameters(generator, table))
        if params["booster"] == "dart":
            params.update(dart_parameters(generator))
        elif outputs > 1 and not table.has_categories and chance(generator, 0.6):
            # XGBoost 3.2 grows vector leaves by one method and without these.
            params.update(multi_strategy="multi_output_tree", tree_method="hist")
            params.pop("interaction_constraints", None)
    if chance(generator, 0.5):
        params["base_score"] = random_base_score(generator, objective, outputs)
    if objective.startswith("multi"):
        params["num_class"] = outputs
    if objective == "reg:quantileerror":
        params["quantile_alpha"] = [(place + 1) / (outputs + 1) for place in range(outputs)]
    if objective == "reg:pseudohubererror":
        params["huber_slope"] = float(generator.choice([0.5, 1, 3]))
    if objective == "reg:tweedie":
        params["tweedie_variance_power"] = float(generator.uniform(1.1, 1.9))
    if objective == "survival:aft":
        params["aft_loss_distribution"] = str(
            generator.choice(["normal", "logistic", "extreme"]))
    if objective.startswith("rank"):
        params["lambdarank_pair_method"] = str(generator.choice(["mean", "topk"]))
    return params


def squared_loss(predicted, dataset):
    label = dataset.get_label().reshape(predicted.shape)
    return predicted - label, np.ones_like(predicted)


def steps_of(params):
    """What of the parameters no file tells."""
    steps = {params.get("tree_method"), params.get("grow_policy")} & set(STEPS)
    if params.get("max_leaves"):
        steps.add("max_leaves")
    if "monotone_constraints" in params or "interaction_constraints" in params:
        steps.add("constraints")
    return steps


class Training:
    """The steps by which a booster comes about. All but the first are left out where XGBoost
    refuses them."""

    def __init__(self, generator, objective, params, table, labels):
        self.generator, self.objective, self.params = generator, objective, params
        self.table, self.labels = table, labels
        self.steps = steps_of(params)
        self.may_have_vectors = "multi_strategy" in params
        self.everything = self.rows(slice(None))

    def rows(self, chosen):
        return self.table.for_training(
            self.generator, chosen,
            **{name: values[chosen] for name, values in self.labels.items()})

    def first(self, rounds):
        options = {}
        if self.objective == "custom":
            self.steps.add("custom objective")
            options["obj"] = squared_loss
        if not chance(self.generator, 0.2) or not rounds:
            return xgboost.train(self.params, self.everything, rounds, **options)
        # Trained on one half, until the other gets no better.
        half = len(self.table.matrix) // (2 * GROUP) * GROUP
        keeps_best = chance(self.generator, 0.3)
        booster = xgboost.train(
            self.params, self.rows(slice(half)), rounds + 5, verbose_eval=False,
            evals=[(self.rows(slice(half, None)), "others")],
            callbacks=[xgboost.callback.EarlyStopping(rounds=2, save_best=keeps_best)], **options)
        self.steps.add("best kept" if keeps_best else "early stopping")
        return booster

    def continued(self, booster):
        params = dict(self.params, seed=self.params["seed"] // 2)
        if chance(self.generator, 0.5):
            # Trees for one output and trees for all of them, where there are several.
            strategies = ["multi_output_tree", "one_output_per_tree"]
            params.update(multi_strategy=strategies[self.may_have_vectors], tree_method="hist")
            self.may_have_vectors = True
        more = int(self.generator.randint(1, 4))
        options = {"obj": squared_loss} if self.objective == "custom" else {}
        booster = xgboost.train(params, self.everything, more, xgb_model=booster, **options)
        self.steps.add("continued")
        return booster

    def updated(self, booster):
        if self.may_have_vectors:
            return booster  # XGBoost 3.2 may crash
        changes = [
            {"updater": "refresh", "refresh_leaf": True}, {"updater": "prune", "gamma": 5.0},
            {"updater": "prune", "max_depth": 2}]
        params = dict(
            self.params, process_type="update", **changes[self.generator.randint(len(changes))])
        rounds = int(self.generator.randint(1, booster.num_boosted_rounds() + 1))
        booster = xgboost.train(params, self.everything, rounds, xgb_model=booster)
        self.steps.add("updated")
        return booster

    def sliced(self, booster):
        rounds = booster.num_boosted_rounds()
        start = int(self.generator.randint(rounds))
        step = int(self.generator.randint(1, min(4, rounds - start + 1)))
        # XGBoost wants whole steps.
        booster = booster[start:start + (rounds - start) // step * step:step]
        self.steps.add("sliced")
        return booster

    def with_attributes(self, booster):
        """As scikit-learn's estimators write them, and as users do."""
        kind = "regressor"
        if self.objective.startswith(("binary", "multi")):
            kind = "classifier"
        elif self.objective.startswith("rank"):
            kind = "ranker"
        estimator = json.dumps({"_estimator_type": kind})
        booster.set_attr(scikit_learn=estimator, note='größe "{}" \\ \n 😀', empty="")
        self.steps.add("attributes")
        return booster

    def run(self, rounds):
        booster = self.first(rounds)
        for probability, step in (
            (0.25, self.continued), (0.1, self.updated), (0.15, self.sliced),
            (0.3, self.with_attributes),
        ):
            if chance(self.generator, probability) and booster.num_boosted_rounds():
                with contextlib.suppress(xgboost.core.XGBoostError):
                    booster = step(booster)
        return Model(booster, self.table, self.steps)


def random_training(generator):
    """The steps and the number of rounds; XGBoost may refuse them."""
    objective = str(generator.choice(OBJECTIVES))
    outputs = 1
    if objective.startswith("multi"):
        outputs = int(generator.choice([2, 3, 3, 4, 5, 30]))
    elif not objective.startswith(ONE_TARGET) and chance(generator, 0.45):
        outputs = int(generator.randint(2, 5))
    rows = GROUP * log_uniform(generator, 6, 60)
    table = random_table(generator, rows)
    labels = random_labels(generator, objective, table.matrix, outputs)
    params = parameters(generator, objective, outputs, table)
    trees_a_round = outputs * params.get("num_parallel_tree", 1)
    most = max(1, min(60, 30000 // (trees_a_round * rows)))
    rounds = 0 if chance(generator, 0.03) else log_uniform(generator, 1, most)
    return Training(generator, objective, params, table, labels), rounds


def train(seed):
    """The model of a seed. A combination that XGBoost refuses to train is drawn again."""
    generator = np.random.RandomState(seed % 2**32)
    for _ in range(30):
        try:
            training, rounds = random_training(generator)
            return training.run(rounds), generator
        except xgboost.core.XGBoostError:
            continue
    raise RuntimeError("no combination of seed %d could be trained" % seed)
