#include "log_file.hpp"

#include "json_writer.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace frond::hooks::detail {

namespace {

constexpr std::size_t most_buffered = 64 * 1024;

[[noreturn]] void fail(int code, std::string const& what, std::filesystem::path const& path) {
    throw std::system_error(code, std::generic_category(), "event log: " + what + " " + path.string());
}

[[noreturn]] void fail_stream() {
    throw std::system_error(std::make_error_code(std::errc::io_error), "event log: cannot write to its stream");
}

std::filesystem::path numbered(std::filesystem::path const& path, unsigned number) {
    auto made = path;
    made += ".";
    made += std::to_string(number);
    return made;
}

}  // namespace

log_file::log_file(std::filesystem::path path, event_log_options const& options)
    : path_(std::move(path)), options_(options), rotate_at_(options.rotate_at()) {
    buffer_.reserve(most_buffered + 4096);
    try {
        open(false);
    } catch (...) {
        close();
        throw;
    }
}

log_file::log_file(std::ostream& to, event_log_options const& options) : stream_(&to), options_(options) {
    buffer_.reserve(most_buffered + 4096);
}

log_file::~log_file() {
    try {
        flush();
    } catch (...) {
    }
    close();
}

void log_file::close() noexcept {
    if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
}

// Opens the next one before it lets the last one go, so that there always is one to write to.
void log_file::open(bool fresh) {
    int const opened = ::open(path_.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | (fresh ? O_TRUNC : 0), 0666);
    // What can only be written to is no file of lines that might need mending.
    int const made = opened < 0 && errno == EACCES ? ::open(path_.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC) : opened;
    if (made < 0) fail(errno, "cannot open", path_);
    close();
    descriptor_ = made;
    struct stat about{};
    bool const is_file = ::fstat(made, &about) == 0 && S_ISREG(about.st_mode);
    rotates_ = is_file && options_.rotate_at() != 0;
    size_ = is_file ? static_cast<std::uint64_t>(about.st_size) : 0;
    if (is_file) mend_last_line();
}

// A program that was killed may have left half a line behind: what follows must not become a part of it.
void log_file::mend_last_line() {
    char last = '\n';
    if (size_ == 0 || ::pread(descriptor_, &last, 1, static_cast<off_t>(size_ - 1)) != 1 || last == '\n') return;
    write_to_file("\n");
}

void log_file::end_line(std::size_t begin, time_point now) {
    buffer_ += '\n';
    if (rotates_ && size_ + buffer_.size() > rotate_at_ && size_ + begin != 0) {
        std::string line = buffer_.substr(begin);
        buffer_.resize(begin);
        try {
            flush();
        } catch (...) {
            ++lost_;
            throw;
        }
        buffer_ += line;
        lines_ = 1;
        oldest_ = now;
        rotate();
        return;
    }
    if (lines_++ == 0) oldest_ = now;
    if (buffer_.size() >= most_buffered || now - oldest_ >= options_.write_after()) flush();
}

void log_file::flush() {
    if (lines_ != 0) {
        std::uint64_t const count = std::exchange(lines_, 0);
        try {
            put(buffer_, count);
        } catch (...) {
            buffer_.clear();
            throw;
        }
        buffer_.clear();
        if (buffer_.capacity() > 4 * most_buffered) buffer_.shrink_to_fit();
    }
    if (stream_ != nullptr && !stream_->flush()) fail_stream();
}

void log_file::put(std::string_view lines, std::uint64_t count) {
    try {
        if (lost_ != 0) {
            std::string gap;
            json_writer to(gap);
            to.open_object();
            to.member("event", "gap");
            to.member("lines_lost", lost_);
            to.close_object();
            write(gap + '\n');
            lost_ = 0;
        }
        write(lines);
    } catch (...) {
        lost_ += count;
        throw;
    }
}

void log_file::write(std::string_view bytes) {
    if (stream_ == nullptr) {
        write_to_file(bytes);
        return;
    }
    if (!stream_->write(bytes.data(), static_cast<std::streamsize>(bytes.size()))) fail_stream();
}

// All of it or, as far as that can be had, nothing.
void log_file::write_to_file(std::string_view bytes) {
    std::size_t written = 0;
    while (written < bytes.size()) {
        auto const more = ::write(descriptor_, bytes.data() + written, bytes.size() - written);
        if (more < 0 && errno == EINTR) continue;
        if (more < 0) {
            int const code = errno;
            if (written != 0 && ::ftruncate(descriptor_, static_cast<off_t>(size_)) != 0) size_ += written;
            fail(code, "cannot write to", path_);
        }
        written += static_cast<std::size_t>(more);
    }
    size_ += bytes.size();
}

// log.jsonl becomes log.jsonl.1, what was that becomes log.jsonl.2, and so on; the last one goes.
void log_file::rotate() {
    std::error_code failure;
    for (unsigned n = options_.keep(); n > 0 && !failure; --n) {
        auto const from = n == 1 ? path_ : numbered(path_, n - 1);
        std::filesystem::rename(from, numbered(path_, n), failure);
        if (failure == std::errc::no_such_file_or_directory) failure.clear();
    }
    try {
        if (failure) fail(failure.value(), "cannot rotate", path_);
        open(options_.keep() == 0);
        rotate_at_ = options_.rotate_at();
    } catch (...) {
        // It goes on in the file that it has, and tries again when that has grown by as much again.
        rotate_at_ = size_ + options_.rotate_at();
        throw;
    }
}

}  // namespace frond::hooks::detail
