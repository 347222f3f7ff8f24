// The promises of result_channel: nothing is lost, doubled or leaked, and nobody waits for ever.
#include <array>
#include <memory>
#include <vector>

#include "../catch.hpp"
#include "frond/base/detail/result_channel.hpp"
#include "probe.hpp"
#include "seeds.hpp"
#include "task.hpp"

using namespace frond;
using namespace frond::simulation;
using std::chrono::milliseconds;

namespace {

// Of the sizes that matter: many, two and one to a chunk.
using small = probe<1>;
using large = probe<6'000>;
using huge = probe<20'000>;

std::int64_t alive() { return small::alive + large::alive + huge::alive; }

struct pushed {
    std::uint64_t index;
    bool failed;
};

// Fills chunks and hands them over, waits where there is none, and lets others go first at any point.
template <class Value>
class producer : public wakeable {
public:
    producer(simulator& world, executor& home, result_channel& channel, std::uint64_t first, std::uint64_t step,
             std::uint64_t end, unsigned& left)
        : wakeable([](work& self) noexcept { static_cast<producer&>(self).go_on(); }),
          world_(world),
          channel_(channel),
          next_(first),
          step_(step),
          end_(end),
          left_(left) {
        on = &home;
        ++left_;
        home.post(*this);
    }

    bool over() const noexcept { return over_; }
    std::vector<pushed> const& made() const noexcept { return made_; }

private:
    void go_on() noexcept {
        world_.expect(!over_, "a producer is not woken after its end");
        while (next_ < end_) {
            if (channel_.abandoned() && world_.random().percent(50)) break;
            if (chunk_ == nullptr) {
                chunk_ = channel_.take_chunk(this);
                if (chunk_ == nullptr) return;
            }
            add();
            bool const full = chunk_->count == channel_.capacity();
            if (full || world_.random().percent(30)) channel_.push(*std::exchange(chunk_, nullptr));
            if (world_.random().percent(20)) return on->post(*this);
        }
        if (chunk_ != nullptr) {
            if (chunk_->count != 0) {
                channel_.push(*chunk_);
            } else {
                channel_.give_back(*chunk_);
            }
        }
        over_ = true;
        if (--left_ == 0) channel_.close(false);
    }

    void add() noexcept {
        std::byte* const at = chunk_->element(channel_.stride(), chunk_->count);
        bool const failed = channel_.with_errors() && world_.random().percent(30);
        if (failed) {
            ::new (at) error(errc::node_failed, std::to_string(next_));
            chunk_->failed |= std::uint64_t{1} << chunk_->count;
        } else {
            for (auto const& part : channel_.parts()) ::new (at + part.offset) Value(next_);
        }
        chunk_->index[chunk_->count++] = next_;
        made_.push_back({next_, failed});
        next_ += step_;
    }

    simulator& world_;
    result_channel& channel_;
    std::uint64_t next_;
    std::uint64_t step_;
    std::uint64_t end_;
    unsigned& left_;
    result_chunk* chunk_ = nullptr;
    bool over_ = false;
    std::vector<pushed> made_;
};

class next_element {
public:
    explicit next_element(result_channel& channel) noexcept : channel_(channel) {}
    bool await_ready() const noexcept { return channel_.advance(); }
    template <class Promise>
    bool await_suspend(std::coroutine_handle<Promise> frame) const noexcept {
        return channel_.suspend(*frame.promise().on, frame);
    }
    std::byte* await_resume() const { return channel_.front(); }

private:
    result_channel& channel_;
};

struct consumption {
    std::vector<pushed> elements;
    bool at_end = false;
};

// A collector: takes elements, rests now and then, and may leave early. It abandons the channel however it ends.
template <class Value>
async<void> consumer(simulator& world, result_channel& channel, std::uint64_t most, consumption& seen) {
    struct abandoning {
        result_channel& channel;
        ~abandoning() { channel.abandon(); }
    } const abandoning{channel};
    while (seen.elements.size() < most) {
        std::byte* const element = co_await next_element(channel);
        if (element == nullptr) {
            seen.at_end = true;
            co_return;
        }
        std::uint64_t const index = channel.front_index();
        bool const failed = channel.front_failed();
        if (world.random().percent(15)) co_await world.sleep(milliseconds(world.random().below(3)));
        if (failed) {
            auto const& failure = *reinterpret_cast<error const*>(element);
            world.expect(failure.message() == std::to_string(index), "a failure stays beside its index");
        } else {
            for (auto const& part : channel.parts()) {
                auto const& value = *reinterpret_cast<Value const*>(element + part.offset);
                world.expect(value.sound() && value.number() == index, "a value stays beside its index");
            }
        }
        channel.pop();
        seen.elements.push_back({index, failed});
    }
}

template <class Value>
struct stage {
    stage(simulator& of_world, unsigned bound, bool with_errors)
        : world(of_world),
          parts(world.random().percent(30) ? 2u : 1u),
          channel(std::span(two_parts).first(parts), with_errors, bound),
          end(world.random().below(std::is_same_v<Value, small> ? 300 : 20)) {
        std::uint64_t const count = world.random().between(1, 4);
        for (std::uint64_t first = 0; first < count; ++first) {
            executor& home = world.random().percent(80) ? world.on() : world.add_executor(1);
            producers.push_back(std::make_unique<producer<Value>>(world, home, channel, first, count, end, left));
        }
    }

    // Each element that was seen was made, none was seen twice, and each producer's came in its order.
    void check_seen(consumption const& seen, bool all) {
        std::vector<std::uint64_t> next(producers.size());
        for (auto const& element : seen.elements) {
            std::size_t const from = element.index % producers.size();
            auto const& made = producers[from]->made();
            bool const right = next[from] < made.size() && made[next[from]].index == element.index &&
                               made[next[from]].failed == element.failed;
            world.expect(right, "elements of one producer come once each, in its order");
            ++next[from];
        }
        if (all) {
            for (std::size_t i = 0; i < producers.size(); ++i) {
                world.expect(next[i] == producers[i]->made().size(), "every element that was pushed is consumed");
            }
            world.expect(seen.elements.size() == end, "every element is pushed");
        }
    }

    void check_producers() {
        for (auto const& each : producers) world.expect(each->over(), "no producer waits for ever");
    }

    static constexpr std::array<element_part, 2> two_parts{
        element_part{&value_type_of<Value>, 0},
        element_part{&value_type_of<Value>, sizeof(Value) + 8 - sizeof(Value) % 8}};

    simulator& world;
    unsigned parts;
    result_channel channel;
    std::uint64_t end;
    unsigned left = 0;
    std::vector<std::unique_ptr<producer<Value>>> producers;
};

template <class Scenario>
void for_each_size(std::uint64_t count, Scenario scenario) {
    for_each_seed(count, [&](simulator& world) {
        switch (world.random().below(4)) {
            case 0: scenario(world, std::type_identity<large>()); break;
            case 1: scenario(world, std::type_identity<huge>()); break;
            default: scenario(world, std::type_identity<small>()); break;
        }
        world.expect(alive() == 0, "an element is destroyed exactly once");
    });
}

}  // namespace

TEST_CASE("every element that is pushed is consumed once, however few chunks there are") {
    for_each_size(20'000, []<class Value>(simulator& world, std::type_identity<Value>) {
        stage<Value> on(world, static_cast<unsigned>(world.random().below(5)), world.random().percent(50));
        consumption seen;
        task reading(world.on(), consumer<Value>(world, on.channel, UINT64_MAX, seen));
        world.run_out();
        world.expect(reading.times_over() == 1 && seen.at_end && !reading.thrown(), "the consumer comes to the end");
        on.check_producers();
        on.check_seen(seen, true);
    });
}

TEST_CASE("a consumer that leaves early keeps no producer waiting") {
    for_each_size(20'000, []<class Value>(simulator& world, std::type_identity<Value>) {
        stage<Value> on(world, static_cast<unsigned>(world.random().between(1, 4)), world.random().percent(50));
        consumption seen;
        task reading(world.on(), consumer<Value>(world, on.channel, world.random().below(20), seen));
        world.run_out();
        world.expect(reading.times_over() == 1 && !reading.thrown(), "the consumer ends");
        on.check_producers();
        on.check_seen(seen, false);
    });
}

TEST_CASE("a consumer cancelled at any moment ends, and so do its producers") {
    for_each_size(20'000, []<class Value>(simulator& world, std::type_identity<Value>) {
        stage<Value> on(world, static_cast<unsigned>(world.random().below(5)), world.random().percent(50));
        consumption seen;
        task reading(world.on(), consumer<Value>(world, on.channel, UINT64_MAX, seen));
        world.at_some_moment([&] { reading.cancel(); });
        world.run_out();
        world.expect(reading.times_over() == 1, "a cancelled consumer ends once");
        world.expect(reading.canceled() != seen.at_end, "with the cancellation, or at the end of what there was");
        on.check_producers();
        on.check_seen(seen, seen.at_end);
    });
}

TEST_CASE("a channel closed by a cancellation at any moment ends its consumer and frees its producers") {
    for_each_size(20'000, []<class Value>(simulator& world, std::type_identity<Value>) {
        stage<Value> on(world, static_cast<unsigned>(world.random().below(5)), world.random().percent(50));
        consumption seen;
        task reading(world.on(), consumer<Value>(world, on.channel, UINT64_MAX, seen));
        world.at_some_moment([&] { on.channel.close(true); });
        world.run_out();
        world.expect(reading.times_over() == 1, "the consumer ends once");
        world.expect(reading.canceled() != seen.at_end, "with the cancellation, or at the end of what there was");
        on.check_producers();
        on.check_seen(seen, seen.at_end);
    });
}

TEST_CASE("a list holds every element, in the order of the indices, whatever order they were pushed in") {
    for_each_size(10'000, []<class Value>(simulator& world, std::type_identity<Value>) {
        bool const with_errors = world.random().percent(50);
        stage<Value> on(world, 0, with_errors);
        world.run_out();
        on.check_producers();
        auto check = [&](auto const& list, auto failed_at) {
            world.expect(list.size() == on.end, "the list holds every element");
            for (std::size_t i = 0; i < list.size(); ++i) {
                auto const& made = on.producers[i % on.producers.size()]->made()[i / on.producers.size()];
                world.expect(failed_at(list[i], i) == made.failed, "each is at its index");
            }
        };
        if (with_errors) {
            alignas(std::vector<result<Value>>) std::byte at[sizeof(std::vector<result<Value>>)];
            on.channel.into_list(*value_type_of<Value>.result_list, at);
            auto& list = *reinterpret_cast<std::vector<result<Value>>*>(at);
            check(list, [&](result<Value> const& element, std::size_t i) {
                world.expect(element ? element.value().number() == i : element.error().message() == std::to_string(i),
                             "each is at its index");
                return !element;
            });
            std::destroy_at(&list);
        } else {
            alignas(std::vector<Value>) std::byte at[sizeof(std::vector<Value>)];
            on.channel.into_list(*value_type_of<Value>.list, at);
            auto& list = *reinterpret_cast<std::vector<Value>*>(at);
            check(list, [&](Value const& element, std::size_t i) {
                world.expect(element.number() == i, "each is at its index");
                return false;
            });
            std::destroy_at(&list);
        }
    });
}

TEST_CASE("elements that nobody consumed die with their channel") {
    for_each_size(5'000, []<class Value>(simulator& world, std::type_identity<Value>) {
        stage<Value> on(world, 0, world.random().percent(50));
        world.run_out();
        on.check_producers();
    });
}
