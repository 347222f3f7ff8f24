// Subscribers of a run's progress: who is told what, when, and what ends it.
#include "../../catch.hpp"

#include "frond/hooks/broadcast.hpp"

#include "../base/by_hand.hpp"
#include "listener.hpp"
#include "patience.hpp"
#include "samples.hpp"

#include <frond/asio.hpp>
#include <frond/frond.hpp>

#if defined(FROND_BOOST_ASIO)
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#else
#include <asio/use_awaitable.hpp>
#include <asio/use_future.hpp>
#endif

#include <nlohmann/json.hpp>

#include <chrono>
#include <cstdint>
#include <future>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

using namespace samples;
using frond::hooks::broadcast;
using frond::hooks::broadcast_options;
using nlohmann::json;
using updates = std::vector<std::string>;

namespace {

frond::progress of_run(std::uint64_t id, std::uint64_t ended) {
    frond::progress made = files(1s, 10, ended, true);
    made.run_id = id;
    return made;
}

frond::run_event last_of(std::uint64_t id) {
    frond::run_event made;
    made.run_id = id;
    made.progress = of_run(id, 10);
    return made;
}

std::uint64_t ended_files(json const& update) { return update["expansions"][0]["children"]["succeeded"]; }

}  // namespace

TEST_CASE("a subscriber is told all of a run first, then what has changed") {
    broadcast board;
    listener one(board);
    CHECK(one.take().empty());
    board.on_sample(of_run(1, 2));
    auto told = one.take();
    REQUIRE(told.size() == 1);
    CHECK(told[0]["type"] == "full");
    board.on_sample(of_run(1, 3));
    told = one.take();
    REQUIRE(told.size() == 1);
    CHECK(told[0]["type"] == "change");
    CHECK(ended_files(told[0]) == 3);
    CHECK(told[0]["specs"].size() == 1);
}

TEST_CASE("a slow subscriber loses states in between, and is told one change against what it was told last") {
    broadcast board;
    listener slow(board);
    listener fast(board);
    board.on_sample(of_run(1, 2));
    slow.take();
    fast.take();
    for (std::uint64_t ended = 3; ended <= 9; ++ended) {
        board.on_sample(of_run(1, ended));
        CHECK(fast.take().size() == 1);
    }
    // The expander changes once, long before the slow one looks again.
    auto last = last_of(1);
    last.progress->specs[0].tasks.failed = 1;
    board.after_run(last);
    auto const told = slow.take();
    REQUIRE(told.size() == 1);
    CHECK(told[0]["type"] == "change");
    CHECK(told[0]["ended"] == true);
    CHECK(told[0]["outcome"] == "succeeded");
    CHECK(told[0]["specs"].size() == 2);
    CHECK(ended_files(told[0]) == 10);
    CHECK_FALSE(slow.ended());
}

TEST_CASE("who comes late is told all, also of a run that has ended") {
    broadcast board;
    board.on_sample(of_run(1, 5));
    board.after_run(last_of(1));
    board.on_sample(of_run(2, 5));
    listener late(board);
    auto const told = late.take();
    REQUIRE(told.size() == 2);
    CHECK(told[0]["type"] == "full");
    CHECK(told[0]["run_id"] == 1);
    CHECK(told[0]["ended"] == true);
    CHECK(told[1]["type"] == "full");
    CHECK(told[1]["run_id"] == 2);
}

TEST_CASE("of several runs each is told in turn, and nothing of one is lost by another") {
    broadcast board;
    auto subscriber = board.subscribe();
    for (std::uint64_t id : {1U, 2U, 3U}) board.on_sample(of_run(id, 1));
    std::vector<std::uint64_t> order;
    for (std::uint64_t ended = 2; ended <= 7; ++ended) {
        order.push_back(json::parse(*by_hand::run(subscriber.next()))["run_id"]);
        board.on_sample(of_run(1, ended));  // the first one changes all the time
    }
    CHECK(order == std::vector<std::uint64_t>{1, 2, 3, 1, 1, 1});
}

TEST_CASE("where nothing but time has passed nobody is woken") {
    broadcast board;
    listener one(board);
    board.on_sample(of_run(1, 2));
    CHECK(one.take().size() == 1);
    auto later = of_run(1, 2);
    later.taken += 1h;
    board.on_sample(later);
    CHECK_FALSE(one.woken());
    CHECK(one.take().empty());
}

TEST_CASE("what has changed and changed back is not told") {
    broadcast board;
    listener one(board);
    board.on_sample(of_run(1, 2));
    CHECK(one.take().size() == 1);
    auto changed = of_run(1, 2);
    changed.specs[1].tasks.running = 1;
    board.on_sample(changed);
    board.on_sample(of_run(1, 2));
    CHECK(one.woken());
    CHECK(one.take().empty());
    board.on_sample(changed);
    CHECK(one.take().size() == 1);
}

TEST_CASE("once closed it tells what has not been told, then none") {
    broadcast board;
    listener waiting(board);
    auto subscriber = board.subscribe();
    board.on_sample(of_run(1, 2));
    CHECK(waiting.take().size() == 1);
    board.after_run(last_of(1));
    board.close();
    board.on_sample(of_run(2, 1));  // too late
    CHECK(waiting.take().size() == 1);
    CHECK(waiting.ended());
    CHECK(json::parse(*by_hand::run(subscriber.next()))["ended"] == true);
    CHECK(by_hand::run(subscriber.next()) == std::nullopt);
    CHECK(by_hand::run(subscriber.next()) == std::nullopt);
}

TEST_CASE("who waits outlives the broadcast, and is told that it is over") {
    std::optional<broadcast> board(std::in_place);
    listener waiting(*board);
    CHECK(waiting.take().empty());
    board.reset();
    CHECK(waiting.take().empty());
    CHECK(waiting.ended());
    waiting.rethrow();
}

TEST_CASE("a cancellation ends the waiting, of one subscriber alone") {
    broadcast board;
    listener cancelled(board);
    listener between(board);
    listener other(board);
    between.cancel();
    cancelled.cancel();
    CHECK(cancelled.take().empty());
    CHECK(between.take().empty());
    REQUIRE(cancelled.ended());
    REQUIRE(between.ended());
    try {
        cancelled.rethrow();
        FAIL("nothing was thrown");
    } catch (frond::bad_result const& e) {
        CHECK(e.error().is_canceled());
    }
    board.on_sample(of_run(1, 2));
    CHECK(other.take().size() == 1);
}

TEST_CASE("a cancelled subscriber stops where an update waits, and the update is not lost") {
    broadcast board;
    auto subscriber = board.subscribe();
    by_hand::executor on;
    by_hand::driver<std::optional<std::string>> task(on, subscriber.next());
    task.start();
    board.on_sample(of_run(1, 2));  // wakes it
    task.cancel();
    on.run();
    REQUIRE(task.stopped());
    CHECK_THROWS_AS(task.take(), frond::bad_result);
    CHECK(json::parse(*by_hand::run(subscriber.next()))["type"] == "full");
}

TEST_CASE("ended runs are kept for those who are behind, as many as was said") {
    broadcast board(broadcast_options().ended_runs(2));
    listener behind(board);
    board.on_sample(of_run(1, 2));
    CHECK(behind.take().size() == 1);
    board.on_sample(of_run(9, 1));
    for (std::uint64_t id : {1U, 2U, 3U}) board.after_run(last_of(id));
    auto const told = behind.take();
    REQUIRE(told.size() == 3);
    CHECK(told[0]["run_id"] == 2);
    CHECK(told[1]["run_id"] == 3);
    CHECK(told[2]["run_id"] == 9);  // one that goes on is kept in any case
}

TEST_CASE("an asio::awaitable subscribes too") {
    namespace net = frond::net;
    broadcast board;
    net::io_context context;
    updates got;
    auto const listen = [&]() -> net::awaitable<void> {
        auto subscriber = board.subscribe();
        for (;;) {
            auto update = co_await frond::spawn(context.get_executor(), subscriber.next(), net::use_awaitable);
            if (!update.value()) break;
            got.push_back(*update.value());
        }
    };
    auto ended = net::co_spawn(context, listen(), net::use_future);
    context.poll();
    board.on_sample(of_run(1, 2));
    context.poll();
    CHECK(got.size() == 1);
    board.after_run(last_of(1));
    board.close();
    context.run();
    ended.get();
    CHECK(got.size() == 2);
}

TEST_CASE("a signal cancels an asio::awaitable that waits for an update") {
    namespace net = frond::net;
    broadcast board;
    net::io_context context;
    net::cancellation_signal stop;
    auto subscriber = board.subscribe();
    std::optional<frond::result<std::optional<std::string>>> outcome;
    frond::spawn(context.get_executor(), subscriber.next(),
                 net::bind_cancellation_slot(stop.slot(), [&](auto got) { outcome.emplace(std::move(got)); }));
    context.poll();
    CHECK_FALSE(outcome);
    stop.emit(net::cancellation_type::terminal);
    context.restart();
    context.poll();
    REQUIRE(outcome);
    REQUIRE(outcome->has_error());
    CHECK(outcome->error().is_canceled());
}

namespace {

frond::expander<int> folder() {
    for (int i = 0; i < 3; ++i) co_yield frond::child("\x1b[2J<b>" + std::to_string(i), i);
}
frond::expander<int> file(frond::in<folder> from) {
    for (int i = 0; i < 20; ++i) co_yield 100 * *from + i;
}
int size_of(frond::in<file> one) {
    if (*one == 207) throw std::runtime_error("no\nluck");
    return 1;
}
int sum_of(frond::all_results<size_of> sizes) { return static_cast<int>(sizes.size()); }
int total(frond::all<sum_of> sums) { return sums.begin()[0] + sums.begin()[1] + sums.begin()[2]; }

}  // namespace

TEST_CASE("the updates of a run, put together, are its last state") {
    // As often as it goes, so that there are some changes.
    broadcast board(broadcast_options().interval(1us));
    frond::net::thread_pool pool(1);
    std::vector<std::shared_ptr<updates>> all;
    std::vector<std::future<frond::result<void>>> ends;
    std::vector<std::unique_ptr<broadcast::subscriber>> subscribers;
    for (int i = 0; i < 3; ++i) {
        all.push_back(std::make_shared<updates>());
        subscribers.push_back(std::make_unique<broadcast::subscriber>(board.subscribe()));
        auto body = take_all(*subscribers.back(), *all.back());
        ends.push_back(frond::spawn(pool.get_executor(), std::move(body), frond::net::use_future));
    }
    auto const outcome = run_patiently<total>(board, frond::threads(2));
    REQUIRE(outcome);
    CHECK(outcome.value() == 60);
    board.close();
    for (auto& end : ends) REQUIRE(end.get());
    for (auto const& got : all) {
        json state;
        for (auto const& update : *got) put_together(state, json::parse(update));
        CHECK(state["ended"] == true);
        CHECK(state["outcome"] == "succeeded");
        CHECK(state["failures_total"] == 0);
        for (auto const& expansion : state["expansions"]) {
            auto const& children = expansion["children"];
            bool const inner = expansion["name"] == "file";
            CHECK(expansion["total"] == (inner ? 60 : 3));
            CHECK(children["succeeded"].get<int>() + children["failed"].get<int>() == (inner ? 60 : 3));
            CHECK(children["failed"] == (inner ? 1 : 0));
        }
    }
}
