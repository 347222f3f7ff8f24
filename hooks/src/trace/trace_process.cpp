#include "trace_process.hpp"

namespace frond::hooks::detail {

trace_process::trace_process(trace_file& file, trace_numbers& numbers, json_text const& name)
    : file_(file), numbers_(numbers), number_(++numbers.last_track) {
    write_name("\"process_name\"", number_, name);
}

std::uint64_t trace_process::add_lane(json_text const& name) {
    std::uint64_t const lane = ++numbers_.last_track;
    write_name("\"thread_name\"", lane, name);
    return lane;
}

void trace_process::write(trace_event event) {
    event.process = number_;
    if (event.thread == 0) event.thread = number_;
    file_.write(event);
}

void trace_process::write_instant(json_text const& name, std::uint64_t lane, trace_time at, json_members const& args) {
    write({.phase = trace_phase::instant,
           .name = name.text,
           .category = name.text,
           .at = at,
           .thread = lane,
           .args = args.text()});
}

void trace_process::write_metadata(json_text const& name, json_members const& args) {
    write({.phase = trace_phase::metadata, .name = name.text, .args = args.text()});
}

void trace_process::write_name(std::string_view of, std::uint64_t track, json_text const& name) {
    json_members args;
    args.add("name", name);
    write({.phase = trace_phase::metadata, .name = of, .thread = track, .args = args.text()});
}

}  // namespace frond::hooks::detail
