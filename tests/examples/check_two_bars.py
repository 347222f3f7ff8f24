"""Runs examples/two_bars: with two expansions at once, each bar ends at the number of its own tasks."""

import subprocess
import sys

shown = subprocess.run([sys.argv[1]], capture_output=True, text=True, timeout=60)
assert shown.returncode == 0, shown
assert shown.stdout == "798\n", shown.stdout  # 14 squares and 784 cubes
last = shown.stderr.splitlines()[-1]  # carriage returns are ends of lines here
bars = {bar.split(" [")[0].strip(): bar.split("] ")[1].strip() for bar in last.split("  ")}
assert bars == {"task groups": "5/5", "expand-three": "3/3", "expand-seven": "7/7"}, last
