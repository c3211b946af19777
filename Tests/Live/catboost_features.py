"""What a saved CatBoost model shows of the format, so that a run can say what it has covered."""
import collections
import json

FEATURES = [
    "symmetric trees", "nested trees", "single leaves", "deep trees", "vector leaves",
    "missing as it is", "missing least", "missing greatest", "many borders", "no borders",
    "one-hot", "Borders", "Buckets", "BinarizedTargetMeanValue", "FloatTargetMeanValue", "Counter",
    "FeatureFreq", "combinations", "combinations with borders", "combinations with one-hot",
    "several target borders", "denominators", "classes named", "classes unseen", "threshold",
    "scale", "bias", "several biases", "summed", "gaps among features", "no names", "names",
    "texts of categories",
]
TREATMENTS = {"AsIs": "missing as it is", "AsFalse": "missing least", "AsTrue": "missing greatest"}
PER_TARGET = {
    "MultiRMSE", "MultiRMSEWithMissingValues", "MultiLogloss", "MultiCrossEntropy", "SurvivalAft"}


def leaves_of(node):
    """The values of the leaves of a nested tree."""
    if "value" in node:
        return [node["value"]]
    return leaves_of(node["left"]) + leaves_of(node["right"])


def in_trees(document):
    found = set()
    for tree in document.get("oblivious_trees", []):
        depth = len(tree["splits"] or [])
        found.add("symmetric trees" if depth else "single leaves")
        if depth > 8:
            found.add("deep trees")
        if len(tree["leaf_values"]) > 1 << depth:
            found.add("vector leaves")
    for tree in document.get("trees", []):
        found.add("single leaves" if "value" in tree else "nested trees")
        if isinstance(leaves_of(tree)[0], list):
            found.add("vector leaves")
    return found


def in_ctrs(ctrs):
    found = set()
    for ctr in ctrs:
        found.add(ctr["ctr_type"])
        kinds = [element["combination_element"] for element in ctr["elements"]]
        if len(kinds) > 1:
            found.add("combinations")
        if "float_feature" in kinds:
            found.add("combinations with borders")
        if "cat_feature_exact_value" in kinds:
            found.add("combinations with one-hot")
        if ctr["target_border_idx"] > 0:
            found.add("several target borders")
        if ctr["prior_denomerator"] != 1:
            found.add("denominators")
    return found


def places_of(info):
    """The columns that the model has."""
    return [feature["flat_feature_index"] for kind in ("float_features", "categorical_features")
            for feature in info.get(kind) or []]


def in_features(info):
    found = in_ctrs(info.get("ctrs") or [])
    numbers = info.get("float_features") or []
    categorical = info.get("categorical_features") or []
    for feature in numbers:
        found.add(TREATMENTS[feature["nan_value_treatment"]])
        if len(feature["borders"] or []) > 254:
            found.add("many borders")
        if not feature["borders"]:
            found.add("no borders")
    if any(feature.get("values") for feature in categorical):
        found.add("one-hot")
    if sorted(places_of(info)) != list(range(len(places_of(info)))):
        found.add("gaps among features")
    if info.get("cat_features_hash"):
        found.add("texts of categories")
    return found


def loss_of(document):
    info = document["model_info"]
    loss = (info.get("params") or {}).get("loss_function")
    return (loss or json.loads(info.get("loss_function", "{}"))).get("type")


def in_document(document):
    """The features of a model file, read as JSON."""
    found = in_trees(document) | in_features(document["features_info"] or {})
    info = document["model_info"]
    classes = info.get("class_params", {})
    if classes.get("class_names"):
        found.add("classes named")
    if max(classes.get("classes_count", 0), len(classes.get("class_names", []))) > len(
            classes.get("class_to_label", [])):
        found.add("classes unseen")
    if "binclass_probability_threshold" in info:
        found.add("threshold")
    if "summand_scale_and_biases" in info:
        found.add("summed")
    scale, bias = document["scale_and_bias"]
    if scale != 1:
        found.add("scale")
    if any(bias):
        found.add("bias")
        if len(bias) > 1:
            found.add("several biases")
    if loss_of(document):
        found.add(loss_of(document))
    return found


def may_lose_tables(document):
    """Whether JSON may have lost tables of CTRs, for all that it tells: it names neither their
    target nor how that was binarized."""
    ctrs = (document["features_info"] or {}).get("ctrs") or []
    types = {ctr["ctr_type"] for ctr in ctrs} - {"Counter", "FeatureFreq"}
    params = document["model_info"].get("params") or {}
    if not types or loss_of(document) in PER_TARGET or "cat_feature_params" not in params:
        return bool(types)
    for kind in ("simple_ctrs", "combinations_ctrs"):
        found = collections.defaultdict(set)
        for ctr in params["cat_feature_params"][kind]:
            found[ctr["ctr_type"]].add(json.dumps(ctr.get("target_binarization")))
        if any(len(binarizations) > 1 for binarizations in found.values()):
            return True
    return False
