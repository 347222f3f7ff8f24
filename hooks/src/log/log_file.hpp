// Where a log's lines go: a file or a stream, behind a buffer of bounded size.
//
// Knows lines, but not what they say. Thread: one at a time.
#pragma once

#include "frond/hooks/event_log.hpp"
#include "shared_file.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>

namespace frond::hooks::detail {

class log_file {
public:
    /// Opens the file, to append to it. Errors: throws std::system_error, which names it.
    log_file(std::filesystem::path path, event_log_options const& options);
    log_file(std::ostream& to, event_log_options const& options);
    /// Writes what is left. An error has nobody left to be told to.
    ~log_file();
    log_file(log_file const&) = delete;
    log_file& operator=(log_file const&) = delete;

    /// A line is appended here, without its end, before end_line. A line that fails half-way must be taken back.
    std::string& buffer() noexcept { return buffer_; }
    /// Ends a line that begins at this position of the buffer. Writes when the buffer is full, when a line has waited for as
    /// long as the options allow, or when the file is.
    /// Errors: throws std::system_error; the log says later how many lines were lost by it, if any.
    void end_line(std::size_t begin, time_point now);
    /// Writes all that is buffered. Errors: as above.
    void flush();
    /// Writes all that is buffered, and opens the file's path anew. Errors: as above.
    void reopen();

    /// Leaves lines that a process has from its parent, by a fork, to the parent. Must be called before the first line of a run.
    void forget_inherited() noexcept;

private:
    void write_buffer();
    void write(std::string_view& lines);

    std::optional<shared_file> file_;
    std::ostream* stream_ = nullptr;  // null: a file
    duration write_after_;
    std::string buffer_;
    pid_t begun_by_ = 0;      // the process that has begun the buffer
    std::uint64_t lost_ = 0;  // lines, since the last successful write
    time_point oldest_{};     // of the buffered lines
};

}  // namespace frond::hooks::detail
