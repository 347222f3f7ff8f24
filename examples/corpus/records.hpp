// What is written of a run beside its table: hooks, as many as were asked for.
#pragma once

#include <frond/run/hook.hpp>

#include <filesystem>
#include <functional>
#include <vector>

namespace corpus {

/// Where to; an empty path: not at all.
struct record_files {
    std::filesystem::path events;
    std::filesystem::path trace;
    std::filesystem::path report;
    std::filesystem::path metrics;
};

class records {
public:
    /// Errors: throws what opening a file throws; std::runtime_error for metrics where frond was built without them.
    explicit records(record_files const& to);

    std::vector<frond::any_hook>& hooks() noexcept { return hooks_; }
    /// Writes what can only be written when the run is over. Errors: throws std::runtime_error, which names the file.
    void finish() const;

private:
    std::vector<frond::any_hook> hooks_;
    std::vector<std::function<void()>> at_end_;
};

}  // namespace corpus
