"""Writes a program that prints the picture of the graph in another program.

picture.py PROGRAM.cpp PICTURE.cpp NODE...
"""

import pathlib
import sys

program, picture, *nodes = sys.argv[1:]
pathlib.Path(picture).write_text(f"""#define main program_main
#include "{pathlib.Path(program).resolve()}"
#undef main

int main() {{
    std::cout << to_mermaid(frond::graph_of<{", ".join(nodes)}>().value());
}}
""")
