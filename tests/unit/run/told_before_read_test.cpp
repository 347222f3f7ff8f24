// What hooks have been told of by the time that somebody reads a child's result.
#include "catch.hpp"
#include "frond/run/run_blocking.hpp"
#include "frond/run/this_task.hpp"

#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <thread>

using frond::async;
using frond::each;
using frond::in;

namespace told_before {

constexpr int children = 1000;

/// A thread that runs what it is given at once: who posts to it waits until that has suspended or ended.
class prompt_executor final : public frond::executor {
public:
    prompt_executor() : thread_([this] { run(); }) {}
    ~prompt_executor() {
        {
            std::lock_guard const guard(mutex_);
            over_ = true;
        }
        changed_.notify_all();
        thread_.join();
    }
    void post(frond::work& item) noexcept override {
        std::unique_lock guard(mutex_);
        given_.push_back(item);
        changed_.notify_all();
        if (std::this_thread::get_id() != thread_.get_id())
            changed_.wait(guard, [&] { return given_.empty() && idle_; });
    }
    void dispatch(frond::work& item) noexcept override { post(item); }
    unsigned concurrency() const noexcept override { return 1; }

private:
    void run() noexcept {
        std::unique_lock guard(mutex_);
        for (;;) {
            changed_.wait(guard, [&] { return over_ || !given_.empty(); });
            if (given_.empty()) return;
            frond::work& item = given_.pop_front();
            idle_ = false;
            guard.unlock();
            frond::pump::drive(item, *this);
            guard.lock();
            idle_ = true;
            changed_.notify_all();
        }
    }

    std::mutex mutex_;  // guards what follows
    std::condition_variable changed_;
    frond::work_list given_;
    bool idle_ = true;
    bool over_ = false;
    std::thread thread_;  // the last member: it begins when the others are there
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

/// Whoever has read so many values was told of so many children's ends before.
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

template <auto Reader>
void check_told() {
    auto const there = std::make_shared<prompt_executor>();
    compares hook;
    auto const plan = frond::plan_for<Reader>(frond::options().template on<Reader>(there));
    CHECK(frond::run_blocking(plan, hook, frond::threads(1)).value() == children);
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
