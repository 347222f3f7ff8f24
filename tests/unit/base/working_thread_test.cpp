#include "frond/base/detail/working_thread.hpp"

#include "by_hand.hpp"
#include "two_threads.hpp"

#include "../../catch.hpp"

#include <stdexcept>
#include <thread>

using frond::pump;
using frond::working_thread;
using namespace two_threads;

namespace {

// The record of the calling thread, which runs a pump wherever a test asks.
working_thread& working_here() {
    auto* const here = pump::thread_here();
    if (here == nullptr) throw std::logic_error("no pump runs on this thread");
    return *here;
}

void look_twice() {
    working_thread::relieve_all();
    working_thread::relieve_all();
}

}  // namespace

TEST_CASE("what waits behind a long body is posted at the second look that finds it, and other threads run it") {
    shared_executor on;
    meeting both;
    errand first;
    errand second;
    other_thread busy(on, [&] {
        pump::current()->push_back(first);
        pump::current()->push_back(second);
        working_thread::body const here(pump::thread_here());
        both.meet();  // inside
        both.meet();  // may leave
    });
    both.meet();
    CHECK(working_thread::relieve_all());
    CHECK(on.posted() == 0);
    CHECK(working_thread::relieve_all());
    CHECK(on.posted() == 2);
    on.run();
    CHECK(first.ran_on == std::this_thread::get_id());
    CHECK(second.ran_on == std::this_thread::get_id());
    both.meet();
    busy.join();
    CHECK(first.runs == 1);
    CHECK(second.runs == 1);
}

TEST_CASE("a thread that is relieved learns it once") {
    shared_executor on;
    meeting both;
    bool before = true;
    bool at_first = false;
    bool again = true;
    other_thread busy(on, [&] {
        auto& self = working_here();
        before = self.was_relieved();
        {
            working_thread::body const here(&self);
            both.meet();
            both.meet();
        }
        at_first = self.was_relieved();
        again = self.was_relieved();
    });
    both.meet();
    look_twice();
    both.meet();
    busy.join();
    CHECK_FALSE(before);
    CHECK(at_first);
    CHECK_FALSE(again);
}

TEST_CASE("a thread is not relieved before a second one has worked where no other thread may post to its executor") {
    shared_executor on(frond::known_threads::number::perhaps_one);
    meeting both;
    errand waiting;
    other_thread busy(on, [&] {
        pump::current()->push_back(waiting);
        working_thread::body const here(pump::thread_here());
        both.meet();  // inside
        both.meet();  // may leave
    });
    both.meet();
    look_twice();
    look_twice();
    CHECK(on.posted() == 0);
    on.comes_to_work();  // this thread; but it runs no pump, lest the process's own watch begins to look
    working_thread::relieve_all();
    CHECK(on.posted() == 1);
    both.meet();
}

TEST_CASE("a thread that runs no pump is not relieved") {
    shared_executor on;
    meeting both;
    bool relieved = true;
    job one_body([] { working_thread::body const here(pump::thread_here()); });
    job ask([&] { relieved = working_here().was_relieved(); });
    std::thread idle([&] {
        pump::drive(one_body, on);
        both.meet();
        both.meet();
        pump::drive(ask, on);
    });
    both.meet();
    look_twice();
    both.meet();
    idle.join();
    CHECK_FALSE(relieved);
}

TEST_CASE(
    "all that a thread holds at hand is given, once for each long body, and nothing that it does not hold any more") {
    shared_executor on;
    meeting both;
    counted_hand outer;
    counted_hand inner;
    counted_hand gone;
    other_thread busy(on, [&] {
        auto& self = working_here();
        working_thread::holds const held_outside(&self, outer);
        {
            working_thread::holds const for_a_while(&self, gone);
        }
        working_thread::body const here(&self);
        working_thread::holds const held_inside(&self, inner);
        both.meet();
        both.meet();
    });
    both.meet();
    working_thread::relieve_all();
    CHECK(outer.given == 0);
    CHECK(inner.given == 0);
    working_thread::relieve_all();
    look_twice();
    CHECK(outer.given == 1);
    CHECK(inner.given == 1);
    CHECK(gone.given == 0);
    both.meet();
}

TEST_CASE("a thread that is not inside a body is left alone, however long it works") {
    shared_executor on;
    meeting both;
    errand waiting;
    counted_hand held;
    other_thread busy(on, [&] {
        working_thread::holds const at_hand(pump::thread_here(), held);
        pump::current()->push_back(waiting);
        both.meet();
        both.meet();
        {
            working_thread::body const short_one(pump::thread_here());
        }
        both.meet();
        both.meet();
    });
    for (int times = 0; times < 2; ++times) {  // before its first body, and after
        both.meet();
        look_twice();
        CHECK(working_thread::relieve_all());
        CHECK(on.posted() == 0);
        CHECK(held.given == 0);
        both.meet();
    }
    busy.join();
    CHECK(waiting.runs == 1);
    CHECK(waiting.ran_on != std::this_thread::get_id());
}

TEST_CASE("a look at one body and a look at the next do not make a long one") {
    shared_executor on;
    meeting both;
    errand waiting;
    other_thread busy(on, [&] {
        pump::current()->push_back(waiting);
        for (int bodies = 0; bodies < 5; ++bodies) {
            working_thread::body const here(pump::thread_here());
            both.meet();
            both.meet();
        }
    });
    for (int bodies = 0; bodies < 4; ++bodies) {
        both.meet();
        working_thread::relieve_all();
        CHECK(on.posted() == 0);
        both.meet();
    }
    both.meet();
    look_twice();
    CHECK(on.posted() == 1);
    on.run();
    both.meet();
}

TEST_CASE("a body within a body is another one, and so is the rest of the outer one") {
    shared_executor on;
    meeting both;
    errand waiting;
    other_thread busy(on, [&] {
        auto& self = working_here();
        pump::current()->push_back(waiting);
        working_thread::body const outer(&self);
        both.meet();
        both.meet();
        {
            working_thread::own_business const here(&self);
            working_thread::body const inner(&self);
            both.meet();
            both.meet();
        }
        both.meet();
        both.meet();
    });
    for (int parts = 0; parts < 3; ++parts) {
        both.meet();
        working_thread::relieve_all();
        CHECK(on.posted() == 0);
        if (parts == 2) {
            working_thread::relieve_all();
            CHECK(on.posted() == 1);
            on.run();
        }
        both.meet();
    }
    busy.join();
    CHECK(waiting.runs == 1);
}

TEST_CASE("a thread that does something for itself in the midst of a body is left alone until that is over") {
    shared_executor on;
    meeting both;
    errand waiting;
    other_thread busy(on, [&] {
        pump::current()->push_back(waiting);
        working_thread::body const here(pump::thread_here());
        {
            working_thread::own_business const own(pump::thread_here());
            both.meet();
            both.meet();
        }
        both.meet();
        both.meet();
    });
    both.meet();
    look_twice();
    CHECK(on.posted() == 0);
    both.meet();
    both.meet();
    working_thread::relieve_all();
    CHECK(on.posted() == 1);
    on.run();
    both.meet();
}

TEST_CASE("what is pushed inside a body that was relieved already is posted, too, two looks later") {
    shared_executor on;
    meeting both;
    errand before;
    errand at_the_back;
    errand in_front;
    other_thread busy(on, [&] {
        pump& mine = *pump::current();
        mine.push_back(before);
        working_thread::body const here(pump::thread_here());
        both.meet();
        both.meet();
        mine.push_back(at_the_back);
        both.meet();
        both.meet();
        mine.push_front(in_front);
        both.meet();
        both.meet();
    });
    for (int posted = 0; posted < 3; ++posted) {
        both.meet();
        working_thread::relieve_all();
        CHECK(on.posted() == posted);
        working_thread::relieve_all();
        CHECK(on.posted() == posted + 1);
        on.run();
        both.meet();
    }
    busy.join();
    CHECK(before.runs == 1);
    CHECK(at_the_back.runs == 1);
    CHECK(in_front.runs == 1);
}

TEST_CASE("a pump of a one-threaded executor within a body is left alone, and the pump around it is relieved") {
    shared_executor on;
    by_hand::executor alone;
    meeting both;
    errand outer_waits;
    errand inner_waits;
    job nested([&] {
        pump::current()->push_back(inner_waits);
        both.meet();
        both.meet();
    });
    other_thread busy(on, [&] {
        pump::current()->push_back(outer_waits);
        working_thread::body const here(pump::thread_here());
        pump::drive(nested, alone);
    });
    both.meet();
    look_twice();
    CHECK(on.posted() == 1);
    CHECK(alone.posted == 0);
    on.run();
    CHECK(outer_waits.runs == 1);
    both.meet();
    busy.join();
    CHECK(inner_waits.runs == 1);
    CHECK(inner_waits.ran_on != std::this_thread::get_id());
}

TEST_CASE("a pump within a body ends that body's being long, and its own bodies relieve both pumps") {
    shared_executor outer;
    shared_executor inner;
    meeting both;
    errand outer_waits;
    errand inner_waits;
    job nested([&] {
        pump::current()->push_back(inner_waits);
        both.meet();
        both.meet();
        working_thread::body const here(pump::thread_here());
        both.meet();
        both.meet();
    });
    other_thread busy(outer, [&] {
        pump::current()->push_back(outer_waits);
        working_thread::body const here(pump::thread_here());
        pump::drive(nested, inner);
    });
    both.meet();
    look_twice();
    CHECK(outer.posted() == 0);
    CHECK(inner.posted() == 0);
    both.meet();
    both.meet();
    look_twice();
    CHECK(outer.posted() == 1);
    CHECK(inner.posted() == 1);
    outer.run();
    inner.run();
    both.meet();
}

TEST_CASE("a look finds no thread at work where none but the caller's runs a pump") {
    shared_executor on;
    CHECK_FALSE(working_thread::relieve_all());

    // The caller's own.
    bool found = true;
    job look([&] { found = working_thread::relieve_all(); });
    pump::drive(look, on);
    CHECK_FALSE(found);

    // A thread that did and lives on, and one that never did for an executor of several threads.
    by_hand::executor alone;
    meeting both;
    job nothing([] {});
    std::thread idle([&] {
        pump::drive(nothing, on);
        both.meet();
        both.meet();
    });
    both.meet();
    CHECK_FALSE(working_thread::relieve_all());
    both.meet();
    idle.join();
    CHECK_FALSE(working_thread::relieve_all());

    other_thread single(alone, [&] {
        both.meet();
        both.meet();
    });
    both.meet();
    CHECK_FALSE(working_thread::relieve_all());
    both.meet();
}
