"""Where batches run: in this process, on the cores of this machine, or on a Dask cluster.

Everything else speaks the `concurrent.futures.Executor` protocol and cannot tell which it is.
"""

from __future__ import annotations

import importlib
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


#: What processes import before they are wanted.
_PRELOADED = ["sim.worker"]


class InProcess(Executor):
    """Runs each call at once, in the caller's process."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Run a call and return its finished future."""
        future: Future[T] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


class _Processes(ProcessPoolExecutor):
    """Processes of this machine to which Ctrl-C means nothing, from their first instruction on."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Submit a call; a process that is started for it inherits that interrupts are held back."""
        with _interrupts_held():
            return super().submit(fn, *args, **kwargs)


@contextmanager
def _interrupts_held() -> Iterator[None]:
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def executor(workers: int, cluster: str | None) -> Iterator[Executor]:
    """Provide an executor, and end it.

    Parameters
    ----------
    workers
        Processes on this machine; 1 means this process itself.
    cluster
        Address of a Dask scheduler; takes the place of `workers`.

    Raises
    ------
    ModuleNotFoundError
        If a cluster is asked for and the extra `dask` is not installed.
    OSError
        If the cluster does not answer.
    """
    if cluster is not None:
        with _cluster(cluster) as pool:
            yield pool
    elif workers == 1:
        yield InProcess()
    else:
        others = set(multiprocessing.active_children())
        pool = _Processes(workers, _context(), initializer=_begin_worker)
        try:
            yield pool
        except BaseException:
            # Nobody waits for what they are at, and a batch that is not committed did not happen.
            for process in set(multiprocessing.active_children()) - others:
                process.terminate()
            pool.shutdown(wait=False)
            raise
        pool.shutdown()


def _context() -> Any:
    """Return how processes are started.

    On Linux they are forked from a server that has imported what they need, once for all of them and while
    this process goes on; elsewhere each begins anew.
    """
    if sys.platform != "linux":
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_PRELOADED)
    return context


def prepare_processes() -> None:
    """Begin to import, in another process, what workers need; to be called well before `executor`."""
    if sys.platform == "linux":
        from multiprocessing import forkserver

        _context()
        with _interrupts_held():
            forkserver.ensure_running()


@contextmanager
def _cluster(address: str) -> Iterator[Executor]:
    from distributed import Client

    connect: Any = Client
    with connect(address, timeout="10s", set_as_default=False) as client:
        pool: Any = client.get_executor(pure=False, retries=3)
        yield pool


def _begin_worker() -> None:
    """Leave Ctrl-C to the parent, end when the parent is gone, and import what batches need."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_outlive_nobody, args=(parent,), daemon=True).start()
    for module in _PRELOADED:
        importlib.import_module(module)


def _outlive_nobody(parent: Any) -> None:
    parent.join()
    os._exit(1)
