"""Random training tables for XGBoost, and the rows that a model of one is asked about."""
import numpy as np
import scipy.sparse
import xgboost

from random_columns import (
    EXPONENTS, TEXTS, WHOLE_NUMBERS, chance, log_uniform, numeric_column, random_names)
from xgboost_data import Frame
from xgboost_probes import LARGEST, probe_rows

# Texts that look like something else are texts.
DICTIONARIES = WHOLE_NUMBERS + [texts for texts in TEXTS if "".join(texts).isascii()] + [
    ["1", "1.0", "01", "nan", "NaN", "inf", "None", "true"], ["", "x", "yy"],
    ["two\nlines", "back\\slash", "a,b", 'say "hi"', " blank ", "\u0001"],
    [300, -1, 70000], [2**53 + 1, 2**53, -2**62, 0], list(range(300)),
]
# XGBoost 3.1 to 3.3 garbles those when it saves a model.
GARBLED = [["Ärger", "東京", "a"], ["éa", "b", "a"], ["a", "b", "ü"]]
# XGBoost 3.2 cannot save unsigned ones of more than 8 bits.
WHOLE_TYPES = ["int8", "uint8", "int16", "int32", "int64"]
CONTAINERS = ["array", "float32", "sparse", "zero is missing", "frame", "frame"]


class Table:
    """Training rows, and what their columns are.

    A column of categories holds codes: those of a data frame are positions in the dictionary
    that goes into the model, those of `codes` are numbers that the user made up.
    """

    def __init__(self, matrix, schema, container="array", is_named=False):
        self.matrix, self.schema, self.codes = matrix, schema, set()
        self.container, self.is_named = container, is_named

    @property
    def is_frame(self):
        return self.container == "frame"

    @property
    def has_categories(self):
        return bool(self.codes or self.schema.categories)

    @property
    def is_garbled(self):
        """Whether XGBoost garbles a dictionary."""
        return any(known in GARBLED for known in self.schema.categories.values())

    @property
    def width(self):
        return len(self.schema.names)

    def forget_dictionaries(self):
        """Makes codes of a data frame's categories, for a model that has lost its dictionaries."""
        self.codes.update(self.schema.categories)
        self.schema.categories.clear()
        self.container = "array"

    def data(self, rows, turned=False):
        """Rows of an array or a data frame; `turned` gives its dictionaries another order."""
        return self.schema.for_library(rows, turned) if self.is_frame else rows

    def for_library(self, data, **options):
        """XGBoost's own form of a data frame or an array."""
        types = ["c" if column in self.codes else "q" for column in range(self.width)]
        return xgboost.DMatrix(
            data, nthread=1, enable_categorical=self.has_categories,
            feature_types=types if self.codes else None, **options)

    def for_training(self, generator, chosen, **labels):
        """The chosen rows with their labels."""
        data, missing = self.data(self.matrix[chosen]), np.nan
        if self.is_frame:
            for name in data.columns[(data.dtypes == np.float64).to_numpy()]:
                if (data[name].abs().lt(1e9) & (data[name] % 1 == 0)).all():
                    data[name] = data[name].astype(str(generator.choice(["int64", "bool"])))
        elif self.container == "float32":
            data = data.astype(np.float32)
        elif self.container == "sparse":
            # A zero that is not stored is a missing value.
            data = scipy.sparse.csr_matrix(np.nan_to_num(data))
        elif self.container == "zero is missing":
            missing = 0.0
        if self.is_named and not self.is_frame:
            labels["feature_names"] = self.schema.names
        return self.for_library(data, missing=missing, **labels)


def random_codes(generator, rows):
    """Codes of categories with -1 for missing ones: dense, or few out of many."""
    if chance(generator, 0.7):
        return generator.randint(-1, log_uniform(generator, 2, 300), size=rows)
    most = 100000 if chance(generator, 0.1) else 5000
    known = generator.randint(0, most, size=log_uniform(generator, 2, 60))
    return np.where(generator.rand(rows) < 0.1, -1, generator.choice(known, size=rows))


def random_table(generator, rows):
    width = log_uniform(generator, 1, 150)
    matrix = np.column_stack([numeric_column(generator, rows, EXPONENTS) for _ in range(width)])
    matrix = np.clip(matrix, -LARGEST, LARGEST)
    if chance(generator, 0.6):
        matrix[generator.rand(rows, width) < generator.uniform(0, 0.9)] = np.nan
    container = str(generator.choice(CONTAINERS))
    is_named = container == "frame" or chance(generator, 0.4)
    names = ["f%d" % index for index in range(width)]
    if is_named:
        names = random_names(generator, width)
    table = Table(matrix, Frame(names, {}), container, is_named)
    if chance(generator, 0.75 if table.is_frame else 0.4):
        add_categories(generator, table)
    return table


def add_categories(generator, table):
    picked = generator.choice(
        table.width, size=min(table.width, generator.randint(1, 5)), replace=False)
    for column in sorted(int(index) for index in picked):
        if table.is_frame:
            choices = GARBLED if chance(generator, 0.03) else DICTIONARIES
            known = choices[generator.randint(len(choices))]
            table.schema.categories[column] = known
            if not isinstance(known[0], str):
                table.schema.dtypes[column] = str(generator.choice([
                    kind for kind in WHOLE_TYPES
                    if np.iinfo(kind).min <= min(known) and max(known) <= np.iinfo(kind).max]))
            codes = generator.randint(-1, len(known), size=len(table.matrix))
        else:
            table.codes.add(column)
            codes = random_codes(generator, len(table.matrix))
        table.matrix[:, column] = np.where(codes < 0, np.nan, codes)


def random_rows(table, document, generator, count):
    """Odd rows, rows at the splits of the model, and training rows with other codes, more zeros
    and more missing values. No row holds both infinities."""
    odd = probe_rows(table.matrix, table.schema, document, generator, count * 2 // 3)
    rows = table.matrix[generator.randint(len(table.matrix), size=count - len(odd))].copy()
    for column in sorted(table.codes):
        seen = table.matrix[:, column]
        codes = generator.choice(np.append(seen[~np.isnan(seen)], 0), size=len(rows))
        rows[:, column] = codes + generator.choice([-1, 0, 0, 0, 0, 0.5, 1], size=len(rows))
    for value in (0.0, np.nan):
        shares = generator.uniform(-0.5, 1, size=(len(rows), 1))
        rows[generator.rand(*rows.shape) < shares] = value
    for column, known in table.schema.categories.items():
        if "" in known:
            # In CSV the empty text is a missing value.
            rows[rows[:, column] == known.index(""), column] = np.nan
    return np.concatenate([odd, rows])
