#include "trace_file.hpp"

#include <cerrno>
#include <ostream>
#include <system_error>
#include <utility>

namespace frond::hooks::detail {

namespace {

std::error_code last_error() noexcept {
    return errno != 0 ? std::error_code(errno, std::generic_category()) : std::make_error_code(std::errc::io_error);
}

}  // namespace

trace_file::trace_file(std::filesystem::path const& path) : to_(&own_), path_(path.string()) {
    own_.rdbuf()->pubsetbuf(buffer_.data(),
                            static_cast<std::streamsize>(buffer_.size()));  // before it is opened, or it has no effect
    errno = 0;
    own_.open(path, std::ios::binary | std::ios::trunc);
    if (!own_) throw std::system_error(last_error(), "frond: cannot open trace file \"" + path_ + "\"");
    open();
    close();
}

trace_file::trace_file(std::ostream& stream) : to_(&stream) {}

void trace_file::open() {
    errno = 0;
    if (!std::exchange(begun_, true)) {
        put("[");
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
    line_.assign(std::exchange(empty_, false) ? "\n" : ",\n");
    append(line_, event);
    put(line_);
    check("write");
}

void trace_file::flush() {
    if (broken_) return;
    errno = 0;
    to_->flush();
    check("write");
}

void trace_file::close() {
    if (broken_) return;
    bracket_ = to_->tellp();
    to_->clear();  // one that cannot seek may call this a failure
    put("\n]\n");
    closed_ = true;
    flush();
}

void trace_file::put(std::string_view text) {
    if (broken_) return;
    errno = 0;
    to_->write(text.data(), static_cast<std::streamsize>(text.size()));
}

void trace_file::check(std::string const& what) {
    if (*to_ || std::exchange(broken_, true)) return;
    throw std::system_error(last_error(),
                            "frond: cannot " + what + " trace " + (path_.empty() ? "stream" : "\"" + path_ + "\""));
}

}  // namespace frond::hooks::detail
