// Children that are told of in one call: what a hook that goes away in their midst has been told.
#include "frond/run/detail/told_children.hpp"
#include "catch.hpp"

#include "frond/run/hook.hpp"

#include <array>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

using frond::detail::children_teller;

namespace {

/// Nothing is ever handed to it.
struct no_executor final : frond::executor {
    void post(frond::work&) noexcept override {}
    void dispatch(frond::work&) noexcept override {}
    unsigned concurrency() const noexcept override { return 1; }
};

struct told {
    no_executor home;
    frond::fiber by{home, [](frond::fiber&) noexcept {}};
    frond::task_event event;
    unsigned thrown = 0;
    frond::detail::told_children children{
        event, by, &thrown, [](void* count) noexcept { ++*static_cast<unsigned*>(count); }, 3, 9};
};

bool can_be_told_at_once(frond::any_hook const& of) { return children_teller(of).possible(); }

}  // namespace

TEST_CASE("a hook that is cancelled in the midst of children is told how the child ends, and of no further one") {
    struct leaving {
        frond::fiber& by;
        std::string seen;
        void before_task(frond::task_event const& event) {
            seen += 'b' + std::to_string(*event.index());
            if (event.index() == 5) by.cancel();
        }
        void after_task(frond::task_event const& event) { seen += 'a' + std::to_string(*event.index()); }
    };
    told of;
    leaving hook{of.by, {}};
    frond::any_hook const erased(hook);
    REQUIRE(children_teller(erased).possible());
    children_teller(erased).tell(of.children);
    CHECK(hook.seen == "b3a3b4a4b5a5");
    CHECK(of.children.next == 6);
}

TEST_CASE("each child has its own end, and begins when the child before it has ended") {
    struct timing {
        std::vector<std::int64_t> begun;
        std::vector<std::int64_t> ended;
        void before_submission(frond::task_event const& event) {
            begun.push_back(event.time.time_since_epoch().count());
            throw std::runtime_error("no");
        }
        void after_return(frond::task_event const& event) { ended.push_back(event.time.time_since_epoch().count()); }
    };
    std::array<frond::time_point, 6> ends;
    for (std::size_t i = 0; i < ends.size(); ++i) ends[i] += frond::duration(10 * (i + 1));
    told of;
    of.event.time += frond::duration(4);
    of.children.ends = ends.data();
    timing hook;
    frond::any_hook const erased(hook);
    children_teller(erased).tell(of.children);
    CHECK(hook.begun == std::vector<std::int64_t>{4, 10, 20, 30, 40, 50});
    CHECK(hook.ended == std::vector<std::int64_t>{10, 20, 30, 40, 50, 60});
    CHECK(of.thrown == 6);
}

TEST_CASE("a hook that awaits, or is told of nodes, is told of each child by itself") {
    struct awaits {
        frond::async<void> before_task(frond::task_event const&) { co_return; }
        void after_task(frond::task_event const&) {}
    } one;
    struct of_nodes {
        void after_node(frond::node_event const&) {}
        void after_task(frond::task_event const&) {}
    } other;
    CHECK_FALSE(can_be_told_at_once(frond::any_hook(one)));
    CHECK_FALSE(can_be_told_at_once(frond::any_hook(other)));
}
