"""What a PMML document says of its fields and conditions, for rows that probe it."""
import collections
import re
import xml.etree.ElementTree

FEATURES = [
    "float", "double", "integer", "string", "boolean", "Interval", "missing Value",
    "nullPrediction", "defaultChild", "returnLastPrediction", "SimpleSetPredicate", "modelChain",
    "multiModelChain", "sum", "average", "weightedAverage", "weightedMedian", "majorityVote",
    "weightedMajorityVote", "weightedSum", "logit", "softmax", "exp", "simplemax", "MapValues",
    "Discretize", "NormDiscrete", "NormContinuous", "DefineFunction", "Targets", "asIs",
    "asMissing", "returnInvalid", "asValue", "missingValueReplacement", "outliers", "entityId",
    "transformedValue", "decision", "ModelVerification"]
# What Java and C compute differently in the last places.
FUNCTIONS = {
    "exp", "ln", "log10", "log1p", "expm1", "pow", "sin", "cos", "tan", "tanh", "sinh", "cosh",
    "expit", "stdNormalCDF", "stdNormalIDF", "x-exp", "x-pow"}
LINKS = {"logit", "softmax", "exp", "probit", "cloglog", "cauchit", "loglog"}
ATTRIBUTES = [
    "missingValueStrategy", "noTrueChildStrategy", "multipleModelMethod", "booleanOperator",
    "normalizationMethod", "invalidValueTreatment", "missingValueTreatment", "feature"]


class Field:
    """A column of the rows: its type, and the numbers and texts that the document names for it."""

    def __init__(self, element):
        self.name, self.type = element.get("name"), element.get("dataType")
        self.numbers, self.texts = set(), set()
        self.treatment = "returnInvalid"

    def meet(self, text):
        self.texts.add(text)
        try:
            self.numbers.add(float(text))
        except ValueError:
            pass


def local_name(element):
    return element.tag.rpartition("}")[2]


def items(array):
    """The texts of an Array, roughly: quotes with blanks within are taken apart."""
    return [text.strip('"') for text in (array.text or "").split()]


class Document:
    def __init__(self, document):
        # The converter makes names of elements from those of columns, of letters that this reader
        # does not know from its edition of XML.
        document = re.sub(rb"(</?data:)[^>]*>", rb"\1cell>", document)
        self.root = xml.etree.ElementTree.fromstring(document)
        self.features = set()
        self.fields = collections.OrderedDict()
        self.origins = {}
        self.read_fields()
        self.read_conditions()
        self.functions = {
            element.get("function") for element in self.all("Apply")}
        self.is_inexact = bool(
            self.functions & FUNCTIONS
            or any(element.get("normalizationMethod") in LINKS
                   for element in self.root.iter()))

    def all(self, name):
        return [element for element in self.root.iter() if local_name(element) == name]

    def read_fields(self):
        names = {}
        for element in self.all("DataField"):
            names[element.get("name")] = Field(element)
        model = next(
            element for element in self.root if element.find("./{*}MiningSchema") is not None)
        for element in model.find("./{*}MiningSchema"):
            if element.get("usageType", "active") in ("active", "supplementary") and (
                    element.get("name") in names):
                field = names[element.get("name")]
                field.treatment = element.get("invalidValueTreatment", field.treatment)
                for limit in ("lowValue", "highValue", "missingValueReplacement"):
                    if element.get(limit):
                        field.meet(element.get(limit))
                        self.features.add(
                            limit if limit == "missingValueReplacement" else "outliers")
                self.fields[field.name] = field
        for element in self.all("DataField"):
            for part in element:
                for key in ("value", "leftMargin", "rightMargin"):
                    if part.get(key) is not None and element.get("name") in self.fields:
                        self.fields[element.get("name")].meet(part.get(key))
                if part.get("property") in ("missing", "invalid"):
                    self.features.add(part.get("property") + " Value")

    def read_conditions(self):
        """Thresholds belong to the column that a field is, or is made from alone."""
        for element in self.all("DerivedField"):
            origins = {found.get("field") for found in element.iter()
                       if local_name(found) in ("FieldRef", "NormDiscrete", "Discretize",
                                                "NormContinuous") and found.get("field")}
            if len(origins) == 1:
                self.origins[element.get("name")] = origins.pop()
            field = self.field(element.get("name"))
            if field:
                for part in element.iter():
                    for key in ("leftMargin", "rightMargin", "value", "orig"):
                        if part.get(key) is not None:
                            field.meet(part.get(key))
                    if local_name(part) == "Constant" and part.text:
                        field.meet(part.text)
        for element in self.root.iter():
            name = local_name(element)
            if name in FEATURES:
                self.features.add(name)
            for key in ATTRIBUTES:
                value = (element.get(key) or "").removeprefix("x-")
                if value in FEATURES:
                    self.features.add(value)
            if name == "DataField":
                self.features.add(element.get("dataType"))
            field = self.field(element.get("field"))
            if field and name == "SimplePredicate" and element.get("value") is not None:
                field.meet(element.get("value"))
            elif field and name == "SimpleSetPredicate":
                for array in element:
                    for text in items(array):
                        field.meet(text)

    def field(self, name):
        for _ in range(10):
            if name in self.fields or name is None:
                return self.fields.get(name)
            name = self.origins.get(name)
        return None
