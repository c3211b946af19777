"""Writes docs/benchmarks/serve.md and serve.svg from the figures of run.py.

    Benchmarks/serve/report.py .build/benchmarks/serve/results.json
"""

import json
import sys
from pathlib import Path

import chart

DOCUMENTS = Path(__file__).resolve().parent.parent.parent / "docs/benchmarks"
ORDER = "echo", "treec", "yummy", "mlflow"


def number(value):
    """Three digits that matter, with a comma between thousands."""
    digits = 0 if value >= 100 else 1 if value >= 10 else 2
    return f"{value:,.{digits}f}"


def milliseconds(microseconds):
    return f"{microseconds / 1000:.2f}" if microseconds < 10_000 else number(microseconds / 1000)


def megabytes(count):
    return f"{count / 1e6:.1f}"


def table(head, rows):
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)


def load(results):
    head = ["server", "requests/s", "p50 ms", "p99 ms", "CPU µs a request", "requests/s, 64 connections",
            "p99 ms", "memory MB (peak)", "first answer ms"]
    rows = []
    for name in ORDER:
        few = results["saturation"].get(f"{name} 8")
        if not few:
            continue
        many = results["saturation"].get(f"{name} 64")
        now, peak = results["memory"][name]
        rows.append([
            results["titles"][name], number(few["rate"]), milliseconds(few["p50"]),
            milliseconds(few["p99"]), number(few["cpu"]), number(many["rate"]) if many else "–",
            milliseconds(many["p99"]) if many else "–", f"{megabytes(now)} ({megabytes(peak)})",
            number(results["starts"][name]["seconds"] * 1000)])
    return table(head, rows)


def goals(results):
    """The goals that have been measured, with what was found."""
    saturation, treec = results["saturation"], results["saturation"]["treec 8"]["rate"]
    rows = []

    def goal(text, found, is_met):
        rows.append([text, found, "yes" if is_met else "no"])

    for connections in 8, 64:
        share = (saturation[f"treec {connections}"]["rate"]
                 / saturation[f"echo {connections}"]["rate"])
        goal(f"75 % of the echo server's requests/s, {connections} connections",
             f"{share:.0%}", share >= 0.75)
    for name, factor in ("yummy", 5), ("mlflow", 200):
        if f"{name} 8" in saturation:
            found = treec / saturation[f"{name} 8"]["rate"]
            goal(f"{factor} times the requests/s of {results['titles'][name]}",
                 f"{number(found)} times", found >= factor)
    p99 = results["arrivals"]["treec 1000"]["p99"]
    goal("p99 under 1 ms at Poisson arrivals of 1,000/s", f"{milliseconds(p99)} ms", p99 < 1000)
    found = [answering(results, *case) for case in (
        ("1 x 13", "1 x 13, split"), ("1,000 x 28", "1,000 x 28, split, 6 digits"))]
    goal("decoding 13 numbers under 1 µs (`dataframe_split` with names)",
         f"{number(found[0])} µs with the answer's encoding", found[0] < 1)
    goal("decoding 1,000 x 28 numbers under 0.6 ms (of 6 decimals)",
         f"{number(found[1] / 1000)} ms with the answer's encoding", found[1] < 600)
    peak = results["memory"]["treec"][1]
    goal("memory under 25 MB, at its peak", f"{megabytes(peak)} MB", peak < 25e6)
    start = results["starts"]["treec"]["seconds"] * 1000
    goal("first answer within 50 ms of exec", f"{number(start)} ms", start < 50)
    return table(["goal", "measured", "met"], rows)


def answering(results, shape, case):
    """Microseconds of an answer without those of the scoring."""
    return (results["scoring"][case] - results["scoring"][f"{shape}, scoring alone"]) / 1000


def scoring(results):
    """What answering costs without sockets, of the models of one split."""
    rows = []
    for case, time in results["scoring"].items():
        shape, _, form = case.partition(", ")
        if form == "scoring alone" or "wine" in form:
            continue
        rest = answering(results, shape, case)
        count = 28_000 if shape.startswith("1,000") else 13
        rows.append([shape, form, number(time / 1000), number(rest), number(rest * 1000 / count)])
    return table(["rows x columns", "body", "answer µs", "less scoring µs", "ns a number"], rows)


def latencies(results, section):
    rows = []
    for key, run in results[section].items():
        name, rate = key.split()
        late = f"{100 * run['unanswered'] / (run['requests'] + run['unanswered']):.0f} %"
        row = [results["titles"][name], f"{int(rate):,}",
               *(milliseconds(run[key]) for key in ("p50", "p90", "p99", "p999", "max")),
               f"{run['busy']:.0%}"]
        row.append(late if section == "arrivals" else number(run["background"] * 10_000))
        rows.append(row)
    last = "never answered" if section == "arrivals" else "rows/s of the large ones"
    return table(["server", "requests/s", "p50 ms", "p90 ms", "p99 ms", "p99.9 ms", "max ms",
                  "of a core", last], rows)


def batches(results):
    rows = []
    for key, run in results["batches"].items():
        name, body = key.split()
        rows.append([results["titles"][name], "CSV" if body.endswith("csv") else "JSON",
                     number(run["rows"]), f"{run['bytes'] / 1e6:.1f}",
                     f"{run['cpu'] / 1000:.2f}", milliseconds(run["p50"]), milliseconds(run["p99"])])
    return table(["server", "body", "rows/s", "MB/s", "CPU µs a row", "p50 ms", "p99 ms"], rows)


def markdown(results):
    wine = {case: time / 1000 for case, time in results["scoring"].items() if "wine" in case}
    after = ", ".join(f"{results['titles'][name]} {megabytes(results['memory after batches'][name][0])} MB"
                      for name in ORDER if name in results["titles"] and name != "echo")
    versions, sizes = results["versions"], results["sizes"]
    peers = ", ".join(f"{title} {versions[key]}" for key, title in (
        ("mlflow", "mlflow"), ("yummy", "yummy-mlflow")) if key in versions)
    missing = " and ".join(title for key, title in (
        ("mlflow", "mlflow"), ("yummy", "yummy-mlflow")) if key not in versions)
    left_out = f" Not measured, because not installed: {missing}." if missing else ""
    return f"""# Serving under load

`make benchmark-serve` on {results["date"]}: {results["machine"]}. treec at {versions["treec"]}, {versions["swift"]}{f", {peers}" if peers else ""}, {versions["wrk"].split(" [")[0]}. Medians of {results["rounds"]} rounds of {results["seconds"]} s in which the servers take turns.{left_out}

![Requests per second, CPU time, latency, memory and start of the servers](serve.svg)

Each server is one process on one core, its client has the other. The request is one row of 13 numbers of 16 and 17 digits ({sizes["one"]} bytes of JSON, `Benchmarks/serve/wine/request.json`) for a LightGBM model of 300 trees and 3 classes; the echo server is NIO's own HTTP/1 pipeline on one event loop and answers with the request's body. Every server's answer is compared with the committed one. CPU time is user and kernel together; it depends least on what else the machine does.

## Goals

{goals(results)}

## As many requests as the server takes

wrk, one thread, keep-alive, 8 connections and 64. Memory is resident memory after this load. The first answer counts from exec, the median of 20 starts (3 of mlflow).

{load(results)}

## Poisson arrivals

Requests leave at random times at the given rate, whether or not earlier ones are answered, and a latency counts from the time that its request was due.

{latencies(results, "arrivals")}

## 1,000 rows a request

wrk, two connections; {sizes["batch"]:,} bytes of JSON (`dataframe_split`) or {sizes["batch-csv"]:,} of CSV.

{batches(results)}

## Small requests beside large ones

Poisson arrivals of one-row requests while one more client sends 10,000 rows ({sizes["large"] / 1e6:.1f} MB) over and over, all on the server's one core. yummy-mlflow takes no body over 2 MiB.

{latencies(results, "mixture")}

Memory after all this: {after}.

## Without sockets

`Benchmarks/Sources/ScoringBenchmark` answers bodies in process; CPU time, medians. The model is one split, which leaves decoding and a little encoding; "less scoring" takes away the time of the same rows without a body. The wine model's row takes {number(wine["1 x 13, split, wine"])} µs, {number(wine["1 x 13, scoring alone, wine"])} µs of it scoring.

{scoring(results)}

## The others

- mlflow: `mlflow models serve --env-manager local`, one worker. It validates the model's signature, which treec does not read yet, and logs every request.
- yummy-mlflow: `yummy_mlflow.serve`, from its one wheel, for CPython 3.9. It wants the frame without `dataframe_split` around it, which makes its request shorter, answers the bare predictions, knows no CSV, and reads only an `MLmodel` that has MLflow 2's `artifact_path` and `run_id`.

The others are installed by `Benchmarks/serve/peers.sh`.
"""


def write(results, document):
    DOCUMENTS.mkdir(parents=True, exist_ok=True)
    (DOCUMENTS / "serve.md").write_text(document)
    (DOCUMENTS / "serve.svg").write_text(chart.svg(results))


if __name__ == "__main__":
    figures = json.loads(Path(sys.argv[1]).read_text())
    write(figures, markdown(figures))
