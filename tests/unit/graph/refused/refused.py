#!/usr/bin/env python3
"""Compiles misuses and checks that each is refused: first by a sentence of frond's own, which names the nodes, and in few lines.

The arguments of the compiler are include directories and the like.
"""
import argparse
import concurrent.futures
import itertools
import os
import pathlib
import re
import subprocess
import sys
import tempfile

# The types of what fails to compile, and where there is none of these, what was being instantiated.
VERDICT = re.compile(
    r"(?:refused_graph|unknown_argument|argument_of_other_type|argument_that_dangles|temporary_hook|wrong_hook|"
    r"miscounted_argument)<.*")
ERROR = re.compile(r"\berror: ")
INSTANTIATION = re.compile(r".*(?:required from|n instantiation of|requested here).*")
MOST_LINES = 30
MOST_SHOWN = 300  # characters of a line

STANDSTILL = ("streams the children of an expansion and waits for what cannot end before it has read them (each of these nodes "
              "waits for the next, the last for the first): neither would ever go on; take one joint stream, each<f, g>, or "
              "a list, all<f>, which holds what any order of reading would have to hold")

NO_FUNCTION = "a node is a function with a name and a fixed number of parameters"
YIELDS_RESULTS = "an expander yields values, not results"
FOREIGN = "returns a coroutine or an awaitable that frond does not know"
# No template is instantiated with what the compiler cannot give a type: it says so itself.
OURS_CANNOT_BE_FIRST = ""

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
        16: ["named<> or back<> finds no node of that name", "one"],
        17: ["named<> or back<> finds a node whose value has another type", "outside"],
        18: ["named<> or back<> finds two nodes of that name", "one", "good::outside", "far::outside"],
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
        35: ["named<> or back<> finds no node of that name", "page"],
        36: ["named<> or back<> finds a node whose value has another type", "links"],
        37: ["back<> names a node that is not inside this expander's own expansion", "page", "outside"],
        38: ["back<> names a node that is not inside this expander's own expansion", "page", "word"],
        39: ["back<> names a node that is not inside this expander's own expansion", "page", "pages"],
        40: ["only an expander that is a coroutine, frond::expander<T>, has them", "one"],
        41: ["only an expander that is a coroutine, frond::expander<T>, has them", "page"],
        42: ["a collected value must own what it holds", "page", "links"],
        43: ["which cannot be copied", "links", "page", "pages"],
        44: ["two expansions of which neither encloses the other", "links"],
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
        20: ["nothing that is wanted needs this f", "rows", "other_rows"],
        21: ["is not for a node that takes or streams", "total"],
        22: ["is not for a node that takes or streams", "taker"],
        23: ["is not for a node that takes or streams", "taking"],
        24: ["names the nodes whose values are wanted"],
        25: ["run_blocking takes a plan, or the wanted functions as template arguments"],
        26: ["run_blocking takes a plan, or the wanted functions as template arguments"],
        27: ["nor a hook"],
        28: ["this value cannot be copied: hand the argument in by std::move", "key"],
        29: ["this input is a view, and its argument a temporary", "title"],
        30: ["a run_report outlives its run"],
        31: ["this value cannot be copied: hand the argument in by std::move"],
        32: ["a hook outlives its run", "watcher"],
        33: ["is given arg(\"name\", value), hooks"],
        34: ["limit_each<f>(n) is for expanders", "words"],
    },
    "hooks.cpp": {
        1: ["a hook's after_task takes a frond::task_event const&", "listener"],
        2: ["a hook's before_task takes a frond::task_event const&", "listener"],
        3: ["a hook's on_sample takes a frond::progress const&", "listener"],
        4: ["a hook's method returns void or frond::async<void>", "listener"],
        5: ["policy() gives a frond::observer_policy", "listener"],
        6: ["around_node takes a frond::node_call& and returns frond::async<void>", "listener"],
        7: ["around_task takes a frond::task_call& and returns frond::async<void>", "listener"],
        8: ["says how often by policy()", "listener"],
        9: ["a hook's after_task takes a frond::task_event const&", "listener"],
        10: ["a hook's after_task takes a frond::task_event const&", "listener"],
        11: ["a hook's after_task takes a frond::task_event const&", "listener"],
    },
    "functions.cpp": {
        1: [NO_FUNCTION, "lambda"],
        2: [NO_FUNCTION, "lambda"],
        3: [NO_FUNCTION, "method"],
        4: [NO_FUNCTION, "functor"],
        5: [NO_FUNCTION, "variadic"],
        6: ["a node returns, by value", "one"],
        7: ["a node returns, by value", "one"],
        8: ["a parameter of this node is no dependency", "one"],
        9: ["a parameter of this node is no dependency", "one"],
        10: ["takes its dependencies by value", "one"],
        11: [YIELDS_RESULTS, "one"],
        12: [YIELDS_RESULTS, "one"],
        13: ["expand(range) yields the elements of a range"],
        14: ["an expander yields values that can be moved"],
        15: ["an expander yields values that can be moved"],
        16: ["what is yielded here does not convert to T"],
        17: ["what is yielded here does not convert to T"],
        18: ["none can be made of what is returned here"],
        19: ["async<T> owns its value"],
        20: [FOREIGN, "one"],
        21: [FOREIGN, "one"],
        22: [FOREIGN, "one"],
        23: ["this cannot be awaited here"],
        24: ["a typed graph has at most 200 nodes that each need the next one"],
        25: [OURS_CANNOT_BE_FIRST, "overloaded"],
        26: [OURS_CANNOT_BE_FIRST, "converted"],
    },
    "views.cpp": {
        **{case: ["a wanted value must own what it holds", "shown"] for case in range(1, 13)},
        13: ["a collected value must own what it holds", "shown"],
        14: ["a wanted value is moved out of its run, and this one cannot be moved", "fixed"],
    },
    "tokens.cpp": {
        **{case: ["ends with a completion token"] for case in range(1, 5)},
        **{case: ["spawn(executor, coroutine, token) runs a frond::async<T>"] for case in range(5, 8)},
        8: [FOREIGN, "elsewhere"],
    },
}


def run(command):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", check=False)
    return done.returncode, done.stdout


def precompiled(command, source, folder):
    """Compiles the headers that a source begins with, and gives the arguments by which its cases use them: each case then
    takes a tenth of the time. A compiler that cannot reads the headers in each case."""
    lines = source.read_text().splitlines()
    includes = list(itertools.takewhile(lambda line: not line or line.startswith(("//", "#include")), lines))
    header = folder / f"{source.stem}.hpp"
    header.write_text("\n".join(includes) + "\n")
    clang = "clang" in run(command + ["--version"])[1]
    made = header.with_suffix(".pch" if clang else ".hpp.gch")
    status, _ = run(command + ["-std=c++20", "-x", "c++-header", str(header), "-o", str(made)])
    if status != 0:
        return []
    return ["-include-pch", str(made)] if clang else ["-include", str(header)]


def compile_case(command, source, case):
    return run(command + ["-std=c++20", "-fsyntax-only", f"-DCASE={case}", str(source)])


def fault_of(case, wanted, status, output):
    """What is wrong with the way in which a case was refused; nothing if it is right."""
    if case == 0:
        return "" if status == 0 else "the right code does not compile"
    if status == 0:
        return "it compiles"
    message, *names = wanted
    first = next((line for line in output.splitlines() if ERROR.search(line)), "")
    if message != OURS_CANNOT_BE_FIRST and not any(part in first for part in message.split("|")):
        return f"the first error is another than: {message}"
    places = "\n".join(VERDICT.findall(output) or INSTANTIATION.findall(output)) or output
    for name in names:
        if not re.search(rf"(?<!\w){re.escape(name)}(?!\w)", places):
            return f"no node is told of as {name}"
    lines = output.count("\n")
    if lines > MOST_LINES:
        return f"the output has {lines} lines, more than {MOST_LINES}"
    return ""


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", metavar="FILE:CASE", help="compiles one case, or one file, and shows what the compiler says")
    parser.add_argument("--table", action="store_true", help="tells of each case how many lines the compiler's output has")
    parser.add_argument("command", nargs=argparse.REMAINDER, metavar="COMPILER [ARGUMENT...]")
    asked = parser.parse_args()
    only = (asked.only or "").split(":")
    here = pathlib.Path(__file__).resolve().parent
    failed = 0
    total = 0
    with tempfile.TemporaryDirectory() as folder, concurrent.futures.ThreadPoolExecutor(
        max_workers=min(2, os.cpu_count() or 1)
    ) as pool:
        for name, cases in CASES.items():
            if only[0] not in ("", name):
                continue
            numbered = {0: [], **cases}
            if only[1:]:
                numbered = {int(only[1]): numbered[int(only[1])]}
            command = asked.command + precompiled(asked.command, here / name, pathlib.Path(folder))
            runs = {case: pool.submit(compile_case, command, here / name, case) for case in numbered}
            for case, done in runs.items():
                status, output = done.result()
                fault = fault_of(case, numbered[case], status, output)
                total += 1
                if asked.table and case != 0:
                    print(f"{name:14} {case:3} {output.count(chr(10)):3} lines: {numbered[case][0][:70]}")
                if fault or only[1:]:
                    print(f"{name}, case {case}: {fault}")
                    print("\n".join(line[:MOST_SHOWN] for line in output.splitlines()[: 2 * MOST_LINES]))
                failed += bool(fault)
    print(f"{total - failed} refused as they should be, {failed} not")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
