#!/usr/bin/env python3
"""Many clients at once, for a bounded time: right, wrong, slow, impatient and vanishing ones.

Every valid request must get the very answer that `treec predict` gives for its rows, every
invalid one its error; memory must stay flat; SIGTERM must end the server with exit status 0.
With a treec built for the thread sanitizer, any report of it fails the run. Standard library only.
"""
import argparse
import collections
import csv
import io
import json
import os
import random
import re
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time

PATIENCE = 60


class Wrong(Exception):
    """The server gave an answer that it should not have given, or none."""


class Rows:
    """Random rows of a model and treec's own predictions for them."""

    def __init__(self, treec, model, folder, count=5000):
        self.names = [c["name"] for c in json.loads(
            subprocess.run([treec, "inspect", "--json", model], check=True, capture_output=True,
                           text=True).stdout)["columns"]]
        draw = random.Random(1)
        self.rows = [[round(draw.uniform(-3, 3) * 10 ** draw.randint(0, 3), 4)
                      for _ in self.names] for _ in range(count)]
        path = os.path.join(folder, "rows.csv")
        with open(path, "w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([self.names] + self.rows)
        out = subprocess.run([treec, "predict", model, path], check=True, capture_output=True,
                             text=True).stdout
        answers = [[float(cell) for cell in row] for row in list(csv.reader(io.StringIO(out)))[1:]]
        self.answers = [row[0] if len(row) == 1 else row for row in answers]

    def draw(self, random_, count):
        """A body's rows and the predictions that must come back."""
        start = random_.randrange(len(self.rows))
        picked = [(start + i) % len(self.rows) for i in range(count)]
        return [self.rows[i] for i in picked], [self.answers[i] for i in picked]


class Client:
    """One keep-alive connection and the blocking calls on it."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        self.buffer = b""

    def send(self, data):
        self.socket.sendall(data)

    def answer(self):
        """Status and body of the next answer."""
        while b"\r\n\r\n" not in self.buffer:
            self.fill()
        head, rest = self.buffer.split(b"\r\n\r\n", 1)
        size = int(re.search(rb"content-length: (\d+)", head).group(1))
        self.buffer = rest
        while len(self.buffer) < size:
            self.fill()
        body, self.buffer = self.buffer[:size], self.buffer[size:]
        return int(head.split()[1]), body

    def fill(self):
        data = self.socket.recv(1 << 16)
        if not data:
            raise ConnectionError("closed")
        self.buffer += data

    def is_ended(self):
        """Whether the server has ended the connection, as it must."""
        try:
            return self.socket.recv(1) == b""
        except ConnectionError:
            return True

    def reset(self):
        """Vanishes without a word."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()

    def close(self):
        self.socket.close()


def request(body, content_type="application/json", extra=""):
    if isinstance(body, str):
        body = body.encode()
    return (f"POST /invocations HTTP/1.1\r\nHost: soak\r\nContent-Type: {content_type}\r\n{extra}"
            f"Content-Length: {len(body)}\r\n\r\n").encode() + body


class Visitor(threading.Thread):
    """One client after another, of every kind."""

    def __init__(self, port, rows, seed, until, counts, failures):
        super().__init__(daemon=True)
        self.port, self.rows, self.until = port, rows, until
        self.random = random.Random(seed)
        self.counts, self.failures = counts, failures
        self.client = None

    def run(self):
        kinds = [self.valid] * 10 + [self.batch] * 2 + [self.table] * 2 + [
            self.invalid, self.nowhere, self.malformed, self.slow, self.aborted, self.impatient,
            self.pipelined, self.half_closed, self.chunked]
        while time.monotonic() < self.until and not self.failures:
            kind = self.random.choice(kinds)
            try:
                kind()
                self.counts[kind.__name__] += 1
            except Exception as error:  # whatever it is, the run has failed
                self.failures.append(f"{kind.__name__}: {type(error).__name__} {error}")
        self.leave()

    # A connection is kept for several requests; the server may end an idle one at any time.

    def stay(self):
        if self.client is None or self.random.random() < 0.1:
            self.leave()
            self.client = Client(self.port)
        return self.client

    def leave(self):
        if self.client is not None:
            self.client.close()
        self.client = None

    def expect(self, client, status, predictions=None):
        got, body = client.answer()
        if got != status:
            raise Wrong(f"status {got} instead of {status}: {body[:200]}")
        if predictions is not None and json.loads(body)["predictions"] != predictions:
            raise Wrong(f"wrong predictions: {body[:200]}")

    def body(self, rows):
        kind = self.random.randrange(4)
        if kind == 0:
            return json.dumps({"dataframe_split": {"columns": self.rows.names, "data": rows}})
        if kind == 1:
            return json.dumps(
                {"dataframe_records": [dict(zip(self.rows.names, row)) for row in rows]})
        return json.dumps({"instances" if kind == 2 else "inputs": rows})

    def valid(self):
        rows, answers = self.rows.draw(self.random, self.random.choice([1, 1, 1, 2, 10]))
        client = self.stay()
        client.send(request(self.body(rows)))
        self.expect(client, 200, answers)

    def batch(self):
        rows, answers = self.rows.draw(self.random, self.random.randrange(100, 3000))
        client = self.stay()
        client.send(request(self.body(rows)))
        self.expect(client, 200, answers)

    def table(self):
        rows, answers = self.rows.draw(self.random, self.random.randrange(1, 300))
        text = io.StringIO()
        csv.writer(text).writerows([self.rows.names] + rows)
        client = self.stay()
        client.send(request(text.getvalue(), "text/csv"))
        self.expect(client, 200, answers)

    def invalid(self):
        rows, _ = self.rows.draw(self.random, 2)
        body, status = self.random.choice([
            ("{", 400), ("[]", 400), ("{}", 400), ('{"instances": [["a"]]}', 400),
            (json.dumps({"instances": [rows[0][1:]]}), 400),
            (json.dumps({"dataframe_split": {"data": [rows[0] + [1]]}}), 400),
            (json.dumps({"inputs": rows})[:-3], 400), (b"\xff\xfe\xfd", 400)])
        client = self.stay()
        client.send(request(body))
        self.expect(client, status)

    def nowhere(self):
        client = self.stay()
        client.send(b"GET /nowhere HTTP/1.1\r\nHost: soak\r\n\r\n"
                    b"DELETE /ping HTTP/1.1\r\nHost: soak\r\n\r\n"
                    + request("x", "text/plain"))
        self.expect(client, 404)
        self.expect(client, 405)
        self.expect(client, 415)

    def malformed(self):
        client = Client(self.port)
        client.send(self.random.choice([
            b"garbage\r\n\r\n", b"GET /ping HTTP/1.1\r\n\r\n", os.urandom(100) + b"\r\n\r\n",
            request("{}", extra="Transfer-Encoding: chunked\r\n"),
            request("{}", extra="Content-Length: 7\r\n")]))
        self.expect(client, 400)
        if not client.is_ended():
            raise Wrong("the connection goes on after a malformed request")
        client.close()

    def slow(self):
        rows, answers = self.rows.draw(self.random, 1)
        client = Client(self.port)
        data = request(json.dumps({"instances": rows}))
        step = max(len(data) // 20, 1)
        for start in range(0, len(data), step):
            client.send(data[start:start + step])
            time.sleep(self.random.random() * 0.05)
        self.expect(client, 200, answers)
        client.close()

    def aborted(self):
        rows, _ = self.rows.draw(self.random, self.random.choice([1, 3000]))
        data = request(self.body(rows))
        client = Client(self.port)
        client.send(data[:self.random.randrange(1, len(data))])
        client.reset()

    def impatient(self):
        rows, _ = self.rows.draw(self.random, self.random.choice([1, 3000]))
        client = Client(self.port)
        client.send(request(self.body(rows)))
        time.sleep(self.random.random() * 0.02)
        client.reset()

    def pipelined(self):
        sent = [self.rows.draw(self.random, self.random.choice([1, 500])) for _ in range(5)]
        client = self.stay()
        client.send(b"".join(request(self.body(rows)) for rows, _ in sent))
        for _, answers in sent:
            self.expect(client, 200, answers)

    def half_closed(self):
        rows, answers = self.rows.draw(self.random, self.random.choice([1, 1000]))
        client = Client(self.port)
        client.send(request(self.body(rows)))
        client.socket.shutdown(socket.SHUT_WR)
        self.expect(client, 200, answers)
        client.close()

    def chunked(self):
        rows, answers = self.rows.draw(self.random, self.random.choice([1, 1000]))
        body = self.body(rows).encode()
        client = self.stay()
        client.send(b"POST /invocations HTTP/1.1\r\nHost: soak\r\nContent-Type: application/json"
                    b"\r\nTransfer-Encoding: chunked\r\n\r\n")
        step = max(len(body) // self.random.randrange(1, 10), 1)
        for start in range(0, len(body), step):
            piece = body[start:start + step]
            client.send(b"%x\r\n%s\r\n" % (len(piece), piece))
        client.send(b"0\r\n\r\n")
        self.expect(client, 200, answers)


def resident(pid):
    with open(f"/proc/{pid}/status", encoding="utf-8") as file:
        return int(re.search(r"VmRSS:\s+(\d+)", file.read()).group(1)) / 1024


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--treec", required=True)
    parser.add_argument("--model", required=True)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    options = parser.parse_args()
    treec = os.path.abspath(options.treec)
    with tempfile.TemporaryDirectory() as folder:
        model = os.path.join(folder, "model.tir")
        subprocess.run([treec, "convert", options.model, "-o", model], check=True)
        rows = Rows(treec, model, folder)
        log = open(os.path.join(folder, "stderr"), "w+", encoding="utf-8")
        server = subprocess.Popen(
            [treec, "serve", model, "--port", "0", "--threads", "2", "--idle-timeout", "60"],
            stderr=log)
        try:
            status = soak(options, server, log, rows)
        finally:
            server.kill()
    sys.exit(status)


def soak(options, server, log, rows):
    port = None
    while port is None:
        if server.poll() is not None:
            sys.exit("treec did not start")
        time.sleep(0.05)
        with open(log.name, encoding="utf-8") as file:
            found = re.search(r"listening on http://[^ ]*:(\d+)", file.read())
        port = found and int(found.group(1))
    began = time.monotonic()
    until = began + options.seconds
    counts, failures = collections.Counter(), []
    visitors = [Visitor(port, rows, options.seed * 1000 + i, until, counts, failures)
                for i in range(options.clients)]
    for visitor in visitors:
        visitor.start()
    sizes = []
    while time.monotonic() < until and not failures:
        time.sleep(0.5)
        sizes.append(resident(server.pid))
    for visitor in visitors:
        visitor.join(PATIENCE * 2)
        if visitor.is_alive():
            failures.append("a client still waits for its answer")
    # Peaks of a third, since the sizes go up and down with the batches that are on their way.
    third = len(sizes) // 3
    early, late = max(sizes[third:2 * third], default=0), max(sizes[2 * third:], default=0)
    if third > 5 and late > early * 1.2 + 8:
        failures.append(f"memory grows: {early:.0f} MB, then {late:.0f} MB")
    stopped = time.monotonic()
    server.send_signal(signal.SIGTERM)
    try:
        if server.wait(40) != 0:
            failures.append(f"exit status {server.returncode}")
    except subprocess.TimeoutExpired:
        failures.append("SIGTERM does not end the server")
    log.seek(0)
    said = log.read()
    if "ThreadSanitizer" in said or "Fatal error" in said:
        failures.append(said[:4000])
    print("requests: " + ", ".join(f"{k} {v}" for k, v in sorted(counts.items())))
    print(f"memory: {early:.1f} MB, then {late:.1f} MB; "
          f"stopped in {time.monotonic() - stopped:.2f} s; seed {options.seed}")
    for failure in failures:
        print("FAILED " + failure)
    return 1 if failures else 0


if __name__ == "__main__":
    main()
