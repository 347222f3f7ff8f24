#!/usr/bin/env python3
"""Reads the JSON of the benchmark program and prints, for each series, what every contender took.

usage: compare.py FILE.json [BASE]

A figure is the median of the repetitions: nanoseconds a child, or the time of a whole run where that is what counts;
how far the repetitions were apart; how many times as long as BASE (frond, if it is not said) took with as many threads; and
the same two figures for the processor time of all threads, which other programs disturb less; for bodies of known length
how many times as long as the ideal, all bodies' time shared by all threads.
"""

import collections
import json
import re
import statistics
import sys

# What a figure is: the unit, and its size in nanoseconds; none: per child.
WHOLE_RUNS = {"small_run": ("us a run", 1e3), "waiting": ("ms a run", 1e6), "long_bodies": ("ms a run", 1e6)}
NANOSECONDS = {"ns": 1.0, "us": 1e3, "ms": 1e6, "s": 1e9}


def read(path):
    """Times and processor times of the repetitions, by series, children and threads, and then by contender."""
    with open(path, encoding="utf-8") as file:
        report = json.load(file)
    table = collections.defaultdict(lambda: collections.defaultdict(lambda: ([], [])))
    failures = []
    for entry in report["benchmarks"]:
        if entry.get("run_type") == "aggregate":
            continue
        name = entry["run_name"].removesuffix("/process_time/real_time")
        if entry.get("error_occurred"):
            failures.append(f"{name}: {entry.get('error_message', 'failed')}")
            continue
        series, contender, children, threads = name.split("/")
        times, processor_times = table[series, int(children), threads.removeprefix("threads:")][contender]
        times.append(entry["real_time"] * NANOSECONDS[entry["time_unit"]])
        processor_times.append(entry["cpu_time"] * NANOSECONDS[entry["time_unit"]])
    return table, failures


def of_ideal(time, contender, bodies, threads):
    """How many times as long as bodies of known length took that had kept all threads busy; nothing for other contenders."""
    length = re.search(r"_(\d+)ms$", contender)
    return f"   of ideal {time * int(threads) / (int(length[1]) * 1e6 * bodies):5.3f}" if length else ""


def ratio(value, reference):
    return f"[{value / reference:7.2f}]" if reference else ""


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    table, failures = read(sys.argv[1])
    base = sys.argv[2] if len(sys.argv) == 3 else "frond"
    last = None
    for (series, children, threads), contenders in sorted(table.items()):
        unit, size = WHOLE_RUNS.get(series, ("ns a child", children))
        if series != last:
            print(f"\n{series} ({unit})")
            last = series
        rows = []
        for contender, (times, processor_times) in contenders.items():
            median = statistics.median(times)
            rows.append((median, contender, (max(times) - min(times)) / median / 2, statistics.median(processor_times)))
        of_base = next((row for row in rows if row[1] == base), (0, base, 0, 0))
        for median, contender, spread, processor in sorted(rows):
            print(
                f"  {children:>9} x {threads}  {contender:<27} "
                f"{median / size:10.2f} +-{spread:4.0%} {ratio(median, of_base[0])}   "
                f"processor {processor / size:10.2f} {ratio(processor, of_base[3])}"
                f"{of_ideal(median, contender, children, threads)}"
            )
    for failure in failures:
        print(f"FAILED {failure}", file=sys.stderr)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
