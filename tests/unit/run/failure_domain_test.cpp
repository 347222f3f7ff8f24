// How far failures and cancellations reach, without a run.
#include "run/failure_domain.hpp"
#include "catch.hpp"

#include <optional>
#include <system_error>

using frond::errc;
using frond::error;
using frond::failure_domain;
using frond::waiting_room;

namespace {

/// Nothing is ever handed to it: the fibers here never run.
struct no_executor final : frond::executor {
    void post(frond::work&) noexcept override {}
    void dispatch(frond::work&) noexcept override {}
    unsigned concurrency() const noexcept override { return 1; }
};

/// A fiber that waits in a domain.
struct waiting_fiber {
    explicit waiting_fiber(failure_domain& domain) {
        wait.domain = &domain;
        wait.fiber = &by;
    }
    bool interrupted() const { return by.cancel_requested(); }

    no_executor home;
    frond::fiber by{home, [](frond::fiber&) noexcept {}};
    frond::interruptible_wait wait;
};

error failed(char const* why) { return error(errc::node_failed, why); }

}  // namespace

TEST_CASE("the first failure is a domain's outcome, and those that follow are attached in their order") {
    waiting_room room;
    failure_domain run(nullptr);
    CHECK(run.outcome().is_canceled());
    run.fail(failed("first"), room, true);
    run.fail(failed("second"), room, true);
    CHECK(run.outcome().to_string() == "first\nalso: second");
    CHECK(run.failures_total() == 2);
}

TEST_CASE("the errors that a failure has attached stay attached, before those that follow it") {
    waiting_room room;
    failure_domain run(nullptr);
    run.fail(failed("first").with_others({failed("its own")}, 2), room, true);
    run.fail(failed("second"), room, true);
    CHECK(run.outcome().to_string() == "first\nalso: its own\nalso: second\nand 2 more");
}

TEST_CASE("a failure is added to a failure that there is, and takes the place of a cancellation") {
    waiting_room room;
    failure_domain run(nullptr);
    std::optional<error> told;
    run.add(failed("first"), told);
    run.add(failed("second"), told);
    CHECK(told.value().to_string() == "first\nalso: second");
    run.cancel(room);
    run.add(error(std::make_error_code(std::errc::operation_canceled)), told);
    CHECK(told.value().to_string() == "first\nalso: second");
    told = error::canceled();
    run.add(failed("third"), told);
    CHECK(told.value().to_string() == "third");
}

TEST_CASE("failures beyond the bound are counted, not kept") {
    waiting_room room;
    failure_domain run(nullptr);
    for (int i = 0; i < 20; ++i) run.fail(failed("again"), room, true);
    CHECK(run.failures().size() == 16);
    CHECK(run.failures_total() == 20);
    CHECK(run.outcome().others().size() == 15);
    CHECK(run.outcome().others_dropped() == 4);
}

TEST_CASE("a cancellation that follows a failure is not counted, and one that comes first is the outcome") {
    waiting_room room;
    failure_domain failing(nullptr);
    failing.fail(failed("first"), room, true);
    failing.cancel(room);
    CHECK(failing.failures_total() == 1);
    failure_domain cancelled(nullptr);
    cancelled.cancel(room);
    CHECK(cancelled.outcome().is_canceled());
    CHECK(cancelled.failures_total() == 1);
}

TEST_CASE("a failure reaches what waits in its domain and in those within, and nothing around it") {
    waiting_room room;
    failure_domain run(nullptr);
    failure_domain child(&run);
    failure_domain grandchild(&child);
    failure_domain sibling(&run);
    waiting_fiber outside(run), here(child), within(grandchild), beside(sibling);
    for (auto* each : {&outside, &here, &within, &beside}) room.enter(each->wait);
    child.fail(failed("first"), room, true);
    CHECK(here.interrupted());
    CHECK(within.interrupted());
    CHECK_FALSE(outside.interrupted());
    CHECK_FALSE(beside.interrupted());
    CHECK(child.cancelled());
    CHECK(grandchild.cancelled());
    CHECK_FALSE(run.cancelled());
    CHECK_FALSE(sibling.cancelled());
    for (auto* each : {&outside, &here, &within, &beside}) room.leave(each->wait);
}

TEST_CASE("a fiber that enters a cancelled domain is interrupted at once, and one that has left is let be") {
    waiting_room room;
    failure_domain run(nullptr);
    waiting_fiber gone(run), late(run);
    room.enter(gone.wait);
    room.leave(gone.wait);
    run.fail(failed("first"), room, true);
    room.enter(late.wait);
    CHECK_FALSE(gone.interrupted());
    CHECK(late.interrupted());
    room.leave(late.wait);
}

TEST_CASE("a single wait is interrupted as long as it waits") {
    waiting_room room;
    failure_domain run(nullptr);
    waiting_fiber gone(run), here(run);
    for (auto* each : {&gone, &here}) room.enter(each->wait);
    room.leave(gone.wait);
    for (auto* each : {&gone, &here}) room.interrupt(each->wait);
    CHECK_FALSE(gone.interrupted());
    CHECK(here.interrupted());
    room.leave(here.wait);
}

TEST_CASE("what waits elsewhere is told of the first failure of a domain, once") {
    waiting_room room;
    failure_domain run(nullptr);
    int told = 0;
    room.on_interruption([](void* of) noexcept { ++*static_cast<int*>(of); }, &told);
    run.fail(failed("first"), room, true);
    run.fail(failed("second"), room, true);
    CHECK(told == 1);
}

TEST_CASE("a domain in which nothing else waits interrupts nothing when it fails") {
    waiting_room room;
    failure_domain run(nullptr);
    failure_domain child(&run);
    waiting_fiber here(child);
    room.enter(here.wait);
    child.fail(failed("first"), room, false);
    CHECK_FALSE(here.interrupted());
    CHECK(child.cancelled());
    room.leave(here.wait);
}
