#!/usr/bin/env python3
"""pypmml scoring rows, for `beside_pmml.py`: it hands them to PMML4S in a Java process.

    pypmml_peer.py MODEL.pmml [ROWS.csv]

With rows, the first is scored. Without, commands are read, one a line, and each is answered with a
line of JSON: `rows NAME CSV COUNT` reads rows, `measure NAME` scores them in one call and gives
nanoseconds a row, `answers NAME CSV` writes what they give, each number with its type before it.
"""

import json
import sys
import time

import pandas
from pypmml import Model


def measure(model, rows):
    """By the clock: the rows are scored in another process."""
    start = time.perf_counter()
    model.predict(rows)
    return (time.perf_counter() - start) / len(rows) * 1e9


def write_answers(model, rows, path):
    answers = model.predict(rows)
    for name, kind in answers.dtypes.items():
        if kind == "float64":
            answers[name] = answers[name].map(lambda number: f"Double {number!r}")
        else:
            answers[name] = answers[name].map(lambda value: f"Text {value}")
    answers.to_csv(path, index=False)


def main():
    model = Model.load(sys.argv[1])
    if len(sys.argv) > 2:
        print(model.predict(pandas.read_csv(sys.argv[2], nrows=1)))
    else:
        tables = {}
        print("ready", flush=True)
        for line in sys.stdin:
            match line.split():
                case ["rows", name, path, count]:
                    tables[name] = pandas.read_csv(path, nrows=int(count))
                    print("done", flush=True)
                case ["answers", name, path]:
                    write_answers(model, tables[name], path)
                    print("done", flush=True)
                case ["measure", name]:
                    print(measure(model, tables[name]), flush=True)
    Model.close()


if __name__ == "__main__":
    main()
