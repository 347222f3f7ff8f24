// How many there are of everything at one moment of a run, as the test has counted them by the graph.
#pragma once

#include "frond/run/progress.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>

/// "7 yielded, 3 queued, 1 running, 2 succeeded, 1 failed": what is compared, so that a difference can be read.
struct expected_counts {
    std::uint64_t yielded = 0;
    std::uint64_t running = 0;
    std::uint64_t succeeded = 0;
    std::uint64_t failed = 0;

    std::uint64_t queued() const { return yielded - running - succeeded - failed; }
    std::string text() const {
        return std::to_string(yielded) + " yielded, " + std::to_string(queued()) + " queued, " +
               std::to_string(running) + " running, " + std::to_string(succeeded) + " succeeded, " +
               std::to_string(failed) + " failed";
    }
};

inline std::string text_of(frond::counters const& of) {
    std::string const text = std::to_string(of.yielded) + " yielded, " + std::to_string(of.queued()) + " queued, " +
                             std::to_string(of.running) + " running, " + std::to_string(of.succeeded) + " succeeded, " +
                             std::to_string(of.failed) + " failed";
    bool const more = of.cancelled + of.skipped + of.timed_out != 0;
    return more ? text + ", and some that were not expected" : text;
}

struct expected_expansion {
    expected_counts children;
    std::optional<std::uint64_t> total;
    std::string row;  // "1/3+"
};

struct expected_progress {
    std::string row;  // of the run: "2/15"
    std::map<std::string, expected_expansion> expansions;
    std::map<std::string, expected_counts> specs;
};
