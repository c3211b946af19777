"""Random steps before an estimator: domains, imputers, scalers, encoders, expressions."""
import numpy as np
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import (
    Binarizer, KBinsDiscretizer, MaxAbsScaler, MinMaxScaler, OneHotEncoder, OrdinalEncoder,
    PolynomialFeatures, RobustScaler, StandardScaler, TargetEncoder)
from sklearn2pmml.decoration import CategoricalDomain, ContinuousDomain
from sklearn2pmml.preprocessing import ExpressionTransformer

from random_columns import chance

EXPRESSIONS = [
    "X[0] + 1", "X[0] * X[1]", "X[0] / X[1]", "X[0] / X[1] if X[1] > 0 else X[0] * 2",
    "X[0] - X[1] if X[0] > X[1] else X[1] - X[0]", "abs(X[0])", "-X[0]", "X[0] ** 2",
    "numpy.exp(X[0] / 1e6)", "numpy.log(X[0] * X[0] + 1)", "numpy.sqrt(abs(X[0]))",
    "1 if X[0] > 0 and X[1] < 1 else 0", "0 if X[0] <= 0 or not X[1] == 1 else 5",
    "numpy.floor(X[0]) + numpy.ceil(X[1])", "numpy.sign(X[0])", "X[0] % 3",
    "-1 if pandas.isnull(X[0]) else X[0]", "X[0] if pandas.notnull(X[0]) else 0.5",
    "1.5 if X[0] in [0, 1, 2] else 2.5", "numpy.minimum(X[0], X[1])", "numpy.tanh(X[0])",
]


def some(generator, choices):
    return choices[generator.randint(len(choices))]


def domain_options(generator, replacement):
    options = {
        "with_data": chance(generator, 0.8),
        "invalid_value_treatment": some(
            generator, ["return_invalid", "return_invalid", "as_is", "as_missing", "as_value"]),
        "missing_value_treatment": "as_is",
    }
    if options["invalid_value_treatment"] == "as_value":
        options["invalid_value_replacement"] = replacement
    if chance(generator, 0.4):
        options["missing_value_treatment"] = "as_value"
        options["missing_value_replacement"] = replacement
    elif chance(generator, 0.15):
        options["missing_value_treatment"] = "return_invalid"
    return options


def continuous_domain(generator, column):
    known = column.dropna().to_numpy(float)
    low, high = np.quantile(known, [0.1, 0.9]) if len(known) else (0, 1)
    options = domain_options(generator, float(some(generator, [0, -1, 0.5, low])))
    treatment = some(generator, ["as_is", "as_is", "as_missing_values", "as_extreme_values"])
    if treatment != "as_is" and low < high:
        options.update(outlier_treatment=treatment, low_value=low, high_value=high)
    if chance(generator, 0.3):
        options["missing_values"] = some(generator, [-999, [-999.0, float(known[0])]])
    return ContinuousDomain(**options)


def number_step(generator, column, needs_numbers):
    """A transformer of one column of numbers, by name; None is to pass it through."""
    steps, names = [], []
    if column.dtype == bool:
        return None, names
    if chance(generator, 0.4):
        steps.append(continuous_domain(generator, column))
        names.append("continuous domain")
    if column.isna().any() and needs_numbers or chance(generator, 0.2):
        strategy = some(generator, ["mean", "median", "most_frequent", "constant"])
        steps.append(SimpleImputer(
            strategy=strategy, add_indicator=chance(generator, 0.1),
            fill_value=column.dtype.type(0.25) if strategy == "constant" else None))
        names.append("imputer")
    kind = generator.randint(12)
    if kind < 4:
        steps.append(
            [StandardScaler(), MinMaxScaler(), RobustScaler(), MaxAbsScaler()][kind])
        names.append("scaler")
    elif kind == 4 and not column.isna().any():
        steps.append(KBinsDiscretizer(
            int(generator.randint(2, 6)), encode=some(generator, ["ordinal", "onehot"]),
            strategy=some(generator, ["uniform", "quantile", "kmeans"]),
            quantile_method="averaged_inverted_cdf", random_state=0))
        names.append("bins")
    elif kind == 5 and not column.isna().any():
        steps.append(Binarizer(threshold=float(column.median())))
        names.append("binarizer")
    elif kind == 6 and not column.isna().any():
        steps.append(PolynomialFeatures(degree=2))
        names.append("polynomial")
    if not steps:
        return None, []
    return (make_pipeline(*steps) if len(steps) > 1 else steps[0]), names


def category_step(generator, column, codes_only, has_target):
    steps, names = [], []
    if chance(generator, 0.5):
        options = domain_options(generator, column.iloc[0])
        steps.append(CategoricalDomain(**options))
        names.append("categorical domain")
    kind = 0 if codes_only else generator.randint(8)
    if kind < 3:
        options = {}
        if chance(generator, 0.5):
            options = {"handle_unknown": "use_encoded_value", "unknown_value": -1}
        steps.append(OrdinalEncoder(dtype=np.int64 if chance(generator, 0.5) else np.float64,
                                    **options))
        names.append("ordinal encoder")
    elif kind == 3 and has_target:
        steps.append(TargetEncoder(random_state=0))
        names.append("target encoder")
    else:
        options = {"handle_unknown": some(generator, ["ignore", "error"])}
        if chance(generator, 0.3):
            options["drop"] = "first"
        elif chance(generator, 0.3):
            options["handle_unknown"] = "infrequent_if_exist"
            options["max_categories"] = 3
        steps.append(OneHotEncoder(sparse_output=False, **options))
        names.append("one-hot encoder")
    return (make_pipeline(*steps) if len(steps) > 1 else steps[0]), names


def preparation(generator, table, needs_numbers, codes_only=False, has_target=False):
    """A ColumnTransformer for the table, what it shows, and which of the columns that it makes
    are codes of categories. With `codes_only` those come first, a column each."""
    parts, names, chosen = [], set(), 0
    for column in table.categories:
        step, shown = category_step(
            generator, table.frame[column], codes_only, has_target)
        parts.append(("c%d" % len(parts), step, [column]))
        names.update(shown)
        chosen += 1
    for column in table.numeric():
        step, shown = number_step(generator, table.frame[column], needs_numbers)
        parts.append(("n%d" % len(parts), "passthrough" if step is None else step, [column]))
        names.update(shown)
    if len(table.numbers) > 1 and chance(generator, 0.3):
        pair = [table.numbers[place] for place in generator.permutation(len(table.numbers))[:2]]
        if not (needs_numbers and table.frame[pair].isna().any().any()):
            expression = some(generator, EXPRESSIONS)
            parts.append(("e", ExpressionTransformer(expression), pair))
            names.add("expression")
    return ColumnTransformer(parts, sparse_threshold=0), names, list(range(chosen))
