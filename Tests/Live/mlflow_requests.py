"""Random requests to a scoring server: valid ones, and ones that are wrong in every way."""
import base64
import json
import math

import numpy as np

CONTENT_TYPES = [
    "application/json; charset=utf-8", "application/json;charset=UTF-8",
    "application/json; charset=utf8",
    "application/json;", "Application/JSON", "text/plain", "", "text/csv; charset=utf-8",
    "application/json; format=pandas-split", "application/json ; charset = utf-8", "application/*",
    "application/octet-stream", 'application/json; charset="utf-8"', "text/csv;header=present",
]
METHODS = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"]
PATHS = [
    "/ping", "/health", "/version", "/invocations", "/ping/", "/invocations/", "/", "/nope",
    "//ping",
    "/PING", "/%70ing", "/ping?x=1", "/health/?a=b", "/ping/x", "/invocations?x",
]
NA_WORDS = [
    "", "", "", "NA", "N/A", "NaN", "nan", "null", "NULL", "None", "#N/A", "<NA>", "n/a", "-NaN",
    "-nan",
    "1.#IND", "1.#QNAN", "#NA", "-1.#IND", "#N/A N/A",
]
NUMBER_TEXTS = [
    " 1 ", "1_0", "+1", ".5", "5.", "1e1", "1E+1", "nan", "NaN", "-nan", "inf", "-Infinity",
    "1e400",
    "0x1", "", " ", "abc", "True", "1,5", "1 2", "\u0661", "\uff11.5", "1__0", "_1", "1e", "--1",
    "\t2\n", "infinit", "null", "1j", "1d2", "0b1", "00.5", "1e-400", "\u00a01",
]
NAN, INFINITY = math.nan, math.inf


class Token(str):
    """Text that goes into the JSON as it is."""


class Pairs(list):
    """A JSON object that may hold a key twice."""


def chance(generator, probability):
    return generator.rand() < probability


def pick(generator, choices):
    return choices[generator.randint(len(choices))]


def half_way(generator, value):
    """An integer that is half-way between two float32, or one beside it."""
    low = np.float32(value)
    with np.errstate(over="ignore"):
        high = np.nextafter(low, np.float32(pick(generator, [-INFINITY, INFINITY])))
    if not math.isfinite(low) or not math.isfinite(high):
        return 2**24 + 1
    return (int(low) + int(high)) // 2 + generator.randint(-1, 2)


def fixed_point(value):
    return "%.25f" % value if abs(value) < 1e15 else "%r" % value


class Writer:
    """The JSON text of a value, with white space now and then."""

    def __init__(self, generator, spaced):
        self.generator, self.spaced = generator, spaced

    def gap(self):
        if self.spaced and chance(self.generator, 0.2):
            return pick(self.generator, [" ", "  ", "\n", "\t", "\r\n"])
        return ""

    def write(self, value):
        if isinstance(value, Token):
            return str(value)
        if isinstance(value, dict):
            value = Pairs(value.items())
        if isinstance(value, Pairs):
            return "{%s%s}" % (self.gap(), ",".join(
                self.gap() + self.text(key) + self.gap() + ":" + self.gap() + self.write(item)
                for key, item in value))
        if isinstance(value, list):
            return "[%s%s]" % (self.gap(), ",".join(
                self.gap() + self.write(item) + self.gap() for item in value))
        return self.text(value) if isinstance(value, str) else json.dumps(value)

    def text(self, value):
        written = json.dumps(value, ensure_ascii=chance(self.generator, 0.5))
        if value and chance(self.generator, 0.03) and value[0].isascii() and value[0].isalnum():
            written = '"\\u%04x%s' % (ord(value[0]), written[2:])
        return written


class Requests:
    """Draws requests for a model."""

    def __init__(self, model, generator):
        self.model, self.generator = model, generator
        self.names, self.width = model.schema.names, len(model.schema.names)

    # Numbers

    def number(self, column):
        """A number for a column, mostly at one of its thresholds."""
        generator, thresholds = self.generator, self.model.thresholds[column]
        kind = generator.rand()
        if kind < 0.55 and thresholds:
            value = float(pick(generator, thresholds))
            for _ in range(generator.randint(3)):
                value = float(np.nextafter(value, pick(generator, [-INFINITY, INFINITY])))
            return value
        if kind < 0.7 and thresholds:
            value = pick(generator, thresholds)
            return float(np.rint(value)) + generator.randint(-1, 2) if abs(value) < 1e15 else 0.0
        if kind < 0.75:
            return float(generator.normal() * 10.0 ** generator.randint(-12, 13))
        value = float(self.model.matrix[generator.randint(len(self.model.matrix)), column])
        return 0.0 if math.isnan(value) else value

    def rows(self, count, integral=()):
        rows = [[self.number(column) for column in range(self.width)] for _ in range(count)]
        for row in rows:
            for column in integral:
                if abs(row[column]) >= 2**24 and chance(self.generator, 0.5):
                    row[column] = half_way(self.generator, row[column])
                elif abs(row[column]) < 1e18:
                    row[column] = int(row[column])
        return rows

    def row_count(self):
        if chance(self.generator, 0.004):
            return int(self.generator.randint(200, 2000))
        return int(pick(self.generator, [1, 1, 1, 2, 2, 3, 5, 8]))

    def number_token(self, value):
        """Some way to write a number in JSON."""
        if isinstance(value, int):
            return Token(value)
        if not math.isfinite(value):
            return Token(json.dumps(value))
        kind = self.generator.randint(12)
        if kind == 0:
            return Token("%.17g" % value)
        if kind == 1:
            return Token("%.20e" % value)
        if kind == 2:
            return Token(fixed_point(value))
        if kind == 3 and value == int(value) and abs(value) < 1e20:
            return Token("%d" % value)
        if kind == 4:
            return Token(("%r" % value).replace("e", "E"))
        if kind == 5:
            return Token("%.16g" % value)
        return Token("%r" % value)

    def odd_token(self):
        """A cell that is no plain number."""
        generator = self.generator
        kind = generator.randint(14)
        if kind < 3:
            return None
        if kind < 5:
            return bool(generator.randint(2))
        if kind == 5:
            return Token(pick(generator, [
                2**63 - 1, 2**63, 2**64 - 1, 2**64, -2**63, -2**63 - 1, 2**53 + 1, 2**24 + 1,
                10**30,
                16777217, 36028797018963969, 9007199791611905]))
        if kind == 6:
            return Token(pick(generator, ["NaN", "Infinity", "-Infinity", "1e400", "-1e400", "-0",
                                          "1e-400", "-0.0", "5e-324", "1e39",
                                          "3.4028235677973366e38"]))
        if kind == 7:
            return pick(generator, NUMBER_TEXTS)
        if kind < 11:
            value = self.number(generator.randint(self.width))
            if abs(value) >= 2**24 and chance(generator, 0.5):
                return "%d%s" % (half_way(generator, value), pick(
                    generator, ["", ".0", ".00000000000000000000000001"]))
            return pick(generator, ["%r", "%.17g", "%.30g", "%.20e"]) % value
        if kind == 11:
            return pick(generator, [[], [1], {}, {"a": 1}, [[1, 2]], [None]])
        return Token(generator.randint(-3, 4))

    def cells(self):
        """Rows of cells: clean, with some odd columns, or with odd cells anywhere."""
        generator, count = self.generator, self.row_count()
        style = generator.rand()
        integral = [c for c in range(self.width) if chance(generator, 0.3)]
        if style < 0.15:
            integral = list(range(self.width))
        rows = [
            [self.number_token(value) for value in row] for row in self.rows(count, integral)]
        if 0.55 < style < 0.8:
            column, odd = generator.randint(self.width), [self.odd_token(), self.odd_token()]
            for row in rows:
                row[column] = pick(generator, odd + [row[column]])
        elif style > 0.8:
            for _ in range(generator.randint(1, 6)):
                rows[generator.randint(count)][generator.randint(self.width)] = self.odd_token()
        if chance(generator, 0.03):
            rows = [[self.odd_token() for _ in range(self.width)] for _ in range(count)]
        return rows

    def spoil_shape(self, rows):
        """Rows that are no longer a table of the model's width, most of the time."""
        generator = self.generator
        row, kind = generator.randint(len(rows)), generator.randint(12)
        if kind == 0:
            rows[row] = rows[row][:-1]
        elif kind == 1:
            rows[row] = rows[row] + [self.number_token(1.5)]
        elif kind == 2:
            rows = [line[:-1] for line in rows]
        elif kind == 3:
            rows = [line + [Token("1")] for line in rows]
        elif kind == 4:
            rows[row] = []
        elif kind == 5:
            rows[row] = pick(generator, [None, 1, "abc", True, 1.5])
        elif kind == 6:
            rows = rows[row]
        elif kind == 7:
            rows = []
        elif kind == 8:
            rows = [rows]
        elif kind == 9:
            rows[row] = Pairs(zip(self.names, rows[row]))
        elif kind == 10:
            rows = pick(generator, [None, 1, "abc", True, {}, [[]], [[], []], [None]])
        else:
            rows = [line[:1 + generator.randint(self.width)] for line in rows]
        return rows

    # Bodies

    def columns(self):
        """The value of `columns`, None where it is left out."""
        generator, names = self.generator, list(self.names)
        kind = generator.randint(16)
        if kind < 6:
            return names
        if kind < 9:
            return None
        if kind < 11:
            generator.shuffle(names)
            return names
        if kind == 11:
            return ["other %d" % index for index in range(self.width)]
        if kind == 12:
            names[generator.randint(self.width)] = pick(generator, names)
            return names
        if kind == 13:
            return pick(generator, [names[:-1], names + ["more"], [], Token("null")])
        if kind == 14:
            names[generator.randint(self.width)] = pick(generator, [
                1, None, True, 1.5, "", "\u00e9", [], ["a", "b"], {"a": 1}, Token("NaN")])
            return names
        return pick(generator, [
            list(range(self.width)), [[name, "x"] for name in names], [names], "".join(names),
            {name: 1 for name in names}, 1, True, [None] * self.width, [["a"]] * self.width])

    def split(self, rows):
        generator, body = self.generator, []
        columns = self.columns()
        if columns is not None:
            body.append(("columns", columns))
        if chance(generator, 0.2):
            count = len(rows) if isinstance(rows, list) else 1
            body.append(("index", pick(generator, [
                list(range(count)), list(range(count + 1)), list(range(max(count - 1, 0))), None,
                ["r"] * count, [1.5] * count, [None] * count, "r", 1, {"r": 1}, [["r", 1]] * count,
                [["r"]] * count, [{"r": 1}] * count, [], True])))
        is_table = isinstance(rows, list) and rows and all(isinstance(row, list) for row in rows)
        if chance(generator, 0.05) and is_table:
            if chance(generator, 0.5):
                rows = [Pairs(zip(self.names, row)) for row in rows]
            else:
                rows = self.column_object(rows)
        body.append(("data", rows))
        if chance(generator, 0.02):
            body.append(pick(
                generator, [("data", rows), ("columns", self.columns()), ("index", [0])]))
        if chance(generator, 0.03):
            body.append((pick(generator, ["name", "Data", ""]), 1))
        generator.shuffle(body)
        return Pairs([("dataframe_split", Pairs(body))])

    def column_object(self, rows):
        """Rows as an object of columns, now and then with one that does not fit."""
        generator = self.generator
        columns = list(zip(self.names, map(list, zip(*rows))))
        if chance(generator, 0.3):
            generator.shuffle(columns)
        if chance(generator, 0.4) and columns:
            at = generator.randint(len(columns))
            name, values = columns[at]
            columns[at] = (name, pick(generator, [
                values[:-1], values + [1], [], values[0] if values else 1, None, 1, "x", True,
                {str(line): value for line, value in enumerate(values)}, [values],
                [[1]] * len(values)]))
        elif chance(generator, 0.1):
            columns = [(name, values[0] if values else None) for name, values in columns]
        return Pairs(columns)

    def records(self, rows):
        generator, lines = self.generator, []
        same_order = chance(generator, 0.8)
        names = list(self.names)
        for row in rows if isinstance(rows, list) else [rows]:
            if not isinstance(row, list) or isinstance(row, Pairs):
                lines.append(row)
                continue
            pairs = list(zip(names, row))
            if not same_order:
                generator.shuffle(pairs)
            if chance(generator, 0.08) and pairs:
                pairs.pop(generator.randint(len(pairs)))
            if chance(generator, 0.04):
                pairs.insert(generator.randint(len(pairs) + 1), ("more", 1))
            if chance(generator, 0.03) and pairs:
                pairs.append((pairs[0][0], self.number_token(0.5)))
            lines.append(row if chance(generator, 0.05) else Pairs(pairs))
        if chance(generator, 0.05):
            lines = pick(generator, [[], None, {}, "x", lines[0] if lines else 1])
        return Pairs([("dataframe_records", lines)])

    def array(self, rows):
        generator = self.generator
        key = pick(generator, ["inputs", "instances"])
        if chance(generator, 0.06) and isinstance(rows, list):
            rows = [Pairs(zip(self.names, row)) if isinstance(row, list) else row for row in rows]
        elif chance(generator, 0.03) and isinstance(rows, list) and rows and all(
                isinstance(row, list) for row in rows):
            rows = self.column_object(rows)
        return Pairs([(key, rows)])

    def json_body(self):
        generator = self.generator
        rows = self.cells()
        if chance(generator, 0.2):
            rows = self.spoil_shape(rows)
        body = pick(generator, [self.split, self.split, self.records, self.array, self.array])(rows)
        if chance(generator, 0.08):
            body.append(pick(generator, [
                ("params", {"a": 1}), ("params", None), ("foo", [1, {"a": None}]), ("input", 1),
                ("messages", []), ("prompt", "x"), ("instances", [[1]]), ("signature_name", "x"),
                ("inputs", None), ("dataframe_records", [])]))
            generator.shuffle(body)
        if chance(generator, 0.03):
            body.insert(0, (body[-1][0], pick(generator, [1, None, []])))
        if chance(generator, 0.02):
            body = pick(generator, [[], [body], None, 1, "x", True, Pairs(), 1.5, Token("NaN")])
        text = Writer(generator, chance(generator, 0.2)).write(body)
        data = text.encode("utf-8", "surrogatepass")
        if chance(generator, 0.03):
            codec = pick(generator, ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32",
                                     "utf-32-le", "utf-32-be"])
            data = text.encode(codec, "surrogatepass")
        if chance(generator, 0.15):
            data = self.spoil_bytes(data)
        return data

    def any_value(self, depth):
        """Any JSON value, mostly of the kinds that rows are made of."""
        generator = self.generator
        kind = generator.randint(12 if depth else 7)
        if kind < 2:
            return self.number_token(self.number(generator.randint(self.width)))
        if kind < 7:
            return pick(generator, [None, True, False, Token("1"), Token("-2"), "1", "a", "", "ab",
                                    Token("NaN"), Token("1e400"), Token(2**64), [], Pairs()])
        count = int(pick(generator, [0, 1, 1, 2, 3, self.width, self.width]))
        if kind < 10:
            same = self.any_value(depth - 1)
            return [
                same if chance(generator, 0.5) else self.any_value(depth - 1)
                for _ in range(count)]
        names = self.names[:count] if chance(generator, 0.7) else ["0", "1", "a"][:count]
        return Pairs((name, self.any_value(depth - 1)) for name in names)

    def any_body(self):
        """A body whose fields hold anything."""
        generator = self.generator
        key = pick(generator, ["dataframe_split", "dataframe_records", "inputs", "instances"])
        value = self.any_value(3)
        if key == "dataframe_split":
            value = Pairs([("data", value)])
            if chance(generator, 0.5):
                value.append(("columns", self.any_value(2)))
            if chance(generator, 0.3):
                value.append(("index", self.any_value(2)))
            generator.shuffle(value)
        return Writer(generator, False).write(Pairs([(key, value)])).encode()

    def spoil_bytes(self, data):
        """A body with a few bytes dropped, doubled, put in or changed."""
        generator, data = self.generator, bytearray(data)
        for _ in range(generator.randint(1, 4)):
            if not data:
                break
            at, kind = generator.randint(len(data)), generator.randint(6)
            if kind == 0:
                del data[at]
            elif kind == 1:
                data.insert(at, data[at])
            elif kind == 2:
                data[at:at] = pick(generator, [
                    b",", b"]", b"[", b"{", b"}", b'"', b":", b"-", b"e", b"\\", b" ", b"\n", b".",
                    b"0",
                    b"null", b"NaN", b"+", b"\t", b"\\u12", b"\\ud800", b"\x00", b"\xc3\xa9"])
            elif kind == 3:
                data[at] = generator.randint(256)
            elif kind == 4 and chance(generator, 0.3):
                del data[at:]
            else:
                data[at] = pick(generator, list(b',]}{["0-e. '))
        return bytes(data)

    # CSV

    def csv_number(self, value):
        kind = self.generator.randint(14)
        if isinstance(value, int):
            return pick(self.generator, ["%d" % value, "%d" % value, "%d." % value, "+%d" % value])
        if kind < 3:
            return "%.17g" % value
        if kind == 3:
            return "%.20e" % value
        if kind == 4:
            return fixed_point(value)
        if kind == 5:
            return "%.16e" % value
        if kind == 6:
            return "%.30g" % value
        if kind == 7:
            return "%.18g" % value
        if kind == 8 and 1e-5 < abs(value) < 1:
            return ("%r" % value).replace("0.", ".", 1)
        if kind == 9:
            return "000" + "%.17g" % value if value >= 0 else "%.17g" % value
        return "%r" % value

    def csv_odd(self):
        generator = self.generator
        kind = generator.randint(8)
        if kind < 3:
            return pick(generator, NA_WORDS)
        if kind == 3:
            return pick(generator, ["True", "False", "TRUE", "true", "FALSE", "false"])
        if kind == 4:
            return pick(generator, [
                "inf", "-inf", "Infinity", "+inf", "-Infinity", "INF", "infinity", "1e400",
                "-1e400",
                "1e-400", "9223372036854775807", "9223372036854775808", "18446744073709551615",
                "18446744073709551616", "-9223372036854775809", "1" + "0" * 40,
                "0." + "0" * 400 + "1",
                "1e308", "1.7976931348623159e308", "2.2250738585072014e-308", "4.9e-324", "1e22",
                "1e23",
                "123456789012345678", "0.1e-5", "12345678901234567890e-10", "-0", "-0.0"])
        if kind == 5:
            return pick(generator, NUMBER_TEXTS)
        if kind == 6:
            return " %s " % self.csv_number(self.number(generator.randint(self.width)))
        return "%d" % generator.randint(-3, 4)

    def csv_cell(self, text):
        generator = self.generator
        if any(letter in text for letter in ',"\n\r') or chance(generator, 0.05):
            return '"%s"' % text.replace('"', '""')
        return text

    def any_csv(self):
        """Text of the letters that matter in CSV, mostly below a header."""
        generator = self.generator
        letters = list(',,,"\n\n\r 11.5-eNaA\t#\'') + ["True", "nan", "1e5", "0.1", "\r\n", '""']
        text = "".join(pick(generator, letters) for _ in range(generator.randint(1, 30)))
        if chance(generator, 0.8):
            text = ",".join(self.names) + pick(generator, ["\n", "\n", "\r\n", "\r"]) + text
        if chance(generator, 0.5):
            text += "\n" + ",".join("%r" % value for value in self.rows(1)[0])
        return text.encode()

    def csv_body(self):
        generator, count = self.generator, self.row_count()
        style = generator.rand()
        integral = [column for column in range(self.width) if chance(generator, 0.3)]
        rows = [[self.csv_number(value) for value in row] for row in self.rows(count, integral)]
        if style > 0.5:
            for _ in range(generator.randint(1, 5)):
                rows[generator.randint(count)][generator.randint(self.width)] = self.csv_odd()
        if style > 0.9:
            column = generator.randint(self.width)
            for row in rows:
                row[column] = self.csv_odd()
        names = list(self.names)
        if chance(generator, 0.1):
            generator.shuffle(names)
        if chance(generator, 0.05):
            names[generator.randint(self.width)] = pick(
                generator, ["", names[0], "other", "Unnamed: 0"])
        lines = [[self.csv_cell(cell) for cell in line] for line in [names] + rows]
        if chance(generator, 0.12):
            at, kind = generator.randint(len(lines)), generator.randint(5)
            if kind == 0:
                lines[at] = lines[at][:-1]
            elif kind == 1:
                lines[at] = lines[at] + ["7"]
            elif kind == 2:
                lines[1:] = [line + ["7"] for line in lines[1:]]
            elif kind == 3:
                lines = [line + [""] for line in lines]
            else:
                lines[1:] = [["i"] + line for line in lines[1:]]
        end = pick(generator, ["\n", "\n", "\n", "\n", "\r\n", "\r"])
        text = [",".join(line) for line in lines]
        if chance(generator, 0.08):
            text.insert(generator.randint(len(text) + 1), pick(generator, ["", " ", ",", "\t"]))
        data = end.join(text) + (end if chance(generator, 0.8) else "")
        data = data.encode("utf-8", "surrogatepass")
        if chance(generator, 0.03):
            data = b"\xef\xbb\xbf" + data
        if chance(generator, 0.08):
            data = self.spoil_bytes(data)
        return data

    # Requests

    def request(self):
        """The next request, in the layout of the recorded cases."""
        generator = self.generator
        if chance(generator, 0.03):
            return {
                "method": pick(generator, METHODS), "path": pick(generator, PATHS), "headers": {},
                "body": None}
        csv, anything = chance(generator, 0.4), chance(generator, 0.15)
        if anything:
            data = self.any_csv() if csv else self.any_body()
        else:
            data = self.csv_body() if csv else self.json_body()
        content_type = "text/csv" if csv else "application/json"
        if chance(generator, 0.03):
            content_type = pick(generator, CONTENT_TYPES)
        return posted(data, content_type)

    def permuted(self, form):
        """A request whose columns are named, in any order, and the rows in the model's order."""
        generator, rows = self.generator, self.rows(self.row_count())
        order = generator.permutation(self.width)
        names = [self.names[column] for column in order]
        moved = [[row[column] for column in order] for row in rows]
        return posted_rows(form, names, moved), rows

    def texts(self, form):
        """A request whose categories are texts, and the rows with their codes."""
        generator, schema, rows = self.generator, self.model.schema, self.rows(self.row_count())
        for row in rows:
            for column, known in schema.categories.items():
                row[column] = float(
                    generator.randint(-1, len(known) + self.model.takes_unknown))
        shown = [list(row) for row in rows]
        for column in schema.categories:
            for row, value in zip(shown, schema.values(column, [row[column] for row in rows])):
                row[column] = value
        if not any(isinstance(row[column], str) for row in shown for column in schema.categories):
            # An array without text would hold codes.
            form = "split" if form in ("inputs", "instances") else form
        return posted_rows(form, self.names, shown), np.array(rows)


def is_array(request):
    """Whether a request is JSON whose rows are an array, not a frame, as far as its text tells."""
    body = request.get("body") or ""
    return ('"inputs"' in body or '"instances"' in body) and "dataframe_" not in body


def has_text_in(request, columns):
    """Whether rows of an array have text in one of the columns."""
    try:
        body = json.loads(request["body"])
    except ValueError:
        return False
    rows = [
        row for key in ("inputs", "instances") if isinstance(body, dict)
        for row in (body.get(key) if isinstance(body.get(key), list) else [])]
    return any(
        isinstance(cell, str) for row in rows if isinstance(row, list)
        for column, cell in enumerate(row) if column in columns)


def posted(data, content_type="application/json"):
    request = {"method": "POST", "path": "/invocations", "headers": {"Content-Type": content_type}}
    try:
        return {**request, "body": data.decode("utf-8")}
    except UnicodeDecodeError:
        return {**request, "body_b64": base64.b64encode(data).decode()}


def posted_rows(form, names, rows):
    """Rows as a plain request. A missing category is null in JSON, an empty cell in CSV."""
    if form == "csv":
        def cell(value):
            text = "" if value is None else value if isinstance(value, str) else repr(value)
            return '"%s"' % text.replace('"', '""') if any(c in text for c in ',"\n\r') else text

        lines = [",".join(map(cell, row)) for row in [names] + rows]
        return posted(("\n".join(lines) + "\n").encode(), "text/csv")
    if form == "records":
        body = {"dataframe_records": [dict(zip(names, row)) for row in rows]}
    elif form == "split":
        body = {"dataframe_split": {"columns": names, "data": rows}}
    else:
        body = {form: rows}
    return posted(json.dumps(body).encode())


def long_tables(width):
    """CSV bodies that pandas reads in two chunks, each column's type anew in each chunk."""
    lines = 1
    while lines * 2 < 2**20 // width:
        lines *= 2
    plain = ",".join(["1"] * width)
    for name, first, second in [
        ("ints", "1", "2"), ("text_later", "1", "x"), ("missing_later", "1", ""),
        ("fraction_later", "36028797018963969", "0.5"),
        ("fraction_first", "0.5", "36028797018963969"),
        ("unsigned_later", "-1", "18446744073709551615"),
        ("unsigned_first", "18446744073709551615", "1"),
        ("unsigned_missing", "18446744073709551615", ""), ("truth_later", "1", "True"),
        ("truth_first", "True", "1"), ("truth", "True", "False"), ("truth_missing", "True", ""),
        ("missing_first", "", "True"), ("missing", "", ""),
        ("beyond_uint64_later", "1", "1" + "0" * 20),
    ]:
        rest = "," + ",".join(["1"] * (width - 1))
        yield name, posted("\n".join(
            [",".join("f%d" % column for column in range(width))] + [first + rest] * lines
            + [second + rest] * 3 + [plain] * 2).encode() + b"\n", "text/csv")
