#!/usr/bin/env python3
"""Reads the JSON of the benchmark program and prints, for each series, what every contender took.

usage: compare.py FILE.json [BASE]

A figure is the median of the repetitions: nanoseconds a child, or the time of a whole run where that is what counts. In
brackets: how many times as long as BASE (frond, if it is there) took with as many threads.
"""

import collections
import json
import statistics
import sys

# What a figure is: the unit, and its size in nanoseconds; none: per child.
WHOLE_RUNS = {"small_run": ("us a run", 1e3), "waiting": ("ms a run", 1e6)}
NANOSECONDS = {"ns": 1.0, "us": 1e3, "ms": 1e6, "s": 1e9}


def read(path):
    """The medians, and how far apart the repetitions were, by series, children and threads, and then by contender."""
    with open(path, encoding="utf-8") as file:
        report = json.load(file)
    times = collections.defaultdict(list)
    failures = []
    for entry in report["benchmarks"]:
        if entry.get("run_type") == "aggregate":
            continue
        name = entry["run_name"].removesuffix("/real_time")
        if entry.get("error_occurred"):
            failures.append(f"{name}: {entry.get('error_message', 'failed')}")
            continue
        times[name].append(entry["real_time"] * NANOSECONDS[entry["time_unit"]])
    table = collections.defaultdict(dict)
    for name, values in times.items():
        series, contender, children, threads = name.split("/")
        median = statistics.median(values)
        spread = (max(values) - min(values)) / median
        table[series, int(children), threads.removeprefix("threads:")][contender] = (median, spread)
    return table, failures


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    table, failures = read(sys.argv[1])
    base = sys.argv[2] if len(sys.argv) == 3 else "frond"
    last = None
    for (series, children, threads), contenders in sorted(table.items()):
        unit, size = WHOLE_RUNS.get(series, ("ns a child", children))
        if series != last:
            print(f"\n{series} ({unit}; median, spread of the repetitions)")
            last = series
        reference = contenders.get(base)
        for contender, (median, spread) in sorted(contenders.items(), key=lambda each: each[1]):
            ratio = f"  [{median / reference[0]:6.2f}]" if reference else ""
            print(f"  {children:>9} x {threads}  {contender:<16} {median / size:10.2f}  +-{spread * 50:3.0f}%{ratio}")
    for failure in failures:
        print(f"FAILED {failure}", file=sys.stderr)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
