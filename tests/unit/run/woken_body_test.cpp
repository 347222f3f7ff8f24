// How a thread resumes a body that has been woken.
#include "run/woken_body.hpp"
#include "catch.hpp"
#include "fake_run.hpp"

#include "../base/two_threads.hpp"

#include "frond/frond.hpp"

#include <chrono>
#include <memory>

using by_hand::fake_run;

namespace woken_body_test {

int body() { return 1; }

struct woken {
    std::shared_ptr<fake_run> run = fake_run::of(frond::plan_for<body>().get(), {.threads = 4});
    frond::task_spec const& spec = run->spec("body");
    two_threads::errand other;  // waits on the same thread

    // Gives true if `other` is where other threads find it when the body goes on.
    bool others_find_what_waits(frond::duration body_takes) {
        bool found = false;
        run->in_pump([&] {
            frond::pump::current()->push_back(other);
            frond::resume_woken_body(spec, *run, [&] {
                found = !run->home.idle();
                run->hours.pass(body_takes);
            });
        });
        run->home.run();
        CHECK(other.runs == 1);
        return found;
    }
};

}  // namespace woken_body_test

using namespace woken_body_test;

TEST_CASE("before a woken body that may be long what else waits on the thread is posted, and what it took is learnt") {
    woken unknown;
    CHECK(unknown.others_find_what_waits(std::chrono::milliseconds(1)));
    CHECK(unknown.spec.woken_cost.is_dear());
    CHECK(unknown.spec.cost.is_unknown());  // that is of the part before the wait

    woken dear;
    dear.spec.woken_cost.learn(std::chrono::milliseconds(1));
    CHECK(dear.others_find_what_waits(std::chrono::microseconds(1)));
    CHECK_FALSE(dear.spec.woken_cost.may_be_long());
}

TEST_CASE("before a woken body that is short all stays where it is") {
    woken of;
    of.spec.woken_cost.learn(std::chrono::microseconds(1));
    CHECK_FALSE(of.others_find_what_waits(std::chrono::microseconds(1)));
}
