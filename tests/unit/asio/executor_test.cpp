// Asio's executors as frond's: the record that each has of the threads that run it.
#include "../../catch.hpp"

#include "frond/asio.hpp"
#include "frond/frond.hpp"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#if defined(FROND_BOOST_ASIO)
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
#else
#include <asio/any_io_executor.hpp>
#include <asio/bind_executor.hpp>
#include <asio/io_context.hpp>
#include <asio/thread_pool.hpp>
#endif

namespace net = frond::net;
using frond::asio_executor;

namespace {

bool watches_new_thread(frond::executor& on) {
    bool watched = false;
    std::thread([&] { watched = on.comes_to_work(); }).join();
    return watched;
}

}  // namespace

TEST_CASE(
    "executors of one context know what the executors before them have learnt of its threads, those of another not") {
    net::io_context context;
    {
        asio_executor before(context.get_executor());
        CHECK(before.concurrency() == 0);
        CHECK_FALSE(before.comes_to_work());
        CHECK(watches_new_thread(before));
    }
    asio_executor after(context.get_executor());
    CHECK_FALSE(after.may_have_one_thread());
    CHECK(after.comes_to_work());
    asio_executor erased(net::any_io_executor(context.get_executor()));
    CHECK(erased.comes_to_work());

    net::io_context other;
    asio_executor elsewhere(other.get_executor());
    CHECK(elsewhere.may_have_one_thread());
    CHECK_FALSE(elsewhere.comes_to_work());
}

TEST_CASE("where one thread was seen so far a call finds another one that is free") {
    net::io_context context;
    asio_executor on(context.get_executor());
    CHECK_FALSE(on.comes_to_work());
    on.call_threads();
    on.call_threads();  // one call waits already
    CHECK(context.poll() == 1);
    CHECK(on.may_have_one_thread());  // the same thread has answered

    context.restart();
    on.call_threads();
    std::thread([&] { context.poll(); }).join();
    CHECK_FALSE(on.may_have_one_thread());

    context.restart();
    on.call_threads();
    CHECK(context.poll() == 0);
}

TEST_CASE("a context that is destroyed drops the call that waits in it") {
    std::optional<net::io_context> context(std::in_place);
    asio_executor on(context->get_executor());
    on.call_threads();
    context.reset();
    CHECK(on.may_have_one_thread());
}

namespace {

/// Two children that wait for each other, if they are asked to.
struct meeting {
    bool come() {
        std::unique_lock lock(mutex);
        ++there;
        changed.notify_all();
        return changed.wait_for(lock, std::chrono::seconds(20), [&] { return there == 2; });
    }
    std::mutex mutex;
    std::condition_variable changed;
    int there = 0;
};
using meeting_if_any = frond::input<"meeting", meeting*>;

frond::expander<int> item() {
    co_yield 0;
    co_yield 1;
}
bool met(frond::in<item>, meeting_if_any at) { return *at == nullptr || (*at)->come(); }
bool all_met(frond::all<met> each) {
    for (bool const one : each) {
        if (!one) return false;
    }
    return true;
}

}  // namespace

TEST_CASE("a body that is long for once keeps its like not from a thread that never had anything to do before") {
    auto const plan = frond::plan_for<all_met>();
    net::io_context context;
    bool right = false;
    auto const begin = [&](meeting* at) {
        plan.async_run(frond::arg<"meeting">(at),
                       net::bind_executor(context, [&](frond::result<bool> outcome) { right = outcome.value(); }));
    };
    for (int i = 0; i < 50; ++i) {
        begin(nullptr);
        context.run();
        context.restart();
    }
    meeting both;
    begin(&both);
    std::thread other([&] { context.run(); });
    context.run();
    other.join();
    CHECK(right);
}

TEST_CASE("an executor that tells how many threads it has is watched from the beginning") {
    net::thread_pool pool(2);
    asio_executor of_pool(pool.get_executor());
    CHECK(of_pool.concurrency() == 2);
    CHECK(of_pool.comes_to_work());
    net::io_context context;
    asio_executor told(context.get_executor(), 2);
    CHECK(told.comes_to_work());
}
