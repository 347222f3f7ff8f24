// The rows by which the display shows a run, for a screen of any width: a row for the run, one for each expansion,
// and one for each of a few bodies that tell of themselves, or have waited long for something outside the run.
//
// Pure: a snapshot comes in, rows come out; what it remembers between them are the last seconds' counts, for the rates.
#pragma once

#include "frond/run/progress.hpp"

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace frond::hooks::detail {

/// How fast a count has grown in the last ten seconds.
class rate_meter {
public:
    void add(time_point now, std::uint64_t count);
    /// Per second; 0 where nothing has moved.
    double per_second() const noexcept;

private:
    struct sample {
        time_point at;
        std::uint64_t count;
    };
    std::deque<sample> kept_;  // of ten seconds, and the one before
};

struct row {
    std::string name;         // printable
    std::uint32_t depth = 0;  // 0: the run
    std::uint64_t done = 0;   // well or not; what was given up is not
    std::uint64_t open = 0;   // not ended in any way
    std::uint64_t total = 0;
    bool total_known = false;
    std::uint64_t failed = 0;  // timed out ones too
    std::uint64_t cancelled = 0;
    std::uint64_t skipped = 0;
    std::uint64_t retried = 0;     // of the run: attempts that were followed by another
    double rate = 0;               // per second; 0: not known
    std::optional<duration> left;  // until it is done
    std::string told;    // of a body: its own counts, or its wait; `done` and `total` are then only good for a bar
    bool waits = false;  // of a body: it has waited for long for something outside the run
};

/// How a run stands.
enum class standing : std::uint8_t {
    running,
    done,
    failed,
    cancelled,
};

struct picture {
    standing state = standing::running;
    duration elapsed{};
    std::vector<row> rows;  // the run, each expansion right below the one that encloses it, a few bodies
};

/// Makes the pictures of one run, in the order of time.
class painter {
public:
    explicit painter(bool utf8) noexcept : utf8_(utf8) {}

    picture paint(progress const& sample, standing state);

private:
    row expansion_row(progress const& sample, std::size_t which, bool ended);
    static row run_row(progress const& sample);
    row body_row(body_progress const& body) const;
    row waiting_row(waiting_body const& body) const;
    void measure(row& of, std::size_t meter, progress const& sample, bool ended);

    bool utf8_;
    std::vector<rate_meter> meters_;  // of the expansions, then of the run
};

}  // namespace frond::hooks::detail
