// Limits of the children in each parent, beside those of the whole run: pages of hosts, in every schedule.
#include "run_of_plan.hpp"
#include "seeds.hpp"

#include "frond/graph/stream.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "../catch.hpp"

namespace frond::simulation {

using namespace std::chrono_literals;

namespace {

struct limits_asked {
    std::uint32_t run = 256;
    std::optional<std::uint32_t> all_pages{};
    std::optional<std::uint32_t> pages_each{};
    bool parts = false;  // each page has children of its own
};

/// Pages of some hosts, each of which takes as long as its host does.
class hosts final : public run_completion {
public:
    hosts(simulator& in, limits_asked const& asked, std::vector<duration> page_takes, std::uint64_t pages)
        : world(in), takes_(std::move(page_takes)), pages_(pages), asked_(asked) {
        at_once.resize(takes_.size());
        ended.resize(takes_.size());
        graph_builder builder;
        builder.add("host", [this] { return numbers(takes_.size()); });
        builder.add("page", [this](value<std::uint64_t>) { return numbers(pages_); }, {"host"});
        if (asked.parts) {
            builder.add("part", [this](value<std::uint64_t>) { return numbers(3); }, {"page"});
            builder.add("fetched",
                        [this](value<std::uint64_t> host, value<std::uint64_t>) { return fetch(*host, false); },
                        {"host", "part"});
            builder.add("text", [](list<std::uint64_t> parts) { return parts[0]; }, {"fetched"});
        } else {
            builder.add("text", [this](value<std::uint64_t> host, value<std::uint64_t>) { return fetch(*host, true); },
                        {"host", "page"});
        }
        builder.add(
            "of_host",
            [this](value<std::uint64_t> host, stream<std::uint64_t> texts) { return read(*host, std::move(texts)); },
            {"host", "text"});
        builder.add("sum",
                    [](list<std::uint64_t> of) {
                        std::uint64_t all = 0;
                        for (auto const each : of) all += each;
                        return all;
                    },
                    {"of_host"});
        plan_options options;
        options.limit = asked.run;
        if (asked.all_pages) options.expander_limits["page"] = *asked.all_pages;
        if (asked.pages_each) options.limits_each["page"] = *asked.pages_each;
        handle_ = prepare_run(plan_of(builder, "sum", std::move(options)), {}).value();
        begin_in(world, handle_, *this);
    }

    void cancel() { handle_.cancel(); }
    void finish() {
        world.run_until([this] { return over; });
        world.run_out();
    }

    simulator& world;
    std::vector<std::uint64_t> at_once;  // bodies in the pages of each host
    std::uint64_t at_once_in_all = 0;
    std::vector<time_point> ended;  // each host
    std::optional<std::uint64_t> fetched{};
    std::optional<error> failure{};
    bool over = false;

private:
    struct inside {
        inside(hosts& owner, std::uint64_t of_host) noexcept : of(owner), host(of_host) {
            ++of.at_once[host];
            ++of.at_once_in_all;
        }
        inside(inside const&) = delete;
        inside& operator=(inside const&) = delete;
        ~inside() {
            --of.at_once[host];
            --of.at_once_in_all;
        }
        hosts& of;
        std::uint64_t host;
    };

    expander<std::uint64_t> numbers(std::uint64_t count) {
        for (std::uint64_t i = 0; i < count; ++i) {
            if (world.random().percent(5)) co_await world.yield();
            co_yield i;
        }
    }
    async<std::uint64_t> fetch(std::uint64_t host, bool is_page) {
        inside const here(*this, host);
        if (is_page) {
            world.expect(at_once[host] <= asked_.pages_each.value_or(asked_.run),
                         "no more pages of a host than it may have");
            world.expect(at_once_in_all <= asked_.all_pages.value_or(asked_.run),
                         "no more pages than there may be in all");
        }
        world.expect(at_once_in_all <= asked_.run, "no more children run than the run's limit");
        co_await world.sleep(takes_[host]);
        co_return 1;
    }
    async<std::uint64_t> read(std::uint64_t host, stream<std::uint64_t> texts) {
        std::uint64_t count = 0;
        while (auto const next = co_await texts.next()) count += *next;
        ended[host] = world.now();
        co_return count;
    }
    void complete(run_outcome& outcome) noexcept override {
        failure = outcome.failure;
        if (!failure) fetched = *static_cast<std::uint64_t*>(outcome.outputs[0]);
        over = true;
        handle_ = run_handle();
    }

    std::vector<duration> const takes_;
    std::uint64_t const pages_;
    limits_asked const asked_;
    run_handle handle_;
};

limits_asked any_limits(dice& random) {
    limits_asked made;
    made.run = static_cast<std::uint32_t>(random.between(1, 12));
    if (random.percent(60)) made.all_pages = static_cast<std::uint32_t>(random.between(1, 6));
    if (random.percent(80)) made.pages_each = static_cast<std::uint32_t>(random.between(1, 4));
    made.parts = random.percent(40);
    return made;
}

std::vector<duration> any_times(dice& random) {
    std::vector<duration> made;
    for (auto left = random.between(0, 5); left != 0; --left) {
        made.push_back(std::chrono::milliseconds(random.between(0, 3)));
    }
    return made;
}

}  // namespace

TEST_CASE("no combination of limits lets a run stand still, and each is kept") {
    for_each_seed(10'000, [](simulator& world) {
        auto& random = world.random();
        auto const times = any_times(random);
        std::uint64_t const pages = random.between(0, 12);
        hosts run(world, any_limits(random), times, pages);
        run.finish();
        world.expect(run.fetched == times.size() * pages, "each page is fetched once");
    });
}

TEST_CASE("a run with limits in each parent that is cancelled at any moment ends, and gives all slots back") {
    for_each_seed(10'000, [](simulator& world) {
        auto& random = world.random();
        hosts run(world, any_limits(random), any_times(random), random.between(0, 12));
        world.at_some_moment([&] { run.cancel(); });
        run.finish();
        world.expect(!run.failure || run.failure->is_canceled(), "nothing else fails");
        world.expect(run.at_once_in_all == 0, "no body is left");
    });
}

TEST_CASE("a host that is slow holds up no other host where each has a limit of its own") {
    for_each_seed(2'000, [](simulator& world) {
        world.only_waits_take_time();
        constexpr std::uint64_t pages = 20;
        constexpr std::uint32_t each = 2;
        limits_asked asked;
        asked.pages_each = each;
        time_point const began = world.now();
        hosts run(world, asked, {1s, 1ms, 1ms, 1ms}, pages);
        run.finish();
        for (std::size_t host = 1; host < 4; ++host) {
            world.expect(run.ended[host] - began == pages / each * 1ms, "a quick host takes its own time");
        }
        world.expect(run.ended[0] - began == pages / each * 1s, "a slow host takes its own time");
    });
}

}  // namespace frond::simulation
