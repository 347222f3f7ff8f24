// Runs, subscribers that come, go and are cancelled, and the end of the broadcast: all at once on real threads.
#include "../catch.hpp"

#include <frond/asio.hpp>
#include <frond/frond.hpp>
#include <frond/hooks/broadcast.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

using namespace std::chrono_literals;
namespace net = frond::net;
using frond::hooks::broadcast;

namespace {

frond::expander<int> number() {
    for (int i = 0; i < 20'000; ++i) co_yield i;
}
int same(frond::in<number> of) { return *of; }
frond::async<long> sum(frond::each<same> of) {
    long made = 0;
    while (auto next = co_await of.next()) made += *next;
    co_return made;
}

/// What one subscriber saw, by run: how often, and whether its last word was the end.
struct seen {
    bool is_first(std::string const& update) const { return update.find("\"type\":\"full\"") != std::string::npos; }
    void note(std::string const& update) {
        auto const id = update.substr(0, update.find(','));
        auto& of = runs[id];
        in_order = in_order && is_first(update) == (of.updates == 0) && !of.ended;
        ++of.updates;
        of.ended = update.find("\"ended\":true") != std::string::npos;
    }

    struct run {
        int updates = 0;
        bool ended = false;
    };
    std::map<std::string, run> runs;
    bool in_order = true;
};

frond::async<void> listen(broadcast::subscriber from, seen& into) {
    while (auto update = co_await from.next()) into.note(*update);
}

constexpr int subscribers = 8;
constexpr int runs = 12;

struct subscription {
    explicit subscription(net::thread_pool& pool) : own(pool.get_executor()) {}

    seen got;
    net::cancellation_signal stop;
    net::strand<net::thread_pool::executor_type> own;  // where it is cancelled, and where its end is told
    bool cancelled = false;                            // how it ended; written before `left` is
};

}  // namespace

TEST_CASE("whoever is not cancelled is told the end of every run, in order, from any number of threads") {
    for (int round = 0; round < 10; ++round) {
        net::thread_pool pool(4);
        std::vector<std::unique_ptr<subscription>> all;
        std::atomic<int> left = subscribers;
        {
            broadcast board(frond::hooks::broadcast_options().interval(10us).ended_runs(runs));
            for (int i = 0; i < subscribers; ++i) {
                all.push_back(std::make_unique<subscription>(pool));
                auto& mine = *all.back();
                auto body = listen(board.subscribe(), mine.got);
                auto handler = [&](frond::result<void> ended) {
                    mine.cancelled = ended.has_error() && ended.error().is_canceled();
                    --left;
                };
                frond::spawn(pool.get_executor(), std::move(body),
                             net::bind_executor(mine.own, net::bind_cancellation_slot(mine.stop.slot(), handler)));
            }
            auto const plan = frond::plan_for<sum>();
            std::atomic<int> good = 0;
            std::vector<std::thread> running;
            for (int i = 0; i < 3; ++i) {
                running.emplace_back([&] {
                    for (int k = 0; k < runs / 3; ++k) {
                        auto const outcome = frond::run_blocking(plan, board, frond::threads(2));
                        good += outcome && outcome.value() == 199'990'000L;
                    }
                });
            }
            // Every fourth one, while updates come.
            for (std::size_t i = 0; i < all.size(); i += 4) {
                net::post(all[i]->own, [&one = *all[i]] { one.stop.emit(net::cancellation_type::terminal); });
            }
            for (auto& each : running) each.join();
            CHECK(good == runs);
        }  // closes it while the last updates are being taken
        pool.join();
        CHECK(left == 0);
        for (std::size_t i = 0; i < all.size(); ++i) {
            CHECK(all[i]->got.in_order);
            CHECK(all[i]->cancelled == (i % 4 == 0));
            if (i % 4 == 0) continue;
            CHECK(all[i]->got.runs.size() == runs);
            for (auto const& [id, run] : all[i]->got.runs) CHECK(run.ended);
        }
    }
}
