"""Writes the README's C++ blocks, word for word, into files: each block's first line names its own.

extract.py README DIRECTORY FILE... fails unless the blocks are just these files.
"""

import pathlib
import re
import sys

readme, directory, *wanted = sys.argv[1:]
blocks = re.findall(r"^```cpp\n(// (\S+)\n.*?)^```$", pathlib.Path(readme).read_text(), re.DOTALL | re.MULTILINE)
found = {name: text for text, name in blocks}
if sorted(found) != sorted(wanted) or len(blocks) != len(wanted):
    sys.exit(f"{readme} has C++ blocks for {[name for _, name in blocks]}, not for {wanted}")
for name, text in found.items():
    pathlib.Path(directory, name).write_text(text)
