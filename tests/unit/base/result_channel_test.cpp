// Chunks of results: how many there are, and who waits for them. The simulations ask what becomes of the elements.
#include "frond/base/detail/result_channel.hpp"

#include "by_hand.hpp"
#include "catch.hpp"

#include <array>
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
