#include "../base/by_hand.hpp"
#include "catch.hpp"
#include "frond/graph/any_range.hpp"
#include "frond/graph/detail/typed_node.hpp"

#include <array>
#include <cstddef>
#include <memory>
#include <new>
#include <optional>
#include <stdexcept>
#include <string>
#include <tuple>
#include <vector>

using frond::async;
using frond::each;
using frond::each_result;
using frond::errc;
using frond::error;
using frond::expander;
using frond::in;
using frond::input;
using frond::result;
using frond::step_status;

namespace {

by_hand::event* awaited = nullptr;

int number(input<"number", int> n) { return *n; }
int doubled(in<number> n) {
    if (*n < 0) throw std::runtime_error("negative");
    return 2 * *n;
}
result<int> checked(in<number> n) {
    if (*n < 0) return error(errc::node_failed, "refused");
    return *n;
}
void act(in<number>) {}
result<void> may_act(in<number> n) {
    if (*n < 0) return error(errc::node_failed, "refused");
    return boost::outcome_v2::success();
}
async<std::string> waits(in<number> n) {
    co_await awaited->wait();
    if (*n < 0) throw std::runtime_error("negative");
    co_return std::to_string(*n);
}
async<result<int>> waits_checked(in<number> n) {
    co_await awaited->wait();
    if (*n < 0) co_return error(errc::node_failed, "refused");
    co_return *n;
}
expander<int> counts(in<number> n) {
    for (int i = 0; i < *n; ++i) co_yield i;
}
auto range_of(in<number> n) { return frond::expand(std::vector<std::string>(static_cast<std::size_t>(*n), "x")); }

/// Three texts; going on from the second one throws. Asked for its size, it throws, too.
class torn_range {
public:
    struct iterator {
        using value_type = std::string;
        using difference_type = std::ptrdiff_t;
        int at;
        std::string operator*() const { return std::to_string(at); }
        iterator& operator++() {
            if (at == 1) throw std::runtime_error("torn");
            ++at;
            return *this;
        }
        friend bool operator==(iterator const& a, iterator const& b) noexcept { return a.at == b.at; }
    };
    iterator begin() const noexcept { return {0}; }
    iterator end() const noexcept { return {3}; }
    std::size_t size() const { throw std::runtime_error("no size"); }
};
auto torn(in<number>) { return frond::expand(torn_range()); }

async<int> sum(each<number> of) {
    int total = 0;
    while (auto next = co_await of.next()) total += *next;
    co_return total;
}
std::string text_of(in<number> n) { return std::to_string(*n); }
async<std::string> pairs(each<number, text_of> of) {
    std::string all;
    while (auto next = co_await of.next()) all += std::to_string(std::get<0>(*next)) + std::get<1>(*next);
    co_return all;
}
async<int> forgiving(each_result<number> of) {
    int total = 0;
    while (auto next = co_await of.next()) total += next->has_value() ? next->value() : 100;
    co_return total;
}

struct pool {
    int used = 0;
};
int from_pool(input<"db", pool&> db) { return ++db->used; }

int made_anew() { return 41 + 1; }

/// Calls one node by its body, as a run does.
template <auto F>
class caller : public frond::fiber {
public:
    explicit caller(frond::executor& home)
        : fiber(home, [](frond::fiber& self) noexcept { static_cast<caller&>(self).told = true; }) {
        state_ = std::make_unique<std::max_align_t[]>(body.state_size / sizeof(std::max_align_t) + 1);
        call.args = {bases_.data(), &place_};
        call.out = &out_;
        call.state = state_.get();
        call.on = this;
    }

    static constexpr frond::node_body const& body = frond::detail::function_body<F>;

    void give(void* argument) { bases_[0] = static_cast<std::byte*>(argument); }
    step_status start() { return body.start(call); }
    bool run_frame() { return run(call.frame); }

    template <class T>
    T take_value() {
        T& made = *reinterpret_cast<T*>(&out_);
        T taken = std::move(made);
        std::destroy_at(&made);
        return taken;
    }

    frond::step_call call;
    bool told = false;

private:
    alignas(std::max_align_t) std::byte out_[64];
    std::array<std::byte*, 1> bases_{};
    frond::place place_;
    std::unique_ptr<std::max_align_t[]> state_;
};

template <auto F>
std::optional<error> failure_with(int n) {
    by_hand::executor here;
    caller<F> call(here);
    call.give(&n);
    return call.start() == step_status::failed ? call.call.failure : std::nullopt;
}

}  // namespace

TEST_CASE("a plain function makes its value where it is told to") {
    by_hand::executor here;
    caller<doubled> call(here);
    int n = 21;
    call.give(&n);
    REQUIRE(call.start() == step_status::done);
    CHECK(call.take_value<int>() == 42);
    CHECK_FALSE(call.body.coroutine);
}

TEST_CASE("what a function throws, or gives as an error, is the step's failure") {
    CHECK(failure_with<doubled>(-1)->message() == "negative");
    CHECK(failure_with<checked>(-1)->message() == "refused");
    CHECK(failure_with<may_act>(-1)->message() == "refused");
    CHECK_FALSE(failure_with<checked>(1));
    CHECK_FALSE(failure_with<may_act>(1));
    CHECK_FALSE(failure_with<act>(1));
}

TEST_CASE("an input by reference is a pointer in the block") {
    by_hand::executor here;
    caller<from_pool> call(here);
    pool db;
    pool* at = &db;
    call.give(&at);
    REQUIRE(call.start() == step_status::done);
    CHECK(db.used == 1);
}

TEST_CASE("a coroutine starts, waits, and makes its value when it is finished") {
    by_hand::executor here;
    by_hand::event event;
    awaited = &event;
    caller<waits> call(here);
    int n = 7;
    call.give(&n);
    REQUIRE(call.body.coroutine);
    REQUIRE(call.start() == step_status::started);
    REQUIRE_FALSE(call.run_frame());
    event.fire();
    here.run();
    REQUIRE(call.told);
    REQUIRE(call.body.finish(call.call) == step_status::done);
    CHECK(call.take_value<std::string>() == "7");
}

TEST_CASE("what a coroutine throws, or gives as an error, is the step's failure") {
    by_hand::executor here;
    by_hand::event event;
    awaited = &event;
    int n = -1;
    auto const ends_with = [&](auto& call) {
        call.give(&n);
        REQUIRE(call.start() == step_status::started);
        REQUIRE_FALSE(call.run_frame());
        event.fire();
        here.run();
        REQUIRE(call.body.finish(call.call) == step_status::failed);
        return std::string(call.call.failure->message());
    };
    caller<waits> throwing(here);
    CHECK(ends_with(throwing) == "negative");
    caller<waits_checked> failing(here);
    CHECK(ends_with(failing) == "refused");
}

TEST_CASE("a coroutine that waits can be abandoned") {
    by_hand::executor here;
    by_hand::event event;
    awaited = &event;
    caller<waits> call(here);
    int n = 7;
    call.give(&n);
    REQUIRE(call.start() == step_status::started);
    REQUIRE_FALSE(call.run_frame());
    call.body.abandon(call.call.state);
    CHECK_FALSE(call.told);
}

TEST_CASE("an expander that is a coroutine yields into the driver's buffer") {
    by_hand::executor here;
    caller<counts> call(here);
    int n = 3;
    call.give(&n);
    REQUIRE(call.body.open(call.call) == step_status::started);
    std::array<int, 2> buffer{};
    auto& promise = call.body.promise(call.call.state);
    promise.buffer = buffer.data();
    promise.capacity = 2;
    REQUIRE(promise.advance(call.call.frame));
    CHECK(promise.count == 2);
    CHECK(buffer == std::array<int, 2>{0, 1});
    promise.count = 0;
    REQUIRE(promise.advance(call.call.frame));
    CHECK(promise.count == 1);
    CHECK(buffer[0] == 2);
    CHECK(promise.ended);
    call.body.close(call.call.state);
}

TEST_CASE("an expander that gives a range is pulled, and has ended when it gives fewer than asked for") {
    by_hand::executor here;
    caller<range_of> call(here);
    int n = 3;
    call.give(&n);
    REQUIRE(call.body.open(call.call) == step_status::done);
    alignas(std::string) std::byte buffer[2 * sizeof(std::string)];
    auto const* made = reinterpret_cast<std::string*>(buffer);
    unsigned count = 0;
    REQUIRE(call.body.pull(call.call, buffer, 2, count) == step_status::done);
    CHECK(count == 2);
    std::destroy_n(made, count);
    REQUIRE(call.body.pull(call.call, buffer, 2, count) == step_status::done);
    CHECK(count == 1);
    CHECK(made[0] == "x");
    std::destroy_n(made, count);
    call.body.close(call.call.state);
}

TEST_CASE("an element that a range has given is told of, even where the range throws when it goes on") {
    by_hand::executor here;
    caller<torn> call(here);
    int n = 0;
    call.give(&n);
    REQUIRE(call.body.open(call.call) == step_status::done);
    alignas(std::string) std::byte buffer[3 * sizeof(std::string)];
    auto const* made = reinterpret_cast<std::string*>(buffer);
    unsigned count = 0;
    REQUIRE(call.body.pull(call.call, buffer, 3, count) == step_status::failed);
    REQUIRE(call.call.failure);
    CHECK(call.call.failure->message() == "torn");
    REQUIRE(count == 2);
    CHECK(made[1] == "1");
    std::destroy_n(made, count);
    auto given = frond::any_range::of<std::string>(torn_range());
    REQUIRE_THROWS_AS(given.pull(buffer, 3, count), std::runtime_error);
    REQUIRE(count == 2);
    std::destroy_n(made, count);
    call.body.close(call.call.state);
}

TEST_CASE("a range that throws when it is asked for its size does not know it") {
    by_hand::executor here;
    caller<torn> call(here);
    int n = 0;
    call.give(&n);
    REQUIRE(call.body.open(call.call) == step_status::done);
    CHECK_FALSE(call.body.size(call.call.state));
    call.body.close(call.call.state);
}

TEST_CASE("a stream gives the elements of its channel, waits for more, and ends when it is closed") {
    by_hand::executor here;
    frond::element_part const part{&frond::value_type_of<int>, 0};
    frond::result_channel channel({&part, 1}, false, 4);
    frond::result_channel* at = &channel;
    caller<sum> call(here);
    call.give(&at);
    auto const push = [&](int value) {
        auto& chunk = *channel.take_chunk(nullptr);
        ::new (chunk.element(channel.stride(), 0)) int(value);
        chunk.index[0] = 0;
        chunk.count = 1;
        channel.push(chunk);
    };
    push(1);
    REQUIRE(call.start() == step_status::started);
    REQUIRE_FALSE(call.run_frame());
    push(2);
    here.run();
    CHECK_FALSE(call.told);
    channel.close(false);
    here.run();
    REQUIRE(call.told);
    REQUIRE(call.body.finish(call.call) == step_status::done);
    CHECK(call.take_value<int>() == 3);
}

TEST_CASE("a joint stream gives the parts of an element together") {
    by_hand::executor here;
    std::array<frond::element_part, 2> const parts{frond::element_part{&frond::value_type_of<int>, 0},
                                                   frond::element_part{&frond::value_type_of<std::string>, 8}};
    frond::result_channel channel(parts, false, 4);
    frond::result_channel* at = &channel;
    auto& chunk = *channel.take_chunk(nullptr);
    for (int i = 0; i < 2; ++i) {
        std::byte* const element = chunk.element(channel.stride(), static_cast<unsigned>(i));
        ::new (element) int(i);
        ::new (element + 8) std::string(i == 0 ? "a" : "b");
        chunk.index[i] = static_cast<std::uint64_t>(i);
    }
    chunk.count = 2;
    channel.push(chunk);
    channel.close(false);
    caller<pairs> call(here);
    call.give(&at);
    REQUIRE(call.start() == step_status::started);
    REQUIRE(call.run_frame());
    REQUIRE(call.body.finish(call.call) == step_status::done);
    CHECK(call.take_value<std::string>() == "0a1b");
}

TEST_CASE("a stream of results gives a child's failure as a value") {
    by_hand::executor here;
    frond::element_part const part{&frond::value_type_of<int>, 0};
    frond::result_channel channel({&part, 1}, true, 4);
    frond::result_channel* at = &channel;
    auto& chunk = *channel.take_chunk(nullptr);
    ::new (chunk.element(channel.stride(), 0)) int(5);
    ::new (chunk.element(channel.stride(), 1)) error(errc::node_failed, "no");
    chunk.index[0] = 0;
    chunk.index[1] = 1;
    chunk.failed = 2;
    chunk.count = 2;
    channel.push(chunk);
    channel.close(false);
    caller<forgiving> call(here);
    call.give(&at);
    REQUIRE(call.start() == step_status::started);
    REQUIRE(call.run_frame());
    REQUIRE(call.body.finish(call.call) == step_status::done);
    CHECK(call.take_value<int>() == 105);
}

TEST_CASE("a default is a value, a text, or what a function makes") {
    using frond::detail::facts_of;
    using frond::detail::input_node;
    auto const* number_body = facts_of<input_node<"n", int, 5>>::facts.body;
    auto const* text_body = facts_of<input_node<"t", std::string, "text">>::facts.body;
    auto const* made_body = facts_of<input_node<"m", int, frond::default_from<made_anew>>>::facts.body;
    auto const* none_body = facts_of<input_node<"r", int, frond::detail::required{}>>::facts.body;
    int n = 0;
    number_body->make_default(&n, nullptr);
    CHECK(n == 5);
    made_body->make_default(&n, nullptr);
    CHECK(n == 42);
    alignas(std::string) std::byte text[sizeof(std::string)];
    text_body->make_default(text, nullptr);
    CHECK(*reinterpret_cast<std::string*>(text) == "text");
    std::destroy_at(reinterpret_cast<std::string*>(text));
    CHECK(none_body->make_default == nullptr);
}
