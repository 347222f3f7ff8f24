#include "random_readers.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace frond::simulation {

namespace {

/// So large that a chunk holds one, and a stream is full with a few.
struct heavy {
    explicit heavy(std::uint64_t of) noexcept : number(of) {}
    std::uint64_t number;
    std::array<std::byte, 16 * 1024> weight{};
};

/// Which of two streams comes next.
class turns {
public:
    turns(simulator& world, reading how) noexcept : world_(world), how_(how) {}
    bool over() const noexcept { return over_[0] && over_[1]; }
    bool first() noexcept {
        if (over_[0] || over_[1]) return over_[1];
        switch (how_) {
            case reading::one_by_one: return true;
            case reading::other_first: return false;
            case reading::in_turn: return last_ = !last_;
            case reading::at_random: break;
        }
        return world_.random().percent(50);
    }
    void ended(bool first) noexcept { over_[first ? 0 : 1] = true; }

private:
    simulator& world_;
    reading how_;
    bool last_ = false;
    bool over_[2] = {false, false};
};

std::uint64_t combined(sum_of first, sum_of second) { return first.sum + 5 * second.sum; }

}  // namespace

random_readers::random_readers(simulator& world, reader_settings const& how) : world_(world), how_(how) {
    auto& random = world.random();
    if (how.nested) {
        instances_ = random.between(1, 3);
        builder_.add("outer", [n = instances_]() -> expander<std::uint64_t> {
            for (std::uint64_t i = 0; i < n; ++i) co_yield i;
        });
    }
    failing_ = random.percent(how.failing_percent) ? random.below(400) : never;
    auto const some = [&] { return random.between(random.percent(20) ? 0 : 80, how.most); };
    std::uint64_t const same = some();
    for (std::uint64_t left = random.between(2, 3); left != 0; --left) {
        add_source(how.in_step ? same : some());
    }
    for (std::uint64_t left = random.between(2, 5); left != 0; --left) {
        if (parts_.size() < 5 && random.percent(how.in_step ? 0 : 35)) {
            add_expander();
        } else {
            add_reader();
        }
    }
}

bool random_readers::plan() {
    auto& random = world_.random();
    auto graph = std::move(builder_).build();
    if (!graph) return false;
    plan_options options;
    for (auto const& each : wanted_) options.wanted.push_back(each.first);
    std::uint32_t const limits[] = {1, 2, 7, 256};
    options.limit = limits[random.below(4)];
    for (std::size_t i = 0; i < parts_.size(); ++i) {
        if (random.percent(15)) {
            options.expander_limits["x" + std::to_string(i)] = static_cast<std::uint32_t>(random.between(1, 3));
        }
    }
    if (how_.memory) options.stream_memory = *how_.memory;
    // What nothing reads is not planned.
    auto made = plan::make(std::move(graph).value(), with_known_limits(std::move(options)));
    if (!made) return false;
    plan_ = std::move(made).value();
    return true;
}

void random_readers::play() {
    handle_ = prepare_run(plan_, {}).value();
    run_start start;
    start.on = &world_.on();
    start.time = &world_;
    start.completion = this;
    start.report = &report;
    begin(handle_, std::move(start));
    if (how_.cancelled) world_.at_some_moment([this] { handle_.cancel(); });
    world_.run_until([this] { return over_; });
    world_.run_out();
    if (failure_ && failure_->code() == make_error_code(errc::stream_memory)) {
        world_.expect(how_.memory.has_value(), "streams may grow unless the plan says otherwise");
        world_.expect(std::string(failure_->message()).find("a standstill: ") == 0, "the error tells of the cycle");
    } else if (failure_) {
        world_.expect(failing_ != never || (how_.cancelled && failure_->is_canceled()), "a run that may end well does");
    } else {
        for (std::size_t i = 0; i < wanted_.size(); ++i) {
            world_.expect(found_[i] == wanted_[i].second, "the values are those of a sequential evaluation");
        }
    }
    handle_ = run_handle();
}

void random_readers::complete(run_outcome& outcome) noexcept {
    over_ = true;
    failure_ = outcome.failure;
    for (auto* const output : outcome.outputs) {
        std::uint64_t value = 0;
        if (how_.nested) {
            for (auto const each : *static_cast<std::vector<std::uint64_t> const*>(output)) value += each;
        } else {
            value = *static_cast<std::uint64_t const*>(output);
        }
        found_.push_back(value);
    }
}

plan_options random_readers::with_known_limits(plan_options options) {
    std::erase_if(options.expander_limits,
                  [&](auto const& each) { return std::find(read_.begin(), read_.end(), each.first) == read_.end(); });
    return options;
}

async<void> random_readers::rest() const {
    if (!world_.random().percent(4)) co_return;
    if (world_.random().percent(50)) {
        co_await world_.yield();
    } else {
        co_await world_.sleep(std::chrono::milliseconds(world_.random().below(6)));
    }
}

void random_readers::add_children(std::string const& x, sum_of yielded) {
    std::string const name = "f" + std::to_string(parts_.size());
    auto const body = [this](std::uint64_t n) {
        if (n == failing_) throw std::runtime_error("no luck");
        return heavy(3 * n + 1);
    };
    if (world_.random().percent(50)) {
        builder_.add(name, [body](value<std::uint64_t> n) { return body(*n); }, {x});
    } else {
        builder_.add(name,
                     [this, body](value<std::uint64_t> n) -> async<heavy> {
                         std::uint64_t const number = *n;
                         auto resting = rest();
                         co_await resting;
                         co_return body(number);
                     },
                     {x});
    }
    parts_.push_back({yielded.count, 3 * yielded.sum + yielded.count});
}

void random_readers::add_source(std::uint64_t count) {
    std::string const x = "x" + std::to_string(parts_.size());
    bool const rests = world_.random().percent(50);
    auto const numbers = [this, count, rests]() -> expander<std::uint64_t> {
        for (std::uint64_t i = 0; i < count; ++i) {
            if (rests && world_.random().percent(3)) co_await world_.yield();
            co_yield i;
        }
    };
    // The next numbers when children have ended.
    auto const fed = [count](feedback<std::uint64_t> found) -> expander<std::uint64_t> {
        std::uint64_t next = 0;
        while (next < std::min<std::uint64_t>(count, 3)) co_yield next++;
        while (co_await found.next()) {
            for (std::uint64_t left = 2; left != 0 && next < count; --left) co_yield next++;
        }
    };
    std::string const feeder = "g" + std::to_string(parts_.size());
    bool const is_fed = world_.random().percent(25);
    if (is_fed) builder_.add(feeder, [](value<std::uint64_t> n) { return *n; }, {x});
    if (is_fed && how_.nested) {
        builder_.add(x, [fed](feedback<std::uint64_t> found, value<std::uint64_t>) { return fed(std::move(found)); },
                     {feeder, "outer"});
    } else if (is_fed) {
        builder_.add(x, fed, {feeder});
    } else if (how_.nested) {
        builder_.add(x, [numbers](value<std::uint64_t>) { return numbers(); }, {"outer"});
    } else {
        builder_.add(x, numbers);
    }
    add_children(x, {count, count == 0 ? 0 : count * (count - 1) / 2});
}

std::string random_readers::f(std::size_t part) {
    read_.push_back("x" + std::to_string(part));
    return "f" + std::to_string(part);
}

void random_readers::add_expander() {
    std::string const x = "x" + std::to_string(parts_.size());
    std::size_t const first = any_part();
    std::size_t const second = any_part();
    sum_of const a = parts_[first];
    sum_of const b = parts_[second];
    if (a.count + b.count > 2 * how_.most) return;
    auto const how = any_reading();
    if (first == second) {
        builder_.add(x,
                     [](stream<heavy> of) -> expander<std::uint64_t> {
                         while (auto next = co_await of.next()) co_yield next->number;
                     },
                     {f(first)});
        add_children(x, a);
    } else if (world_.random().percent(60)) {
        builder_.add(x,
                     [this, how](stream<heavy> one, stream<heavy> other) -> expander<std::uint64_t> {
                         for (turns next(world_, how); !next.over();) {
                             bool const first_one = next.first();
                             auto element = co_await (first_one ? one : other).next();
                             if (element) {
                                 co_yield element->number;
                             } else {
                                 next.ended(first_one);
                             }
                         }
                     },
                     {f(first), f(second)});
        add_children(x, {a.count + b.count, a.sum + b.sum});
    } else {
        builder_.add(x,
                     [](stream<heavy> one, list<heavy> other) -> expander<std::uint64_t> {
                         while (auto next = co_await one.next()) co_yield next->number;
                         for (auto const& each : other) co_yield each.number;
                     },
                     {f(first), f(second)});
        add_children(x, {a.count + b.count, a.sum + b.sum});
    }
}

void random_readers::add_reader() {
    auto& random = world_.random();
    std::string const name = "r" + std::to_string(wanted_.size());
    std::size_t const first = any_part();
    std::size_t second = any_part();
    if (second == first && (how_.in_step || random.percent(80))) second = (first + 1) % parts_.size();
    auto const how = any_reading();
    std::uint64_t value = combined(parts_[first], parts_[second]);
    unsigned const kind = first == second ? 0 : (how_.in_step ? 1 : static_cast<unsigned>(random.between(1, 3)));
    if (kind == 0) {
        builder_.add(name,
                     [this](stream<heavy> one) -> async<std::uint64_t> {
                         std::uint64_t sum = 0;
                         while (auto next = co_await one.next()) {
                             sum += 6 * next->number;
                             auto resting = rest();
                             co_await resting;
                         }
                         co_return sum;
                     },
                     {f(first)});
    } else if (kind == 1) {
        builder_.add(name,
                     [this, how](stream<heavy> one, stream<heavy> other) -> async<std::uint64_t> {
                         std::uint64_t sum = 0;
                         for (turns next(world_, how); !next.over();) {
                             bool const first_one = next.first();
                             auto element = co_await (first_one ? one : other).next();
                             if (element) {
                                 sum += (first_one ? 1U : 5U) * element->number;
                             } else {
                                 next.ended(first_one);
                             }
                         }
                         co_return sum;
                     },
                     {f(first), f(second)});
    } else if (kind == 2 || wanted_.empty()) {
        builder_.add(name,
                     [](stream<heavy> one, list<heavy> other) -> async<std::uint64_t> {
                         std::uint64_t sum = 0;
                         for (auto const& each : other) sum += 5 * each.number;
                         while (auto next = co_await one.next()) sum += next->number;
                         co_return sum;
                     },
                     {f(first), f(second)});
    } else {
        auto const& before = last_reader_;
        value = parts_[first].sum + 5 * before.second;
        builder_.add(name,
                     [](stream<heavy> one, frond::value<std::uint64_t> other) -> async<std::uint64_t> {
                         std::uint64_t sum = 5 * *other;
                         while (auto next = co_await one.next()) sum += next->number;
                         co_return sum;
                     },
                     {f(first), before.first});
    }
    last_reader_ = {name, value};
    if (!how_.nested) {
        wanted_.push_back({name, value});
        return;
    }
    builder_.add("all_" + name,
                 [](list<std::uint64_t> each) { return std::vector<std::uint64_t>(each.begin(), each.end()); }, {name});
    wanted_.push_back({"all_" + name, value * instances_});
}

}  // namespace frond::simulation
