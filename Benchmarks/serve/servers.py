"""The servers that are compared: how each is started, asked and understood."""

import json
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

from processes import Process, free_port

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
WINE = HERE / "wine"
YUMMY = "import sys, yummy_mlflow; yummy_mlflow.serve(sys.argv[1], '127.0.0.1', int(sys.argv[2]), 'error')"
JSON, CSV = "application/json", "text/csv"


class Body:
    """A request's body in a file, its type, and how many rows it has."""

    def __init__(self, path, kind, rows):
        self.path, self.kind, self.rows = path, kind, rows

    @property
    def size(self):
        return self.path.stat().st_size

    def request(self, port):
        body = self.path.read_bytes()
        return (f"POST /invocations HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: {self.kind}\r\n"
                f"Content-Length: {len(body)}\r\n\r\n").encode() + body


class Server:
    """A server by name: `command` with `{port}` in it, and the bodies that it understands."""

    def __init__(self, name, title, command, bodies, environment=None):
        self.name, self.title, self.bodies = name, title, bodies
        self.command, self.environment = command, environment
        self.process = self.port = None

    def start(self):
        """Seconds until the first answer, which must be right."""
        self.port = free_port()
        command = [str(part).replace("{port}", str(self.port)) for part in self.command]
        self.process = Process(command, self.environment)
        seconds, answer = self.process.first_answer(self.port, self.bodies["one"].request(self.port))
        self.check(self.bodies["one"], answer)
        return seconds

    def stop(self):
        if self.process:
            self.process.stop()
            self.process = None

    def check(self, body, answer):
        """Stops the benchmark unless the answer is the one expected."""
        status, text = answer
        if status != 200 or not self.is_right(body, text):
            sys.exit(f"{self.name} answers {body.path.name} with {status}: {text[:300]!r}")

    def is_right(self, body, text):
        answer = json.loads(text)
        predictions = answer["predictions"] if isinstance(answer, dict) else answer
        if body.rows == 1:
            return predictions == json.loads((WINE / "answer.json").read_text())["predictions"]
        return len(predictions) == body.rows


class Echo(Server):
    def is_right(self, body, text):
        return text == body.path.read_bytes()


def bodies(folder, wrap):
    """The requests: one row, and 1,000 and 10,000 rows of random numbers."""
    made = {}
    if wrap:
        made["one"] = Body(WINE / "request.json", JSON, 1)
    else:
        document = json.loads((WINE / "request.json").read_text())["dataframe_split"]
        path = folder / "one-bare.json"
        path.write_text(json.dumps(document))
        made["one"] = Body(path, JSON, 1)
    names = [str(column) for column in range(13)]
    for name, count in ("batch", 1000), ("large", 10_000):
        generator = random.Random(count)
        rows = [[generator.gauss(0, 1) for _ in names] for _ in range(count)]
        document = {"columns": names, "data": rows}
        path = folder / f"{name}{'' if wrap else '-bare'}.json"
        path.write_text(json.dumps({"dataframe_split": document} if wrap else document))
        made[name] = Body(path, JSON, count)
        if wrap:
            path = folder / f"{name}.csv"
            path.write_text("\n".join([",".join(names), *(",".join(map(repr, row)) for row in rows)]) + "\n")
            made[name + "-csv"] = Body(path, CSV, count)
    return made


def servers(folder, treec, echo, mlflow, yummy):
    """Those of the servers that are there; `mlflow` and `yummy` may be None."""
    model = folder / "wine.tir"
    subprocess.run([treec, "convert", WINE / "model.lgb", "-o", model], check=True,
                   stdout=subprocess.DEVNULL)
    wrapped = bodies(folder, wrap=True)
    found = [
        Server("treec", "treec serve",
               [treec, "serve", model, "--port", "{port}", "--threads", "1"], wrapped),
        Echo("echo", "NIO echo", [echo, "{port}"], wrapped),
    ]
    if yummy:
        # It reads what MLflow 2 wrote, which had two more lines, and wants the frame bare.
        directory = folder / "yummy"
        directory.mkdir(exist_ok=True)
        shutil.copy(WINE / "model.lgb", directory)
        lines = "artifact_path: model\nrun_id: 0123456789abcdef0123456789abcdef\n"
        (directory / "MLmodel").write_text(lines + (WINE / "MLmodel").read_text())
        found.append(Server("yummy", "yummy-mlflow", [yummy, "-c", YUMMY, directory, "{port}"],
                            bodies(folder, wrap=False)))
    if mlflow:
        path = f"{mlflow.parent}:{os.environ['PATH']}"
        found.append(Server(
            "mlflow", "mlflow models serve",
            [mlflow, "models", "serve", "-m", WINE, "--port", "{port}", "--env-manager", "local"],
            wrapped, dict(os.environ, PATH=path)))
    return found
