#include "planned.hpp"

#include <cstddef>
#include <map>
#include <string>
#include <vector>

using namespace erased;
using namespace planned;

namespace {

nodes word_count() {
    return nodes()
        .input("root")
        .expander("file", {in("root")})
        .plain("words", {in("file")})
        .plain("total", {each({"words"})});
}

}  // namespace

TEST_CASE("an expansion becomes a task that expands, one for its block and one for each collector") {
    auto const p = plan(word_count(), want({"total"}));
    CHECK(tasks(*p, 0) == list{"collect-total", "expand-file"});
    CHECK(tasks(*p, 1) == list{"block-file"});
    CHECK(spec(*p, "expand-file").purpose == frond::purpose::expand);
    CHECK(spec(*p, "block-file").purpose == frond::purpose::execute_block);
    CHECK(spec(*p, "collect-total").purpose == frond::purpose::collect);
    CHECK(p->scopes[0].expander_node == std::nullopt);
    CHECK(p->graph[*p->scopes[1].expander_node].name == "file");
    CHECK(p->specs[p->scopes[1].expand_spec].name == "expand-file");
    CHECK(*p->scopes[1].parameter == frond::value_type_of<int>);
    CHECK(p->depth == 1);
}

TEST_CASE("a child is handed on the base addresses that its tasks, or children inside it, use, and no others") {
    nodes of;
    of.input("x").expander("e0", {in("x")});
    for (int i = 1; i < 5; ++i) of.expander("e" + std::to_string(i), {in("e" + std::to_string(i - 1))});
    of.plain("inside", {in("e4"), in("e1")}).plain("s4", {all("inside")});
    for (int i = 4; i-- > 0;) of.plain("s" + std::to_string(i), {all("s" + std::to_string(i + 1))});
    auto const p = plan(of, want({"s0"}));
    std::vector<std::size_t> handed_on;
    for (auto const& scope : p->scopes) handed_on.push_back(scope.outer_bases.size());
    // e1 is the parameter of scope 2, and read in scope 5.
    CHECK(handed_on == std::vector<std::size_t>{0, 0, 0, 1, 1, 1});
    CHECK(p->scopes[3].outer_bases.front() == frond::plan_scope::parameter_base);
    CHECK(p->scopes[5].outer_bases.front() == frond::plan_scope::first_outer_base);
}

TEST_CASE("a node outside every expansion is a task under its own name") {
    auto const p = plan(nodes().input("x").plain("a", {in("x")}).plain("b", {in("a")}), want({"b"}));
    CHECK(tasks(*p, 0) == list{"a", "b"});
    CHECK(spec(*p, "a").purpose == frond::purpose::execute_single);
    CHECK(waits_for(*p, "b") == list{"a ended"});
    CHECK(waits_for(*p, "a") == list{});
}

TEST_CASE("a stream can be read once its expansion has begun, a list when it is over") {
    auto const p =
        plan(word_count().plain("list", {all("words")}).plain("both", {in("list"), in("total")}), want({"both"}));
    CHECK(waits_for(*p, "collect-total") == list{"expand-file opened"});
    CHECK(waits_for(*p, "collect-list") == list{"expand-file finished"});
    CHECK(waits_for(*p, "both") == list{"collect-list ended", "collect-total ended"});
    CHECK(waits_for(*p, "block-file") == list{});
}

TEST_CASE("two needs for the same moment of a task count once") {
    auto const p = plan(nodes()
                            .expander("file", {})
                            .plain("words", {in("file")})
                            .plain("lines", {in("file")})
                            .plain("both", {all("words"), all("lines")}),
                        want({"both"}));
    CHECK(spec(*p, "collect-both").needs == 1);
}

TEST_CASE("only what the wanted outputs need is planned") {
    auto const p =
        plan(word_count().plain("other", {all("words")}).input("x").plain("apart", {in("x")}), want({"total"}));
    CHECK(tasks(*p, 0) == list{"collect-total", "expand-file"});
    REQUIRE(p->inputs.size() == 1);
    CHECK(p->inputs[0].name == "root");
    CHECK(p->graph[p->inputs[0].needed_by.at(0)].name == "file");
    CHECK(scope_of(*p, "file").sinks.size() == 1);
}

TEST_CASE("what a child needs from outside is there before its expansion begins") {
    auto const p = plan(nodes()
                            .expander("file", {})
                            .expander("chunk", {in("file")})
                            .plain("table", {})
                            .plain("head", {in("file")})
                            .plain("count", {in("chunk"), in("table"), in("head")})
                            .plain("size", {all("count")})
                            .plain("total", {all("size")}),
                        want({"total"}));
    CHECK(waits_for(*p, "expand-file") == list{"table ended"});
    CHECK(waits_for(*p, "expand-chunk") == list{"block-file ended"});
    CHECK(waits_for(*p, "block-chunk") == list{});
    CHECK(p->depth == 2);
}

TEST_CASE("the children of one expansion can read a list of another") {
    auto const p = plan(nodes()
                            .expander("file", {})
                            .expander("host", {})
                            .plain("send", {in("host"), all("file")})
                            .plain("sent", {all("send")}),
                        want({"sent"}));
    CHECK(waits_for(*p, "expand-host") == list{"expand-file finished"});
    CHECK(spec(*p, "block-host").purpose == frond::purpose::execute_block);
}

TEST_CASE("the value of a collector can be needed by a later expansion and its block") {
    auto const p = plan(word_count()
                            .expander("page", {in("total")})
                            .plain("print", {in("page"), in("total")})
                            .plain("printed", {all("print")}),
                        want({"printed"}));
    CHECK(waits_for(*p, "expand-page") == list{"collect-total ended"});
}

TEST_CASE("a node can collect and expand at once") {
    auto const p =
        plan(word_count().expander("page", {each({"words"})}).plain("pages", {all("page")}), want({"pages"}));
    CHECK(spec(*p, "expand-page").purpose == frond::purpose::expand);
    CHECK(waits_for(*p, "expand-page") == list{"expand-file opened"});
}

TEST_CASE("an expansion can feed its collectors directly") {
    auto const p = plan(nodes().expander("file", {}).plain("names", {all("file")}), want({"names"}));
    auto const& inside = scope_of(*p, "file");
    CHECK(inside.specs.empty());
    CHECK(inside.straight);
    REQUIRE(inside.sinks.size() == 1);
    CHECK(inside.sinks[0].parts.at(0).from.base == frond::plan_scope::parameter_base);
    CHECK(inside.sinks[0].parts.at(0).last_use);
}

TEST_CASE("a wanted expander gives the list of what it yielded") {
    auto const p = plan(word_count().plain("names", {all("file")}), want({"file", "total", "root", "names"}));
    REQUIRE(p->outputs.size() == 4);
    CHECK(p->outputs[0].name == "file");
    CHECK(p->outputs[0].list == frond::value_type_of<int>.list);
    CHECK(p->outputs[1].list == nullptr);
    CHECK(p->outputs[2].where.offset == p->inputs[0].where.offset);
    CHECK(scope_of(*p, "file").sinks.size() == 2);  // who collects the list shares it
}

TEST_CASE("lists of the same values are one, streams are not") {
    auto const p = plan(nodes()
                            .expander("file", {})
                            .plain("words", {in("file")})
                            .plain("a", {all("words")})
                            .plain("b", {all("words"), in("a")})
                            .plain("c", {all_results("words")})
                            .plain("d", {each({"words"})})
                            .plain("e", {each({"words"})})
                            .plain("end", {in("b"), in("c"), in("d"), in("e")}),
                        want({"end"}));
    auto const& inside = scope_of(*p, "file");
    CHECK(inside.sinks.size() == 4);
    CHECK(spec(*p, "collect-a").steps[0].arguments[0].offset == spec(*p, "collect-b").steps[0].arguments[0].offset);
    CHECK_FALSE(inside.failures_are_values);
}

TEST_CASE("the last to take a child's value moves it, the others copy it") {
    auto const p = plan(nodes()
                            .expander("file", {})
                            .plain("words", {in("file")})
                            .plain("a", {each({"words", "file"})})
                            .plain("b", {each({"words"})})
                            .plain("end", {in("a"), in("b")}),
                        want({"end"}));
    std::map<std::pair<std::uint32_t, std::uint32_t>, bool> moved;  // by place
    for (auto const& sink : scope_of(*p, "file").sinks) {
        for (auto const& part : sink.parts) {
            auto& done = moved[{part.from.base, part.from.offset}];
            CHECK_FALSE(done);  // nobody takes it after that
            done = part.last_use;
        }
    }
    CHECK(moved.size() == 2);
    for (auto const& [place, done] : moved) CHECK(done);
}

TEST_CASE("a value that cannot be copied is collected once") {
    auto wired = nodes()
                     .expander("file", {})
                     .plain("words", {in("file")})
                     .type(frond::value_type_of<std::unique_ptr<int>>)
                     .plain("a", {all("words")})
                     .plain("b", {each({"words"})})
                     .plain("end", {in("a"), in("b")});
    CHECK(plan(wired, want({"a"}))->specs.size() == 3);
    CHECK(
        says(refusal(wired, want({"end"})), {"words is collected by", "a", "b", "unique_ptr<int", "cannot be copied"}));
}

TEST_CASE("a value that cannot be moved is neither collected, yielded nor given") {
    struct fixed {
        fixed() = default;
        fixed(fixed const&) = delete;
    };
    auto const& type = frond::value_type_of<fixed>;
    CHECK(says(refusal(nodes().expander("file", {}).plain("words", {in("file")}).type(type).plain("a", {all("words")}),
                       want({"a"})),
               {"words cannot be collected by a", "cannot be moved"}));
    CHECK(says(refusal(nodes().expander("file", {}).type(type).plain("words", {in("file")}).plain("a", {all("words")}),
                       want({"a"})),
               {"file yields values of type", "cannot be moved"}));
    CHECK(says(refusal(nodes().input("x").type(type).plain("a", {in("x")}), want({"a"})), {"x cannot be given"}));
    CHECK(refusal(nodes().plain("x", {}).type(type).plain("a", {in("x")}), want({"a"})) == "");
}

TEST_CASE("a reference is stored as a pointer") {
    auto const p =
        plan(nodes().input("pool").type(frond::value_type_of<std::string&>).plain("a", {in("pool")}), want({"a"}));
    CHECK(p->inputs.at(0).type->size == sizeof(void*));
    CHECK(spec(*p, "a").steps[0].arguments[0].offset == p->inputs[0].where.offset);
}

TEST_CASE("an expansion whose collectors all take results keeps its failures to itself") {
    auto const wired = nodes().expander("file", {}).plain("words", {in("file")});
    auto const keeps = [&](nodes of, list wanted) {
        return scope_of(*plan(of, want(std::move(wanted))), "file").failures_are_values;
    };
    CHECK(keeps(nodes(wired).plain("a", {all_results("words")}), {"a"}));
    CHECK(keeps(nodes(wired).plain("a", {each_result({"words"})}), {"a"}));
    CHECK_FALSE(keeps(nodes(wired).plain("a", {each_result({"words"})}), {"a", "file"}));
    CHECK_FALSE(keeps(nodes(wired).plain("a", {each({"words"})}), {"a"}));
}

TEST_CASE("values of any size and alignment lie apart") {
    struct alignas(16) wide {
        double of[4];
    };
    auto const p = plan(nodes()
                            .input("c")
                            .type(frond::value_type_of<char>)
                            .plain("w", {in("c")})
                            .type(frond::value_type_of<wide>)
                            .plain("d", {in("c")})
                            .type(frond::value_type_of<char>)
                            .plain("s", {in("w"), in("d")})
                            .type(frond::value_type_of<std::string>),
                        want({"s"}));
    CHECK(p->scopes[0].block_align == 16);
    CHECK(p->scopes[0].values.size() == 4);
    CHECK(plan(nodes().expander("e", {}).plain("l", {all("e")}), want({"l"}))->scopes[1].block_size >= 1);
}

TEST_CASE("a value that is aligned more than allocations are is refused") {
    struct alignas(64) line {
        char of[64];
    };
    auto const wired = nodes().plain("x", {}).type(frond::value_type_of<line>).plain("a", {in("x")}).plain("b", {});
    CHECK(says(refusal(wired, want({"a"})), {"the type of x", "aligned to 64 bytes", "by pointer"}));
    CHECK(refusal(wired, want({"b"})) == "");
}

TEST_CASE("a graph of a hundred thousand nodes is planned") {
    constexpr std::size_t size = 100'000;
    static constexpr frond::node_body nothing;
    std::vector<frond::node> made(size);
    for (std::size_t i = 0; i < size; ++i) {
        made[i].name = made[i].qualified = "n" + std::to_string(i);
        made[i].type = &frond::value_type_of<int>;
        made[i].body = &nothing;
        for (std::size_t k = 1; k <= 3 && k <= i; ++k) made[i].parameters.push_back({frond::need::value, {i - k}});
    }
    auto const p = frond::plan::make(frond::graph::make(std::move(made)).value(), want({"n99999"})).value();
    CHECK(p->specs.size() == size);
    CHECK(p->specs.back().needs == 3);
}
