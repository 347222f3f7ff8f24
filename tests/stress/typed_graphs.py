#!/usr/bin/env python3
"""Writes random graphs as C++ functions: each as a typed graph, as the same graph made at run time, and with the number that a
sequential evaluation comes to.

usage: typed_graphs.py SEED COUNT OUTPUT.cpp
"""
import random
import sys

WORD = (1 << 64) - 1
MOST_NODES = 9
MOST_CHILDREN = 20_000


def mixed(z):
    z = (z + 0x9E3779B97F4A7C15) & WORD
    z = ((z ^ z >> 30) * 0xBF58476D1CE4E5B9) & WORD
    z = ((z ^ z >> 27) * 0x94D049BB133111EB) & WORD
    return z ^ z >> 31


def followed_by(number, following):
    return mixed((number * 31 + mixed(following)) & WORD)


class Node:
    """Takes from other nodes: `parameters` are pairs of `in`, `all` or `each` and a node."""

    def __init__(self, place, parameters, inside):
        self.name = f"n{place}"
        self.begin = mixed(place + 1)
        self.parameters = parameters
        self.inside = inside  # the expanders around it, outermost first
        self.most = None  # how many children an expander has at most
        self.echoes = False  # an expander that yields a child for each element of its streams, at once
        self.coroutine = False
        self.in_turn = False  # an element of each of its streams, not one stream after the other

    @property
    def expands(self):
        return self.most is not None

    @property
    def of_value(self):
        return self.inside + [self] if self.expands else self.inside

    @property
    def streams(self):
        return [i for i, (how, _) in enumerate(self.parameters) if how == "each"]


class Scope:
    """The run, or one child: what has been computed in it."""

    def __init__(self, around=None, expander=None, value=None):
        self.around = around
        self.expander = expander
        self.values = {} if expander is None else {expander: value}
        self.children = {}

    def of(self, inside):
        """The scope of the nodes inside these expanders: this one, or one around it."""
        scope = self
        while scope.expander is not (inside[-1] if inside else None):
            scope = scope.around
        return scope

    def number(self, node):
        made = node.begin
        for how, on in node.parameters:
            if how == "in":
                made = followed_by(made, self.value(on))
                continue
            elements = [child.value(on) for child in self.all_children(on.of_value[-1])]
            if how == "all":
                ordered = 0
                for element in elements:
                    ordered = followed_by(ordered, element)
                made = followed_by(made, ordered)
            elif not node.echoes:
                made = followed_by(made, sum(map(mixed, elements)) & WORD)
        return made

    def value(self, node):
        scope = self.of(node.of_value)
        if node not in scope.values:
            scope.values[node] = mixed(scope.number(node))
        return scope.values[node]

    def all_children(self, expander):
        scope = self.of(expander.inside)
        if expander not in scope.children:
            number = scope.number(expander)
            if expander.echoes:
                count = sum(len(scope.all_children(on.of_value[-1])) for how, on in expander.parameters if how == "each")
            else:
                count = mixed(number) % (expander.most + 1)
            scope.children[expander] = [Scope(scope, expander, mixed((number + i) & WORD)) for i in range(count)]
        return scope.children[expander]


def encloses(outer, inner):
    return inner[: len(outer)] == outer


def random_node(dice, nodes, most):
    inside = None
    parameters = []
    for _ in range(dice.randint(1, 3)):
        on = nodes[max(dice.randrange(len(nodes)), dice.randrange(len(nodes)))]
        around = on.of_value
        how = "in"
        if around and dice.random() < 0.6:
            around = around[:-1]
            how = "each" if dice.random() < 0.65 else "all"
        if inside is None:
            inside = around
        # Some are let through, to be refused.
        if not encloses(around, inside) and dice.random() > 0.03:
            continue
        # A list of many for each of many would take too long.
        if how != "in" and around != inside and most > 300:
            continue
        if how == "each" and around != inside and dice.random() > 0.05:
            how = "all"
        parameters.append((how, on))
    made = Node(len(nodes), parameters, inside)
    made.coroutine = bool(made.streams) or dice.random() < 0.4
    made.in_turn = dice.random() < 0.4
    if len(inside) < 2 and dice.random() < 0.35:
        made.most = most if not inside else 3
        made.echoes = bool(made.streams) and dice.random() < 0.6
    if not parameters:
        made.parameters, made.inside = [("in", nodes[0])], []
    return made


def random_graph(dice):
    """The nodes, in an order in which each comes after those that it takes from; the last one is wanted."""
    most = dice.choice([3, 30, 300, MOST_CHILDREN])
    nodes = [Node(0, [], [])]
    size = dice.randint(4, MOST_NODES)
    while len(nodes) < size or nodes[-1].expands or nodes[-1].inside:
        nodes.append(random_node(dice, nodes, most))
    needed = {nodes[-1]}
    for node in reversed(nodes):
        if node in needed:
            needed.update(on for _, on in node.parameters)
    return [node for node in nodes if node in needed]


def expected_of(graph):
    try:
        return Scope().value(graph[-1])
    except (RecursionError, AttributeError):
        return None  # it needs what its own children give, or two expansions at once: it is to be refused


# ---- as C++

TAKEN_AS = {"in": "frond::value<number>", "all": "frond::list<number>", "each": "frond::stream<number>"}


def returned(node):
    if node.expands:
        return "frond::expander<number>" if node.coroutine else "frond::expand<std::vector<number>>"
    return "frond::async<number>" if node.coroutine else "number"


def reading(node, act):
    """Reads all streams of a node; `act` is what is done with the element `next` of stream i."""
    streams = node.streams
    if node.in_turn and len(streams) > 1:
        yield f"    for (unsigned ended = 0; ended != {(1 << len(streams)) - 1};) {{"
        for bit, i in enumerate(streams):
            yield f"        if ((ended & {1 << bit}U) == 0) {{"
            yield f"            if (auto const next = co_await p{i}.next()) {{"
            yield f"                {act(i)}"
            yield "            } else {"
            yield f"                ended |= {1 << bit}U;"
            yield "            }"
            yield "        }"
        yield "    }"
        return
    for i in streams:
        yield f"    while (auto const next = co_await p{i}.next()) {{"
        yield f"        {act(i)}"
        yield "    }"


def body(node):
    """The function of a node as a graph made at run time takes it."""
    parameters = ", ".join(f"{TAKEN_AS[how]} p{i}" for i, (how, _) in enumerate(node.parameters))
    yield f"inline {returned(node)} {node.name}_body({parameters}) {{"
    if not node.echoes:
        for i in node.streams:
            yield f"    number s{i} = 0;"
        yield from reading(node, lambda i: f"s{i} += mixed(*next);")
    yield f"    number made = {node.begin}U;"
    for i, (how, _) in enumerate(node.parameters):
        if how == "in":
            yield f"    made = followed_by(made, *p{i});"
        elif how == "all":
            yield f"    made = followed_by(made, ordered(p{i}));"
        elif not node.echoes:
            yield f"    made = followed_by(made, s{i});"
    if not node.expands:
        yield f"    {'co_return' if node.coroutine else 'return'} mixed(made);"
    elif node.echoes:
        yield "    number index = 0;"
        yield from reading(node, lambda i: "co_yield mixed(made + index++);")
    elif node.coroutine:
        yield f"    for (number i = 0, count = mixed(made) % {node.most + 1}; i < count; ++i) co_yield mixed(made + i);"
    else:
        yield "    std::vector<number> children;"
        yield f"    for (number i = 0, count = mixed(made) % {node.most + 1}; i < count; ++i) {{"
        yield "        children.push_back(mixed(made + i));"
        yield "    }"
        yield "    return frond::expand(std::move(children));"
    yield "}"


def typed(node):
    """The function of a node as a typed graph takes it."""
    parameters = ", ".join(f"frond::{how}<{on.name}> p{i}" for i, (how, on) in enumerate(node.parameters))
    passed = ", ".join(f"std::move(p{i})" for i in range(len(node.parameters)))
    yield f"inline {returned(node)} {node.name}({parameters}) {{ return {node.name}_body({passed}); }}"


def graph_text(name, graph):
    yield f"namespace {name} {{"
    for node in graph:
        yield from body(node)
        yield from typed(node)
    yield "inline frond::graph_builder at_run_time() {"
    yield "    frond::graph_builder made;"
    for node in graph:
        sources = ", ".join(f'"{on.name}"' for _, on in node.parameters)
        yield f'    made.add("{node.name}", &{node.name}_body, {{{sources}}});'
    yield "    return made;"
    yield "}"
    yield f"}}  // namespace {name}"
    expected = expected_of(graph)
    value = "std::nullopt" if expected is None else f"{expected}U"
    yield f'TEST_CASE("the random typed graph {name} is refused in both forms, or ends in both with its value") {{'
    yield f'    check<{name}::{graph[-1].name}>({name}::at_run_time(), "{graph[-1].name}", {value});'
    yield "}"


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    seed, count = int(sys.argv[1]), int(sys.argv[2])
    lines = ['#include "typed_graphs.hpp"', "", "namespace {", "using namespace typed_graphs;", ""]
    for i in range(count):
        # Strings seed the same on every machine.
        lines += list(graph_text(f"g{seed}_{i}", random_graph(random.Random(f"{seed}/{i}")))) + [""]
    lines += ["}  // namespace"]
    with open(sys.argv[3], "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
