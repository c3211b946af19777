"""The section of speed: models x batches x peers, on one core and on all."""

import os
import tempfile
from contextlib import ExitStack

from machine import processor

from .pmml_processes import start_pmml
from .processes import NotMeant, PeerFailure, PeerProcess, prepare
from .subject import Subject

BATCHES = [1, 64, 1000, 8192, 100_000]
# A batch of fewer rows is not shared among threads.
FEWEST_SHARED = 1000
# Batches of at most as many rows as the file has, and larger ones, whose rows are repeated.
LARGEST_OF_FILE = 8192
# A call that took longer is not measured again in later rounds.
LONG_CALL = 2.0
# Peers that are prepared ahead of time.
PREPARED = ("lleaves", "tl2cgen", "ydf")


class Times:
    """Times by who scores, how, on which cores, and rows a call; and why there are none."""

    def __init__(self):
        self.lines = {}
        self.refusals = {}

    def add(self, model, who, way, cores, batch, nanoseconds, **more):
        line = self.lines.setdefault(
            (model, who, way, cores, batch),
            {"model": model, "who": who, "way": way, "cores": cores, "batch": batch,
             **more, "ns": []})
        line["ns"].append(round(nanoseconds, 1))

    def is_long(self, *key):
        """Whether a call took so long that once is enough."""
        line = self.lines.get(key)
        return line is not None and line["ns"][0] * key[-1] > LONG_CALL * 1e9

    def refuse(self, model, who, reason):
        self.refusals.setdefault(model, {})[who] = reason


class Field:
    """Those who score one model."""

    def __init__(self, subject, times, settings, instruction_sets):
        self.subject, self.times, self.settings = subject, times, settings
        self.instruction_sets = instruction_sets
        self.processes = []
        self.answers = {}
        self.notes = {}

    @property
    def name(self):
        return self.subject.model.name

    def start(self, stack, log):
        """Starts all peers that can score the model, and compares their answers."""
        every = f"0-{os.cpu_count() - 1}"
        for entry in self.settings.peers:
            reason = entry.refuses(self.subject.model)
            if not reason and entry.name in PREPARED:
                print(f"  preparing {entry.title}", flush=True)
                reason = prepare(self.subject.python, entry.name, self.name, self.subject.folder,
                                 self.settings.compile_limit, log)
            if reason:
                self.times.refuse(self.name, entry.title, reason)
                continue
            for cores, threads in (("0", 1), (every, os.cpu_count())):
                try:
                    process = self.start_one(entry, threads, cores, log)
                    if process is None:
                        continue
                    stack.callback(process.close)
                    self.processes.append((entry.title, "one" if threads == 1 else "all", process))
                    if threads == 1:
                        self.compare(entry, process)
                except PeerFailure as failure:
                    self.times.refuse(self.name, entry.title, str(failure))
                    break

    def start_one(self, entry, threads, cores, log):
        """None for a peer that has no threads to score on all cores with."""
        if entry.module == "pmml":
            return start_pmml(entry.name, self.subject, self.settings.warm) if threads == 1 else None
        if threads > 1 and not any(batch >= FEWEST_SHARED for batch in self.settings.batches):
            return None
        return PeerProcess(self.subject.python, entry.name, self.name, self.subject.folder, threads,
                           cores, log)

    def compare(self, entry, process):
        self.notes[entry.title] = process.note
        self.answers[entry.title] = process.compare(self.subject.raw, self.subject.probability)
        print(f"  {entry.title}: {self.answers[entry.title]}", flush=True)

    def round(self):
        """All of them once."""
        for isa in reversed(self.instruction_sets):
            self.measure_treec(isa, "one")
        self.measure_treec(self.instruction_sets[-1], "all")
        for title, cores, process in self.processes:
            for way in process.ways:
                for batch in self.batches(cores):
                    self.measure_peer(title, cores, process, way, batch)

    def batches(self, cores):
        return [batch for batch in self.settings.batches
                if cores == "one" or batch >= FEWEST_SHARED]

    def measure_treec(self, isa, cores):
        threads = 1 if cores == "one" else os.cpu_count()
        pinned = "0" if cores == "one" else f"0-{os.cpu_count() - 1}"
        batches = self.batches(cores)
        # A large batch repeats the rows, which would then be other rows for the small ones too.
        for group in ([batch for batch in batches if batch <= LARGEST_OF_FILE],
                      [batch for batch in batches if batch > LARGEST_OF_FILE]):
            for encode in [False, True] if self.subject.model.has_text else [False]:
                for result in self.subject.bench(isa, group, threads, pinned,
                                                 self.settings.seconds, encode) if group else []:
                    self.times.add(
                        self.name, f"treec {isa}", "text" if encode else "Doubles", cores,
                        result["batch"], result["ns_per_row_min"], engine=result["engine"])

    def measure_peer(self, title, cores, process, way, batch):
        if self.times.is_long(self.name, title, way, cores, batch):
            return
        try:
            self.times.add(self.name, title, way, cores, batch,
                           process.measure(way, batch, self.settings.seconds))
        except NotMeant:
            return
        except PeerFailure as failure:
            where = "one core" if cores == "one" else "all cores"
            self.times.refuse(self.name, f"{title}: {way}, batch {batch:,}, {where}", str(failure))


def measure(settings):
    """What is written as JSON."""
    _, instruction_sets = processor()
    times = Times()
    models = []
    for model in settings.models:
        subject = Subject(model, settings.treec, settings.python)
        subject.prepare()
        subject.answer(instruction_sets)
        print(f"{model.name}: {model.title}", flush=True)
        field = Field(subject, times, settings, instruction_sets)
        with ExitStack() as stack, tempfile.TemporaryFile() as log:
            field.start(stack, log)
            for number in range(settings.rounds):
                field.round()
                print(f"  round {number + 1} of {settings.rounds}", flush=True)
        models.append({"name": model.name, "title": model.title, "library": model.library,
                       **subject.facts(), "answers": field.answers, "notes": field.notes})
    return {"batches": settings.batches, "instruction_sets": instruction_sets,
            "peers": [entry.title for entry in settings.peers], "models": models,
            "times": list(times.lines.values()), "refusals": times.refusals}
