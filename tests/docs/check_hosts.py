"""Runs the program of docs/limits.md: every host has its pages, and the slow one is the last.

check_hosts.py PROGRAM
"""

import subprocess
import sys

told = subprocess.run([sys.argv[1]], capture_output=True, text=True, timeout=300)
*hosts, slow, total = told.stdout.splitlines()
assert sorted(hosts) == [f"host {i}: 50 pages" for i in (1, 2, 3)], told
assert (slow, total) == ("host 0: 50 pages", "200 pages in all"), told
