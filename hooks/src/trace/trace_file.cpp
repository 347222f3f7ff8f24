#include "trace_file.hpp"

#include "../no_sigpipe.hpp"

#include <cerrno>
#include <cstddef>
#include <ostream>
#include <system_error>
#include <utility>

namespace frond::hooks::detail {

namespace {

constexpr std::size_t most_waiting_bytes = std::size_t{1} << 16;

std::error_code last_error() noexcept {
    return errno != 0 ? std::error_code(errno, std::generic_category()) : std::make_error_code(std::errc::io_error);
}

}  // namespace

trace_file::trace_file(std::filesystem::path const& path) : to_(&own_), path_(path.string()) {
    // Before it is opened, or it has no effect. What waits, waits here: a buffer of the stream would be written by its end.
    own_.rdbuf()->pubsetbuf(nullptr, 0);
    errno = 0;
    own_.open(path, std::ios::binary | std::ios::trunc);
    if (!own_) throw std::system_error(last_error(), "frond: cannot open trace file \"" + path_ + "\"");
    open();
    close();
}

trace_file::trace_file(std::ostream& stream) : to_(&stream) {}

trace_file::~trace_file() {
    try {
        if (!broken_) write_out();
    } catch (...) {
        // Nobody is left to be told.
    }
}

void trace_file::open() {
    if (broken_) return;
    errno = 0;
    if (!std::exchange(begun_, true)) {
        waiting_ += '[';
    } else if (std::exchange(closed_, false)) {
        if (bracket_ == std::ostream::pos_type(-1)) {
            to_->setstate(std::ios::failbit);
        } else {
            to_->seekp(bracket_);
        }
    }
    check("continue");
}

void trace_file::write(trace_event const& event) {
    if (broken_) return;
    line_.assign(empty_ ? "\n" : ",\n");
    append(line_, event);
    waiting_ += line_;
    empty_ = false;
    // A stream has a buffer of its own, if it is to have one.
    if (to_ != &own_ || waiting_.size() >= most_waiting_bytes) write_out();
}

void trace_file::flush() {
    if (broken_) return;
    no_sigpipe const guard;
    write_out();
    errno = 0;
    to_->flush();
    check("write");
}

void trace_file::close() {
    if (broken_) return;
    write_out();
    bracket_ = to_->tellp();
    to_->clear();  // one that cannot seek may call this a failure
    waiting_ += "\n]\n";
    closed_ = true;
    flush();
}

void trace_file::write_out() {
    no_sigpipe const guard;
    errno = 0;
    to_->write(waiting_.data(), static_cast<std::streamsize>(waiting_.size()));
    waiting_.clear();
    check("write");
}

void trace_file::check(std::string const& what) {
    if (*to_ || std::exchange(broken_, true)) return;
    throw std::system_error(last_error(),
                            "frond: cannot " + what + " trace " + (path_.empty() ? "stream" : "\"" + path_ + "\""));
}

}  // namespace frond::hooks::detail
