#!/usr/bin/env python3
"""Compiles wrong graphs and checks that each is refused with a message that names the rule and the nodes.

usage: refused.py [--only CASE] COMPILER [ARGUMENT...]    arguments: include directories and the like
"""
import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys

# The types of what fails to compile, and where there is none of these, what was being instantiated.
VERDICT = re.compile(
    r"(?:refused_graph|unknown_argument|argument_of_other_type|temporary_hook|miscounted_argument)<.*")
INSTANTIATION = re.compile(r".*(?:required from|n instantiation of|requested here).*")
MOST_LINES = 60
MOST_SHOWN = 300  # characters of a line

STANDSTILL = ("streams the children of an expansion and waits for what cannot end before it has read them (each of these nodes "
              "waits for the next, the last for the first): neither would ever go on; take one joint stream, each<f, g>, or "
              "a list, all<f>, which holds what any order of reading would have to hold")

# For each file the cases: what the message says, then the names that stand among the types it is told of. Case 0 has to
# compile.
CASES = {
    "cases.cpp": {
        1: ["depend on one another in a cycle", "b", "a"],
        2: ["two expansions of which neither encloses the other", "mix", "words", "rows"],
        3: ["collects another that is not inside any expansion", "sum", "outside"],
        4: ["is inside an expansion and has a value for each child", "words", "file"],
        5: ["depends on a collector of the same expansion", "share", "total"],
        6: ["depends on a collector of the same expansion", "share", "doubled"],
        7: ["two separate streams of one expansion in one node can wait for each other for ever; take one joint stream, each<f, g>", "words", "size"],
        8: [STANDSTILL, "sum", "files", "file"],
        9: [STANDSTILL, "sum", "file"],
        10: ["moves a value away that has another consumer", "one", "outside", "two"],
        11: ["moves a value away that all children of an expansion share", "one", "outside"],
        12: ["declared with two types or two defaults", "long"],
        13: ["declared with two types or two defaults"],
        14: ["default of this input does not make a value of its type"],
        15: ["a reference has none"],
        16: ["named<> finds no node of that name", "one"],
        17: ["named<> finds a node whose value has another type", "outside"],
        18: ["named<> finds two nodes of that name", "one", "good::outside", "far::outside"],
        19: ["two nodes have the same name", "root"],
        20: ["a parameter of this node is no dependency", "one", "int"],
        21: ["takes its dependencies by value", "one"],
        22: ["a node returns, by value", "one"],
        23: ["a node returns, by value", "one"],
        24: ["specialise frond::node_name<f>|give one of them another by frond::node_name<f>", "converted"],
        25: ["a collected value must own what it holds", "sum", "line"],
        26: ["a collected value must own what it holds", "sum", "line"],
        27: ["a collected value must be movable", "sum", "line"],
        28: ["which cannot be copied", "line", "one", "two"],
        29: ["these are not of the same expansion", "words", "rows"],
        30: ["nothing"],
        31: ["a parameter of this node is no dependency", "one", "float"],
        32: ["a stream is read once, but this node is inside another expansion", "inner", "words", "other"],
        33: [STANDSTILL, "beside", "total", "file", "again"],
        34: [STANDSTILL, "row_first", "word_first"],
    },
    "arguments.cpp": {
        1: ["a required input is not given", "root"],
        2: ["no wanted node needs an input of this name", "rot"],
        3: ["does not convert to the type of its input", "root"],
        4: ["an input of reference type is given an lvalue", "db"],
        5: ["nor a hook", "deaf"],
        6: ["a hook outlives its run", "watcher"],
        7: ["is given two values", "root"],
        8: ["override_with<f> is for a node that the plan's options override", "file"],
        9: ["an overridden node is not given its value", "file"],
        10: ["does not convert to the type of its input or node", "file"],
        11: ["no wanted node needs an input of this name", "root"],
        12: ["the value of g has another type", "wide"],
        13: ["one of them is an expander, the other is not", "file"],
        14: ["limit<f>(n) is for expanders", "words"],
        15: ["where nothing can be overridden", "words", "file"],
        16: ["this node is overridden, but nothing that is wanted needs it", "wide"],
        17: ["of a node that was not asked for", "file"],
        18: ["depend on one another in a cycle", "again"],
        19: ["is inside an expansion and has a value for each child", "words"],
    },
}


def compile_case(command, source, case):
    done = subprocess.run(
        command + ["-std=c++20", "-fsyntax-only", f"-DCASE={case}", str(source)],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", check=False)
    return done.returncode, done.stdout


def fault_of(case, wanted, status, output):
    """What is wrong with how a case was refused; nothing if it is right."""
    if case == 0:
        return "" if status == 0 else "the right graph does not compile"
    if status == 0:
        return "it compiles"
    message, *names = wanted
    if not any(part in output for part in message.split("|")):
        return f"the output lacks: {message}"
    places = "\n".join(VERDICT.findall(output) or INSTANTIATION.findall(output))
    for name in names:
        if not re.search(rf"(?<!\w){re.escape(name)}(?!\w)", places):
            return f"no node is told of as {name}"
    lines = output.count("\n")
    if lines > MOST_LINES:
        return f"the output has {lines} lines, more than {MOST_LINES}"
    return ""


def main():
    command = sys.argv[1:]
    only = None
    if command[:1] == ["--only"]:
        only = int(command[1])
        command = command[2:]
    if not command:
        sys.exit(__doc__)
    here = pathlib.Path(__file__).resolve().parent
    failed = 0
    total = 0
    with concurrent.futures.ThreadPoolExecutor(max_workers=min(2, os.cpu_count() or 1)) as pool:
        for name, cases in CASES.items():
            numbered = {0: [], **cases}
            runs = {case: pool.submit(compile_case, command, here / name, case) for case in numbered if only in (None, case)}
            for case, run in runs.items():
                status, output = run.result()
                fault = fault_of(case, numbered[case], status, output)
                total += 1
                if fault:
                    failed += 1
                    print(f"{name}, case {case}: {fault}")
                    print("\n".join(line[:MOST_SHOWN] for line in output.splitlines()[:MOST_LINES]))
    print(f"{total - failed} refused as they should be, {failed} not")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
