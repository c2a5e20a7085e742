"""Processes that a schedule needs beside it: a Prefect server of its own, and the one that serves runs. Both end with it.

In: an output folder. Out: processes, and the address of the server. Never: a process that outlives the schedule.
"""

from __future__ import annotations

import os
import runpy
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from baogao.records import BaogaoError

# The process that all others end with, by its number.
SUPERVISOR = "BAOGAO_SUPERVISOR"
_PAUSE, _START_SECONDS, _STOP_SECONDS, _PORTS = 0.5, 180.0, 20.0, 3


@contextmanager
def local_server(log: Path) -> Iterator[str]:
    """A Prefect server on loopback, on a free port; its address without /api. Raises BaogaoError where it does not start."""
    for _ in range(_PORTS):  # another process may take the port before the server does
        port = _free_port()
        arguments = ["-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
        with companion(arguments, {"PREFECT_API_URL": f"http://127.0.0.1:{port}/api"}, log) as server:
            address = f"http://127.0.0.1:{port}"
            if _answers(f"{address}/api/health", server):
                yield address
                return
    raise BaogaoError(f"Prefect's server does not start: see {log}, or set PREFECT_API_URL to one that runs")


@contextmanager
def companion(arguments: Sequence[str], environment: Mapping[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A Python process that ends with this one. It is asked to end, then made to."""
    own = {**os.environ, **environment, SUPERVISOR: str(os.getpid())}
    with log.open("ab") as out:
        command = [sys.executable, "-m", __name__, *arguments]
        process = subprocess.Popen(command, env=own, stdout=out, stderr=out, stdin=subprocess.DEVNULL, start_new_session=True)  # noqa: S603 - all of it is ours
    try:
        yield process
    finally:
        _stop(process)


def _stop(process: subprocess.Popen[bytes]) -> None:
    for number in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, number)
        with suppress(subprocess.TimeoutExpired):
            process.wait(_STOP_SECONDS)
            break
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)  # whatever is left of its group


def end_with_supervisor() -> None:
    """End this process when the schedule that it works for has ended, even where that was killed and could not say so."""
    if supervisor := os.environ.get(SUPERVISOR):
        threading.Thread(target=_exit_after, args=(int(supervisor),), daemon=True).start()


def _exit_after(supervisor: int) -> None:
    while True:
        try:
            os.kill(supervisor, 0)
        except PermissionError:
            pass
        except OSError:
            os._exit(1)
        time.sleep(_PAUSE)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _answers(address: str, server: subprocess.Popen[bytes]) -> bool:
    """Whether a server answers before it ends, or the time is up."""
    until = time.monotonic() + _START_SECONDS
    while server.poll() is None and time.monotonic() < until:
        with suppress(OSError, urllib.error.URLError), urllib.request.urlopen(address, timeout=5) as answer:  # noqa: S310 - of our own server
            return bool(answer.status == 200)
        time.sleep(_PAUSE)
    return False


if __name__ == "__main__":  # python -m baogao.orchestrate.companions -m MODULE ARGUMENT ...
    end_with_supervisor()
    sys.argv = sys.argv[2:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
