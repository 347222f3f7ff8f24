"""Runs examples/corpus on a directory of known content, and compares its table with a count of its own."""

import collections
import json
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

    # A notebook started it: one line, drawn again without escape sequences. What asks for plain output goes first.
    environment = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "CI")}
    for mode, jupyter in (("notebook", {}), ("auto", {"JPY_PARENT_PID": "1"})):
        asked = [program, f"--progress={mode}", name]
        told = subprocess.run(asked, capture_output=True, timeout=120, env=environment | jupyter).stderr.decode()
        *drawn, last = told.split("\r")
        assert last.startswith("run done in ") and f"; file {files}/{files}, " in last, (mode, told)
        assert last.endswith("\n") and told.count("\n") == 1 and "\x1b" not in told, (mode, told)
        assert all(" run 0:" in line for line in drawn), (mode, told)

    # What is written beside the table, into a directory of its own.
    with tempfile.TemporaryDirectory() as to:
        written = {option: pathlib.Path(to) / option for option in ("events", "trace", "report", "metrics")}
        asked = [f"--{option}={path}" for option, path in written.items()]
        counted = run(name, *asked)
        if "needs a frond that was built with prometheus-cpp" in counted.stderr:
            counted = run(name, *asked[:-1])
            written.pop("metrics")
        assert counted.returncode == 0 and rows_of(counted.stdout) == expected(root), counted
        lines = [json.loads(line) for line in written["events"].read_text().splitlines()]
        assert lines[0]["event"] == "before_run" and lines[-1]["event"] == "after_run", lines
        assert sum(line["event"] == "on_yield" and "expand-chunk" not in str(line) for line in lines) == files, lines
        assert any(str(root / "sub" / "exact.bin") in json.dumps(line) for line in lines), "a child has its file's name"
        assert len(json.loads(written["trace"].read_text())) > files
        assert "expand-file" in written["report"].read_text()
        if "metrics" in written:
            assert f'frond_tasks_total{{spec="expand-chunk",state="succeeded"}} {files}\n' in written["metrics"].read_text()

        unwritable = run(name, f"--events={to}/missing/events")
        assert unwritable.returncode == 1 and "missing" in unwritable.stderr, unwritable
