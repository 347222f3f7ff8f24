"""Writes a program that prints the picture of the graph in another program, whose main comes last.

picture.py PROGRAM.cpp PICTURE.cpp NODE...
"""

import pathlib
import sys

program, picture, *nodes = sys.argv[1:]
graph, _, _ = pathlib.Path(program).read_text().partition("\nint main(")
pathlib.Path(picture).write_text(f"""{graph}
int main() {{
    std::cout << to_mermaid(frond::graph_of<{", ".join(nodes)}>().value());
}}
""")
