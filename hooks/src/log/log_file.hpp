// Where a log's lines go: a file that is rotated by its size, or a stream, behind a buffer of bounded size.
//
// Knows lines, but not what they say. A line is never split between two files. Thread: one at a time.
#pragma once

#include "frond/hooks/event_log.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
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

    /// Who writes a line appends it here, without its end, and then calls end_line. One that fails takes back what it appended.
    std::string& buffer() noexcept { return buffer_; }
    /// Ends a line that begins at this position of the buffer. Writes when the buffer is full, when a line has waited for as
    /// long as the options allow, or when the file is.
    /// Errors: throws std::system_error; what was buffered is lost then, and the log says how many lines.
    void end_line(std::size_t begin, time_point now);
    /// Writes all that is buffered. Errors: as above.
    void flush();

private:
    void open(bool fresh);
    void close() noexcept;
    void mend_last_line();
    void rotate();
    void put(std::string_view lines, std::uint64_t count);
    void write(std::string_view bytes);
    void write_to_file(std::string_view bytes);

    std::filesystem::path path_;
    std::ostream* stream_ = nullptr;  // null: a file
    event_log_options options_;
    int descriptor_ = -1;
    bool rotates_ = false;
    std::uint64_t size_ = 0;       // of the file, without what is buffered
    std::uint64_t rotate_at_ = 0;  // more than the option says where the last rotation has failed
    std::string buffer_;
    std::uint64_t lines_ = 0;  // in the buffer
    std::uint64_t lost_ = 0;   // lines, since the last successful write
    time_point oldest_{};      // of the buffered lines
};

}  // namespace frond::hooks::detail
