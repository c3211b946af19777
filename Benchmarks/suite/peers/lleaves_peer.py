"""lleaves: what it compiles a LightGBM model to, from Python and by its entry in machine code."""

import lleaves

from ..native import Native
from ..rows import ROWS
from .base import Peer

OBJECT = "lleaves.o"


def load(context):
    """Compiles, unless the object file is there already."""
    model = lleaves.Model(str(context.source))
    model.compile(cache=context.folder / OBJECT, raw_score=True)
    return model


class Library(Peer):
    def __init__(self, context):
        super().__init__(context)
        self.model = load(context)
        self.scores = context.scores()
        rows = context.doubles
        self.ways = {"Python, predict": self.python_way(rows, self.raw)}
        if context.threads == 1:
            self.ways["C entry"] = self.native_way(rows, self.entry)

    @staticmethod
    def prepare(context):
        load(context)

    def raw(self, rows):
        return self.model.predict(rows, n_jobs=self.context.threads)

    def entry(self, batch):
        return Native("lleaves", self.model._c_entry_func, self.context.doubles, self.scores,
                      self.context.model.columns, batch)

    def answers(self):
        return self.raw(self.context.doubles[:ROWS])


def library(_):
    return Library
