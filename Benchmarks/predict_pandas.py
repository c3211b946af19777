#!/usr/bin/env python3
"""What treec predict is compared with: reads a CSV with pandas, scores it with LightGBM on one
thread, writes the predictions with pandas. Prints the processor seconds of the three.

    Benchmarks/predict_pandas.py MODEL.txt ROWS.csv OUT.csv
"""

import sys
import time

import lightgbm
import pandas


def main():
    model, source, target = sys.argv[1:]
    times = [time.process_time()]
    booster = lightgbm.Booster(model_file=model)
    rows = pandas.read_csv(source)
    times.append(time.process_time())
    predictions = booster.predict(rows, num_threads=1)
    times.append(time.process_time())
    pandas.DataFrame({"prediction_0": predictions}).to_csv(target, index=False)
    times.append(time.process_time())
    print(*(end - start for start, end in zip(times, times[1:])))


if __name__ == "__main__":
    main()
