"""Checks the table of docs/hooks.md against the code: the same moments, in the same order, each with the event that it takes and with
every field of that event.

usage: check_hooks.py ROOT
"""

import pathlib
import re
import sys

root = pathlib.Path(sys.argv[1])
include = root / 'lib/include/frond/run'


def moments():
    """Each moment and its event, in the order of the list."""
    text = (include / 'hook_moment.hpp').read_text()
    listed = re.search(r'enum class hook_moment[^{]*\{([^}]*)\}', text).group(1)
    takes = dict(re.findall(r'hook_method<hook_moment::(\w+)> : takes<(\w+)>', text))
    return [(name, takes[name]) for name in re.findall(r'(\w+),', listed)]


def fields(event):
    for header in ('event.hpp', 'progress.hpp'):
        found = re.search(r'^struct ' + event + r' \{\n(.*?)^\};', (include / header).read_text(), re.S | re.M)
        if found:
            # A declaration: a type, a name, perhaps a value; no function.
            return re.findall(r'^    (?!friend|return)[\w:<>, ]+?[ >](\w+)(?: = [^;]*|\{\})?;', found.group(1), re.M)
    raise SystemExit(f'{event} is in neither header')


def rows():
    """Method, event and fields of each row; `as above` stands for those of the row before with that event."""
    seen = {}
    for line in (root / 'docs/hooks.md').read_text().splitlines():
        match = re.match(r'\| `(\w+)` \| `(\w+)` \| (.*?) \| ', line)
        if not match:
            continue
        method, event, named = match.groups()
        if named == 'as above':
            named = seen[event]
        else:
            named = re.findall(r'`(\w+)`', named)
            seen[event] = named
        yield method, event, named


faults = []
told = list(rows())
if [(method, event) for method, event, _ in told] != moments():
    faults.append(f'methods and events: the table has {[row[:2] for row in told]}, the code {moments()}')
for method, event, named in told:
    if sorted(named) != sorted(fields(event)):
        faults.append(f'{method}: the table has {sorted(named)}, {event} has {sorted(fields(event))}')
for fault in faults:
    print(fault)
print(f'{len(told)} methods checked')
sys.exit(1 if faults or not told else 0)
