"""What a saved XGBoost model shows of the format, so that a run can say what it has covered."""
FEATURES = [
    "gbtree", "dart", "gblinear", "no trees", "base score given", "base score estimated",
    "classes", "targets", "vector leaves", "scalar and vector trees", "parallel trees",
    "single leaves", "deleted nodes", "missing left", "missing right",
    "one category against the rest", "sets of categories", "text dictionaries",
    "whole-number dictionaries", "codes without a dictionary", "no names", "names",
    "best iteration", "scikit-learn's attribute",
]
DICTIONARIES = {"text dictionaries", "whole-number dictionaries"}


def boosted(document):
    """The trees or weights of a model file, read as JSON."""
    booster = document["learner"]["gradient_booster"]
    return booster.get("gbtree", booster)["model"]


def in_tree(tree):
    parameters = tree["tree_param"]
    found = set()
    if int(parameters["size_leaf_vector"]) > 1:
        found.add("vector leaves")
    else:
        found.add("scalar leaves")
    if tree["left_children"] == [-1]:
        found.add("single leaves")
    if int(parameters["num_deleted"]):
        found.add("deleted nodes")
    for left, goes_left in zip(tree["left_children"], tree["default_left"]):
        if left != -1:
            found.add("missing left" if goes_left else "missing right")
    for size in tree["categories_sizes"]:
        found.add("one category against the rest" if size == 1 else "sets of categories")
    return found


def in_dictionaries(encodings):
    found = set()
    for encoding in encodings:
        if "offsets" not in encoding:
            found.add("whole-number dictionaries")
        elif len(encoding["offsets"]) > 1:
            found.add("text dictionaries")
    return found


def in_document(document):
    """The features of a model file."""
    learner = document["learner"]
    parameters, attributes = learner["learner_model_param"], learner["attributes"]
    booster = learner["gradient_booster"]
    found = {booster["name"], "names" if learner["feature_names"] else "no names"}
    if learner["objective"]["name"]:
        found.add(learner["objective"]["name"])
    found.add(
        "base score estimated" if int(parameters["boost_from_average"]) else "base score given")
    for key, name in (("num_class", "classes"), ("num_target", "targets")):
        if int(parameters[key]) > 1:
            found.add(name)
    for key, name in (
        ("best_iteration", "best iteration"), ("scikit_learn", "scikit-learn's attribute")
    ):
        if key in attributes:
            found.add(name)
    for tree in boosted(document).get("trees", []):
        found |= in_tree(tree)
    if {"vector leaves", "scalar leaves"} <= found:
        found.add("scalar and vector trees")
    if booster["name"] != "gblinear":
        model = boosted(document)
        if int(model["gbtree_model_param"]["num_parallel_tree"]) > 1:
            found.add("parallel trees")
        if not model["trees"]:
            found.add("no trees")
        dictionaries = in_dictionaries(model["cats"]["enc"])
        found |= dictionaries
        if "c" in learner["feature_types"] and not dictionaries:
            found.add("codes without a dictionary")
    return found - {"scalar leaves"}
