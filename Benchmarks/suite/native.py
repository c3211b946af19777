"""Times functions: of Python, and of C interfaces through `calls.c`."""

import ctypes
import time

from .environment import BUILD

# A call for less than this is not timed by itself: so many rows at least between two readings of
# the clock, as in `treec bench`.
ROWS_PER_READING = 200


def calls_of(batch):
    return max(ROWS_PER_READING // batch, 1)


def time_python(score, rows, batch, seconds, one_core):
    """The least nanoseconds a row, of calls that follow one another through so many rows.

    On one core processor time: calls of the libraries are so long that something else nearly
    always runs while they do. On several cores, wall clock. A first call that takes longer than
    all of them may is the only one.
    """
    clock = time.process_time if one_core else time.perf_counter
    start, begin = clock(), time.perf_counter()
    score(0)
    if time.perf_counter() - begin > max(seconds, 0.5):
        return (clock() - start) / batch * 1e9
    calls, first, best = calls_of(batch), 0, None
    end = time.perf_counter() + seconds
    while best is None or time.perf_counter() < end:
        start = clock()
        for _ in range(calls):
            score(first)
            first = first + batch if first + 2 * batch <= rows else 0
        taken = (clock() - start) / (calls * batch) * 1e9
        best = taken if best is None else min(best, taken)
    return best


class Native:
    """A C interface that is called by `calls.c`: the name of a function there, and the fields of
    what it needs, in their order."""

    library = None

    def __init__(self, function, *fields):
        if Native.library is None:
            Native.library = ctypes.CDLL(str(BUILD / "calls.so"))
            Native.library.least.restype = ctypes.c_double
        self.function = getattr(Native.library, function)
        # Addresses and numbers have the same size; texts and arrays live as long as this does.
        self.kept = fields
        self.context = (ctypes.c_int64 * len(fields))(*map(address, fields))

    def time(self, rows, batch, seconds, one_core):
        """As `time_python`."""
        least = Native.library.least(
            self.function, self.context, ctypes.c_long(rows), ctypes.c_long(batch),
            ctypes.c_long(calls_of(batch)), ctypes.c_double(seconds), ctypes.c_int(one_core))
        if least < 0:
            raise RuntimeError("the C interface refuses the call")
        return least


def address(field):
    """A number as it is; of an array, a text or a function, where it lies."""
    if isinstance(field, int):
        return field
    if isinstance(field, bytes):
        return ctypes.cast(ctypes.c_char_p(field), ctypes.c_void_p).value
    if isinstance(field, (ctypes.c_void_p, ctypes._CFuncPtr)):
        return ctypes.cast(field, ctypes.c_void_p).value
    return field.ctypes.data
