// How many tasks and children there are, and what is known of their totals, without a run.
#include "run/counts.hpp"
#include "catch.hpp"

#include "frond/frond.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

using frond::all;
using frond::counters;
using frond::expander;
using frond::in;
using frond::task_state;

namespace counts_test {

expander<int> file() { co_yield 1; }
int opened(in<file> of) { return *of; }
expander<int> line(in<opened> of) { co_yield *of; }
int read(in<line> of) { return *of; }
int checked(in<read> of) { return *of; }
int lines(all<checked> of) { return static_cast<int>(of.size()); }
int total(all<lines> of) { return static_cast<int>(of.size()); }

/// Two levels of children: lines inside files; a line has two tasks, `read` and `checked`.
class counted {
public:
    frond::progress now(bool ended = false) const {
        frond::progress made;
        counts.fill(made, ended);
        return made;
    }
    std::optional<std::uint64_t> files_total() const { return now().expansions.at(0).total; }
    std::optional<std::uint64_t> lines_total() const { return now().expansions.at(1).total; }
    counters tasks(std::string_view node) const { return now().specs.at(index_of(node)).tasks; }
    frond::task_spec const& spec(std::string_view node) const { return plan->specs[index_of(node)]; }

    std::shared_ptr<frond::plan const> const plan =
        frond::plan_for<total>(frond::options().grouping(frond::grouping::each_node)).get();
    frond::counts counts{*plan};
    frond::plan_scope const& files = plan->scopes.at(1);
    frond::plan_scope const& lines_of_files = plan->scopes.at(2);

private:
    std::size_t index_of(std::string_view node) const {
        for (std::size_t i = 0; i < plan->specs.size(); ++i) {
            if (plan->graph[plan->specs[i].steps.front().node].name == node) return i;
        }
        FAIL("no task begins with the node " << node);
        return 0;
    }
};

}  // namespace counts_test

using counts_test::counted;

TEST_CASE("when a run begins, its tasks outside expansions exist, and no other") {
    counted of;
    of.counts.begin();
    CHECK(of.tasks("file") == counters{.yielded = 1});
    CHECK(of.tasks("total") == counters{.yielded = 1});
    CHECK(of.tasks("opened") == counters{});
    CHECK(of.counts.tasks().yielded == 2);
    CHECK_FALSE(of.files_total());
}

TEST_CASE("a task is queued until it begins, runs until it ends, and has ended once") {
    counted of;
    of.counts.begin();
    CHECK(of.tasks("file").queued() == 1);
    of.counts.task_began(of.spec("file"));
    CHECK(of.tasks("file") == counters{.yielded = 1, .running = 1});
    of.counts.task_ended(of.spec("file"), task_state::cancelled);
    CHECK(of.tasks("file") == counters{.yielded = 1, .cancelled = 1});
}

TEST_CASE("children that are yielded exist with all their tasks") {
    counted of;
    of.counts.children_yielded(of.lines_of_files, 3);
    CHECK(of.counts.children() == counters{.yielded = 3});
    CHECK(of.tasks("read") == counters{.yielded = 3});
    CHECK(of.tasks("checked") == counters{.yielded = 3});
    CHECK(of.tasks("opened") == counters{});
}

TEST_CASE("children that ran straight through and went well are counted with all their tasks") {
    counted of;
    of.counts.children_yielded(of.lines_of_files, 3);
    of.counts.straight_succeeded(of.lines_of_files, 2);
    CHECK(of.counts.children() == counters{.yielded = 3, .succeeded = 2});
    CHECK(of.tasks("read") == counters{.yielded = 3, .succeeded = 2});
    CHECK(of.tasks("checked") == counters{.yielded = 3, .succeeded = 2});
}

TEST_CASE("the tasks of a failed child succeeded before the one that failed, and are skipped behind it") {
    counted of;
    of.counts.children_yielded(of.lines_of_files, 2);
    of.counts.straight_failed(of.lines_of_files, of.spec("read"));
    CHECK(of.tasks("read") == counters{.yielded = 2, .failed = 1});
    CHECK(of.tasks("checked") == counters{.yielded = 2, .skipped = 1});
    of.counts.straight_failed(of.lines_of_files, of.spec("checked"));
    CHECK(of.tasks("read") == counters{.yielded = 2, .succeeded = 1, .failed = 1});
    CHECK(of.tasks("checked") == counters{.yielded = 2, .failed = 1, .skipped = 1});
    CHECK(of.counts.children() == counters{.yielded = 2, .failed = 2});
}

TEST_CASE("a child whose values cannot be given to a collector has failed, though none of its tasks has") {
    counted of;
    of.counts.children_yielded(of.lines_of_files, 1);
    of.counts.straight_undelivered(of.lines_of_files);
    CHECK(of.counts.children() == counters{.yielded = 1, .failed = 1});
    CHECK(of.tasks("checked") == counters{.yielded = 1, .succeeded = 1});
}

TEST_CASE("a total is known once the expander has said it, before the children are there") {
    counted of;
    of.counts.know_total(of.files, std::nullopt, 5);
    CHECK(of.files_total() == 5U);
}

TEST_CASE("the total of nested expansions is known once each child around them has said its own, and no earlier") {
    counted of;
    of.counts.children_yielded(of.files, 2);
    of.counts.know_total(of.lines_of_files, std::nullopt, 4);
    of.counts.know_total(of.lines_of_files, std::nullopt, 7);
    CHECK_FALSE(of.lines_total());  // there may be a third file
    of.counts.know_total(of.files, std::nullopt, 3);
    CHECK_FALSE(of.lines_total());  // there will be
    of.counts.know_total(of.lines_of_files, std::nullopt, 0);
    CHECK(of.lines_total() == 11U);
}

TEST_CASE("children that never start are not waited for by the total of what they would have expanded") {
    counted of;
    of.counts.children_yielded(of.files, 5);
    of.counts.know_total(of.files, std::nullopt, 5);
    of.counts.know_total(of.lines_of_files, std::nullopt, 4);
    CHECK_FALSE(of.lines_total());
    of.counts.children_skipped(of.files, 4);
    CHECK(of.lines_total() == 4U);
    CHECK(of.counts.children() == counters{.yielded = 5, .skipped = 4});
    CHECK(of.tasks("line") == counters{.yielded = 5, .skipped = 4});
}

TEST_CASE("an expand task that is skipped adds no children to a total, which is known without it") {
    counted of;
    of.counts.children_yielded(of.files, 2);
    of.counts.know_total(of.files, std::nullopt, 2);
    of.counts.know_total(of.lines_of_files, std::nullopt, 4);
    of.counts.task_skipped(of.spec("line"));
    CHECK(of.lines_total() == 4U);
    CHECK(of.tasks("line") == counters{.yielded = 2, .skipped = 1});
}

TEST_CASE("an expander that yields more than it said takes its total back until it has ended") {
    counted of;
    of.counts.know_total(of.files, std::nullopt, 5);
    of.counts.know_total(of.files, 5, std::nullopt);
    of.counts.children_yielded(of.files, 6);
    CHECK_FALSE(of.files_total());
    of.counts.know_total(of.files, std::nullopt, 8);
    CHECK(of.files_total() == 8U);
}

TEST_CASE("an expander that yields less than it said has the total that it ends with") {
    counted of;
    of.counts.know_total(of.files, std::nullopt, 5);
    of.counts.know_total(of.files, 5, 2);
    CHECK(of.files_total() == 2U);
}

TEST_CASE("once all has ended, each total is the number of children that were yielded, whatever was said") {
    counted of;
    of.counts.children_yielded(of.files, 2);
    of.counts.children_yielded(of.lines_of_files, 9);
    auto const last = of.now(true);
    CHECK(last.expansions[0].total == 2U);
    CHECK(last.expansions[1].total == 9U);
}

TEST_CASE("what is read never has more running and ended than yielded, though counters come late") {
    counted of;
    of.counts.children_yielded(of.files, 2);
    of.counts.child_began(of.files);
    of.counts.straight_succeeded(of.files, 2);  // another thread's, while the end of the first is on its way
    CHECK(of.counts.children() == counters{.yielded = 2, .succeeded = 2});
    of.counts.straight_succeeded(of.files, 1);  // seen before it was seen to be yielded
    CHECK(of.counts.children() == counters{.yielded = 3, .succeeded = 3});
    CHECK(of.counts.children().queued() == 0);
}

TEST_CASE("a progress names specs and expansions as the plan does, each with what is around it") {
    counted of;
    of.counts.retried();
    auto const now = of.now();
    REQUIRE(now.specs.size() == of.plan->specs.size());
    CHECK(now.specs[0].name == of.plan->specs[0].name);
    REQUIRE(now.expansions.size() == 2);
    CHECK(now.expansions[0].name == "file");
    CHECK_FALSE(now.expansions[0].parent);
    CHECK(now.expansions[1].name == "line");
    CHECK(now.expansions[1].parent == 0U);
    CHECK(now.expansions[1].depth == 2);
    CHECK(now.retries == 1);
}
