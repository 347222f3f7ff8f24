"""Runs examples/two_bars: with two expansions at once, each bar counts its own tasks, one by one, to the end."""

import subprocess
import sys

shown = subprocess.run([sys.argv[1]], capture_output=True, text=True, timeout=60)
assert shown.returncode == 0, shown
assert shown.stdout == "798\n", shown.stdout  # 14 squares and 784 cubes
totals = {"task groups": 5, "expand-three": 3, "expand-seven": 7}
done = dict.fromkeys(totals, 0)
lines = [line for line in shown.stderr.splitlines() if line]  # carriage returns are ends of lines here
assert len(lines) >= sum(totals.values()), lines
for line in lines:
    for bar in line.rstrip().split("  "):
        name, count = bar.split(" [")[0].strip(), bar.split("] ")[1].strip()
        so_far, of = (int(each) for each in count.split("/"))
        # No count goes back or is skipped, and none is over its total, which is known from the beginning.
        assert of == totals[name] and done[name] <= so_far <= min(done[name] + 1, of), (line, done)
        done[name] = so_far
assert done == totals, done
