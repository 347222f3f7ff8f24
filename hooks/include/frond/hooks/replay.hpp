// Reads what event_log has written, and counts it again: how far each run came, without the program that ran it.
//
//     frond::hooks::replay log;
//     std::ifstream lines("run.jsonl");
//     log.add_all(lines);  // of a rotated log the oldest file first
//     for (auto const& run : log.runs()) show(run.counted);
#pragma once

#include "frond/run/progress.hpp"

#include <cstdint>
#include <iosfwd>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace frond::hooks {

/// A run as its log tells it.
struct replayed_run {
    /// From the lines of tasks and children. Of a run whose end was logged it equals the run's last counters, by spec and by
    /// expansion; of another one it says how far the log saw it come. `started` is before_run's time, `taken` the last
    /// line's. Failures and bodies are not kept.
    frond::progress counted;
    /// As after_run told them; none: the log ends before. Exact even where events were dropped.
    std::optional<frond::progress> told;
    std::uint64_t events_dropped = 0;  // then `counted` is what was left of it
};

/// Takes lines in the order in which they were written. What is no line of a log is left out and counted, and so are the lines
/// of a run whose after_grouping is not among them.
///
/// Two things no line tells, so `counted` does not have them: a child whose values could not be moved to its collector has
/// failed, and counts as succeeded; what failed for want of memory counts as cancelled.
/// Memory grows with the runs, and in each of them with the children that are open or did not succeed. Thread: one.
class replay {
public:
    replay();
    replay(replay&&) noexcept;
    replay& operator=(replay&&) noexcept;
    ~replay();

    /// False if it was left out.
    bool add(std::string_view line);
    void add_all(std::istream& lines);

    /// In the order in which they began.
    std::vector<replayed_run> runs() const;
    std::uint64_t lines_left_out() const noexcept;
    /// How many lines the log could not write.
    std::uint64_t lines_lost() const noexcept;

private:
    class reader;
    std::unique_ptr<reader> reader_;
};

}  // namespace frond::hooks
