"""Runs the README's example on a directory of known content, and on one that does not exist."""

import pathlib
import subprocess
import sys
import tempfile

program = sys.argv[1]


def run(directory: pathlib.Path) -> subprocess.CompletedProcess:
    return subprocess.run([program, str(directory)], capture_output=True, text=True, timeout=60)


with tempfile.TemporaryDirectory() as name:
    root = pathlib.Path(name)
    (root / "inner").mkdir()
    (root / "empty").write_bytes(b"")
    (root / "two lines").write_bytes(b"one two\nthree\n")
    (root / "inner" / "no end of line").write_bytes(b" four  five")

    counted = run(root)
    assert counted.returncode == 0, counted.stderr
    assert counted.stdout == "2 lines, 5 words, 25 bytes\n", counted.stdout

    missing = run(root / "missing")
    assert missing.returncode == 1, missing
    assert missing.stdout == "", missing.stdout
    assert "missing" in missing.stderr, missing.stderr
