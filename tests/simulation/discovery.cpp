// Expanders that are fed by their own children, in every schedule: each page of a web is taken once, and the end comes,
// whatever fails and whenever the run is cancelled.
#include "run_of_plan.hpp"
#include "seeds.hpp"

#include "frond/graph/feedback.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "../catch.hpp"

namespace frond::simulation {

using namespace std::chrono_literals;

namespace {

using page_number = std::uint64_t;
using page_links = std::vector<page_number>;

/// A web: links lead from each page to some others, back as well. Some pages cannot be read.
struct web {
    explicit web(dice& random) {
        std::uint64_t const count = random.between(1, 60);
        unsigned const broken_percent = random.percent(50) ? 0 : 20;
        for (page_number page = 0; page < count; ++page) {
            broken.push_back(random.percent(broken_percent));
            auto& lead_to = links.emplace_back();
            for (auto left = random.between(0, 4); left != 0; --left) lead_to.push_back(random.between(0, count - 1));
        }
    }

    /// The pages that can be found, those that cannot be read among them.
    std::set<page_number> reachable() const {
        std::set<page_number> found{0};
        std::vector<page_number> open{0};
        while (!open.empty()) {
            page_number const page = open.back();
            open.pop_back();
            if (broken[page]) continue;
            for (auto const next : links[page]) {
                if (found.insert(next).second) open.push_back(next);
            }
        }
        return found;
    }

    std::vector<page_links> links;
    std::vector<bool> broken;
};

/// A crawl of a web, or several of the same web at once, each inside a child of another expansion.
class crawl final : public run_completion {
public:
    crawl(simulator& in, bool failures_are_values)
        : world(in),
          of(in.random()),
          nested_(in.random().percent(40)),
          crawls(nested_ ? in.random().between(0, 4) : 1) {
        graph_builder builder;
        if (nested_) builder.add("crawler", [this] { return crawler(); });
        if (failures_are_values && world.random().percent(30)) {
            add_page<result<page_links>>(builder);
        } else {
            add_page<page_links>(builder);
        }
        builder.add("links", [this](value<page_number> page) { return links(*page); }, {"page"});
        std::string const top = nested_ ? "pages" : "all";
        if (failures_are_values) {
            builder.add(top, [](list<result<page_links>> all) { return all.size(); }, {"links"});
        } else if (world.random().percent(50)) {
            builder.add(top, [](list<page_links> all) { return all.size(); }, {"links"});
        } else {
            builder.add(top, [this](stream<page_links> all) { return read(std::move(all)); }, {"links"});
        }
        if (nested_) builder.add("all", [](list<std::size_t> each) { return sum_of(each); }, {"pages"});
        handle_ = prepare_run(plan_of(builder, "all", options()), {}).value();
        begin_in(world, handle_, *this);
    }

    void cancel() { handle_.cancel(); }
    void finish() {
        world.run_until([this] { return over; });
        world.run_out();
    }

    simulator& world;
    web const of;

private:
    bool const nested_;

public:
    std::uint64_t const crawls;
    std::uint64_t ended = 0;    // crawls that came to their end
    std::uint64_t running = 0;  // whose frame is there
    std::multiset<page_number> taken{};
    std::uint64_t failures_told = 0;
    std::optional<std::size_t> pages{};
    std::optional<error> failure{};
    bool over = false;

private:
    plan_options options() {
        plan_options made;
        made.limit = static_cast<std::uint32_t>(world.random().between(1, 10));
        made.grace = 24h;
        if (world.random().percent(30)) {
            made.expander_limits["page"] = static_cast<std::uint32_t>(world.random().between(1, 3));
        }
        if (world.random().percent(30)) {
            executor& other = world.add_executor(static_cast<unsigned>(world.random().between(1, 2)));
            made.executors["page"] = std::shared_ptr<executor>(std::shared_ptr<void>(), &other);
        }
        if (world.random().percent(20)) made.grouping = grouping::each_node;
        return made;
    }

    template <class Feed>
    void add_page(graph_builder& builder) {
        if (nested_) {
            builder.add("page", [this](feedback<Feed> found, value<std::uint64_t>) { return page(std::move(found)); },
                        {"links", "crawler"});
        } else {
            builder.add("page", [this](feedback<Feed> found) { return page(std::move(found)); }, {"links"});
        }
    }

    struct frame {
        explicit frame(std::uint64_t& of_all) noexcept : running(of_all) { ++running; }
        frame(frame const&) = delete;
        frame& operator=(frame const&) = delete;
        ~frame() { --running; }
        std::uint64_t& running;
    };

    expander<std::uint64_t> crawler() {
        for (std::uint64_t i = 0; i < crawls; ++i) {
            if (world.random().percent(20)) co_await world.yield();
            co_yield i;
        }
    }
    template <class Feed>
    page_links const* links_in(Feed const& given) noexcept {
        if constexpr (std::is_same_v<Feed, page_links>) {
            return &given;
        } else {
            if (given) return &given.value();
            ++failures_told;
            return nullptr;
        }
    }
    template <class Feed>
    expander<page_number> page(feedback<Feed> found) {
        frame const here(running);
        std::set<page_number> seen{0};
        if (world.random().percent(20)) co_await world.sleep(1ms);
        co_yield 0;
        while (auto const more = co_await found.next()) {
            auto const* const lead_to = links_in(*more);
            if (lead_to == nullptr) continue;
            for (auto const next : *lead_to) {
                if (!seen.insert(next).second) continue;
                if (world.random().percent(5)) co_await world.yield();
                co_yield next;
            }
        }
        ++ended;
    }
    async<page_links> links(page_number page) {
        if (world.random().percent(30)) co_await world.sleep(std::chrono::milliseconds(world.random().between(0, 3)));
        if (world.random().percent(20)) co_await world.yield();
        taken.insert(page);
        if (of.broken[page]) throw std::runtime_error("page " + std::to_string(page));
        co_return of.links[page];
    }
    async<std::size_t> read(stream<page_links> all) {
        std::size_t count = 0;
        while (co_await all.next()) {
            if (world.random().percent(20)) co_await world.sleep(1ms);
            ++count;
        }
        co_return count;
    }
    static std::size_t sum_of(list<std::size_t> const& each) {
        std::size_t sum = 0;
        for (auto const one : each) sum += one;
        return sum;
    }
    void complete(run_outcome& outcome) noexcept override {
        world.expect(!over, "a run completes once");
        world.expect(running == 0, "no expander is left when its run is over");
        failure = outcome.failure;
        if (!failure) pages = *static_cast<std::size_t*>(outcome.outputs[0]);
        over = true;
        handle_ = run_handle();
    }

    run_handle handle_;
};

void check_whole(simulator& world, crawl const& run) {
    auto const found = run.of.reachable();
    world.expect(run.pages == run.crawls * found.size(), "each page that can be found is collected once in each crawl");
    world.expect(run.ended == run.crawls, "each crawl comes to its end");
    for (auto const page : found)
        world.expect(run.taken.count(page) == run.crawls, "each page is read once in each crawl");
    world.expect(run.taken.size() == run.crawls * found.size(), "no other page is read");
}

bool any_broken(crawl const& run) {
    for (auto const page : run.of.reachable()) {
        if (run.of.broken[page]) return true;
    }
    return false;
}

}  // namespace

TEST_CASE("a crawl takes each page once and ends, in every schedule") {
    for_each_seed(10'000, [](simulator& world) {
        crawl run(world, true);
        run.finish();
        check_whole(world, run);
        world.expect(run.failures_told == 0 || any_broken(run), "failures are told where pages failed");
    });
}

TEST_CASE("a crawl whose page fails ends with that failure, in every schedule") {
    for_each_seed(10'000, [](simulator& world) {
        crawl run(world, false);
        run.finish();
        if (run.crawls != 0 && any_broken(run)) {
            world.expect(run.failure && run.failure->node() == "links", "a page's failure is the run's");
        } else {
            check_whole(world, run);
        }
    });
}

TEST_CASE("a crawl that is cancelled at any moment ends, and takes no page twice") {
    for_each_seed(10'000, [](simulator& world) {
        crawl run(world, world.random().percent(70));
        world.at_some_moment([&] { run.cancel(); });
        run.finish();
        for (auto const page : run.taken)
            world.expect(run.taken.count(page) <= run.crawls, "no page is read twice in a crawl");
        if (!run.failure) check_whole(world, run);
    });
}

}  // namespace frond::simulation
