#include "log_file.hpp"

#include "../no_sigpipe.hpp"
#include "json_writer.hpp"

#include <unistd.h>

#include <algorithm>
#include <system_error>
#include <utility>

namespace frond::hooks::detail {

namespace {

constexpr std::size_t most_buffered = 64 * 1024;

std::string gap_line(std::uint64_t lost) {
    std::string line;
    json_writer to(line);
    to.open_object();
    to.member("event", "gap");
    to.member("lines_lost", lost);
    to.close_object();
    return line + '\n';
}

}  // namespace

log_file::log_file(std::filesystem::path path, event_log_options const& options) : write_after_(options.write_after()) {
    buffer_.reserve(most_buffered + 4096);
    file_.emplace(std::move(path), rotation{options.rotate_at(), options.keep()});
}

log_file::log_file(std::ostream& to, event_log_options const& options)
    : stream_(&to), write_after_(options.write_after()) {
    buffer_.reserve(most_buffered + 4096);
}

log_file::~log_file() {
    try {
        flush();
    } catch (...) {
    }
}

void log_file::end_line(std::size_t begin, time_point now) {
    if (begin == 0) {
        oldest_ = now;
        begun_by_ = ::getpid();
    }
    buffer_ += '\n';
    bool const full = buffer_.size() >= most_buffered || (file_ && file_->is_full_with(buffer_.size()));
    if (full || now - oldest_ >= write_after_) flush();
}

void log_file::flush() {
    write_buffer();
    if (file_) file_->complain();
}

void log_file::reopen() {
    write_buffer();
    if (!file_) return;
    file_->reopen();
    file_->complain();
}

void log_file::forget_inherited() noexcept {
    if (begun_by_ != ::getpid()) buffer_.clear();
}

void log_file::write_buffer() {
    forget_inherited();
    std::string_view left = buffer_;
    try {
        if (!left.empty() && lost_ != 0) {
            std::string const gap = gap_line(lost_);
            std::string_view line = gap;
            write(line);
            lost_ = 0;
        }
        write(left);
    } catch (...) {
        lost_ += static_cast<std::uint64_t>(std::count(left.begin(), left.end(), '\n'));
        buffer_.clear();
        throw;
    }
    buffer_.clear();
    if (buffer_.capacity() > 4 * most_buffered) buffer_.shrink_to_fit();
}

void log_file::write(std::string_view& lines) {
    if (file_) {
        if (!lines.empty()) file_->append(lines);
        return;
    }
    no_sigpipe const guard;
    stream_->write(lines.data(), static_cast<std::streamsize>(lines.size()));
    if (!stream_->flush()) {
        throw std::system_error(std::make_error_code(std::errc::io_error), "event log: cannot write to its stream");
    }
    lines = {};
}

}  // namespace frond::hooks::detail
