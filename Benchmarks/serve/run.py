#!/usr/bin/env -S python3 -B
"""Measures `treec serve` under load, beside an echo server on the same NIO pipeline and, where
they are installed (peers.sh), `mlflow models serve` and yummy-mlflow.

    Benchmarks/serve/run.py --treec .build-install/stage/bin/treec

Each server is one process on one core; the clients have another. The servers take turns, and
medians of the rounds are quoted. The table goes to docs/benchmarks/serve.md, the chart beside
it, the figures to .build/benchmarks/serve/results.json. Needs wrk.
"""

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import time
from pathlib import Path

import report
from measure import closed_loop, first_answer, medians, open_loop
from processes import CLIENT_CPU
from servers import ROOT, WINE, servers

PACKAGE = ROOT / "Benchmarks"
MLFLOW = ROOT / ".venv-peers/mlflow/bin/mlflow"
YUMMY = ROOT / ".venv-peers/yummy/bin/python"
CONNECTIONS = 8, 64
RATES = 500, 1000, 5000, 20_000


def build(product):
    # As treec is installed: with the Swift runtime in the binary.
    options = ["-c", "release", "--package-path", PACKAGE, "--static-swift-stdlib"]
    subprocess.run(["swift", "build", *options, "--product", product], check=True, stdout=sys.stderr)
    shown = subprocess.run(["swift", "build", *options, "--show-bin-path"], check=True,
                           stdout=subprocess.PIPE, text=True)
    return Path(shown.stdout.strip()) / product


def say(text):
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


def is_slow(server):
    """Whether a server is too slow for the loads of the others."""
    return server.name == "mlflow"


def measure_starts(found, count):
    """Medians of the seconds from exec to the first answer."""
    starts = {}
    for server in found:
        say(f"starts of {server.name}")
        starts[server.name] = medians([
            {"seconds": first_answer(server)} for _ in range(3 if is_slow(server) else count)])
    return starts


def measure_saturation(found, rounds, seconds):
    runs = {}
    for number in range(rounds):
        for server in found:
            for connections in CONNECTIONS:
                if is_slow(server) and (number >= 2 or connections != CONNECTIONS[0]):
                    continue
                say(f"round {number + 1}: {server.name}, {connections} connections")
                run = closed_loop(server, server.bodies["one"], connections, seconds)
                runs.setdefault((server.name, connections), []).append(run)
    return {f"{name} {connections}": medians(run) for (name, connections), run in runs.items()}


def measure_arrivals(found, client, seconds):
    """By server and rate; a server that does not keep up is spared the higher rates."""
    arrivals = {}
    for server in found:
        for rate in (100,) if is_slow(server) else RATES:
            say(f"Poisson arrivals: {server.name}, {rate}/s")
            run = open_loop(server, client, rate, seconds * (2 if rate == 1000 else 1))
            arrivals[f"{server.name} {rate}"] = run
            if run["rate"] < 0.9 * rate:
                break
    return arrivals


def measure_batches(found, seconds):
    batches = {}
    for server in found:
        if server.name == "echo":
            continue
        for name in "batch", "batch-csv":
            if name in server.bodies:
                say(f"1,000 rows: {server.name}, {name}")
                body = server.bodies[name]
                run = closed_loop(server, body, 2, seconds)
                run["rows"] = run["rate"] * body.rows
                run["bytes"] = run["rate"] * body.size
                batches[f"{server.name} {name}"] = run
    return batches


def measure_mixture(found, client, seconds):
    """Small requests while one more client sends 10,000 rows over and over."""
    mixture = {}
    for server in found:
        if server.name in ("treec", "mlflow"):
            rate = 100 if is_slow(server) else 500
            say(f"small requests beside large ones: {server.name}, {rate}/s")
            mixture[f"{server.name} {rate}"] = open_loop(
                server, client, rate, seconds, server.bodies["large"])
    return mixture


def measure_scoring(benchmark):
    """Nanoseconds by case of what a request costs without sockets."""
    shown = subprocess.run([benchmark, WINE / "model.lgb"], stdout=subprocess.PIPE, check=True)
    return json.loads(shown.stdout)


def machine():
    model = next((line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines()
                  if line.startswith("model name")), platform.machine())
    return f"{model}, {os.cpu_count()} cores, Linux {platform.release().split('-')[0]}"


def versions(treec, mlflow, yummy):
    def first_line(*command):
        shown = subprocess.run([str(part) for part in command], stdout=subprocess.PIPE,
                               stderr=subprocess.STDOUT, text=True)
        return shown.stdout.splitlines()[0] if shown.stdout else "unknown"

    found = {"treec": first_line("git", "-C", ROOT, "describe", "--always", "--dirty"),
             "swift": first_line("swift", "--version"), "wrk": first_line("wrk", "--version")}
    if mlflow:
        found["mlflow"] = first_line(mlflow, "--version").split()[-1]
    if yummy:
        code = "import importlib.metadata as m; print(m.version('yummy-mlflow'))"
        found["yummy"] = first_line(yummy, "-c", code)
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--treec", type=Path, default=ROOT / ".build-install/stage/bin/treec")
    parser.add_argument("--mlflow", type=Path, default=MLFLOW, help="the mlflow program")
    parser.add_argument("--yummy", type=Path, default=YUMMY, help="a Python that has yummy-mlflow")
    parser.add_argument("--skip-mlflow", action="store_true")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=4, help="of each measurement")
    parser.add_argument("--quick", action="store_true",
                        help="one short round, to see that all works; writes no documents")
    arguments = parser.parse_args()
    if os.cpu_count() < 2 or not shutil.which("wrk"):
        sys.exit("two cores and wrk are needed")
    if arguments.quick:
        arguments.rounds = arguments.seconds = 1
    treec = arguments.treec.resolve()
    mlflow = arguments.mlflow if arguments.mlflow.exists() and not arguments.skip_mlflow else None
    yummy = arguments.yummy if arguments.yummy.exists() else None

    echo, client, scoring = map(build, ("EchoServer", "PoissonLoad", "ScoringBenchmark"))
    if os.getloadavg()[0] > 0.5:
        say("WARNING: the machine has other work to do; the figures will be worse for it")
    os.sched_setaffinity(0, {CLIENT_CPU})
    folder = ROOT / ".build/benchmarks/serve"
    folder.mkdir(parents=True, exist_ok=True)
    found = servers(folder, treec, echo, mlflow, yummy)
    begin = time.time()
    results = {
        "date": time.strftime("%Y-%m-%d"), "machine": machine(),
        "versions": versions(treec, mlflow, yummy), "rounds": arguments.rounds,
        "seconds": arguments.seconds, "titles": {server.name: server.title for server in found},
        "sizes": {name: body.size for name, body in found[0].bodies.items()},
        "scoring": measure_scoring(scoring),
        "starts": measure_starts(found, 3 if arguments.quick else 20),
    }
    try:
        for server in found:
            server.start()
            closed_loop(server, server.bodies["one"], CONNECTIONS[0], 1)
        results["saturation"] = measure_saturation(found, arguments.rounds, arguments.seconds)
        results["memory"] = {server.name: server.process.memory() for server in found}
        results["arrivals"] = measure_arrivals(found, client, arguments.seconds)
        results["batches"] = measure_batches(found, arguments.seconds)
        results["mixture"] = measure_mixture(found, client, arguments.seconds * 2)
        results["memory after batches"] = {
            server.name: server.process.memory() for server in found}
    finally:
        for server in found:
            server.stop()
    (folder / "results.json").write_text(json.dumps(results, indent=1) + "\n")
    say(f"measured in {time.time() - begin:.0f} s")
    document = report.markdown(results)
    if arguments.quick:
        print(document)
    else:
        report.write(results, document)


if __name__ == "__main__":
    main()
