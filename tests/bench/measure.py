"""Timing of whole processes and of functions, paired so that ratios hold on a noisy machine."""

from __future__ import annotations

import gc
import os
import resource
import statistics
import subprocess
import sys
import time
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


class Ratio(NamedTuple):
    """Median of a measured thing, of its yardstick, and of the ratio pair by pair."""

    measured: float
    yardstick: float
    ratio: float


def process_seconds(command: Sequence[str], env: dict[str, str] | None = None) -> float:
    """User and system CPU seconds of one finished process."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        command,
        check=False,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, **(env or {})},
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime - before.ru_utime) + (after.ru_stime - before.ru_stime)


_PEAK = """
import resource, subprocess, sys
quiet = subprocess.DEVNULL
subprocess.run(sys.argv[1:], stdout=quiet, stderr=quiet, check=False)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def process_peak_mb(command: Sequence[str]) -> float:
    """Peak resident memory of one process in MB (Linux counts in kilobytes).

    A small process starts it: Linux counts what the starting process held as well.
    """
    starter = [sys.executable, "-c", _PEAK, *command]
    done = subprocess.run(starter, check=True, capture_output=True, text=True)
    return int(done.stdout) / 1024


def function_seconds(function: Callable[[], object]) -> float:
    """CPU seconds of one call, collector off."""
    gc.collect()
    gc.disable()
    try:
        start = time.process_time()
        function()
        return time.process_time() - start
    finally:
        gc.enable()


def paired(measured: Callable[[], float], yardstick: Callable[[], float], runs: int = 7) -> Ratio:
    """Run both in turn, one warm-up each, and compare pair by pair."""
    measured()
    yardstick()
    pairs = [(measured(), yardstick()) for _ in range(runs)]
    return Ratio(
        statistics.median(a for a, _ in pairs),
        statistics.median(b for _, b in pairs),
        statistics.median(a / b for a, b in pairs if b),
    )
