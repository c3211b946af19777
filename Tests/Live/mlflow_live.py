#!/usr/bin/env python3
"""Puts the same requests to MLflow's own scoring server and to `treec serve`, and compares.

The models are of LightGBM, XGBoost or CatBoost (--libraries), saved by MLflow without a signature.
With --mlflow-strict every answer must be MLflow's: status, content type, error code, the parts of a
message that are fixed, and the text of the predictions byte for byte. Without it, columns whose
names are in another order and categories that are texts must give what the library gives for them
in the right order and dtype, and arrays without categories as text what they give with it.
"""
import argparse
import concurrent.futures
import contextlib
import http.client
import json
import os
import re
import signal
import subprocess
import sys
import time

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
FIXTURES = os.path.join(HERE, "..", "..", "fixtures")
sys.path.insert(0, os.path.join(FIXTURES, "make"))

import lightgbm
import numpy as np
import xgboost

import harness
import mlflow_cases
import mlflow_catboost_boosters
import mlflow_catboost_cases
import mlflow_catboost_models
import mlflow_compare
import mlflow_http
import mlflow_models
import mlflow_requests
import mlflow_server
import mlflow_xgboost_cases
import mlflow_xgboost_models

MODELS = {
    "lightgbm": mlflow_models, "xgboost": mlflow_xgboost_models, "catboost": mlflow_catboost_models}
CASES = {
    "lightgbm": mlflow_cases, "xgboost": mlflow_xgboost_cases, "catboost": mlflow_catboost_cases}
STRICT_REQUESTS, DEFAULT_REQUESTS, CONNECTIONS = 150, 40, 3
LISTENING = re.compile(r"listening on http://127\.0\.0\.1:(\d+)")


class Treec:
    """A running `treec serve`, which must end well when the block that it serves does."""

    def __init__(self, session, model, *options):
        self.model = model
        self.log = session.path("serve-%d.log" % len(os.listdir(session.folder)))
        with open(self.log, "w", encoding="utf-8") as file:
            self.process = subprocess.Popen(
                [session.treec, "serve", model, "--port", "0", *options],
                cwd=session.folder, stdout=subprocess.DEVNULL, stderr=file)
        self.options = options
        self.port = self.wait_for_port()
        self.connection = None

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        if kind is None:
            self.stop()
        else:
            self.process.kill()

    def wait_for_port(self):
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline and self.process.poll() is None:
            found = LISTENING.search(self.said())
            if found:
                return int(found[1])
            time.sleep(0.005)
        self.process.kill()
        raise harness.Disagreement("treec serve does not listen: %s" % self.said())

    def said(self):
        with open(self.log, encoding="utf-8", errors="replace") as file:
            return file.read()

    def ask(self, request):
        """The answer; a connection that is gone is an answer too, of status 0."""
        for attempt in range(2):
            fresh = self.connection is None
            if fresh:
                self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
            try:
                return mlflow_server.ask(self.port, request, self.connection)
            except (http.client.HTTPException, OSError) as error:
                # An idle connection may have been closed in the meantime.
                self.connection = None
                if fresh or attempt:
                    return {"status": 0, "content_type": None, "body": repr(error)}

    def stop(self):
        if self.process.poll() is not None:
            raise harness.Disagreement(
                "treec serve ended with %d: %s" % (self.process.returncode, self.said()[-1000:]))
        if self.connection:
            self.connection.close()
        self.process.send_signal(signal.SIGTERM)
        try:
            code = self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise harness.Disagreement("treec serve does not stop") from None
        if code != 0:
            raise harness.Disagreement(
                "treec serve stopped with %d: %s" % (code, self.said()[-1000:]))


class Comparison:
    """Compares the answers of a case, and keeps a file of each that differs."""

    def __init__(self, session, kind):
        self.session, self.kind, self.wrong = session, kind, []
        self.tally = session.tallies.setdefault(kind, harness.Tally())

    def expect(self, request, expected, got, server):
        self.session.rows += 1
        self.tally.values += 1
        why = mlflow_compare.difference(expected, got)
        if why is None:
            return
        self.tally.differing += 1
        if mlflow_compare.allowed(request, expected, got):
            return
        name = self.note(why, {"request": request, "expected": expected, "got": got}, server)
        data = mlflow_server.body_of(request)
        if data is not None:
            with open(self.session.path(name.replace(".json", ".body")), "wb") as file:
                file.write(data)

    def expect_alike(self, request, expected, got, server, keys=("status", "body")):
        """Compares with a strict answer; the words of a refusal may be others."""
        self.session.rows += 1
        self.tally.values += 1
        for key in keys:
            if got[key] != expected[key] and (key == "status" or expected["status"] == 200):
                self.tally.differing += 1
                self.note(
                    "%s is %s, not %s" % (key, got[key], expected[key]),
                    {"request": request, "expected": expected, "got": got}, server)
                break

    def note(self, why, details, server):
        """Keeps a difference that is not accounted for, and gives the name of its file."""
        self.tally.beyond += 1
        name = "%s-%d.json" % (self.kind, len(self.wrong) + 1)
        self.wrong.append((name, why))
        with open(self.session.path(name), "w", encoding="utf-8") as file:
            json.dump(
                {"why": why, "serve": [server.model, *server.options], **details}, file, indent=1)
            file.write("\n")
        return name

    def finish(self):
        if self.wrong:
            raise harness.Disagreement("%d answers differ\n%s" % (
                len(self.wrong), "\n".join("  %s: %s" % wrong for wrong in self.wrong[:20])))


def check_streams(server, compared, generator, answers):
    """Asks everything again on several connections at once, one request behind the other, in
    pieces of any size: each must get the answer that it got before. `answers` are pairs of a
    request and its answer."""
    def converse(order, pieces):
        stream = b"".join(mlflow_http.encoded(answers[at][0]) for at in order)
        received = mlflow_http.converse(server.port, stream, pieces)
        methods = [answers[at][0]["method"] for at in order]
        return [
            (int(line.split()[1]), body.decode("utf-8"))
            for line, _, body in mlflow_http.responses(received, methods)]

    orders = [generator.permutation(len(answers)) for _ in range(CONNECTIONS)]
    sizes = [
        np.exp(generator.uniform(0, generator.uniform(1, 9), size=2000)).astype(int)
        for _ in orders]
    with concurrent.futures.ThreadPoolExecutor(CONNECTIONS) as pool:
        for order, given in zip(orders, pool.map(converse, orders, sizes)):
            expected = [(answers[at][1]["status"], answers[at][1]["body"]) for at in order]
            compared.tally.values += len(order)
            compared.session.rows += len(order)
            if given != expected:
                at = next(
                    (at for at, pair in enumerate(zip(given, expected)) if pair[0] != pair[1]),
                    min(len(given), len(expected)))
                compared.tally.differing += 1
                compared.note("%d of %d answers; number %d in the stream is another" % (
                    len(given), len(expected), at), {
                        "requests": [answers[index][0] for index in order[:at + 1]],
                        "expected": expected[at:at + 1], "got": given[at:at + 1]}, server)


def convert(session, model, output, schema=None):
    """Converts a model file, naming the columns of dictionaries where treec asks for them."""
    named = []
    if schema and schema.categories and session.asks_for("--categorical", "inspect", model):
        named = ["--categorical", ",".join(schema.names[i] for i in sorted(schema.categories))]
    session.run("convert", model, "-o", output, *named)


@contextlib.contextmanager
def served_by_mlflow(session, name, booster):
    """Saves a booster as MLflow does, and serves it: the port."""
    folder = session.path(name)
    mlflow_server.save(booster, folder)
    server, port = mlflow_server.serve(folder)
    try:
        yield port
    finally:
        server.should_exit = True


def ask_real(port, request, connection):
    """MLflow's answer and the connection to go on with: some of its answers end one."""
    try:
        return mlflow_server.ask(port, request, connection), connection
    except (http.client.HTTPException, OSError):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        return mlflow_server.ask(port, request, connection), connection


def options(model):
    """How treec answers what the class does by which MLflow serves a model."""
    return getattr(model, "options", [])


def check_strict(session, model, requests, compared, streams):
    """Compares with MLflow's server; the requests with treec's answers."""
    answers = []
    with served_by_mlflow(session, "served", model.booster) as port:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        file = session.path(os.path.join("served", model.file))
        convert(session, file, "model.tir", model.schema)
        with Treec(session, "model.tir", "--mlflow-strict", *options(model)) as strict:
            for _ in range(STRICT_REQUESTS):
                request = requests.request()
                real, connection = ask_real(port, request, connection)
                real = model.expected(file, request, real)
                answer = strict.ask(request)
                answers.append((request, answer))
                compared.expect(
                    request, mlflow_server.without_stack(real),
                    mlflow_server.without_stack(answer), strict)
            check_streams(strict, streams, requests.generator, answers)
    return answers


def check_default(session, model, requests, compared, strict_answers):
    """Compares with the library's answer for the right order and dtype of columns."""
    file = session.path(os.path.join("served", model.file))
    arrays = [] if model.needs_names else ["inputs", "instances"]
    with Treec(session, "model.tir", *options(model)) as default:
        for _ in range(DEFAULT_REQUESTS):
            forms = ["split", "records", "csv"]
            if model.schema.categories:
                form = mlflow_requests.pick(requests.generator, forms + arrays)
                request, rows = requests.texts(form)
            else:
                form = mlflow_requests.pick(requests.generator, forms)
                request, rows = requests.permuted(form)
            compared.expect(
                request, mlflow_server.predicted(np.asarray(model.predict(file, rows))),
                mlflow_server.without_stack(default.ask(request)), default)
        # Arrays have no names, and numbers in them are codes. Frames without dictionaries may go
        # by name, but what MLflow refuses is refused.
        for request, answer in strict_answers:
            if model.needs_names:
                # What has the names right means the same; numbers among categories are codes.
                if answer["status"] == 200:
                    compared.expect_alike(request, answer, default.ask(request), default)
            elif mlflow_requests.is_array(request):
                if not mlflow_requests.has_text_in(request, model.schema.categories):
                    compared.expect_alike(request, answer, default.ask(request), default)
            elif not model.schema.categories and not getattr(model, "takes_more", False):
                compared.expect_alike(request, answer, default.ask(request), default, ("status",))


def run_case(session, seed):
    chosen = session.options.libraries.split(",")
    model, generator = MODELS[chosen[seed % len(chosen)]].train(seed)
    drawn = getattr(model, "requests", None)
    requests = drawn(generator) if drawn else mlflow_requests.Requests(model, generator)
    comparisons = [Comparison(session, kind) for kind in ("strict", "streams", "default")]
    answers = check_strict(session, model, requests, *comparisons[:2])
    check_default(session, model, requests, comparisons[2], answers)
    for comparison in comparisons:
        comparison.finish()


@contextlib.contextmanager
def fixture(session, name):
    """A model of fixtures/mlflow, served by both: MLflow's port, and treec."""
    folder = os.path.join(FIXTURES, "mlflow", name)
    file = os.listdir(folder)[0]
    answered = []
    if file == mlflow_catboost_models.Model.file:
        booster = mlflow_catboost_boosters.load(name, os.path.join(folder, file))
        answered = ["--output", mlflow_catboost_boosters.CLASSES[name][1]]
    else:
        library = lightgbm if file == mlflow_models.Model.file else xgboost
        booster = library.Booster(model_file=os.path.join(folder, file))
    with served_by_mlflow(session, name, booster) as port:
        convert(session, os.path.join(name, file), name + ".tir")
        with Treec(session, name + ".tir", "--mlflow-strict", *answered) as strict:
            yield port, strict


def expect_alike(port, strict, compared, request):
    """Puts a request to both servers, on a new connection to MLflow's."""
    compared.expect(
        request, mlflow_server.without_stack(mlflow_server.ask(port, request)),
        mlflow_server.without_stack(strict.ask(request)), strict)


def recorded_cases(session):
    """Every case of fixtures/make/mlflow_*cases.py, of which fixtures/mlflow keeps a part."""
    cases = [
        case for library in session.options.libraries.split(",")
        for case in CASES[library].all_cases()]
    compared = Comparison(session, "recorded")
    for name in sorted({case["model"] for case in cases}):
        with fixture(session, name) as (port, strict):
            for case in cases:
                # MLflow's answers to blocks are not what treec should answer.
                if case["model"] == name and case["kind"] != "blocks":
                    expect_alike(port, strict, compared, case["request"])
    compared.finish()


def long_tables(session):
    """CSV bodies long enough for pandas to read them in chunks."""
    compared = Comparison(session, "long")
    with fixture(session, "nosig_wide") as (port, strict):
        for _, request in mlflow_requests.long_tables(len(mlflow_cases.WIDE)):
            expect_alike(port, strict, compared, request)
    compared.finish()


def http_shown(received, closed, request):
    """What is compared of the responses in a stream."""
    shown = []
    for status, headers, body in mlflow_http.responses(received, mlflow_http.methods(request)):
        kept = {
            key: headers[key] for key in ("content-type", "allow", "location") if key in headers}
        if headers.get("content-type") == "application/json" and b'"error_code"' in body:
            body = b"{an error}"
        shown.append([status, kept, body.decode("latin-1")])
    return {"responses": shown, "closed": closed}


def http_cases(session):
    """Bytes on a socket, well and badly formed."""
    requests = {
        **mlflow_http.REQUESTS, **mlflow_http.HALF_CLOSED, **mlflow_http.UNRECORDED}
    compared = Comparison(session, "http")
    with fixture(session, "nosig_binary") as (port, strict):
        real = mlflow_http.exchange_all(port, requests)
        ours = mlflow_http.exchange_all(strict.port, requests)
    for name, request in requests.items():
        session.rows += 1
        compared.tally.values += 1
        expected, got = (
            http_shown(received.replace(b":%d" % number, b":<PORT>"), closed, request)
            for (received, closed), number in ((real[name], port), (ours[name], strict.port)))
        if expected != got:
            compared.tally.differing += 1
            if name not in mlflow_compare.HTTP_DIFFERENCES:
                compared.note("%s: %s, not %s" % (name, got, expected), {
                    "request": request.decode("latin-1")[:2000], "expected": expected, "got": got},
                    strict)
    compared.finish()


def report(title, cases, _, requests, tallies):
    print("\n%s: %d cases, %d requests" % (title, cases, requests))
    print("%-12s %12s %12s %16s" % ("part", "requests", "differing", "not accounted for"))
    for kind, tally in tallies.items():
        print("%-12s %12d %12d %16d" % (kind, tally.values, tally.differing, tally.beyond))


def libraries(text):
    """A value of --libraries, if it is one."""
    if not set(text.split(",")) <= set(MODELS):
        raise argparse.ArgumentTypeError("%s, with commas between" % " and ".join(MODELS))
    return text


if __name__ == "__main__":
    mlflow_server.silence_native_code()
    harness.main(
        "MLflow %s live" % mlflow_server.VERSION, __doc__, run_case,
        {"recorded": recorded_cases, "long": long_tables, "http": http_cases}, report, options={
            "libraries": {
                "type": libraries, "default": ",".join(MODELS),
                "help": "whose models are drawn, in turns (default: %(default)s)"}})
