"""What the peers share: their arguments, the names of the blocks, and the clock."""

import argparse
import json
import statistics
import time
from typing import NamedTuple


class Block(NamedTuple):
    rows: int
    width: int
    hidden: int
    activation: str
    residual: bool


def arguments(description):
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("name", help="a row of `ridgeline passes`, as feed-forward/gelu/512x768x3072 or resnet-50/8x224x224")
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--runs", type=int, default=10, help="at least this many runs")
    return parser.parse_args()


def parse(name):
    """The block of that name; None for the small operations."""
    if name == "small-operations/1000x16":
        return None
    try:
        kind, activation, shape = name.split("/")
        sizes = [int(size) for size in shape.split("x")]
        if activation in ("relu", "gelu", "gelu-tanh") and min(sizes) > 0:
            if kind == "feed-forward" and len(sizes) == 3:
                return Block(*sizes, activation, False)
            if kind == "residual" and len(sizes) == 2:
                return Block(*sizes, sizes[1], activation, True)
    except ValueError:
        pass
    raise SystemExit(f"unknown block {name!r}")


def median_milliseconds(function, runs):
    """Warms up for three runs and 0.2 s, then takes the median of at least `runs` runs over at least 0.4 s; of fewer, but at least
    five, where they take longer than 5 s."""
    def repeat(count, seconds):
        times, start = [], time.perf_counter()
        end, latest = start + seconds, start + 5
        while (len(times) < count or time.perf_counter() < end) and (len(times) < 5 or time.perf_counter() < latest):
            start = time.perf_counter()
            function()
            times.append(time.perf_counter() - start)
        return times

    repeat(3, 0.2)
    return statistics.median(repeat(max(runs, 1), 0.4)) * 1e3


def resident_bytes(peak=False):
    """Of this process, now or at most so far; Linux."""
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM:" if peak else "VmRSS:"))


def finish(version, threads, forward, forward_backward, peak_bytes=None):
    """`forward_backward` is None where a peer does no backward passes."""
    result = {"version": version, "threads": threads, "forwardMilliseconds": forward, "forwardBackwardMilliseconds": forward_backward}
    print(json.dumps(result if peak_bytes is None else {**result, "peakBytes": peak_bytes}))
