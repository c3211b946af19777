"""Random CatBoost models: every loss and kind of tree, numbers and categories of all sorts, every
type of CTR that training on the processor makes."""
import collections
import contextlib
import json
import os

import catboost
import numpy as np

from catboost_data import ODD_TEXTS, WHOLE_NUMBERS, Table, denominators
from catboost_files import GPU_TYPES
from random_columns import (
    EXPONENTS, TEXTS, chance, hidden_score, log_uniform, numeric_column, random_names)
from xgboost_probes import LARGEST

# `steps` says what the file does not: how the model came about.
Model = collections.namedtuple("Model", "library table rename steps")

ONE_OUTPUT = [
    "RMSE", "RMSE", "RMSE", "MAE", "MAPE", "Quantile:alpha=0.3", "LogLinQuantile:alpha=0.6",
    "Expectile:alpha=0.7", "Huber:delta=0.7", "Lq:q=2.5", "LogCosh", "Poisson",
    "Tweedie:variance_power=1.4", "Cox", "SurvivalAft:dist=Extreme", "GroupQuantile:alpha=0.3",
]
RANKING = ["YetiRank", "YetiRankPairwise", "QueryRMSE", "QuerySoftMax", "PairLogit",
           "PairLogitPairwise", "StochasticRank:metric=NDCG", "StochasticFilter", "LambdaMart"]
BINARY = ["Logloss", "Logloss", "Logloss", "CrossEntropy", "Focal:focal_alpha=0.4;focal_gamma=1.5"]
SEVERAL = ["MultiClass", "MultiClass", "MultiClassOneVsAll", "MultiLogloss", "MultiCrossEntropy",
           "MultiRMSE", "MultiRMSEWithMissingValues", "RMSEWithUncertainty",
           "MultiQuantile:alpha=0.1,0.5,0.8"]
GROUP = 10
STEPS = [
    "SymmetricTree", "Depthwise", "Lossguide", "Ordered", "early stopping", "continued", "cut",
    "scaled", "added up", "dropped", "renamed", "edited", "weights",
]
CLASS_NAMES = [
    ["a", "b", "ü", "no", "Ja, ja", "7", "-", "", "x y"], [-5, 0, 7, 100000, 3, 1, 2, 9, 8],
    [0.5, 1.0, -2.25, 3.0, 1e-3, 100.5, 7.0, 8.0, 9.0], list(range(9))]


def random_dictionary(generator):
    kind = generator.randint(8)
    if kind == 0:
        return list(generator.permutation(np.array(ODD_TEXTS, object)))
    if kind == 1:
        return list(WHOLE_NUMBERS)
    if kind == 2:
        return [str(number) for number in generator.randint(-50, 50, size=20)]
    if kind == 3:
        return ["".join(chr(point) for point in generator.randint(32, 0x3000, size=size))
                for size in generator.randint(0, 40, size=log_uniform(generator, 2, 200))]
    if kind > 4:
        return [["yes", "no"], ["x", "y", "z"], list("abcdefgh")][kind - 5]
    return list(TEXTS[generator.randint(len(TEXTS))])


def random_table(generator, rows):
    """The matrix, its schema, and whether the model is told the names."""
    numbers = log_uniform(generator, 1, 30) if chance(generator, 0.9) else 0
    dictionaries = {}
    if chance(generator, 0.75) or not numbers:
        for column in range(numbers, numbers + int(generator.randint(1, 6))):
            dictionaries[column] = random_dictionary(generator)
    width = numbers + len(dictionaries)
    matrix = np.column_stack([numeric_column(generator, rows, EXPONENTS) for _ in range(width)])
    matrix = np.clip(matrix, -LARGEST, LARGEST)
    if chance(generator, 0.6):
        matrix[generator.rand(rows, width) < generator.uniform(0, 0.7)] = np.nan
    for column, known in dictionaries.items():
        seen = log_uniform(generator, 1, len(known))
        matrix[:, column] = generator.randint(0, seen, size=rows)
    order = generator.permutation(width)
    places = {int(old): place for place, old in enumerate(order)}
    has_names = chance(generator, 0.6)
    names = random_names(generator, width) if has_names else [str(i) for i in range(width)]
    schema = Table(names, {places[column]: known for column, known in dictionaries.items()})
    return matrix[:, order], schema, has_names


class RandomTable:
    """Rows as CatBoost is given them: a matrix, a data frame or lists."""

    def __init__(self, generator, rows):
        self.matrix, self.schema, self.has_names = random_table(generator, rows)

    def pool(self, rows, is_text=True, **fields):
        categorical = sorted(self.schema.categories)
        names = self.schema.names if self.has_names else None
        if not categorical:
            return catboost.Pool(rows, feature_names=names, **fields)
        frame = self.schema.for_library(rows, is_text)
        data = [list(row) for row in frame.itertuples(index=False, name=None)]
        return catboost.Pool(data, cat_features=categorical, feature_names=names, **fields)

    def score(self, generator):
        """What targets are made from; the meaning of a category hangs on a number."""
        effects = self.matrix.copy()
        for column in self.schema.categories:
            codes = effects[:, column]
            sign = np.nan_to_num(self.matrix[:, 0]) > 0
            effects[:, column] = np.cos(1.7 * codes + column + 2 * sign * generator.randint(2))
        score = hidden_score(generator, effects)
        for column in list(self.schema.categories)[:2]:
            # Or else categories were seldom asked for.
            score += generator.choice([0, 1, 3]) * effects[:, column]
        return score


def ctr_texts(generator):
    """Descriptions of CTRs as parameters have them."""
    found = []
    for _ in range(generator.randint(1, 4)):
        kind = str(generator.choice(["Borders", "Buckets", "BinarizedTargetMeanValue", "Counter"]))
        text = kind
        if chance(generator, 0.4):
            text += ":CtrBorderCount=%d" % generator.randint(1, 40)
        if chance(generator, 0.4):
            for prior in generator.choice([0, 0.3, 0.5, 1, 2, -0.5], size=2, replace=False):
                text += ":Prior=%g" % prior
        if kind != "Counter" and chance(generator, 0.4):
            text += ":TargetBorderCount=%d" % generator.randint(1, 5)
        found.append(text)
    return found


def category_parameters(generator):
    params = {
        "one_hot_max_size": int(generator.choice([0, 1, 2, 3, 3, 10, 255])),
        "model_size_reg": float(generator.choice([0, 0, 0.5])),
        "max_ctr_complexity": int(generator.choice([1, 2, 4, 4, 6])),
    }
    if chance(generator, 0.6):
        params.update(simple_ctr=ctr_texts(generator), combinations_ctr=ctr_texts(generator))
    if chance(generator, 0.2):
        params["counter_calc_method"] = "Full"
    if chance(generator, 0.15):
        params["ctr_leaf_count_limit"] = int(generator.randint(1, 20))
    if chance(generator, 0.1):
        params["store_all_simple_ctr"] = True
    return params


def tree_parameters(generator):
    policy = str(generator.choice(["SymmetricTree", "SymmetricTree", "Depthwise", "Lossguide"]))
    params = {
        "grow_policy": policy, "depth": int(generator.choice([0, 1, 2, 3, 4, 4, 5, 6, 6, 6, 8, 10])),
        "learning_rate": float(generator.choice([1e-3, 0.1, 0.5, 1.0])),
        "l2_leaf_reg": float(generator.choice([0, 1, 3, 30])),
        "border_count": int(generator.choice([1, 5, 32, 128, 254, 254, 255, 900])),
        "feature_border_type": str(generator.choice(
            ["GreedyLogSum", "GreedyLogSum", "Uniform", "Median", "UniformAndQuantiles"])),
        "nan_mode": str(generator.choice(["Min", "Max"])),
        "random_strength": float(generator.choice([0, 1])),
    }
    if policy == "SymmetricTree":
        params["boosting_type"] = str(generator.choice(["Plain", "Plain", "Ordered"]))
    else:
        params["min_data_in_leaf"] = int(generator.choice([1, 1, 1, 1, 5, 5, 10000]))
    if policy == "Lossguide":
        params["max_leaves"] = int(generator.choice([2, 5, 31, 64, 600]))
        params["depth"] = int(generator.choice([params["depth"], 16]))
    if chance(generator, 0.2):
        params["bootstrap_type"] = str(generator.choice(["No", "Bernoulli"]))
    if chance(generator, 0.2):
        params["rsm"] = 0.6
    if chance(generator, 0.1):
        params["boost_from_average"] = False
    return params


def random_classes(generator, score, count):
    names = CLASS_NAMES[generator.randint(len(CLASS_NAMES))][:count]
    places = np.digitize(score, np.quantile(score, np.arange(1, count) / count))
    return np.array(names, object if isinstance(names[0], str) else None)[places], names


def random_target(generator, loss, table, params):
    """The target, as the loss wants it; what the parameters say of classes is added to them."""
    score = table.score(generator)
    name = loss.partition(":")[0]
    if name in ("Poisson", "Tweedie", "Cox", "LogLinQuantile"):
        return np.abs(score) + 0.1
    if name == "SurvivalAft":
        return np.column_stack([np.abs(score) + 0.1, np.abs(score) + generator.choice([0.1, 1])])
    if name in ("Logloss", "Focal"):
        if chance(generator, 0.1):
            params["target_border"] = float(np.median(score))
            return score
        target, names = random_classes(generator, score, 2)
        return target == names[1] if chance(generator, 0.15) else target
    if name == "CrossEntropy":
        return 1 / (1 + np.exp(-score))
    if name in ("MultiClass", "MultiClassOneVsAll"):
        target, names = random_classes(generator, score, int(generator.choice([2, 3, 4, 5, 8])))
        if chance(generator, 0.25) and not isinstance(names[0], float):
            more = ["not seen"] if isinstance(names[0], str) else [12345]
            params["class_names"] = [
                names[place] if place < len(names) else more[0]
                for place in generator.permutation(len(names) + 1)]
        elif names == list(range(len(names))) and chance(generator, 0.3):
            params["classes_count"] = len(names) + int(generator.randint(1, 3))
        return target
    if name in ("MultiLogloss", "MultiCrossEntropy", "MultiRMSE", "MultiRMSEWithMissingValues"):
        columns = [table.score(generator) for _ in range(generator.randint(2, 5))]
        targets = np.column_stack(columns)
        if name == "MultiLogloss":
            return (targets > 0).astype(int)
        if name == "MultiCrossEntropy":
            return 1 / (1 + np.exp(-targets))
        if name == "MultiRMSEWithMissingValues":
            targets[generator.rand(*targets.shape) < 0.2] = np.nan
        return targets
    if name in ("QuerySoftMax", "PairLogit", "PairLogitPairwise", "StochasticRank", "LambdaMart",
                "StochasticFilter"):
        return (score > np.median(score)).astype(int)
    if name in RANKING:
        return np.clip(np.digitize(score, [-0.5, 0, 1]), 0, 3)
    return score * 10.0 ** generator.choice([-3, 0, 0, 0, 3])


class Training:
    """The steps by which a model comes about. All but the first are left out where CatBoost
    refuses them."""

    def __init__(self, generator, folder):
        self.generator, self.folder = generator, folder
        losses = [ONE_OUTPUT, RANKING, BINARY, BINARY, SEVERAL, SEVERAL]
        self.loss = str(generator.choice(losses[generator.randint(len(losses))]))
        rows = GROUP * log_uniform(generator, 6, 100)
        self.table = RandomTable(generator, rows)
        self.params = {
            "loss_function": self.loss, "thread_count": 1, "verbose": False,
            "allow_writing_files": False, "random_seed": int(generator.randint(2**31 - 1)),
            **tree_parameters(generator)}
        if self.table.schema.categories:
            self.params.update(category_parameters(generator))
        self.target = random_target(generator, self.loss, self.table, self.params)
        self.steps = {self.params["grow_policy"], self.params.get("boosting_type")} & set(STEPS)
        self.rename = {}

    def pool(self, chosen=slice(None)):
        fields = {}
        if self.loss.partition(":")[0] in [name.partition(":")[0] for name in RANKING] + [
                "GroupQuantile"]:
            fields["group_id"] = np.arange(len(self.target))[chosen] // GROUP
        elif chance(self.generator, 0.1):
            fields["weight"] = self.generator.uniform(0.1, 3, size=len(self.target))[chosen]
            self.steps.add("weights")
        return self.table.pool(
            self.table.matrix[chosen], is_text=chance(self.generator, 0.5),
            label=self.target[chosen], **fields)

    def first(self, rounds):
        model = catboost.CatBoost(dict(self.params, iterations=rounds))
        if not chance(self.generator, 0.15):
            return model.fit(self.pool())
        half = len(self.target) // (2 * GROUP) * GROUP
        self.steps.add("early stopping")
        return model.fit(
            self.pool(slice(half)), eval_set=self.pool(slice(half, None)), use_best_model=True)

    def another(self, rounds, **options):
        params = dict(
            self.params, iterations=rounds, random_seed=self.params["random_seed"] // 2)
        return catboost.CatBoost(params).fit(self.pool(), **options)

    def continued(self, model):
        model = self.another(int(self.generator.randint(1, 4)), init_model=model)
        self.steps.add("continued")
        return model

    def added_up(self, model):
        other = self.another(int(self.generator.randint(1, 4)))
        weights = self.generator.choice([1.0, 0.5, -0.3, 2.0], size=2).tolist()
        policy = str(self.generator.choice([
            "LeaveMostDiversifiedTable", "IntersectingCountersAverage"]))
        model = catboost.sum_models([model, other], weights=weights, ctr_merge_policy=policy)
        self.steps.add("added up")
        return model

    def cut(self, model):
        start = int(self.generator.randint(model.tree_count_))
        end = int(self.generator.randint(start + 1, model.tree_count_ + 1))
        model.shrink(end, start)
        self.steps.add("cut")
        return model

    def scaled(self, model):
        """Now and then to the ends of what an exponential can hold."""
        scale = float(self.generator.choice([1, 0.1, -3, 0, 300]))
        outputs = np.size(model.get_scale_and_bias()[1])
        bias = self.generator.choice([0, 0.1, -1e3, 1e-9], size=outputs)
        model.set_scale_and_bias(scale, [float(value) for value in bias])
        self.steps.add("scaled")
        return model

    def dropped(self, model):
        model.drop_unused_features()
        self.steps.add("dropped")
        return model

    def edited(self, model):
        """Other denominators than the 1 that training on the processor can do."""
        path = os.path.join(self.folder, "edited.json")
        model.save_model(path, format="json")
        with open(path, encoding="utf-8") as file:
            document = json.load(file)
        if (document["features_info"] or {}).get("ctrs"):
            denominators(document)
            with open(path, "w", encoding="utf-8") as file:
                json.dump(document, file)
            model = catboost.CatBoost().load_model(path, format="json")
            self.steps.add("edited")
        return model

    def renamed(self, model):
        self.rename = GPU_TYPES
        self.steps.add("renamed")
        return model

    def run(self, rounds):
        model = self.first(rounds)
        steps = [(0.1, self.continued), (0.1, self.added_up), (0.1, self.cut), (0.2, self.scaled),
                 (0.1, self.dropped)]
        if self.table.schema.categories:
            steps += [(0.1, self.edited), (0.15, self.renamed)]
        for probability, step in steps:
            if chance(self.generator, probability):
                with contextlib.suppress(catboost.CatBoostError):
                    model = step(model)
        if self.loss in BINARY and chance(self.generator, 0.3):
            value = float(self.generator.choice([0.0, 1.0, 0.5, 0.1, 0.93, 1e-5]))
            model.get_metadata()["binclass_probability_threshold"] = repr(value)
        return Model(model, self.table, self.rename, self.steps)


def train(seed, folder):
    """The model of a seed. A combination that CatBoost refuses to train is drawn again."""
    generator = np.random.RandomState(seed % 2**32)
    for _ in range(40):
        training = Training(generator, folder)
        leaves = training.params.get("max_leaves", 2 ** training.params["depth"])
        rounds = log_uniform(generator, 1, max(1, min(40, 4000 // leaves)))
        try:
            return training.run(rounds), generator
        except catboost.CatBoostError:
            continue
    raise RuntimeError("no combination of seed %d could be trained" % seed)
