"""One peer with one model, in a process of its own: answers a line of JSON with a line of JSON.

    python -m suite.worker PEER MODEL FOLDER THREADS [prepare]

With `prepare` it only makes what takes minutes, and prints one line. What the libraries print goes
to the standard error.
"""

import csv
import importlib
import json
import os
import sys
from pathlib import Path

import numpy

from . import models, peers
from .answers import differences
from .peers.base import Context, NotForBatch, Refusal


def treec_answers(path, like):
    """What treec wrote, in the shape of a peer's answers."""
    with open(path, encoding="utf-8", newline="") as file:
        table = list(csv.reader(file))[1:]
    return numpy.array(table, dtype=numpy.float64).reshape(like.shape)


class Worker:
    def __init__(self, peer):
        self.peer = peer

    def answer(self, request):
        match request["do"]:
            case "measure":
                measure = self.peer.ways[request["way"]]
                return {"ns": measure(request["batch"], request["seconds"])}
            case "compare":
                # treec's answers by what they are: raw scores, or probabilities.
                answers = numpy.asarray(self.peer.answers())
                return differences(treec_answers(request[self.peer.kind], answers), answers)
        raise ValueError(request["do"])


def reply(stream, message):
    print(json.dumps(message), file=stream, flush=True)


def guarded(stream, function):
    """Replies with what a function gives, or with why it gives nothing."""
    try:
        reply(stream, function())
        return True
    except NotForBatch as reason:
        reply(stream, {"empty": str(reason)})
    except Refusal as refusal:
        reply(stream, {"refusal": str(refusal)})
    except Exception as error:
        words = str(error).strip().splitlines()
        reply(stream, {"error": f"{type(error).__name__}: {words[0] if words else ''}"[:300]})
    return False


def main():
    name, model, folder, threads, *rest = sys.argv[1:]
    stream = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    entry = peers.named(name)[0]
    context = Context(models.named(model)[0], Path(folder), int(threads))
    worker = None

    def start():
        nonlocal worker
        module = importlib.import_module(f"suite.peers.{entry.module}")
        library = module.library(name)
        if rest:
            library.prepare(context)
            return {"prepared": True}
        worker = Worker(library(context))
        return {"ways": list(worker.peer.ways), "note": worker.peer.note,
                "kind": worker.peer.kind}

    if not guarded(stream, start) or rest:
        return
    for line in sys.stdin:
        request = json.loads(line)
        guarded(stream, lambda: worker.answer(request))


if __name__ == "__main__":
    main()
