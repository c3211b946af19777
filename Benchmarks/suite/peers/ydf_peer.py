"""YDF: models of its own, trained on the same rows to the same numbers of trees and leaves, since
it reads no others; measured by its own benchmark in C++."""

import ydf

from ..rows import ROWS, TRAINING_ROWS
from ..training import rows_of
from .base import Peer, Refusal, rows_for

FOLDER = "ydf"
# A benchmark of YDF's gives a mean; the least of so many is taken, each with so much warming up.
RUNS, WARM_SECONDS = 3, 0.01


def frame(rows, target=None):
    columns = {f"f{number}": column.astype("float32") for number, column in enumerate(rows.T)}
    return columns if target is None else columns | {"target": target}


def shape(model):
    """How trees grow: to a depth, or leaf by leaf to so many."""
    depth = model.parameters.get("max_depth")
    if depth:
        # Its root is of depth 1.
        return {"max_depth": depth + 1, "growing_strategy": "LOCAL", "min_examples": 1}
    return {"max_depth": -1, "min_examples": 20, "growing_strategy": "BEST_FIRST_GLOBAL",
            "max_num_nodes": model.parameters["num_leaves"]}


class Library(Peer):
    kind = None

    def __init__(self, context):
        super().__init__(context)
        self.model = ydf.load_model(str(context.folder / FOLDER))
        self.data = {}
        # The first is the one that YDF takes itself.
        engine = self.model.list_compatible_engines()[0]
        trees = self.model.num_trees()
        leaves = sum(count_leaves(tree.root) for tree in self.model.iter_trees())
        self.note = f"its own model of {trees:,} trees, {leaves / trees:.0f} leaves on average"
        self.model.force_engine(engine)
        self.ways = {f"C++, {engine.removeprefix('GradientBoostedTrees')}": self.measure}

    @staticmethod
    def prepare(context):
        model = context.model
        if model.has_categories or model.parameters.get("boosting") == "rf":
            raise Refusal("trains boosted trees of numbers here; not of this kind")
        if (context.folder / FOLDER).exists():
            return
        count = TRAINING_ROWS if model.columns < 100 else TRAINING_ROWS // 3
        rows, target = rows_of(model, count, seed=1)
        task = ydf.Task.REGRESSION if model.classes == 1 else ydf.Task.CLASSIFICATION
        learner = ydf.GradientBoostedTreesLearner(
            label="target", task=task, num_trees=model.iterations, validation_ratio=0.0,
            early_stopping="NONE",
            shrinkage=model.parameters.get("learning_rate", 0.1), **shape(model))
        learner.train(frame(rows, target), verbose=0).save(str(context.folder / FOLDER))

    def measure(self, batch, seconds):
        count = rows_for(batch, len(self.context.floats))
        if count not in self.data:
            self.data[count] = frame(self.context.floats[:count])
        return min(self.model.benchmark(
            self.data[count], benchmark_duration=seconds / RUNS, warmup_duration=WARM_SECONDS,
            batch_size=batch, num_threads=self.context.threads).duration_per_example
            for _ in range(RUNS)) * 1e9

    def answers(self):
        return self.model.predict(frame(self.context.floats[:ROWS]))


def count_leaves(node):
    if node.is_leaf:
        return 1
    return count_leaves(node.pos_child) + count_leaves(node.neg_child)


def library(_):
    return Library
