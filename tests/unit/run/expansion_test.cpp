// How the results of children that ended apart reach the collectors, and how an expansion ends.
#include "run/expansion.hpp"
#include "catch.hpp"
#include "fake_run.hpp"
#include "picky.hpp"

#include "frond/frond.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using by_hand::fake_expansion;
using by_hand::fake_run;
using frond::all;
using frond::async;
using frond::each;
using frond::in;
using frond::instance;

namespace expansion_test {

frond::expander<int> thing() { co_yield 1; }
std::string text(in<thing> of) { return std::string(40, static_cast<char>('a' + *of)); }
picky numbered(in<thing> of) { return picky(*of); }

struct moving {
    static inline int moves = 0;
    moving() = default;
    moving(moving&&) noexcept { ++moves; }
};
moving mover(in<thing>) { return moving(); }

async<int> read_texts(each<text>) { co_return 0; }
int list(all<text> of) { return static_cast<int>(of.size()); }
int list_moving(all<mover> of) { return static_cast<int>(of.size()); }
async<int> read_numbers(each<numbered>) { co_return 0; }
async<int> read_numbers_too(each<numbered>) { co_return 0; }
async<int> try_numbers(frond::each_result<numbered>) { co_return 0; }
async<int> try_numbers_too(frond::each_result<numbered>) { co_return 0; }

struct noting {
    std::string seen{};
    void on_not_started(frond::not_started_event const& event) {
        seen += std::to_string(event.count) + " from " + std::to_string(event.first) + " ";
    }
};

// An expansion that is made by hand, of a run that starts nothing.
struct expansion_at_work {
    explicit expansion_at_work(std::shared_ptr<frond::plan const> const& plan)
        : run(fake_run::of(plan, {.flow = flow, .hooks = {frond::any_hook(hook)}})) {}
    ~expansion_at_work() {
        expansion.finish();
        run->end_news();
    }

    // A child whose tasks have ended, apart from any lane.
    instance* ended_child(std::uint64_t index) {
        auto* const child = instance::make(*run, of.scope, &of);
        child->renew(index);
        run->counts.children_yielded(of.scope, 1);
        run->counts.child_began(of.scope);
        of.pending.add();
        return child;
    }
    template <class T>
    T& make(instance& child, std::string_view node, T value) {
        for (auto const& spec : run->plan->specs) {
            for (auto const& step : spec.steps) {
                if (run->plan->graph[step.node].name != node) continue;
                auto* const made = ::new (child.block + step.value.offset) T(std::move(value));
                child.made(step.value_index);
                return *made;
            }
        }
        throw std::logic_error("no such node");
    }
    void deliver(instance* child) {
        run->in_pump([&] { of.deliver(*child); });
    }
    // The indices of what a collector finds; "!" behind an error.
    std::string read(std::size_t sink) {
        std::string seen;
        auto& channel = *of.channels[sink];
        while (channel.advance() && channel.front() != nullptr) {
            seen += std::to_string(channel.front_index()) + (channel.front_failed() ? "!" : "") + " ";
            channel.pop();
        }
        return seen;
    }

    noting hook;
    by_hand::noted_flow flow;
    std::shared_ptr<fake_run> run;
    fake_expansion expansion{*run, "thing"};
    frond::expansion& of = expansion.of;
};

template <auto... F>
std::shared_ptr<frond::plan const> plan_of() {
    return frond::plan_for<F...>().get();
}

}  // namespace expansion_test

using namespace expansion_test;

TEST_CASE("an expansion finishes once, when its lanes and its children that run apart have ended") {
    expansion_at_work at(plan_of<list>());
    auto* const child = at.ended_child(0);
    at.make(*child, "text", std::string("a"));
    at.expansion.finish();
    CHECK(at.flow.seen.empty());
    at.deliver(child);
    at.run->home.run();
    CHECK(at.flow.seen == "expand-thing over succeeded");
}

TEST_CASE("children that end apart are delivered as they come, counted, and give their slot back") {
    expansion_at_work at(plan_of<read_texts>());
    for (std::uint64_t const index : {4U, 2U}) {
        auto* const child = at.ended_child(index);
        at.make(*child, "text", std::string(40, 'x'));
        child->holds_open = at.of.own_limit()->try_take();
        at.deliver(child);
    }
    CHECK(at.read(0) == "4 2 ");
    CHECK(at.of.pending.count() == 1);
    CHECK(at.run->counts.children() == frond::counters{.yielded = 2, .succeeded = 2});
}

TEST_CASE("a list is made when the expansion is over, in the order of the children's indices") {
    expansion_at_work at(plan_of<list>());
    for (std::uint64_t const index : {2U, 0U, 1U}) {
        auto* const child = at.ended_child(index);
        at.make(*child, "text", std::to_string(index));
        at.deliver(child);
    }
    at.expansion.finish();
    auto const& made = *reinterpret_cast<std::vector<std::string>*>(at.run->root->block + at.of.scope.sinks[0].target);
    CHECK(made == std::vector<std::string>{"0", "1", "2"});
}

TEST_CASE("a child that finds a stream full waits for room, keeps its slot, and is delivered once to each collector") {
    expansion_at_work at(frond::plan_for<read_texts, read_numbers>(frond::options().limit(1)).get());
    std::size_t const full = 1;
    std::vector<frond::result_chunk*> taken;
    while (auto* const chunk = at.of.channels[full]->take_chunk(nullptr)) taken.push_back(chunk);
    auto* const child = at.ended_child(3);
    at.make(*child, "text", std::string("a"));
    at.make(*child, "numbered", picky(3));
    child->holds_open = at.of.own_limit()->try_take();
    at.deliver(child);
    CHECK(at.of.pending.count() == 2);
    CHECK_FALSE(at.of.own_limit()->try_take());
    CHECK(at.read(1 - full) == "3 ");
    for (auto* const each : taken) at.of.channels[full]->give_back(*each);
    at.run->home.run();
    CHECK(at.of.pending.count() == 1);
    CHECK(at.of.own_limit()->try_take());
    at.of.own_limit()->give();
    CHECK(at.read(full) == "3 ");
    CHECK(at.read(1 - full).empty());
}

TEST_CASE("the last collector of a value may move it, the others get copies") {
    expansion_at_work at(plan_of<read_texts, list>());
    auto* const child = at.ended_child(0);
    auto& value = at.make(*child, "text", std::string(40, 'x'));
    std::vector<std::string> seen;
    for (std::size_t sink = 0; sink < 2; ++sink) {
        alignas(std::string) std::byte room[sizeof(std::string)];
        at.of.put(sink, *child, false, room);
        auto& made = *reinterpret_cast<std::string*>(room);
        CHECK(made == std::string(40, 'x'));
        CHECK(value.empty() == at.of.scope.sinks[sink].parts[0].last_use);
        std::destroy_at(&made);
    }
    CHECK(value.empty());
    at.of.pending.give_back(1);
    at.run->counts.child_ended(at.of.scope, frond::task_state::succeeded);
    child->destroy();
}

TEST_CASE("a child whose value cannot be given to a collector has failed, and its run with it") {
    expansion_at_work at(plan_of<read_numbers, read_numbers_too>());
    auto* const child = at.ended_child(0);
    at.make(*child, "numbered", picky(2));
    at.deliver(child);
    CHECK(at.run->counts.children().failed == 1);
    CHECK(at.run->domain.outcome().message() == "is not to be copied");
    CHECK(at.of.pending.count() == 1);
}

TEST_CASE("a collector that takes results gets the error in the place of a value that could not be given") {
    expansion_at_work at(plan_of<try_numbers, try_numbers_too>());
    auto* const child = at.ended_child(0);
    at.make(*child, "numbered", picky(2));
    at.deliver(child);
    CHECK(at.run->counts.children().failed == 1);
    CHECK_FALSE(at.run->domain.cancelled());
    CHECK(at.read(0) == "0! ");
    CHECK(at.read(1) == "0! ");
}

TEST_CASE("a child that was cancelled gives nothing to its collectors") {
    expansion_at_work at(plan_of<read_texts>());
    auto* const child = at.ended_child(0);
    child->note_cancelled();
    at.deliver(child);
    CHECK(at.read(0).empty());
    CHECK(at.run->counts.children().cancelled == 1);
}

TEST_CASE("an expansion makes lists when it is over, and none if it was cancelled") {
    for (bool const cancelled : {false, true}) {
        expansion_at_work at(plan_of<list_moving>());
        auto* const child = at.ended_child(0);
        at.make(*child, "mover", moving());
        at.deliver(child);
        moving::moves = 0;
        if (cancelled) at.run->domain.cancel(at.run->room);
        at.expansion.finish();
        CHECK((moving::moves == 0) == cancelled);
        CHECK(at.flow.seen == (cancelled ? "expand-thing over cancelled" : "expand-thing over succeeded"));
    }
}

TEST_CASE("children that do not start are told and counted") {
    expansion_at_work at(plan_of<list>());
    at.run->counts.children_yielded(at.of.scope, 5);
    at.of.skip(2, 3);
    at.of.skip(5, 0);
    at.run->home.run();
    CHECK(at.hook.seen == "3 from 2 ");
    CHECK(at.run->counts.children().skipped == 3);
}
