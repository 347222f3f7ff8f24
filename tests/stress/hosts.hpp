// The kinds of executor that a plan is run on, each with a number of threads of its own.
#pragma once

#include "meeting.hpp"

#include "../catch.hpp"

#include <frond/asio.hpp>
#include <frond/frond.hpp>
#include <frond/graph/graph_builder.hpp>
#include <frond/run/named_plan.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace stress {

enum class host_kind : std::uint8_t {
    own_threads,             // run_blocking with threads(n)
    io_context,              // async_run on an io_context that n threads run
    thread_pool,             // async_run on a pool of n threads
    of_unknown_concurrency,  // the io_context behind an executor that cannot tell how many threads run it
};

inline constexpr std::array every_host{host_kind::own_threads, host_kind::io_context, host_kind::thread_pool,
                                       host_kind::of_unknown_concurrency};

constexpr char const* name_of(host_kind of) noexcept {
    constexpr std::array names{"threads(n)", "an io_context", "a thread_pool", "an executor of unknown concurrency"};
    return names[static_cast<std::size_t>(of)];
}

/// Thread: the one that made it.
class host {
public:
    host(host_kind kind, unsigned threads) : kind_(kind), threads_(threads) {
        if (kind == host_kind::own_threads) return;
        if (kind == host_kind::thread_pool) {
            pool_.emplace(threads);
            return;
        }
        guard_.emplace(context_.get_executor());
        for (unsigned i = 0; i < threads; ++i) helpers_.emplace_back([this] { context_.run(); });
    }
    ~host() {
        guard_.reset();
        for (std::thread& each : helpers_) each.join();
        if (pool_) pool_->join();
    }
    host(host const&) = delete;
    host& operator=(host const&) = delete;

    /// Runs a plan and waits for its end.
    template <class Plan, class... A>
    auto run(Plan const& plan, A&&... arguments) -> frond::result<typename Plan::output> {
        switch (kind_) {
            case host_kind::own_threads:
                return frond::run_blocking(plan, std::forward<A>(arguments)..., frond::threads(threads_));
            case host_kind::io_context: return run_on(context_.get_executor(), plan, std::forward<A>(arguments)...);
            case host_kind::thread_pool: return run_on(pool_->get_executor(), plan, std::forward<A>(arguments)...);
            case host_kind::of_unknown_concurrency: break;
        }
        return run_on(frond::net::any_io_executor(context_.get_executor()), plan, std::forward<A>(arguments)...);
    }

private:
    template <class Executor, class Plan, class... A>
    static auto run_on(Executor const& on, Plan const& plan, A&&... arguments) {
        using outcome = frond::result<typename Plan::output>;
        // Kept by the handler as well: it may still be inside set_value when the waiting thread goes on.
        auto const end = std::make_shared<std::promise<outcome>>();
        plan.async_run(std::forward<A>(arguments)...,
                       frond::net::bind_executor(on, [end](outcome came) { end->set_value(std::move(came)); }));
        return end->get_future().get();
    }

    host_kind const kind_;
    unsigned const threads_;
    frond::net::io_context context_;
    std::optional<frond::net::executor_work_guard<frond::net::io_context::executor_type>> guard_;
    std::optional<frond::net::thread_pool> pool_;
    std::vector<std::thread> helpers_;
};

/// What is asked of the bodies of a graph.
struct gathering {
    unsigned threads = 2;
    unsigned parties = 0;   // of each meeting; 0: as many as the threads
    unsigned meetings = 1;  // in each run
};

/// Repeats runs on every kind of executor. Each run gets a meeting and tells whether it ended well; its bodies have met as often
/// as asked.
inline void require_to_meet(gathering const& asked, std::function<bool(host&, meeting&)> const& run) {
    for (host_kind const kind : every_host) {
        host on(kind, asked.threads);
        for (std::uint64_t i = 0; i < repeats(); ++i) {
            meeting at(asked.parties != 0 ? asked.parties : asked.threads);
            bool const ended_well = run(on, at);
            INFO(asked.threads << " threads of " << name_of(kind) << ", repeat " << i);
            REQUIRE(at.held() == asked.meetings);
            REQUIRE(ended_well);
        }
    }
}

/// The plan of a graph made at run time.
inline frond::named_plan plan_of(frond::graph_builder&& of, std::vector<std::string> wanted,
                                 frond::plan_options options = {}) {
    options.wanted = std::move(wanted);
    return frond::plan_for(std::move(of).build().value(), options);
}

}  // namespace stress
