"""Runs examples/from_config with its own configuration, with another one, and with one that is wrong in several places."""

import subprocess
import sys
import tempfile


def run(configuration: str | None = None) -> subprocess.CompletedProcess:
    with tempfile.NamedTemporaryFile("w", suffix=".conf") as file:
        file.write(configuration or "")
        file.flush()
        arguments = [sys.argv[1]] + ([] if configuration is None else [file.name])
        return subprocess.run(arguments, capture_output=True, text=True, timeout=60)


words = "the shape of a graph may be known only when the program runs".split()
lengths = [len(word) for word in words]
vowels = [sum(letter in "aeiou" for letter in word) for word in words]

own = run()
assert own.returncode == 0, own
assert own.stdout == f"letters = {sum(lengths)}\nlongest = {max(lengths)}\nmost_vowels = {max(vowels)}\n", own.stdout

other = run("n = vowels word\nall = sum n\n")
assert other.returncode == 0 and other.stdout == f"all = {sum(vowels)}\n", other

short = run("n = vowels word\nall = sum\n")
assert short.returncode == 1 and '"all = sum"' in short.stderr, short
absent = subprocess.run([sys.argv[1], "/no/such/file"], capture_output=True, text=True, timeout=60)
assert absent.returncode == 1 and absent.stderr == "/no/such/file: cannot be read\n", absent

wrong = run("n = vowels wrod\nall = sum text\nmost = max word\n")
assert wrong.returncode == 1 and wrong.stdout == "", wrong
for part in ("wrod", "all", "most"):  # every fault is told
    assert part in wrong.stderr, wrong.stderr
