// Chunks of results: how many there are, and who waits for them. The simulations ask what becomes of the elements.
#include "frond/base/detail/result_channel.hpp"

#include "by_hand.hpp"
#include "catch.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <new>

using frond::result_channel;
using frond::result_chunk;

namespace {

constexpr std::array<frond::element_part, 1> numbers{{{&frond::value_type_of<int>, 0}}};

struct producer : frond::wakeable {
    explicit producer(frond::executor& home)
        : wakeable([](work& self) noexcept { ++static_cast<producer&>(self).woken; }) {
        on = &home;
    }
    int woken = 0;
};

void push_one(result_channel& to, result_chunk& chunk, std::uint64_t index) {
    ::new (chunk.element(to.stride(), 0)) int(static_cast<int>(index));
    chunk.index[0] = index;
    chunk.count = 1;
    to.push(chunk);
}

/// A thread that is held by what the test says that its elements take.
struct told_budget final : frond::thread_budget {
    frond::clock_look look() const noexcept override {
        ++looks;
        return slice.look(now);
    }
    frond::duration budget() const noexcept override { return std::chrono::microseconds(500); }

    frond::time_point now{std::chrono::hours(1)};
    mutable frond::thread_slice slice;
    mutable int looks = 0;
};

/// Reads all elements of a channel that has them all, each of which takes so long. Gives how many were read before the
/// reader gave its thread back for the first time; all, if it never did.
unsigned read(result_channel& from, told_budget& budget, frond::duration each) {
    unsigned count = 0;
    while (from.advance() && from.front() != nullptr) {
        from.pop();
        budget.now += each;
        ++count;
    }
    return count;
}

/// A channel that holds so many elements and has been closed.
struct filled_channel {
    filled_channel(unsigned elements, told_budget const& budget, frond::segment_hint const& hint) {
        channel.bounded_by(budget, hint);
        for (unsigned made = 0; made < elements;) {
            result_chunk* const chunk = channel.take_chunk(nullptr);
            for (; chunk->count < channel.capacity() && made < elements; ++made) {
                ::new (chunk->element(channel.stride(), chunk->count)) int(static_cast<int>(made));
                chunk->index[chunk->count++] = made;
            }
            channel.push(*chunk);
        }
        channel.close(false);
    }
    result_channel channel{numbers, false, 0};
};

/// A channel of two chunks, which have been taken, and two producers that wait for one.
struct full_channel {
    full_channel() {
        chunks = {channel.take_chunk(&first), channel.take_chunk(&first)};
        REQUIRE(chunks[0] != nullptr);
        REQUIRE(chunks[1] != nullptr);
        REQUIRE(channel.take_chunk(&first) == nullptr);
        REQUIRE(channel.take_chunk(&second) == nullptr);
    }
    by_hand::executor home;
    result_channel channel{numbers, false, 2};
    producer first{home};
    producer second{home};
    std::array<result_chunk*, 2> chunks{};
};

}  // namespace

TEST_CASE("a chunk that comes back wakes the producer that waits longest") {
    full_channel of;
    of.channel.give_back(*of.chunks[0]);
    of.home.run();
    CHECK(of.first.woken == 1);
    CHECK(of.second.woken == 0);
    of.channel.give_back(*of.chunks[1]);
    of.home.run();
    CHECK(of.first.woken == 1);
    CHECK(of.second.woken == 1);
}

TEST_CASE("a chunk that has been read comes back") {
    full_channel of;
    push_one(of.channel, *of.chunks[0], 0);
    push_one(of.channel, *of.chunks[1], 1);
    REQUIRE(of.channel.advance());
    CHECK(of.channel.front_index() == 0);
    of.channel.pop();
    REQUIRE(of.channel.advance());
    CHECK(of.channel.front_index() == 1);
    of.home.run();
    CHECK(of.first.woken == 1);
    CHECK(of.second.woken == 0);
}

TEST_CASE("nobody waits for a chunk of a channel that is closed or abandoned") {
    full_channel of;
    SECTION("closed") { of.channel.close(false); }
    SECTION("closed by a cancellation") { of.channel.close(true); }
    SECTION("abandoned") { of.channel.abandon(); }
    of.home.run();
    CHECK(of.first.woken == 1);
    CHECK(of.second.woken == 1);
    result_chunk* const beyond = of.channel.take_chunk(&of.first);
    REQUIRE(beyond != nullptr);
    of.channel.give_back(*beyond);
    for (auto* const each : of.chunks) of.channel.give_back(*each);
}

TEST_CASE("a channel without a bound has as many chunks as it takes") {
    by_hand::executor home;
    producer waiting(home);
    result_channel channel(numbers, false, 0);
    for (int i = 0; i < 1000; ++i) {
        result_chunk* const chunk = channel.take_chunk(&waiting);
        REQUIRE(chunk != nullptr);
        push_one(channel, *chunk, static_cast<std::uint64_t>(i));
    }
    home.run();
    CHECK(waiting.woken == 0);
}

TEST_CASE("a reader of quick elements seldom looks at the clock, and the next channel begins where it ended") {
    frond::segment_hint hint;
    for (int const most_looks : {16, 10}) {
        told_budget budget;
        filled_channel full(1'280, budget, hint);
        CHECK(read(full.channel, budget, std::chrono::nanoseconds(10)) == 1'280);
        CHECK(budget.looks <= most_looks);
    }
    CHECK(hint.get() == 128);
}

TEST_CASE("a reader gives its thread back once its elements have held that beyond the budget") {
    frond::segment_hint const hint;
    told_budget budget;
    static_cast<void>(budget.look());
    filled_channel full(1'000, budget, hint);
    CHECK(read(full.channel, budget, std::chrono::microseconds(200)) == 3);
}

TEST_CASE(
    "a reader whose elements become slow has looked at the clock by the end of a segment, and looks at each then") {
    frond::segment_hint hint;
    hint.set(128);
    told_budget budget;
    static_cast<void>(budget.look());
    filled_channel full(1'000, budget, hint);
    CHECK(read(full.channel, budget, std::chrono::milliseconds(1)) == 128);
    while (hint.get() != 1) {
        unsigned const before = hint.get();
        unsigned const more = read(full.channel, budget, std::chrono::milliseconds(1));
        CHECK(more == before);
        REQUIRE(hint.get() < before);
    }
}

TEST_CASE("a segment may go on in the next chunk, and behind a wait") {
    frond::segment_hint hint;
    hint.set(100);
    told_budget budget;
    static_cast<void>(budget.look());
    result_channel channel{numbers, false, 0};
    channel.bounded_by(budget, hint);
    for (unsigned index = 0; index < 100; ++index) {
        push_one(channel, *channel.take_chunk(nullptr), index);
        CHECK(channel.advance());
        CHECK(channel.front_index() == index);
        channel.pop();
        CHECK_FALSE(channel.advance());
        CHECK(budget.looks == (index < 99 ? 1 : 2));
    }
}
