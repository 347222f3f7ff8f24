"""Checks the includes: the layer rule, and that no files include each other in a cycle.

Prints each include that runs back or is not allowed, and each cycle, and fails if there is one. A source counts as one with the
header beside it, since together they are a class; a public header in a folder of its own does not, since what implements it may
stand far above it.
"""

import pathlib
import re
import sys

LAYERS = ["base", "graph", "plan", "run", "hooks"]
# The adaptors to Asio are a part of run that has a folder of its own; frond.hpp and its like include everything below hooks.
FOLDERS = {**{layer: rank for rank, layer in enumerate(LAYERS)}, "asio": LAYERS.index("run")}

INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]frond/([^">]+)[">]')
BESIDE = re.compile(r'^\s*#\s*include\s*"([^">]+)"')
INCLUDE_ROOTS = ("lib/include", "hooks/include", "lib/src", "hooks/src")


def rank_of(path: pathlib.PurePath) -> int:
    """The rank of a header named from frond/."""
    return FOLDERS[path.parts[0]] if len(path.parts) > 1 else LAYERS.index("run")


def sources(root: pathlib.Path):
    for folder in ("lib/include/frond", "lib/src", "hooks/include/frond", "hooks/src"):
        for path in sorted((root / folder).rglob("*.[ch]pp")):
            inside = path.relative_to(root / folder)
            yield path, LAYERS.index("hooks") if folder == "hooks/src" else rank_of(inside)


def included_file(root: pathlib.Path, path: pathlib.Path, named: str) -> pathlib.Path | None:
    """The project's own file that an include in `path` means; none: it is not the project's."""
    for folder in (path.parent, *(root / each for each in INCLUDE_ROOTS)):
        if (folder / named).is_file():
            return (folder / named).resolve()
    return None


def cycles(edges: dict[pathlib.Path, set[pathlib.Path]]) -> list[list[pathlib.Path]]:
    """A cycle for each edge that closes one, in the order of a search in depth."""
    found = []
    done = set()

    def visit(node: pathlib.Path, above: list[pathlib.Path]) -> None:
        if node in above:
            found.append(above[above.index(node) :])
        elif node not in done:
            for following in sorted(edges.get(node, ())):
                visit(following, [*above, node])
            done.add(node)

    for node in sorted(edges):
        visit(node, [])
    return found


def unit_of(path: pathlib.Path) -> pathlib.Path:
    """What a source and the header beside it have in common."""
    return path.with_suffix("")


def include_graph(root: pathlib.Path) -> dict[pathlib.Path, set[pathlib.Path]]:
    edges: dict[pathlib.Path, set[pathlib.Path]] = {}
    for path, _ in sources(root):
        unit = unit_of(path.resolve())
        following = edges.setdefault(unit, set())
        for line in path.read_text().splitlines():
            named = BESIDE.match(line)
            included = included_file(root, path, named[1]) if named else None
            if included and unit_of(included) != unit:
                following.add(unit_of(included))
    return edges


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
    for cycle in cycles(include_graph(root)):
        found = True
        names = [str(each.relative_to(root.resolve())) for each in cycle]
        print("a cycle of includes: " + " -> ".join([*names, names[0]]))
    return found or checked == 0


sys.exit(main(pathlib.Path(sys.argv[1])))
