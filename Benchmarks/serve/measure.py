"""What is measured of a running server."""

import json
import subprocess
import tempfile
from statistics import median

from processes import CLIENT_CPU, ask
from servers import HERE

CONNECTIONS = 32


def closed_loop(server, body, connections, seconds):
    """wrk, from one thread on the client's core: rates, latencies, CPU a request."""
    before = server.process.cpu_seconds()
    result = subprocess.run(
        ["taskset", "-c", str(CLIENT_CPU), "wrk", "-t1", f"-c{connections}", f"-d{seconds}s",
         "--timeout", "30s", "-s", HERE / "post.lua",
         f"http://127.0.0.1:{server.port}/invocations", "--", body.path, body.kind],
        stdout=subprocess.PIPE, text=True, check=True)
    cpu = server.process.cpu_seconds() - before
    line = next(line for line in result.stdout.splitlines() if line.startswith("RESULT "))
    counted = json.loads(line.removeprefix("RESULT "))
    if counted["errors"] or not counted["requests"]:
        raise RuntimeError(f"{server.name}: {counted}")
    return {"rate": counted["requests"] / counted["seconds"], "p50": counted["p50"],
            "p99": counted["p99"], "cpu": cpu / counted["requests"] * 1e6,
            "busy": cpu / counted["seconds"]}


def open_loop(server, client, rate, seconds, background=None):
    """Poisson arrivals of the one-row request; latencies in microseconds. `background` is a body
    that one more connection sends over and over. Every answer is compared with the first."""
    body = server.bodies["one"]
    answer = ask(server.port, body.request(server.port))
    server.check(body, answer)
    before = server.process.cpu_seconds()
    with tempfile.NamedTemporaryFile() as expected:
        expected.write(answer[1])
        expected.flush()
        command = ["taskset", "-c", str(CLIENT_CPU), client, "--port", str(server.port),
                   "--body", body.path, "--expect", expected.name, "--rate", str(rate),
                   "--seconds", str(seconds), "--connections", str(CONNECTIONS)]
        if background:
            command += ["--background", background.path]
        result = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    found = json.loads(result.stdout)
    if found["wrong"]:
        raise RuntimeError(f"{server.name}: {found}")
    found["busy"] = (server.process.cpu_seconds() - before) / found["seconds"]
    return found


def first_answer(server):
    """Seconds from exec to the end of the first answer, of a start of its own."""
    try:
        return server.start()
    finally:
        server.stop()


def medians(runs):
    """The median of each figure."""
    return {key: median(run[key] for run in runs) for key in runs[0]}
