// Bodies that tell how far they are, as a display reads them.
#include "run/told_bodies.hpp"

#include "by_hand_run.hpp"
#include "catch.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <string>

namespace {

/// The id of a child's task; its index is the attempt, which is as good as any number to tell contexts apart.
struct ids {
    by_hand::observed_run run;
    frond::child_key key;
    std::shared_ptr<frond::plan const> plan = run.plan;
    std::uint32_t spec = 2;
    std::shared_ptr<frond::child_path const> enclosing{};

    frond::task_id operator()(frond::task_context const& of) const {
        frond::task_id made;
        made.plan = plan;
        made.spec = spec;
        made.index = of.attempt;
        made.key = key;
        made.enclosing = enclosing;
        return made;
    }
};

std::string text(frond::told_bodies const& bodies, ids const& id_of) {
    std::string made;
    for (auto const& each : bodies.read([&](frond::task_context const& of) { return id_of(of); })) {
        made.append(made.empty() ? "" : ", ").append(each.task).append(" ");
        made.append(std::to_string(static_cast<int>(each.done))).append("/");
        made.append(std::to_string(static_cast<int>(each.of)));
    }
    return made;
}

/// Expansions in one another, so many deep; the last spec is the task of the innermost children.
std::shared_ptr<frond::plan const> nested_plan(std::uint32_t depth) {
    auto made = std::make_shared<frond::plan>();
    made->scopes.resize(depth + 1);
    for (std::uint32_t scope = 0; scope <= depth; ++scope) {
        auto& spec = made->specs.emplace_back();
        spec.name = scope < depth ? "expand" : "block";
        spec.scope = scope;
        if (scope == 0) continue;
        made->scopes[scope].expand_spec = scope - 1;
        made->scopes[scope].parent = scope - 1;
        made->scopes[scope].depth = scope;
    }
    return made;
}

frond::task_context context(std::uint32_t number) {
    frond::task_context made;
    made.attempt = number;
    return made;
}

}  // namespace

TEST_CASE("bodies are read the latest first, each as far as it has told last") {
    frond::told_bodies bodies;
    ids id_of;
    auto first = context(1);
    auto second = context(2);
    bodies.note(first, 1, 10);
    bodies.note(second, 3, 0);
    bodies.note(first, 5, 10);
    CHECK(text(bodies, id_of) == "expand-file.2.block-file 3/0, expand-file.1.block-file 5/10");
    CHECK(first.told);
}

TEST_CASE("a body that has ended is not read, and may tell of itself anew") {
    frond::told_bodies bodies;
    ids id_of;
    auto first = context(1);
    auto second = context(2);
    bodies.note(first, 1, 10);
    bodies.note(second, 1, 10);
    bodies.forget(first);
    CHECK_FALSE(first.told);
    CHECK(text(bodies, id_of) == "expand-file.2.block-file 1/10");
    bodies.note(first, 2, 10);
    CHECK(text(bodies, id_of) == "expand-file.1.block-file 2/10, expand-file.2.block-file 1/10");
}

TEST_CASE("of very many bodies only the first are kept, and the others take their places when these have ended") {
    frond::told_bodies bodies;
    ids id_of;
    std::array<frond::task_context, 65> contexts;
    for (auto& each : contexts) bodies.note(each, 1, 2);
    CHECK_FALSE(contexts[64].told);
    auto const read = [&] { return bodies.read([&](frond::task_context const& of) { return id_of(of); }).size(); };
    CHECK(read() == 64);
    bodies.forget(contexts[0]);
    bodies.note(contexts[64], 1, 2);
    CHECK(contexts[64].told);
    CHECK(read() == 64);
}

TEST_CASE("a body goes by the key of its child, and by nothing where there is none") {
    frond::told_bodies bodies;
    ids id_of;
    auto one = context(1);
    bodies.note(one, 1, 2);
    auto const child = [&] {
        return bodies.read([&](frond::task_context const& of) { return id_of(of); }).front().child;
    };
    CHECK(child().empty());
    id_of.key = std::make_shared<std::string const>("README.md");
    CHECK(child() == "README.md");
}

TEST_CASE("a body goes by the children around its own as well, by index where they have no key") {
    frond::told_bodies bodies;
    ids id_of;
    id_of.plan = nested_plan(3);
    id_of.spec = 3;
    auto one = context(1);
    bodies.note(one, 1, 2);
    auto const child = [&] {
        return bodies.read([&](frond::task_context const& of) { return id_of(of); }).front().child;
    };
    auto const outer = std::make_shared<frond::child_path const>(frond::child_path{nullptr, 7, nullptr});
    id_of.enclosing = std::make_shared<frond::child_path const>(frond::child_path{outer, 5, nullptr});
    CHECK(child().empty());
    id_of.key = std::make_shared<std::string const>("README.md");
    CHECK(child() == "7 > 5 > README.md");
    id_of.key = nullptr;
    id_of.enclosing = std::make_shared<frond::child_path const>(
        frond::child_path{outer, 5, std::make_shared<std::string const>("docs")});
    CHECK(child() == "7 > docs > 1");
}
