"""The Python environment of the suite, with every library that it measures, and the small C
library that times their C interfaces."""

import subprocess
import sys
from pathlib import Path

BENCHMARKS = Path(__file__).resolve().parent.parent
ROOT = BENCHMARKS.parent
BUILD = ROOT / ".build/benchmarks"
REQUIREMENTS = BENCHMARKS / "requirements.txt"
# These come alone: they ask for a library for GPUs that has twice the size of all the others, and
# for packages that draw, and need neither.
ALONE = ("catboost", "xgboost")


def prepare_python():
    """An environment with the libraries, made again where their versions have changed."""
    environment = BUILD / "venv"
    python, stamp = environment / "bin/python", environment / "requirements.txt"
    text = REQUIREMENTS.read_text(encoding="utf-8")
    if stamp.exists() and stamp.read_text(encoding="utf-8") == text:
        return python
    print("installing the libraries", flush=True)
    if sys.version_info < (3, 11):
        sys.exit("the libraries need Python 3.11 or later")
    subprocess.run([sys.executable, "-m", "venv", "--clear", environment], check=True)
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    alone = [line for line in lines if line.startswith(ALONE)]
    install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*install, *(line for line in lines if line not in alone)], check=True)
    subprocess.run([*install, "--no-deps", *alone], check=True)
    stamp.write_text(text, encoding="utf-8")
    return python


def prepare_calls():
    """Compiles `calls.c`, with the compiler that comes with Swift or another."""
    source, library = Path(__file__).with_name("calls.c"), BUILD / "calls.so"
    if library.exists() and library.stat().st_mtime > source.stat().st_mtime:
        return library
    for compiler in ("clang", "cc", "gcc"):
        try:
            subprocess.run([compiler, "-O2", "-shared", "-fPIC", "-Wall", source, "-o", library],
                           check=True)
            return library
        except FileNotFoundError:
            continue
    sys.exit("a C compiler is needed: clang comes with Swift, or apt-get install gcc")


def versions(python):
    """The libraries that were asked for by name, and their versions."""
    program = ("import sys; from importlib.metadata import version; "
               "print('\\n'.join(version(name) for name in sys.argv[1:]))")
    names = [line.partition("==")[0] for line in REQUIREMENTS.read_text().splitlines()
             if "==" in line]
    text = subprocess.run([python, "-c", program, *names], check=True, text=True,
                          stdout=subprocess.PIPE).stdout
    return dict(zip(names, text.split()))
