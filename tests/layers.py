"""Checks the layer rule over the includes: prints each that runs back or is not allowed, and fails if there is one."""

import pathlib
import re
import sys

LAYERS = ["base", "graph", "plan", "run", "hooks"]
# The adaptors to Asio are a part of run that has a folder of its own; frond.hpp and its like include everything below hooks.
FOLDERS = {**{layer: rank for rank, layer in enumerate(LAYERS)}, "asio": LAYERS.index("run")}

INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]frond/([^">]+)[">]')


def rank_of(path: pathlib.PurePath) -> int:
    """The rank of a header named from frond/."""
    return FOLDERS[path.parts[0]] if len(path.parts) > 1 else LAYERS.index("run")


def sources(root: pathlib.Path):
    for folder in ("lib/include/frond", "lib/src", "hooks/include/frond", "hooks/src"):
        for path in sorted((root / folder).rglob("*.[ch]pp")):
            inside = path.relative_to(root / folder)
            yield path, LAYERS.index("hooks") if folder == "hooks/src" else rank_of(inside)


def main(root: pathlib.Path) -> int:
    found = False
    checked = 0
    for path, rank in sources(root):
        checked += 1
        for number, line in enumerate(path.read_text().splitlines(), 1):
            included = INCLUDE.match(line)
            if included and rank_of(pathlib.PurePath(included[1])) > rank:
                found = True
                print(f"{path.relative_to(root)}:{number}: {LAYERS[rank]} includes frond/{included[1]}, to its right")
    return found or checked == 0


sys.exit(main(pathlib.Path(sys.argv[1])))
