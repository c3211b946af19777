"""A model that is trained once, its rows, and treec scoring them."""

import json
import subprocess

from machine import run_treec

from .environment import BENCHMARKS, BUILD


class Subject:
    def __init__(self, model, treec, python):
        self.model, self.treec, self.python = model, treec, python
        self.folder = BUILD / "models" / model.name
        self.source = self.folder / f"model.{model.suffix}"
        self.file = self.folder / "model.tir"
        self.table = self.folder / "rows.csv"
        self.raw = self.folder / "treec.raw.csv"
        self.probability = self.folder / "treec.probability.csv"

    def prepare(self):
        """Trains where that has not been done, and converts."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if not self.source.exists():
            print(f"training {self.model.name}", flush=True)
            subprocess.run(
                [str(self.python), "-B", "-m", "suite.training", self.model.name, self.folder],
                cwd=BENCHMARKS, check=True, stdout=subprocess.DEVNULL)
        run_treec(self.treec, "convert", self.source, "-o", self.file)

    @property
    def output(self):
        """What is computed: raw scores, or of PMML the model's own results."""
        return "fields" if self.model.library == "PMML" else "raw"

    def answer(self, instruction_sets):
        """Writes treec's answers for peers to compare with; those of all instruction sets have to
        be the same bytes."""
        written = set()
        for isa in instruction_sets:
            run_treec(self.treec, "predict", self.file, self.table, "--output", self.output,
                      "-o", self.raw, instructions=isa)
            written.add(self.raw.read_bytes())
        if len(written) > 1:
            raise SystemExit(f"{self.model.name}: instruction sets give different answers")
        if self.model.classes > 2:
            run_treec(self.treec, "predict", self.file, self.table, "--output", "probability",
                      "-o", self.probability)

    def bench(self, instructions, batches, threads, cores, seconds, encode=False):
        """What `treec bench` says of each batch."""
        options = ["--encode"] if encode else []
        lines = run_treec(
            self.treec, "bench", self.file, "--data", self.table, "--output", self.output,
            "--json", "--batches", ",".join(map(str, batches)), "--threads", threads,
            "--seconds", seconds, *options, cores=cores, instructions=instructions)
        return [json.loads(line) for line in lines.splitlines()]

    def facts(self):
        """Sizes, and what engines take of memory."""
        report = json.loads(run_treec(self.treec, "inspect", "--json", self.file))
        tables = sum(ensemble["table_bytes"] for ensemble in report["engines"])
        return {"source_bytes": self.source.stat().st_size,
                "file_bytes": self.file.stat().st_size, "table_bytes": tables}
