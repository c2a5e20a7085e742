"""Work over a Dask cluster: one of this machine, or one whose scheduler runs already. The only module that imports Dask.

In: a function of a module and an item. Out: its result. Never: results that Dask keeps; workers write them to the output folder, which all of them share.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from baogao.records import BaogaoError
from baogao.scale.local import WorkerDied

T = TypeVar("T")
R = TypeVar("R")

# An item is given up when so many workers in turn have died of it; then it is worked with care.
_DEATHS = 1
_CONNECT = "30s"
# On this machine alone, without pages of its own, and quiet: what a user has to know is told by WorkerDied.
_LOCAL: dict[str, Any] = {
    "host": "127.0.0.1",
    "dashboard_address": "127.0.0.1:0",  # Dask asks for a port even where there is nothing to see
    "scheduler_kwargs": {"dashboard": False},
    "silence_logs": logging.CRITICAL,
    "env": {"DASK_LOGGING__DISTRIBUTED": "critical"},
}


class Cluster:
    """Work over the workers of a Dask cluster."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def run(self, work: Callable[[T], R], item: T, *, alone: bool, apart: bool = False) -> R:
        """The result of one item. Dask blames an item for the end of each worker that it waited on too: so it has a second chance."""
        from distributed.scheduler import KilledWorker  # noqa: PLC0415

        try:
            result: R = self._client.submit(work, item, pure=False).result()
        except KilledWorker as error:
            if apart:
                raise WorkerDied from error
            return self.run(work, item, alone=alone, apart=True)
        return result


@contextmanager
def open_cluster(workers: int, address: str | None) -> Iterator[Cluster]:
    """The cluster of the scheduler at that address, else one of this machine, with one item at a time for each worker."""
    try:
        import dask  # noqa: PLC0415
        from distributed import Client, LocalCluster  # noqa: PLC0415
    except ImportError as error:
        raise BaogaoError("--engine dask needs Dask: install it with pip install 'baogao[dask]'") from error
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    settings = {"distributed.scheduler.allowed-failures": _DEATHS, "distributed.worker.daemon": False, "distributed.comm.timeouts.connect": _CONNECT}
    with dask.config.set(settings):
        if address is None:
            with (
                LocalCluster(n_workers=workers, threads_per_worker=1, **_LOCAL) as cluster,  # type: ignore[no-untyped-call]
                Client(cluster) as client,  # type: ignore[no-untyped-call]
            ):
                yield Cluster(client)
            return
        try:
            client = Client(address, timeout=_CONNECT)  # type: ignore[no-untyped-call]
        except (OSError, ValueError, TimeoutError) as error:
            way_out = "check the address, such as tcp://10.0.0.1:8786, or leave --dask-address out"
            raise BaogaoError(f"no Dask scheduler answers at {address} ({error}): {way_out}") from error
        with client:
            yield Cluster(client)
