"""The row `cold-hello`: the whole of a program that starts a cluster, runs one task on it and ends.

Arguments: processes, threads of each, folder for temporary files.
"""

from __future__ import annotations

import sys

import dask
from dask import delayed
from distributed import Client, LocalCluster

from overhead.work import noop

if __name__ == "__main__":
    processes, threads, folder = sys.argv[1:]
    with (
        dask.config.set({"temporary-directory": folder}),
        LocalCluster(n_workers=int(processes), threads_per_worker=int(threads), dashboard_address=":0") as cluster,
        Client(cluster),
    ):
        (result,) = dask.compute(delayed(noop, pure=False)())
    assert result == 0, result
