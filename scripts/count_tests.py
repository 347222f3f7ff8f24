"""Counts what `meson test` has logged: prints `N passed, M failed` and fails where M is not 0.

A test that was skipped is neither; that nothing was tested at all is a failure.
"""

import json
import pathlib
import sys

log = pathlib.Path(sys.argv[1])
results = [json.loads(line)["result"] for line in log.read_text().splitlines()] if log.exists() else []
passed = sum(result in ("OK", "EXPECTEDFAIL") for result in results)
failed = sum(result not in ("OK", "EXPECTEDFAIL", "SKIP") for result in results)
if passed + failed == 0:
    failed = 1
print(f"{passed} passed, {failed} failed")
sys.exit(failed != 0)
