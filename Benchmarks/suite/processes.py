"""Peers in processes of their own, from the side that asks them."""

import json
import os
import selectors
import subprocess

from .environment import BENCHMARKS, ROOT

# Seconds that a peer may take to load a model, and to answer a question.
LOAD_LIMIT, ANSWER_LIMIT = 300, 120


class PeerFailure(Exception):
    """Why a peer gives no answer."""


class NotMeant(PeerFailure):
    """A way that is not meant for batches of a size."""


def command(python, peer, model, folder, threads, *more):
    return [str(word) for word in (python, "-B", "-m", "suite.worker", peer, model, folder,
                                   threads, *more)]


class PeerProcess:
    """A peer with a model; `ways` by name, or `PeerFailure`."""

    def __init__(self, python, peer, model, folder, threads, cores, log):
        self.process = subprocess.Popen(
            ["taskset", "-c", cores, *command(python, peer, model, folder, threads)],
            cwd=BENCHMARKS, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log)
        self.selector = selectors.DefaultSelector()
        self.selector.register(self.process.stdout, selectors.EVENT_READ)
        try:
            hello = self.read(LOAD_LIMIT)
        except PeerFailure:
            self.close()
            raise
        self.ways, self.note, self.kind = hello["ways"], hello["note"], hello["kind"]

    def read(self, limit):
        """A line, which is a whole message, within so many seconds."""
        if not self.selector.select(limit):
            self.kill()
            raise PeerFailure(f"no answer in {limit} seconds")
        line = self.process.stdout.readline()
        if not line:
            status = self.process.wait()
            raise PeerFailure(f"ended with status {status}")
        message = json.loads(line)
        for key, failure in (("empty", NotMeant), ("refusal", PeerFailure), ("error", PeerFailure)):
            if key in message:
                raise failure(without_paths(message[key]))
        return message

    @property
    def is_alive(self):
        return self.process.poll() is None

    def ask(self, **request):
        if not self.is_alive:
            raise PeerFailure("has ended before")
        self.process.stdin.write(json.dumps(request).encode() + b"\n")
        self.process.stdin.flush()
        return self.read(ANSWER_LIMIT)

    def measure(self, way, batch, seconds):
        return self.ask(do="measure", way=way, batch=batch, seconds=seconds)["ns"]

    def compare(self, raw, probability):
        """How far its answers are from treec's, in those files; None for a model of its own."""
        if self.kind is None:
            return None
        return self.ask(do="compare", raw=str(raw), probability=str(probability))

    def kill(self):
        self.process.kill()
        self.process.wait()

    def close(self):
        """Ends it; it ends by itself where it can."""
        self.process.stdin.close()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.kill()
        self.selector.close()
        self.process.stdout.close()


def without_paths(message):
    """What a library says, without the folder of this repository."""
    return str(message).replace(f"{ROOT}/", "")


def prepare(python, peer, model, folder, limit, log):
    """Makes what takes minutes, in at most so many seconds; None, or why that failed. What has
    failed is not tried again while the folder and the limit are the same."""
    stamp = folder / f"{peer}.prepared"
    if stamp.exists():
        known = json.loads(stamp.read_text(encoding="utf-8"))
        if known["reason"] is None or known["limit"] >= limit:
            return known["reason"]
    process = subprocess.Popen(
        command(python, peer, model, folder, os.cpu_count(), "prepare"), cwd=BENCHMARKS,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log, start_new_session=True)
    try:
        text = process.communicate(timeout=limit)[0].decode()
        message = json.loads(text) if text.strip() else {
            "error": f"ended with status {process.returncode}"}
        reason = message.get("refusal") or message.get("error")
    except subprocess.TimeoutExpired:
        # With the compilers that it has started.
        os.killpg(process.pid, 9)
        process.communicate()
        reason = f"compiles for more than {limit:g} seconds"
    stamp.write_text(json.dumps({"reason": reason, "limit": limit}), encoding="utf-8")
    return reason
