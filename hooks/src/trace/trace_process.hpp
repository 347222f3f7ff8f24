// A process of a trace: a run, with its lanes and what concerns it as a whole.
#pragma once

#include "trace_file.hpp"
#include "trace_format.hpp"

#include <cstdint>
#include <string_view>

namespace frond::hooks::detail {

/// Numbers that are given once in a file.
struct trace_numbers {
    std::uint64_t last_track = 0;  // of processes and lanes: viewers take a lane's number for one of the whole file
    std::uint64_t last_id = 0;     // of slices on tracks of their own, and of arrows
};

/// Thread: one call at a time.
class trace_process {
public:
    trace_process(trace_file& file, trace_numbers& numbers, json_text const& name);

    std::uint64_t next_id() noexcept { return ++numbers_.last_id; }
    /// Gives the number of the lane.
    std::uint64_t add_lane(json_text const& name);
    /// The process is filled in, and stands for the thread where there is none.
    void write(trace_event event);
    /// On a lane, or 0: the process as a whole.
    void write_instant(json_text const& name, std::uint64_t lane, trace_time at, json_members const& args);
    void write_metadata(json_text const& name, json_members const& args);
    void flush() { file_.flush(); }

private:
    void write_name(std::string_view of, std::uint64_t track, json_text const& name);

    trace_file& file_;
    trace_numbers& numbers_;
    std::uint64_t number_;
};

}  // namespace frond::hooks::detail
