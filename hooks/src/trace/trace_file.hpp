// A JSON array that is written as its elements come, and is whole whenever it is closed.
#pragma once

#include "trace_format.hpp"

#include <filesystem>
#include <fstream>
#include <iosfwd>
#include <string>

namespace frond::hooks::detail {

/// Thread: one call at a time.
class trace_file {
public:
    /// Errors: throws std::system_error, which names the path.
    explicit trace_file(std::filesystem::path const& path);
    explicit trace_file(std::ostream& stream);
    /// Writes what waits. An error has nobody left to be told to.
    ~trace_file();
    trace_file(trace_file const&) = delete;
    trace_file& operator=(trace_file const&) = delete;

    /// Elements follow: after a `close` they take the place of the bracket.
    void open();
    void write(trace_event const& event);
    /// Hands the waiting elements to the operating system. Up to 64 KiB of them may wait in memory.
    void flush();
    void close();
    // Errors: each throws std::system_error the first time that something cannot be written, and does nothing from then on.

private:
    void write_out();
    void check(std::string const& what);

    std::ofstream own_;
    std::ostream* to_;
    std::string path_;  // empty: a stream
    std::string line_;
    std::string waiting_;               // to be written
    std::ostream::pos_type bracket_{};  // where it is
    bool begun_ = false;
    bool empty_ = true;
    bool closed_ = false;
    bool broken_ = false;
};

}  // namespace frond::hooks::detail
