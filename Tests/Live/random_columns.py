"""Random columns, names, categories and targets, for the models of every library."""
import numpy as np

NAMES = ["a=b", "größe", "日本", "x.y", "Tree=0", "==", "end", "it's", "1e5", "-"]
# XGBoost refuses "[", "]" and "<" in a name, and treec an empty one.
ODD_NAMES = NAMES + [
    "a b", "a_b", " ", "tab\there", "two\nlines", "a,b", 'say "hi"', "back\\slash", "é",
    "e\u0301", "😀", "f1", "f0", "null", "{}", "\u0001", "\u2028",
]
TEXTS = [
    ["red", "green", "blue"], ["ja", "nein"], ["Ärger", "東京", "a,b", 'say "hi"', " blank "],
    ["level %d" % level for level in range(70)],
]
# Down to denormal numbers of float32.
EXPONENTS = (-44, 38)
WHOLE_NUMBERS = [[1, 2, 3, 10, 20], [-5, 0, 7]]


def log_uniform(generator, low, high):
    return int(round(np.exp(generator.uniform(np.log(low), np.log(high)))))


def chance(generator, probability):
    return generator.rand() < probability


def random_names(generator, width):
    """Names of characters of all kinds but carriage returns, which Python's CSV leaves bare."""
    names = list(ODD_NAMES)
    for _ in range(8):
        letters = [chr(point) for point in generator.randint(32, 0x3000, size=6)]
        names.append("".join(letter for letter in letters if letter not in "[]<") + "x")
    names = list(dict.fromkeys(names))
    generator.shuffle(names)
    return names[:width] + ["column %d" % index for index in range(len(names), width)]


def numeric_column(generator, rows, exponents=None):
    """A column of numbers; with `exponents`, a range of powers of ten, it may be very small or
    very large."""
    kind = generator.randint(8 if exponents else 4)
    column = generator.normal(size=rows)
    if kind == 1:
        return np.floor(column * 3)
    if kind == 2:
        return np.where(generator.rand(rows) < 0.6, 0.0, column)
    if kind == 3:
        return np.full(rows, column[0]) if chance(generator, 0.3) else np.sign(column)
    if kind == 4:
        return column * 1e-35
    if kind == 5:
        return column * 10.0 ** generator.randint(*exponents)
    if kind == 6:
        return column * 10.0 ** generator.randint(-20, 20, size=rows)
    if kind == 7:
        return np.float32(column).astype(np.float64)
    return column


def hidden_score(generator, matrix):
    """What targets are made from: it hangs on all columns and on what is missing in them."""
    known = np.nan_to_num(matrix, posinf=0, neginf=0)
    scale = np.maximum(np.abs(known).max(axis=0), 1e-300)
    weights = generator.normal(size=matrix.shape[1])
    score = (known / scale) @ weights + np.isnan(matrix) @ weights
    return 2 * score / max(score.std(), 1e-9) + 0.3 * generator.normal(size=len(matrix))
