"""The machine that a benchmark runs on, and commands that run on one core of it."""

import os
import platform
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# What Linux calls the instructions that each set needs.
INSTRUCTION_SETS = {
    "sse2": set(), "avx2": {"avx2", "fma", "bmi2"},
    "avx512": {"avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"},
}


def processor():
    """Its name, and the instruction sets that it has."""
    name, flags = platform.machine(), set()
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        key, _, value = line.partition(":")
        if key.strip() == "model name":
            name = value.strip()
        elif key.strip() == "flags":
            flags = set(value.split())
    return name, [isa for isa, needed in INSTRUCTION_SETS.items() if needed <= flags]


def first_line(*command):
    """What the command prints first; nothing where there is no such command."""
    try:
        return subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True,
                              stderr=subprocess.DEVNULL).stdout.partition("\n")[0].strip()
    except OSError:
        return ""


def description(processor_name, libraries):
    """Date, machine, and versions of everything, of which `libraries` are given."""
    treec = f"treec at {first_line('git', 'rev-parse', '--short', 'HEAD')}"
    system = f"{platform.system()} {platform.release().split('-')[0]}"
    return (f"on {date.today()}: {processor_name}, {os.cpu_count()} cores, {system}. {treec}, "
            f"{first_line('swift', '--version')}, {libraries}.")


def run_treec(treec, *arguments, cores=None, instructions=None):
    """What treec prints."""
    pinned = ["taskset", "-c", cores] if cores else []
    environment = dict(os.environ)
    if instructions:
        environment["TREEC_ISA"] = instructions
    command = [*pinned, treec, *arguments]
    return subprocess.run([str(word) for word in command], env=environment, check=True,
                          stdout=subprocess.PIPE, text=True).stdout


def measure_command(command, cores="0"):
    """Runs a command on one core, or on those given; seconds and bytes of peak memory.

    The peak is not less than the memory of the program that calls this.
    """
    start = time.perf_counter()
    process = subprocess.Popen(["taskset", "-c", cores, *map(str, command)],
                               stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    if status != 0:
        sys.exit(f"{command} failed")
    return seconds, usage.ru_maxrss * 1024
