"""Runs examples/includes on files of known content, on Asio's headers, and on what does not exist, and compares with a walk of its own."""

import pathlib
import re
import subprocess
import sys
import tempfile

INCLUDE = re.compile(rb"\s*#\s*include\s*(?:<([^>]+)>|\"([^\"]+)\")")


def run(*arguments: str | pathlib.Path) -> subprocess.CompletedProcess:
    return subprocess.run([sys.argv[1], *map(str, arguments)], capture_output=True, text=True, timeout=300)


def walk(root: pathlib.Path, *folders: pathlib.Path) -> tuple[int, int]:
    """The number of files, and of their lines."""
    open_files, seen, lines = [root.resolve()], {root.resolve()}, 0
    while open_files:
        path = open_files.pop()
        text = path.read_bytes()
        lines += text.count(b"\n") + (not text.endswith(b"\n") and text != b"")
        for line in text.split(b"\n"):
            found = INCLUDE.match(line)
            if not found:
                continue
            name = (found[1] or found[2]).decode()
            places = ([path.parent] if found[2] else []) + list(folders)
            at = next((folder / name for folder in places if (folder / name).is_file()), None)
            if at is not None and at.resolve() not in seen:
                seen.add(at.resolve())
                open_files.append(at.resolve())
    return len(seen), lines


with tempfile.TemporaryDirectory() as name:
    here = pathlib.Path(name)
    (here / "far").mkdir()
    (here / "a.hpp").write_text('#include "b.hpp"\n#  include <c.hpp>\n#include <missing>\nint a;')
    (here / "b.hpp").write_text('#include "a.hpp"\n#include "b.hpp"\n// #include "far/d.hpp"\n')
    (here / "far" / "c.hpp").write_text('#include "../a.hpp"\n#include "d.hpp"\n')
    (here / "far" / "d.hpp").write_text("")
    told = run(here / "a.hpp", here / "far")
    assert told.returncode == 0 and told.stdout == "4 files, 9 lines\n", told
    assert walk(here / "a.hpp", here / "far") == (4, 9)
    alone = run(here / "a.hpp")
    assert alone.stdout == "2 files, 7 lines\n", alone

    missing = run(here / "missing.hpp")
    assert missing.returncode == 1 and missing.stdout == "" and "missing.hpp" in missing.stderr, missing

for header in ("asio.hpp", "boost/asio.hpp"):
    root = pathlib.Path("/usr/include", header)
    if root.exists():
        told = run(root, "/usr/include")
        files, lines = walk(root, pathlib.Path("/usr/include"))
        assert told.stdout == f"{files} files, {lines} lines\n", (told, files, lines)
        print(header, told.stdout, end="")
