// The series: what is measured, for how many children, and the sum that each round must come to.
//
// A contender takes part with a class that prepares in its constructor what is made once, and whose call does a round:
//
//     struct fan_out {
//         fan_out(std::size_t children, unsigned threads);
//         std::uint64_t operator()();  // the sum
//     };
//     bool const added = bench::add<fan_out>(bench::fan_out, "contender");
#pragma once

#include <benchmark/benchmark.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>

namespace bench {

// The sums, computed without any scheduling.
std::uint64_t sum_of_hashes(std::size_t children);
std::uint64_t sum_of_microseconds(std::size_t children);
std::uint64_t end_of_chain(std::size_t nodes);
std::uint64_t sum_of_last_layer(std::size_t nodes);
std::uint64_t sum_of_long_bodies(std::size_t bodies);

struct series {
    char const* name;
    std::span<std::size_t const> children;
    std::uint64_t (*sum)(std::size_t children);
};

inline constexpr std::array<std::size_t, 3> many{1'000, 100'000, 1'000'000};
inline constexpr std::array<std::size_t, 1> eight{8};
inline constexpr std::array<std::size_t, 1> sixteen{16};
inline constexpr std::array<std::size_t, 1> thousand{1'000};
inline constexpr std::array<std::size_t, 1> ten_thousand{10'000};
inline constexpr std::array<std::size_t, 1> million{1'000'000};

/// Trivial children: the hash of their index.
inline constexpr series fan_out{"fan_out", many, sum_of_hashes};
/// Children that compute for about a microsecond.
inline constexpr series fan_out_work{"fan_out_work", ten_thousand, sum_of_microseconds};
/// A thousand children that each have a thousand children of their own; the number is that of the inner ones.
inline constexpr series nested{"nested", million, sum_of_hashes};
/// A static graph in which each node needs the one before.
inline constexpr series static_chain{"static_chain", thousand, end_of_chain};
/// A static graph in layers of a hundred nodes, each with three needs.
inline constexpr series static_layers{"static_layers", ten_thousand, sum_of_last_layer};
/// Children that each wait on a timer of their own.
inline constexpr series waiting{"waiting", ten_thousand, sum_of_hashes};
/// A run of eight children, again and again: what it costs to begin and to end.
inline constexpr series small_run{"small_run", eight, sum_of_hashes};
/// The trivial children of fan_out, with a hook. Its contenders are frond's hooks.
inline constexpr series hooked{"hooked", million, sum_of_hashes};

/// Bodies that spin for as many milliseconds as the contender's name ends with. compare.py tells how near they come to the ideal.
inline constexpr series long_bodies{"long_bodies", sixteen, sum_of_long_bodies};

/// One measurement: a round again and again. A wrong sum ends it with an error.
template <class Round>
void measure(benchmark::State& state, series const& what, std::size_t children, unsigned threads) {
    std::uint64_t const expected = what.sum(children);
    Round round(children, threads);
    for (auto _ : state) {
        if (round() != expected) {
            state.SkipWithError("wrong sum");
            break;
        }
    }
    if constexpr (requires { round.tell(state); }) round.tell(state);
}

/// Adds a contender to a series, as `series/contender/children/threads:n`, for each number of children and of threads.
/// The threads are all that execute, the caller's among them.
template <class Round>
bool add(series const& what, std::string const& contender, std::initializer_list<unsigned> thread_counts = {1, 2}) {
    for (std::size_t const children : what.children) {
        for (unsigned const threads : thread_counts) {
            std::string const name =
                what.name + ('/' + contender) + '/' + std::to_string(children) + "/threads:" + std::to_string(threads);
            benchmark::RegisterBenchmark(
                name.c_str(),
                [&what, children, threads](benchmark::State& state) { measure<Round>(state, what, children, threads); })
                ->UseRealTime()
                ->MeasureProcessCPUTime();
        }
    }
    return true;
}

}  // namespace bench
