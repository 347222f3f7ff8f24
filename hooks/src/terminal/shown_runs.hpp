// The runs that a display shows, each as it stood when it was last heard of, and what is to be said of them for good.
//
// Invariants:
//  (1) a run is here from when it is first heard of, by whatever event, to its end; one that was not heard of for a minute,
//      while others were, is forgotten, since its end may never come. It is back when it is heard of again;
//  (2) each failure of a run is said once while it is here;
//  (3) a run has a name once another has gone on beside it.
// Pure: knows neither clock nor output.
#pragma once

#include "rows.hpp"

#include "frond/run/event.hpp"
#include "frond/run/progress.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace frond::hooks::detail {

class shown_runs {
public:
    explicit shown_runs(bool utf8) noexcept : utf8_(utf8) {}

    void begin(std::uint64_t id, time_point now);
    /// Adds failures that were not said yet to `said`.
    void update(progress const& sample, std::vector<std::string>& said);
    /// How the run stands at last; none where the event has no counters. The same of failures.
    std::optional<picture> end(run_event const& event, std::vector<std::string>& said);
    void forget_silent(time_point now, std::vector<std::string>& said);

    bool none() const noexcept { return runs_.empty(); }
    bool heard_since(time_point since) const noexcept;
    /// Those of which counters are known, the first to begin first.
    std::vector<picture const*> pictures() const;

private:
    struct run {
        explicit run(bool utf8) noexcept : paints(utf8) {}
        painter paints;
        std::optional<picture> last;
        time_point heard{};
        std::size_t told = 0;  // of progress::failures
        bool named = false;    // another has gone on beside it
    };

    run& of(std::uint64_t id);
    static void give_name(std::pair<std::uint64_t const, run>& to);
    void paint(std::uint64_t id, run& shown, progress const& sample, standing state);
    void note_failures(std::uint64_t id, run& shown, progress const& sample, std::vector<std::string>& said) const;

    bool utf8_;
    std::map<std::uint64_t, run> runs_;
};

}  // namespace frond::hooks::detail
