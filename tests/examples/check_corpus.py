"""Runs examples/corpus on a directory of known content, and compares its table with a count of its own."""

import collections
import os
import pathlib
import random
import subprocess
import sys
import tempfile

program = sys.argv[1]
WHITE = b" \t\n\v\f\r"


def run(*arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [program, "--progress=none", *arguments], capture_output=True, text=True, errors="surrogateescape", timeout=120
    )


def fill(root: pathlib.Path) -> None:
    """Files of a few bytes, of many chunks, one word over several of them, odd names, and links that lead nowhere or round."""
    dice = random.Random(1)
    words = [bytes(dice.choices(b"abcdefgh", k=dice.randint(1, 40))) for _ in range(5000)]
    big = b"".join(word + dice.choice([b" ", b"\n", b"\t\r\n"]) for word in dice.choices(words, k=100_000))
    (root / "sub" / "deep").mkdir(parents=True)
    (root / "empty").mkdir()
    (root / "sub" / "big.txt").write_bytes(big)
    (root / "sub" / "deep" / "long.txt").write_bytes(b"x" * 1_000_000)
    (root / "sub" / "exact.bin").write_bytes(b"y" * (256 * 1024))
    (root / "nothing.h").write_bytes(b"")
    (root / "line\nfeed.h").write_bytes(b"one\x00two \xff\xfe\n")
    pathlib.Path(os.fsdecode(os.fsencode(root) + b"/\xff.h")).write_bytes(b"a b")
    for i in range(300):
        (root / "sub" / "deep" / f"{i}.h").write_bytes(b" ".join(dice.choices(words, k=i)))
    (root / "loop").symlink_to(".")
    (root / "link.h").symlink_to("sub/big.txt")
    (root / "dangling.h").symlink_to("missing")


def expected(root: pathlib.Path) -> dict[str, tuple[int, ...]]:
    text_of = collections.defaultdict(list)
    for directory, _, names in os.walk(root):
        for name in names:
            path = pathlib.Path(directory, name)
            if not path.is_symlink():
                text_of[path.suffix].append(path.read_bytes())
                text_of["total"].append(path.read_bytes())
    rows = {}
    for extension, texts in text_of.items():
        words = [word for text in texts for word in text.translate(bytes.maketrans(WHITE, b" " * len(WHITE))).split(b" ") if word]
        lines = sum(text.count(b"\n") for text in texts)
        rows[extension] = (len(texts), sum(map(len, texts)), lines, len(words), len(set(words)))
    return rows


def rows_of(table: str) -> dict[str, tuple[int, ...]]:
    heading, *rows = table.splitlines()
    assert heading.split() == ["extension", "files", "bytes", "lines", "words", "distinct"], heading
    return {row.split()[0]: tuple(map(int, row.split()[1:])) for row in rows}


with tempfile.TemporaryDirectory() as name:
    root = pathlib.Path(name)
    fill(root)
    for threads in ("1", "4"):
        for limit in ("1", "2", "256"):
            counted = run(name, "--threads", threads, "--limit", limit)
            assert counted.returncode == 0, counted
            assert counted.stderr == "", counted.stderr
            assert rows_of(counted.stdout) == expected(root), (threads, limit, counted.stdout)

    one = run(str(root / "sub" / "exact.bin"))
    assert rows_of(one.stdout)["total"] == expected(root)[".bin"], one

    top = run(name, "--top=1")
    assert [line.split("  ")[0] for line in top.stdout.splitlines()] == ["extension", ".txt", "(2 others)", "total"], top

    if os.getuid() != 0:
        closed = root / "closed.h"
        closed.write_bytes(b"secret")
        before = expected(root)["total"]
        closed.chmod(0)
        counted = run(name)
        assert counted.returncode == 0, counted
        assert counted.stderr == f"cannot read {closed}: Permission denied\n", counted.stderr
        assert rows_of(counted.stdout)["total"][0] == before[0] - 1, counted.stdout
        closed.unlink()

    missing = run(str(root / "missing"))
    assert missing.returncode == 1, missing
    assert missing.stdout == "", missing.stdout
    assert "missing" in missing.stderr, missing.stderr

    plain = subprocess.run([program, "--progress=plain", name], capture_output=True, text=True, timeout=120)
    assert plain.stderr.startswith("run done in "), plain.stderr
    assert plain.stderr.count("\n") == 1 and "\x1b" not in plain.stderr, plain.stderr
    files = expected(root)["total"][0]
    assert f"; file {files}/{files}, " in plain.stderr, plain.stderr
