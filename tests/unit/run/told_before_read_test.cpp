// Hooks are told of a child's end before a collector reads the child's result.
#include "by_hand_run.hpp"
#include "catch.hpp"
#include "frond/run/run.hpp"
#include "frond/run/this_task.hpp"
#include "frond/run/typed_plan.hpp"

#include <cstddef>
#include <memory>
#include <utility>

using frond::async;
using frond::each;
using frond::in;

namespace told_before {

constexpr int children = 1000;

/// Runs posted work before `post` returns, so that a collector reads a result as soon as that can be read.
class prompt_executor final : public frond::executor {
public:
    void post(frond::work& item) noexcept override {
        given_.push_back(item);
        if (std::exchange(inside_, true)) return;
        while (!given_.empty()) frond::pump::drive(given_.pop_front(), *this);
        inside_ = false;
    }
    void dispatch(frond::work& item) noexcept override { post(item); }
    unsigned concurrency() const noexcept override { return 1; }

private:
    frond::work_list given_;
    bool inside_ = false;
};

struct completion final : frond::run_completion {
    void complete(frond::run_outcome& of) noexcept override { succeeded = !of.failure.has_value(); }
    bool succeeded = false;
};

frond::expander<int> number() {
    for (int i = 0; i < children; ++i) co_yield i;
}
int first(in<number> n) { return *n; }
int second(in<first> n) { return *n; }
async<int> later(in<number> n) { co_return *n; }

/// Tells of each value that it has read.
template <class Stream>
async<int> reads(Stream& of) {
    int count = 0;
    while (auto next = co_await of.next()) frond::this_task::progress(++count);
    co_return count;
}
async<int> reads_first(each<first> of) {
    auto all = reads(of);
    co_return co_await all;
}
async<int> reads_second(each<second> of) {
    auto all = reads(of);
    co_return co_await all;
}
async<int> reads_later(each<later> of) {
    auto all = reads(of);
    co_return co_await all;
}

/// A collector has read so many values only after so many children's ends were told.
struct compares {
    void after_task(frond::task_event const& event) { ended += event.index().has_value(); }
    void on_progress(frond::progress_event const& event) {
        ++read;
        if (event.done > ended) ++too_early;
    }
    int ended = 0;
    int read = 0;
    int too_early = 0;
};

// The clock stands still, so that no lane hands its results over before their chunk is full because time has passed.
template <auto Reader>
void check_told() {
    by_hand::executor home;
    by_hand::clock hours;
    compares hook;
    completion ended;
    auto const plan =
        frond::plan_for<Reader>(frond::options().template on<Reader>(std::make_shared<prompt_executor>()));
    auto const prepared = plan.prepare(hook);
    frond::run_start start;
    start.on = &home;
    start.time = &hours;
    start.hooks = prepared.value().hooks;
    start.completion = &ended;
    begin(prepared.value().run, start);
    home.run();
    CHECK(ended.succeeded);
    CHECK(hook.read == children);
    CHECK(hook.too_early == 0);
}

}  // namespace told_before

using namespace told_before;

TEST_CASE("hooks are told of a child before its result can be read") {
    SECTION("children of one function") { check_told<reads_first>(); }
    SECTION("children of several functions") { check_told<reads_second>(); }
    SECTION("children of one coroutine") { check_told<reads_later>(); }
}
