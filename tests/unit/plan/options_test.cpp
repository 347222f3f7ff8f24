#include "planned.hpp"

#include "frond/graph/any_range.hpp"

#include <chrono>
#include <limits>
#include <stdexcept>
#include <string_view>

using namespace erased;
using namespace planned;

namespace {

nodes pages() {
    return nodes()
        .input("root")
        .input("table_file")
        .plain("table", {in("table_file")})
        .expander("file", {in("root")})
        .plain("words", {in("file"), in("table")})
        .plain("total", {each({"words"})})
        .plain("report", {in("total"), in("table")});
}

class no_executor final : public frond::executor {
public:
    void post(frond::work&) noexcept override {}
    void dispatch(frond::work&) noexcept override {}
    unsigned concurrency() const noexcept override { return 1; }
};

}  // namespace

TEST_CASE("an overridden node is an input, and what only it needed is not planned") {
    auto options = want({"report"});
    options.overridden = {"table"};
    auto const p = plan(pages(), options);
    list inputs;
    for (auto const& input : p->inputs) inputs.push_back(input.name);
    CHECK(inputs == list{"root", "table"});
    CHECK(p->inputs[1].body->make_default == nullptr);
    CHECK(p->inputs[1].needed_by.size() == 2);
    CHECK(p->inputs[1].element == nullptr);
    CHECK(waits_for(*p, "expand-file") == list{});
}

TEST_CASE("what is taken from its node cannot be wanted too") {
    auto const of = nodes().plain("text", {}).plain("size", {take("text")});
    CHECK(refusal(of, want({"text", "size"})) == "size takes text, which is wanted too; take it as a value");
    CHECK(plan(of, want({"size"})) != nullptr);
}

TEST_CASE("an overridden collector takes its expansion with it") {
    auto options = want({"report"});
    options.overridden = {"total"};
    auto const p = plan(pages(), options);
    CHECK(tasks(*p, 0) == list{"report", "table"});
    CHECK(p->scopes.size() == 1);
    CHECK(waits_for(*p, "report") == list{"table ended"});
}

TEST_CASE("an overridden expander yields from a range that the run is given") {
    auto options = want({"report", "file"});
    options.overridden = {"file"};
    auto const p = plan(pages(), options);
    auto const input = std::find_if(p->inputs.begin(), p->inputs.end(), [](auto const& i) { return i.name == "file"; });
    REQUIRE(input != p->inputs.end());
    CHECK(*input->type == frond::value_type_of<frond::any_range>);
    REQUIRE(input->element != nullptr);
    CHECK(*input->element == frond::value_type_of<int>);
    CHECK(std::none_of(p->inputs.begin(), p->inputs.end(), [](auto const& i) { return i.name == "root"; }));
    CHECK(tasks(*p, 1) == list{"block-file"});

    auto const& step = spec(*p, "expand-file").steps[0];
    REQUIRE(step.arguments.size() == 1);
    CHECK(step.arguments[0].offset == input->where.offset);
    auto range = frond::any_range::of<int>(std::vector<short>{1, 2, 3});
    std::byte* base = reinterpret_cast<std::byte*>(&range);
    frond::place const at{0, 0};
    alignas(std::max_align_t) std::byte state[64];
    frond::step_call call;
    call.args = {&base, &at};
    call.state = state;
    REQUIRE(step.body->open(call) == frond::step_status::done);
    int buffer[2] = {};
    unsigned count = 0;
    CHECK(step.body->pull(call, buffer, 2, count) == frond::step_status::done);
    CHECK(count == 2);
    CHECK(step.body->pull(call, buffer, 2, count) == frond::step_status::done);
    CHECK(count == 1);
    CHECK(buffer[0] == 3);
    step.body->close(call.state);
}

TEST_CASE("a range that throws fails the pull, and what it has yielded before counts") {
    struct throwing {
        struct iterator {
            int at;
            int operator*() const { return at < 2 ? at : throw std::runtime_error("no more"); }
            iterator& operator++() { return ++at, *this; }
            bool operator==(iterator const&) const = default;
        };
        iterator begin() const { return {0}; }
        iterator end() const { return {9}; }
    };
    auto range = frond::any_range::of<int>(throwing());
    std::byte* base = reinterpret_cast<std::byte*>(&range);
    frond::place const at{0, 0};
    alignas(std::max_align_t) std::byte state[64];
    frond::step_call call;
    call.args = {&base, &at};
    call.state = state;
    REQUIRE(frond::detail::any_range_body.open(call) == frond::step_status::done);
    int buffer[5] = {};
    unsigned count = 0;
    CHECK(frond::detail::any_range_body.pull(call, buffer, 5, count) == frond::step_status::failed);
    CHECK(count == 2);
    CHECK(call.failure->message() == "no more");
}

TEST_CASE("limits, executors and blocking bodies are planned") {
    auto options = want({"report"});
    options.expander_limits["file"] = 7;
    auto const own = std::make_shared<no_executor>();
    options.executors["table"] = own;
    options.blocking = {"words"};
    options.blocking_executor = std::make_shared<no_executor>();
    auto const p = plan(pages(), options);
    CHECK(scope_of(*p, "file").limit == 7);
    CHECK(spec(*p, "table").steps[0].on == own.get());
    CHECK(spec(*p, "block-file").steps[0].on == options.blocking_executor.get());
    CHECK(spec(*p, "report").steps[0].on == nullptr);
    CHECK_FALSE(scope_of(*p, "file").straight);
}

TEST_CASE("names that no node has are all told at once") {
    auto options = want({"a"});
    options.overridden = {"b"};
    options.expander_limits["c"] = 1;
    options.executors["d"] = std::make_shared<no_executor>();
    options.blocking = {"e"};
    auto const message = refusal(pages(), options);
    CHECK(says(message,
               {"wanted output \"a\"", "overridden \"b\"", "limited \"c\"", "executor, \"d\"", "blocking \"e\""}));
    CHECK(lines(message) == 5);
}

TEST_CASE("a node inside a block is not wanted but collected, nor is it overridden") {
    auto options = want({"words"});
    CHECK(says(refusal(pages(), options), {"words cannot be wanted", "inside the expansion of file", "collect it"}));
    options = want({"total"});
    options.overridden = {"words"};
    CHECK(says(refusal(pages(), options), {"words cannot be overridden", "inside the expansion of file"}));
}

TEST_CASE("what the wanted outputs do not need is not looked at") {
    auto const wired = pages()
                           .expander("page", {in("total")})
                           .plain("line", {in("page")})
                           .expander("glance", {in("total")})
                           .type(frond::value_type_of<std::string_view>);
    auto const p = plan(wired, want({"report"}));
    CHECK(p->scopes.size() == 2);
    CHECK(tasks(*p, 0) == tasks(*plan(pages(), want({"report"})), 0));
    CHECK(plan(wired, want({"report", "page"}))->scopes.size() == 3);
}

TEST_CASE("a wanted output owns what it holds, unless it comes from outside") {
    auto const view = frond::value_type_of<std::string_view>;
    auto const of = nodes()
                        .input("root")
                        .plain("glance", {in("root")})
                        .type(view)
                        .expander("word", {in("root")})
                        .type(view)
                        .plain("pointer", {in("glance")})
                        .type(frond::value_type_of<int*>)
                        .plain("length", {in("glance")});
    CHECK(refusal(of, want({"length"})) == "");
    auto const message = refusal(of, want({"glance", "word", "pointer", "length"}));
    CHECK(
        says(message, {"the wanted output glance is ", "the wanted output word is ", "the wanted output pointer is int",
                       "which only shows something that ends with the run; ask for"}));
    CHECK(lines(message) == 3);
    auto options = want({"glance", "length"});
    options.overridden = {"glance"};
    CHECK(refusal(of, options) == "");
    CHECK(refusal(nodes().input("db").type(frond::value_type_of<int&>).plain("use", {in("db")}), want({"db", "use"})) ==
          "");
}

TEST_CASE("negative times are refused, and of any length they are not") {
    using namespace std::chrono_literals;
    auto options = want({"report"});
    options.budget = -5ms;
    options.grace = std::chrono::duration<double>(std::numeric_limits<double>::quiet_NaN());
    options.retries = {{"table", {3, -1ns}}, {"words", {3, std::chrono::hours::min()}}};
    auto const message = refusal(pages(), options);
    CHECK(says(message, {"the budget is -5 ms; say how long", "the grace is -", "table is tried again after -1 ns; say",
                         "words is tried again after -"}));
    CHECK(lines(message) == 4);
    options.budget = options.grace = 0s;
    options.retries = {{"table", {3, 0s}}, {"words", {3, std::chrono::hours::max()}}};
    CHECK(refusal(pages(), options) == "");
    options.budget = options.grace = std::chrono::hours::max();
    CHECK(plan(pages(), options)->options.grace == frond::duration::max());
}

TEST_CASE("options that mean nothing are refused") {
    auto options = want({"report", "report"});
    options.limit = 0;
    options.expander_limits = {{"file", 0}, {"table", 3}};
    options.executors["table"] = nullptr;
    options.blocking = {"root"};
    options.overridden = {"total", "file"};
    options.grouping = frond::grouping::custom;
    auto const message = refusal(pages(), options);
    CHECK(
        says(message, {"report is wanted twice", "the limit of the run is 0", "the limit of file is 0",
                       "table has a limit, but is no expander",
                       "table is to run on an executor of its own, but none is given", "input \"root\" has an executor",
                       "file is overridden, but nothing that is wanted needs it", "no group_of is given"}));
    CHECK(lines(message) == 8);
    CHECK(says(refusal(pages(), want({})), {"no output is wanted"}));
}

TEST_CASE("only a node whose arguments are still there is tried again, and at least once") {
    auto const graph = nodes()
                           .input("root")
                           .plain("table", {in("root")})
                           .expander("file", {in("root")})
                           .plain("words", {in("file")})
                           .plain("total", {each({"words"})})
                           .plain("sum", {all("words")})
                           .plain("taken", {take("table")})
                           .plain("report", {in("total"), in("sum"), in("taken")});
    auto options = want({"report"});
    options.retries = {{"words", {3, {}}}, {"sum", {3, {}}}, {"file", {3, {}}}};
    CHECK(refusal(graph, options) == "");
    options.retries = {
        {"root", {3, {}}}, {"total", {3, {}}}, {"taken", {3, {}}}, {"words", {0, {}}}, {"none", {3, {}}}};
    auto const message = refusal(graph, options);
    CHECK(says(message, {"root is retried, but is an input", "total is retried, but takes or streams",
                         "taken is retried, but takes or streams", "words is tried 0 times",
                         "\"none\" is no node of the graph"}));
    CHECK(lines(message) == 5);
}

TEST_CASE("an input may be wanted, and overriding it changes nothing") {
    auto options = want({"root", "report"});
    options.overridden = {"root"};
    auto const p = plan(pages(), options);
    CHECK(p->outputs[0].where.offset == p->inputs[0].where.offset);
    CHECK(p->inputs.size() == 2);
}

TEST_CASE("the children of an expander may be limited in the whole run and in each parent") {
    auto options = want({"report"});
    options.expander_limits = {{"file", 8}};
    options.limits_each = {{"file", 3}};
    auto const p = plan(pages(), options);
    CHECK(p->scopes[1].limit == 8);
    CHECK(p->scopes[1].limit_each == 3);
    options.limits_each = {{"words", 3}, {"file", 0}, {"none", 1}};
    auto const message = refusal(pages(), options);
    CHECK(says(message, {"words has a limit, but is no expander", "the limit of file is 0", "\"none\" is no node"}));
    CHECK(lines(message) == 3);
}

TEST_CASE("a misspelt name in the options is told with the node that may have been meant") {
    auto options = want({"reprot"});
    options.expander_limits = {{"flie", 3}};
    options.retries = {{"something", {2, {}}}};
    auto const message = refusal(pages(), options);
    CHECK(says(message, {"the wanted output \"reprot\" is no node of the graph; did you mean \"report\"?",
                         "the limited \"flie\" is no node of the graph; did you mean \"file\"?"}));
    CHECK(says(message, {"\"something\" is no node of the graph"}));
    CHECK_FALSE(says(message, {"\"something\" is no node of the graph;"}));
}
