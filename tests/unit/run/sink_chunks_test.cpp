// The chunks that a lane holds, one for each collector.
#include "run/sink_chunks.hpp"
#include "catch.hpp"
#include "fake_run.hpp"

#include "frond/frond.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

using by_hand::fake_run;
using frond::each;
using frond::in;
using frond::result_channel;
using frond::sink_chunks;

namespace sink_chunks_test {

frond::expander<int> thing() { co_yield 1; }
int one(in<thing> of) { return *of; }
std::string other(in<thing> of) { return std::to_string(*of); }
frond::async<int> read_ones(each<one>) { co_return 0; }
frond::async<int> read_others(each<other>) { co_return 0; }

// An expansion with two streams.
struct two_streams {
    result_channel& channel(std::size_t sink) { return *expansion.of.channels[sink]; }
    void add_int(sink_chunks& to, int value) {
        ::new (to.next_element(ints)) int(value);
        to.count_element(ints, static_cast<std::uint64_t>(value));
    }
    // All chunks of a stream are in use.
    std::vector<frond::result_chunk*> take_all(std::size_t sink) {
        std::vector<frond::result_chunk*> taken;
        while (auto* const chunk = channel(sink).take_chunk(nullptr)) taken.push_back(chunk);
        return taken;
    }
    void give_all(std::size_t sink, std::vector<frond::result_chunk*> const& taken) {
        for (auto* const each : taken) channel(sink).give_back(*each);
    }

    by_hand::noted_flow flow;
    std::shared_ptr<fake_run> run = fake_run::of(frond::plan_for<read_ones, read_others>().get(), {.flow = flow});
    by_hand::fake_expansion expansion{*run, "thing"};
    by_hand::puller lane{expansion.of};
    // The streams, by what they hold.
    std::size_t const ints = expansion.of.scope.sinks.at(0).parts[0].type->trivial ? 0 : 1;
    std::size_t const strings = 1 - ints;
};

}  // namespace sink_chunks_test

using namespace sink_chunks_test;

TEST_CASE("a lane takes a chunk for each collector, once") {
    two_streams of;
    sink_chunks chunks(of.expansion.of);
    CHECK_FALSE(chunks.all_there());
    CHECK_FALSE(chunks.take());
    CHECK(chunks.all_there());
    auto const* const first = &chunks[0];
    CHECK_FALSE(chunks.take());
    CHECK(&chunks[0] == first);
    chunks.push();
}

TEST_CASE("filled chunks go to the collectors, and empty ones back to where they came from") {
    two_streams of;
    sink_chunks chunks(of.expansion.of);
    CHECK_FALSE(chunks.take());
    of.add_int(chunks, 7);
    chunks.push();
    CHECK_FALSE(chunks.all_there());
    auto& channel = of.channel(of.ints);
    REQUIRE(channel.advance());
    CHECK(*reinterpret_cast<int*>(channel.front()) == 7);
    CHECK(channel.front_index() == 7);
    channel.pop();
    // Not one of the other stream's chunks is lost.
    auto const all = of.take_all(of.strings);
    CHECK(all.size() == of.channel(of.strings).bound());
    of.give_all(of.strings, all);
}

TEST_CASE("only full chunks are handed over early") {
    two_streams of;
    sink_chunks chunks(of.expansion.of);
    CHECK_FALSE(chunks.take());
    unsigned const capacity = of.channel(of.ints).capacity();
    for (unsigned i = 0; i + 1 < capacity; ++i) of.add_int(chunks, static_cast<int>(i));
    CHECK_FALSE(chunks.is_full(of.ints));
    CHECK_FALSE(chunks.any_full());
    chunks.push_full();
    CHECK(chunks.all_there());
    of.add_int(chunks, 99);
    CHECK(chunks.is_full(of.ints));
    CHECK(chunks.any_full());
    auto const* const kept = &chunks[of.strings];
    chunks.push_full();
    CHECK_FALSE(chunks.all_there());
    CHECK_FALSE(chunks.any_full());
    CHECK(&chunks[of.strings] == kept);
    CHECK(of.channel(of.ints).advance());
    chunks.push();
}

TEST_CASE("a full stream is named, and a lane that waits for it holds no chunk, and is woken when one comes back") {
    for (std::size_t const full : {0U, 1U}) {
        two_streams of;
        auto const taken = of.take_all(full);
        sink_chunks chunks(of.expansion.of);
        CHECK(chunks.take() == full);
        chunks.push();  // as a lane does before it waits
        std::size_t const free = 1 - full;
        auto const others = of.take_all(free);
        CHECK(others.size() == of.channel(free).bound());
        of.give_all(free, others);

        CHECK_FALSE(chunks.take(full, of.lane));
        of.run->home.run();
        CHECK(of.lane.woken == 0);
        of.give_all(full, taken);
        of.run->home.run();
        CHECK(of.lane.woken == 1);
        CHECK_FALSE(chunks.take());
        chunks.push();
    }
}

TEST_CASE("a lane that need not wait for a chunk after all holds it, and is not woken") {
    two_streams of;
    sink_chunks chunks(of.expansion.of);
    CHECK(chunks.take(1, of.lane));
    CHECK_FALSE(chunks.all_there());
    CHECK_FALSE(chunks.take());
    CHECK(chunks.all_there());
    chunks.push();
    of.run->home.run();
    CHECK(of.lane.woken == 0);
}
