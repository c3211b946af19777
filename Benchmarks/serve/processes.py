"""A server as a pinned process: its start, its CPU time, its memory, its end."""

import os
import signal
import socket
import subprocess
import time
from pathlib import Path

SERVER_CPU, CLIENT_CPU = 0, 1
TICK = os.sysconf("SC_CLK_TCK")


class Process:
    """A command with its children, on the server's core."""

    def __init__(self, command, environment=None):
        # A child inherits its parent's cores, so nothing stands between exec and the server.
        os.sched_setaffinity(0, {SERVER_CPU})
        self.started = time.perf_counter()
        self.popen = subprocess.Popen(
            [str(part) for part in command], env=environment, start_new_session=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.sched_setaffinity(0, {CLIENT_CPU})

    def pids(self):
        """The command's process and all that came of it."""
        parents = {}
        for folder in Path("/proc").glob("[0-9]*"):
            fields = stat(folder.name)
            if fields:
                parents[int(folder.name)] = int(fields[1])
        family = [self.popen.pid]
        for pid in family:
            family += [child for child, parent in parents.items() if parent == pid]
        return family

    def cpu_seconds(self):
        """Seconds in user and kernel mode."""
        found = (stat(pid) for pid in self.pids())
        return sum(int(fields[11]) + int(fields[12]) for fields in found if fields) / TICK

    def memory(self):
        """Resident memory now and at its peak, in bytes."""
        now = peak = 0
        for pid in self.pids():
            for line in Path(f"/proc/{pid}/status").read_text().splitlines():
                if line.startswith("VmRSS:"):
                    now += int(line.split()[1]) * 1024
                elif line.startswith("VmHWM:"):
                    peak += int(line.split()[1]) * 1024
        return now, peak

    def first_answer(self, port, request, limit=60):
        """Seconds from exec to the end of the first answer, asked for in a tight loop; and the
        answer."""
        while time.perf_counter() < self.started + limit:
            if self.popen.poll() is not None:
                raise RuntimeError(f"{self.popen.args} ended with {self.popen.returncode}")
            try:
                answer = ask(port, request)
            except ConnectionError:
                continue
            return time.perf_counter() - self.started, answer
        raise RuntimeError(f"{self.popen.args} does not answer")

    def stop(self):
        if self.popen.poll() is None:
            os.killpg(self.popen.pid, signal.SIGTERM)
            try:
                self.popen.wait(5)
            except subprocess.TimeoutExpired:
                os.killpg(self.popen.pid, signal.SIGKILL)
                self.popen.wait()


def stat(pid):
    """The fields of /proc/PID/stat after the name; None for a process that is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None


def ask(port, request):
    """Status and body of the answer to one request on a connection of its own."""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        connection.sendall(request)
        received = b""
        while b"\r\n\r\n" not in received:
            received += receive(connection)
        head, _, body = received.partition(b"\r\n\r\n")
        lines = head.decode().lower().split("\r\n")
        name = "content-length:"
        length = next(int(line.removeprefix(name)) for line in lines if line.startswith(name))
        while len(body) < length:
            body += receive(connection)
        return int(lines[0].split()[1]), body


def receive(connection):
    part = connection.recv(1 << 20)
    if not part:
        raise ConnectionResetError
    return part


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]
