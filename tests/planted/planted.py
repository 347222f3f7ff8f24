#!/usr/bin/env python3
"""Plants the bugs of bugs.py in a copy of the library, one at a time, and tells whether the tests find each.

The last line is `N passed, M failed`, where a bug passes that is found.
"""
import argparse
import functools
import os
import pathlib
import re
import signal
import subprocess
import sys
import time

from bugs import BUGS

ROOT = pathlib.Path(__file__).resolve().parents[2]
PLANTED_IN = ("lib", "hooks")
OPTIONS = ["-Doptimization=0", "-Ddebug=false", "-Dwerror=false", "-Dtests=enabled", "-Dexamples=disabled",
           "-Dbenchmarks=disabled", "--wrap-mode=nodownload"]
FOLDERS = {**{layer: f"tests/unit/unit-{layer}" for layer in ("base", "graph", "plan", "run", "asio", "hooks")},
           "base-simulation": "tests/simulation/base-simulation", "run-simulation": "tests/simulation/run-simulation",
           "allocation": "tests/allocation/allocation-test"}
SEED = re.compile(r"\bseed (\d+)")


class Fault(Exception):
    """Why a bug, or all of them, cannot be played."""


class Test:
    """A program, or one file of its tests, as `program/file` names it."""

    def __init__(self, name):
        self.name = name
        self.program, _, self.file = name.partition("/")
        if self.program not in FOLDERS:
            raise Fault(f"{name}: there is no test program {self.program}; there are: {', '.join(FOLDERS)}")
        self.target = FOLDERS[self.program]

    def command(self, build):
        # With -#, Catch2 lets the tests of one file be chosen by its name.
        return [str(build / self.target), *(["-#", f"[#{self.file}]"] if self.file else [])]


class Copy:
    """The sources without the developer's files, and a build of them."""

    def __init__(self, folder, jobs, environment):
        self.source = folder
        self.build = folder / "build"
        self.jobs = jobs
        self.environment = environment

    def refresh(self):
        """Only what has changed is written, so that only that is compiled again."""
        listed = subprocess.run(["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
                                stdout=subprocess.PIPE, check=True).stdout.decode()
        names = {name for name in listed.split("\0") if name and (ROOT / name).is_file()}
        for name in names:
            content = (ROOT / name).read_bytes()
            to = self.source / name
            if to.is_file() and to.read_bytes() == content:
                continue
            to.parent.mkdir(parents=True, exist_ok=True)
            to.write_bytes(content)
        for folder in (*PLANTED_IN, "tests"):
            for path in (self.source / folder).rglob("*"):
                if path.is_file() and path.relative_to(self.source).as_posix() not in names:
                    path.unlink()

    def configure(self):
        if not (self.build / "build.ninja").exists():
            self.call(["meson", "setup", *OPTIONS, str(self.build), str(self.source)], "the copy cannot be configured:")

    def compile(self, targets, what):
        self.call(["ninja", "-C", str(self.build), *([f"-j{self.jobs}"] if self.jobs else []), *sorted(targets)], what)

    def call(self, command, what):
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
                              env=self.environment, check=False)
        if done.returncode == 0:
            return
        lines = done.stdout.splitlines()
        errors = [line for line in lines if "error" in line.lower()][:5]
        raise Fault("\n    ".join([what, *(errors or lines[-5:])]))

    def run(self, test, timeout):
        """Its output, and what went wrong; nothing if all went well."""
        with subprocess.Popen(test.command(self.build), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              errors="replace", env=self.environment, cwd=self.build, start_new_session=True) as process:
            try:
                output, _ = process.communicate(timeout=timeout)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                output, _ = process.communicate()
                return output, "it hangs"
            if process.returncode < 0:
                return output, signal.Signals(-process.returncode).name
            return output, "" if process.returncode == 0 else "it fails"


def pattern_of(text):
    """Finds a text however its lines are broken and indented."""
    return re.compile(r"\s+".join(re.escape(word) for word in text.split()))


@functools.lru_cache
def library():
    return {path: path.read_text() for folder in PLANTED_IN for path in sorted((ROOT / folder).rglob("*.[ch]pp"))}


def place_of(bug):
    """The one file that has the text, wherever it is. The text, and not a file, is what names the place: files move."""
    pattern = pattern_of(bug.old)
    found = []
    for path, text in library().items():
        found += [path] * len(pattern.findall(text))
    if len(found) != 1:
        where = ", ".join(str(path.relative_to(ROOT)) for path in found) or "nowhere"
        raise Fault(f"its text has to occur once in {' and '.join(PLANTED_IN)}, and occurs {len(found)} times: {where}")
    return found[0].relative_to(ROOT)


def play(bug, copy, timeout):
    """By what the bug is found, or nothing."""
    file = copy.source / place_of(bug)
    sound = file.read_text()
    tests = [Test(name) for name in bug.found_by]
    file.write_text(pattern_of(bug.old).sub(lambda _: bug.new, sound))
    try:
        for test in tests:
            copy.compile({test.target}, "it does not compile:")
            output, wrong = copy.run(test, timeout)
            if not wrong:
                continue
            seed = SEED.search(output)
            return test.name + (f", seed {seed[1]}" if seed else "") + (f", {wrong}" if wrong != "it fails" else "")
        return ""
    finally:
        file.write_text(sound)


def check_sound(bugs, copy, timeout):
    """Without a bug everything has to build and pass, or what is found would say nothing."""
    tests = {name: Test(name) for bug in bugs for name in bug.found_by}
    copy.compile({test.target for test in tests.values()}, "without any bug the tests do not build:")
    for test in tests.values():
        output, wrong = copy.run(test, timeout)
        if wrong or "No test" in output:
            raise Fault("\n    ".join([f"without any bug, {test.name}: {wrong or 'it has no tests'}",
                                       *output.splitlines()[-10:]]))


def sample_of(bugs, count):
    return [bugs[i * len(bugs) // count] for i in range(min(count, len(bugs)))]


def chosen(options):
    by_name = {bug.name: bug for bug in BUGS}
    unknown = [name for name in options.bugs if name not in by_name]
    if unknown:
        sys.exit(f"there is no bug {', '.join(unknown)}; --list names them")
    bugs = [by_name[name] for name in options.bugs] or list(BUGS)
    if options.of:
        bugs = [bug for bug in bugs if all(Test(name).program in options.of for name in bug.found_by)]
    return sample_of(bugs, options.sample) if options.sample else bugs


def end(passed, failed):
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bugs", nargs="*", metavar="BUG", help="what is played; all, if none is named")
    parser.add_argument("--list", action="store_true", help="name the bugs and the tests that have to find them; play none")
    parser.add_argument("--sample", type=int, metavar="N", help="only N of them, spread over the list, always the same ones")
    parser.add_argument("--of", action="append", choices=sorted(FOLDERS), metavar="PROGRAM",
                        help="only those that tests of this program have to find; may be given more than once")
    parser.add_argument("--build", type=pathlib.Path, metavar="DIR", default=ROOT / "build-planted",
                        help="where the copy and its build are, which are used again next time (build-planted)")
    parser.add_argument("--seeds", type=int, metavar="N", default=int(os.environ.get("FROND_SIMULATION_SEEDS", "500")),
                        help="as FROND_SIMULATION_SEEDS (500)")
    parser.add_argument("--timeout", type=float, metavar="S", default=60,
                        help="a test that takes so many seconds hangs, by which it finds a bug (60)")
    parser.add_argument("--jobs", type=int, metavar="N", help="as ninja's -j")
    return parser.parse_args()


def main():
    options = arguments()
    if len({bug.name for bug in BUGS}) != len(BUGS):
        sys.exit("two bugs have one name")
    bugs = chosen(options)
    if options.list:
        for bug in bugs:
            print(f"{bug.name}: {', '.join(bug.found_by)}")
        return 0

    # Meson takes ccache by itself where there is one. A file that was just written is no reason to compile it anew.
    environment = {"CCACHE_SLOPPINESS": "time_macros,include_file_mtime,include_file_ctime", **os.environ,
                   "FROND_SIMULATION_SEEDS": str(options.seeds)}
    copy = Copy(options.build.resolve(), options.jobs, environment)
    failed = 0
    playable = []
    for bug in BUGS:  # a text that is not there is told of whatever is played
        try:
            place_of(bug)
            playable.append(bug)
        except Fault as fault:
            failed += 1
            print(f"ERROR      {bug.name}: {fault}", flush=True)
    bugs = [bug for bug in bugs if bug in playable]
    began = time.monotonic()
    try:
        copy.refresh()
        copy.configure()
        check_sound(bugs, copy, options.timeout)
    except Fault as fault:
        print(f"ERROR      {fault}")
        return end(0, failed + 1)
    print(f"without any bug all is well, {time.monotonic() - began:.0f} s", flush=True)

    passed = 0
    for bug in bugs:
        began = time.monotonic()
        try:
            found = play(bug, copy, options.timeout)
            verdict = f"found      {bug.name}: {found}" if found else f"NOT FOUND  {bug.name}: {', '.join(bug.found_by)}"
        except Fault as fault:
            found = ""
            verdict = f"ERROR      {bug.name}: {fault}"
        passed += bool(found)
        failed += not found
        print(f"{verdict} ({time.monotonic() - began:.0f} s)", flush=True)
    return end(passed, failed)


if __name__ == "__main__":
    sys.exit(main())
