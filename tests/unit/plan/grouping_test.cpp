#include "planned.hpp"

using namespace erased;
using namespace planned;

namespace {

// A block whose nodes stand before, beside and after a nested collector.
nodes nested() {
    return nodes()
        .input("root")
        .plain("table", {in("root")})
        .plain("index", {in("table")})
        .expander("file", {in("root")})
        .plain("head", {in("file"), in("index")})
        .expander("chunk", {in("head")})
        .plain("count", {in("chunk")})
        .plain("rate", {in("count")})
        .plain("size", {each({"rate"})})
        .plain("label", {in("size"), in("head")})
        .plain("beside", {in("file")})
        .plain("total", {all("label"), all("beside")})
        .plain("report", {in("total"), in("table")})
        .plain("printed", {in("report")});
}

frond::plan_options grouped(frond::grouping how) {
    auto options = want({"printed"});
    options.grouping = how;
    return options;
}

std::size_t scope(frond::plan const& p, std::string const& expander) {
    return spec(p, "expand-" + expander).opens.value();
}

}  // namespace

TEST_CASE("by block, the nodes of a block are one task, split only where it would wait for itself") {
    auto const p = plan(nested(), grouped(frond::grouping::by_block));
    CHECK(tasks(*p, 0) == list{"collect-total", "expand-file", "index", "printed", "report", "table"});
    CHECK(tasks(*p, scope(*p, "file")) == list{"block-file", "block-file-2", "collect-size", "expand-chunk"});
    CHECK(nodes_of(*p, "block-file") == list{"head", "beside"});
    CHECK(nodes_of(*p, "block-file-2") == list{"label"});
    CHECK(nodes_of(*p, "block-chunk") == list{"count", "rate"});
    CHECK(waits_for(*p, "block-file-2") == list{"block-file ended", "collect-size ended"});
}

TEST_CASE("each node can be a task of its own, under its own name") {
    auto const p = plan(nested(), grouped(frond::grouping::each_node));
    CHECK(tasks(*p, scope(*p, "file")) == list{"beside", "collect-size", "expand-chunk", "head", "label"});
    CHECK(tasks(*p, scope(*p, "chunk")) == list{"count", "rate"});
    CHECK(spec(*p, "beside").purpose == frond::purpose::execute_block);
    CHECK(spec(*p, "table").purpose == frond::purpose::execute_single);
}

TEST_CASE("by level, nodes that are equally far from the beginning of their scope are one task") {
    auto const p = plan(nodes()
                            .input("x")
                            .plain("a", {in("x")})
                            .plain("b", {in("x")})
                            .plain("c", {in("a")})
                            .plain("d", {in("a"), in("c")})
                            .plain("e", {in("b")})
                            .plain("f", {in("d"), in("e")}),
                        [] {
                            auto options = want({"f"});
                            options.grouping = frond::grouping::by_level;
                            return options;
                        }());
    CHECK(tasks(*p, 0) == list{"level-1", "level-2", "level-3", "level-4"});
    CHECK(nodes_of(*p, "level-1") == list{"a", "b"});
    CHECK(nodes_of(*p, "level-2") == list{"c", "e"});
    CHECK(waits_for(*p, "level-4") == list{"level-2 ended", "level-3 ended"});
}

TEST_CASE("by level inside an expansion, tasks have the name of the block") {
    auto const p = plan(nested(), grouped(frond::grouping::by_level));
    CHECK(tasks(*p, scope(*p, "chunk")) == list{"block-chunk-level-1", "block-chunk-level-2"});
    CHECK(nodes_of(*p, "block-file-level-1") == list{"head", "beside"});
}

TEST_CASE("all as one is as few tasks as the dependencies allow") {
    auto const p = plan(nested(), grouped(frond::grouping::all_as_one));
    CHECK(tasks(*p, 0) == list{"collect-total", "expand-file", "group-1", "group-2"});
    CHECK(nodes_of(*p, "group-1") == list{"table", "index"});
    CHECK(nodes_of(*p, "group-2") == list{"report", "printed"});
    CHECK(tasks(*p, scope(*p, "file")) == list{"block-file", "block-file-2", "collect-size", "expand-chunk"});
}

TEST_CASE("nodes of one scope that are given the same group are one task, those without one stay alone") {
    auto options = grouped(frond::grouping::custom);
    options.group_of = [](frond::node const& each) -> std::string {
        return each.name == "table" || each.name == "printed" || each.name == "count" ? "mine" : "";
    };
    auto const p = plan(nested(), options);
    CHECK(tasks(*p, 0) == list{"collect-total", "expand-file", "index", "mine", "mine-2", "report"});
    CHECK(nodes_of(*p, "mine") == list{"table"});
    CHECK(nodes_of(*p, "mine-2") == list{"printed"});
    CHECK(tasks(*p, scope(*p, "chunk")).size() == 2);
}

TEST_CASE("a group is left whole where nothing would wait for itself") {
    auto options = want({"end"});
    options.grouping = frond::grouping::custom;
    options.group_of = [](frond::node const& each) { return std::string(each.name == "b" ? "other" : "mine"); };
    auto const wired = nodes().plain("a", {}).plain("b", {}).plain("c", {in("b")}).plain("end", {in("a"), in("c")});
    auto const p = plan(wired, options);
    CHECK(tasks(*p, 0) == list{"mine", "other"});
    CHECK(waits_for(*p, "mine") == list{"other ended"});
}

TEST_CASE("two groups that need each other are split") {
    auto options = want({"d"});
    options.grouping = frond::grouping::custom;
    options.group_of = [](frond::node const& each) {
        return std::string(each.name == "a" || each.name == "c" ? "odd" : "even");
    };
    auto const p =
        plan(nodes().plain("a", {}).plain("b", {in("a")}).plain("c", {in("b")}).plain("d", {in("c")}), options);
    CHECK(p->specs.size() >= 3);
    CHECK(spec(*p, "odd").steps.size() == 1);
}

TEST_CASE("a group does not keep the reader of a stream from beginning") {
    // late waits for slow, which streams; fast_reader streams the same and waits for early: early and late cannot be one
    // task.
    auto const p = plan(nodes()
                            .expander("file", {})
                            .plain("early", {})
                            .plain("slow", {each({"file"})})
                            .plain("fast_reader", {each({"file"}), in("early")})
                            .plain("late", {in("slow")})
                            .plain("end", {in("late"), in("fast_reader")}),
                        [] {
                            auto options = want({"end"});
                            options.grouping = frond::grouping::all_as_one;
                            return options;
                        }());
    CHECK(nodes_of(*p, "group-1") == list{"early"});
    CHECK(nodes_of(*p, "group-2") == list{"late", "end"});
}

TEST_CASE("no two tasks have one name") {
    auto options = want({"end"});
    auto const p = plan(nodes()
                            .expander("file", {})
                            .plain("words", {in("file")})
                            .plain("block-file", {})
                            .plain("expand-file", {})
                            .plain("end", {all("words"), in("block-file"), in("expand-file")}),
                        options);
    std::set<std::string> names;
    for (auto const& each : p->specs) names.insert(each.name);
    CHECK(names.size() == p->specs.size());
}
