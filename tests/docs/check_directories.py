"""Runs the program of docs/graphs.md on a tree of known content, compares it with a walk of its own, and looks for the program's graph
in the page.

check_directories.py PROGRAM PICTURE PAGE
"""

import os
import pathlib
import subprocess
import sys
import tempfile

program, picture, page = sys.argv[1:]


def run(*arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run([program, *arguments], capture_output=True, text=True, timeout=300)


def walk(root: str) -> str:
    directories = files = size = 0
    for directory, _, names in os.walk(root):
        directories += 1
        for name in names:
            path = os.path.join(directory, name)
            if os.path.isfile(path) and not os.path.islink(path):
                files += 1
                size += os.path.getsize(path)
    return f"{directories} directories, {files} files, {size} bytes\n"


with tempfile.TemporaryDirectory() as name:
    root = pathlib.Path(name)
    for i in range(300):
        (root / str(i % 10) / str(i)).mkdir(parents=True)
        (root / str(i % 10) / f"{i}.txt").write_bytes(b"x" * i)
    (root / "loop").symlink_to(".")
    told = run(name)
    assert told.stdout == walk(name) == f"311 directories, 300 files, {299 * 150} bytes\n", told

    (root / "not a directory").write_bytes(b"")
    missing = run(str(root / "missing"))
    assert missing.returncode == 1 and missing.stdout == "" and "missing" in missing.stderr, missing

told = run("/usr/include")
assert told.stdout == walk("/usr/include"), told
print(told.stdout, end="")

drawn = subprocess.run([picture], capture_output=True, text=True, check=True).stdout
assert f"```mermaid\n{drawn}```\n" in pathlib.Path(page).read_text(), drawn
