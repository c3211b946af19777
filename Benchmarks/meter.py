"""Runs a command and prints what it took.

    python meter.py COMMAND...

After what the command prints comes a line of JSON: seconds of wall clock and of processor time, and
bytes of peak memory. A peak is never below the memory of the program that starts the command; so this
one imports little.
"""

import json
import os
import sys
import time

start = time.perf_counter()
child = os.posix_spawnp(sys.argv[1], sys.argv[1:], os.environ)
_, status, usage = os.wait4(child, 0)
wall = time.perf_counter() - start
if status != 0:
    sys.exit(f"{sys.argv[1:]} failed")
print(json.dumps({"wall": wall, "processor": usage.ru_utime + usage.ru_stime,
                  "peak": usage.ru_maxrss * 1024}), flush=True)
