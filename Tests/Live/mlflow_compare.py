"""What must be equal in the answers of MLflow's server and of treec, and what need not be."""
import json
import re

# Messages that begin so go on in Python's words; the rest is free.
FREE_AFTER = [
    "Invalid input. Ensure that input is a valid JSON formatted string. Error: '",
    "Invalid input. Ensure that input is a valid UTF-8 encoded string. Error: '",
    "Invalid input. Ensure that the input is a valid JSON-formatted string.\nError: ",
    "Invalid input. Provided dataframe_split field is not a valid dataframe representation in "
    "'split' format. Error: '",
    "Invalid input. Provided dataframe_records field is not a valid dataframe representation in "
    "'records' format. Error: '",
    "Failed to parse input as a Pandas DataFrame. Ensure that the input is a valid CSV-formatted "
    "Pandas DataFrame produced using the `pandas.DataFrame.to_csv()` method. Error: '",
    "Invalid input. setting an array element with a sequence.",
    "Invalid input. Dataframe split format must have 'data' field and optionally 'columns' and "
    "'index' fields. Got {",
]


def in_order(text):
    """A text whose Python sets, written in any order, are put in order."""
    return re.sub(
        r"\{('[a-z_', ]*')\}", lambda match: "{%s}" % ", ".join(sorted(match[1].split(", "))), text)


def free_part_cut(message):
    for beginning in FREE_AFTER:
        if message.startswith(beginning):
            return beginning
    return in_order(message)


def error_difference(expected, got):
    for key in ("error_code", "sqlstate", "error_class"):
        if got.get(key) != expected[key]:
            return "%s is %r, not %r" % (key, got.get(key), expected[key])
    if free_part_cut(got.get("message", "")) != free_part_cut(expected["message"]):
        return "the message is %r, not %r" % (got.get("message"), expected["message"])
    if list(got) != list(expected):
        return "the error has %s, not %s" % (list(got), list(expected))
    return None


def difference(expected, got):
    """In words, where an answer differs from the one expected; None where it does not matter."""
    for key in ("status", "content_type", "headers"):
        if got.get(key) != expected.get(key):
            return "%s is %r, not %r" % (key, got.get(key), expected.get(key))
    if got["body"] == expected["body"]:
        return None
    if expected["content_type"] == "application/json" and '"error_code"' in expected["body"]:
        try:
            return error_difference(json.loads(expected["body"]), json.loads(got["body"]))
        except ValueError:
            return "the body is not JSON: %r" % got["body"]
    return "the body is %r, not %r" % (got["body"][:300], expected["body"][:300])


METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH")

# Deliberate differences of the scoring protocol: the reason, and whether an answer is one of them.
ALLOWED = [
    ("Bodies in Parquet are not read yet.",
     lambda request, expected, got:
        request["headers"].get("Content-Type") == "application/vnd.apache.parquet"
        and got["status"] == 415),
    ("A method that no standard knows is malformed HTTP to treec.",
     lambda request, expected, got:
        request["method"] not in METHODS and expected["status"] in (404, 405)
        and got["status"] == 400),
    ("MLflow fails over an integer of more than 4300 digits, which is Python's limit.",
     lambda request, expected, got:
        expected["status"] == 500 and re.search(r"\d{4301}", request.get("body") or "")),
    ("MLflow reads headers as Latin-1; treec echoes only what is UTF-8.",
     lambda request, expected, got:
        not request["headers"].get("Content-Type", "").isascii()
        and expected["status"] == got["status"] == 415),
    ("Half a surrogate pair in a column name is too much for pandas with pyarrow.",
     lambda request, expected, got:
        expected["status"] == 400 and "surrogates not allowed" in expected["body"]),
    ("A label that is a list or an object cannot be looked up in Python, and pandas says so where "
     "it happens to look it up; treec does not look at labels that are no names.",
     lambda request, expected, got:
        expected["status"] == 400 and got["status"] in (200, 400)
        and re.search(r"Error: '(unhashable type|\[|\{)", expected["body"])),
    ("Below an object, a list of pairs is an object too for pandas; treec refuses it.",
     lambda request, expected, got:
        "dataframe_records" in (request.get("body") or "") and got["status"] == 400
        and re.search("dictionary update sequence|a list of pairs is no record", got["body"])),
]

# Deliberate differences in HTTP, by the names of fixtures/make/mlflow_http.py.
HTTP_DIFFERENCES = {
    name: reason for reason, names in {
        "Content-Length beside chunks, or twice, is how requests are smuggled.":
            ["length_and_chunked", "length_list", "length_twice"],
        "Only HTTP/1.0 and HTTP/1.1 are spoken.":
            ["version_09", "version_12", "version_20", "http2_preface"],
        "Only the methods of the standards are known.": ["method_lower", "method_unknown"],
        "The parser is stricter than uvicorn's with line ends, control characters and targets.":
            ["line_feeds_alone", "header_folded", "header_control", "path_without_slash",
             "path_backslash", "chunked_line_feeds"],
        "The parser is laxer than uvicorn's, as RFC 9112 allows, with blanks and a blank line.":
            ["blank_line_first", "two_blanks"],
        "The connection is closed after a request for another protocol, which nothing can follow.":
            ["connect", "upgrade_websocket", "upgrade_h2c"],
        "Without a Host, or with one that can be none, the redirect is relative; uvicorn names its "
        "own address.": ["redirect_without_host", "redirect_host_odd"],
        "uvicorn closes the connection because its application has failed.":
            ["no_content_type", "no_content_type_then_get"],
        "uvicorn drops a client that has shut its side down; treec answers it.":
            ["half_closed_ping_11", "half_closed_post", "half_closed_pipelined",
             "half_closed_head_cut", "half_closed_headers_cut", "half_closed_body_cut",
             "half_closed_chunk_cut"],
        "FastAPI's pages are there by accident.": ["docs", "redoc", "openapi"],
    }.items() for name in names
}


def allowed(request, expected, got):
    return any(applies(request, expected, got) for _, applies in ALLOWED)
