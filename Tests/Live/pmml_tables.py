"""Random data frames to train pipelines on, whose columns sklearn2pmml can name."""
import unicodedata

import numpy as np
import pandas as pd

from random_columns import WHOLE_NUMBERS, chance, hidden_score, numeric_column, random_names

LABELS = [
    ["setosa", "versicolor", "virginica"], ["ja", "nein"], ["Ärger", "東京", "a,b", 'say "hi"'],
    [" blank ", "<b>&amp;", "1", "1.0"], ["1e5", "-0", "NaN", "true"],
]
CATEGORIES = [
    ["red", "green", "blue"], ["ja", "nein"], ["Ärger", "東京", "a,b", 'say "hi"', " blank "],
    ["1", "2", "10", "x"], ["level %d" % level for level in range(30)], ["<", "&", "'", "\\"],
]


def is_xml(name):
    """Whether a name may stand in XML 1.0 and is no name of treec's or JPMML's own."""
    return all(ord(letter) >= 32 or letter in "\t\n" for letter in name) and name != "null"


def column_names(generator, width):
    if chance(generator, 0.6):
        return ["x%d" % place for place in range(width)]
    names = [name for name in random_names(generator, width + 6) if is_xml(name)]
    # treec takes names that differ only in how letters are composed for one.
    composed = {unicodedata.normalize("NFC", name): name for name in reversed(names)}
    return list(reversed(composed.values()))[:width]


class Table:
    """A frame, which of its columns are what, and a score that hangs on all of them."""

    def __init__(self, generator, missing):
        rows = int(generator.randint(40, 250))
        self.generator = generator
        self.numbers, self.whole, self.categories, self.truths = [], [], [], []
        columns, codes = [], []
        for place, name in enumerate(column_names(generator, int(generator.randint(2, 8)))):
            # The first column is always one of numbers.
            kind = generator.randint(10) if place else 0
            if kind < 6:
                exponents = (-20, 20) if chance(generator, 0.1) else None
                values = numeric_column(generator, rows, exponents)
                self.numbers.append(name)
            elif kind < 7:
                values = generator.randint(-3, 9, size=rows)
                self.whole.append(name)
            elif kind < 8 and chance(generator, 0.5):
                values = generator.rand(rows) < 0.5
                self.truths.append(name)
            else:
                pool = CATEGORIES + WHOLE_NUMBERS
                known = np.array(pool[generator.randint(len(pool))])
                places = generator.randint(len(known), size=rows)
                # Each category is there.
                places[:len(known)] = np.arange(len(known))[:rows]
                values = known[places]
                values = values.astype(object) if values.dtype.kind == "U" else values
                self.categories.append(name)
                codes.append(places)
            columns.append((name, values))
        self.frame = pd.DataFrame(dict(columns))
        numeric = [self.frame[name].to_numpy(float) for name in self.numeric()]
        self.score = hidden_score(generator, np.array(numeric + codes, dtype=float).T)
        if missing:
            self.make_holes()

    def numeric(self):
        return self.numbers + self.whole + self.truths

    def make_holes(self):
        """Some cells of columns of numbers are missing."""
        for name in self.numbers:
            if chance(self.generator, 0.7):
                holes = self.generator.rand(len(self.frame)) < self.generator.uniform(0, 0.3)
                self.frame[name] = self.frame[name].mask(holes)

    def classes(self, count):
        """The score cut into as many classes, all of which are there."""
        edges = np.quantile(self.score, np.linspace(0, 1, count + 1)[1:-1])
        places = np.searchsorted(edges, self.score)
        # At least four rows have each class, so that halves of the rows have them.
        places[:4 * count] = np.arange(4 * count) % count
        return places


def class_target(generator, table, count, whole=False):
    """Labels as a series, and what kind they are."""
    places = table.classes(count)
    kind = "whole labels" if whole else generator.choice(
        ["whole labels", "other whole labels", "text labels", "truth labels"])
    if kind == "truth labels" and count == 2:
        labels = places == 1
    elif kind == "text labels":
        known = [labels for labels in LABELS if len(labels) >= count]
        labels = np.array(known[generator.randint(len(known))][:count], dtype=object)[places]
    elif kind == "other whole labels":
        labels = np.array([-5, 3, 7, 100])[places]
    else:
        kind, labels = "whole labels", places
    return pd.Series(labels, name="y"), str(kind)


def number_target(generator, table, positive=False):
    score = table.score * 10.0 ** generator.randint(-2, 4)
    if positive:
        score = np.exp(table.score / max(np.abs(table.score).max(), 1) * 3) + 0.01
    if chance(generator, 0.2):
        score = np.floor(score) + (1 if positive else 0)
    return pd.Series(score, name="y")
