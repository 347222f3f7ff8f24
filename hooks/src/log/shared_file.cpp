#include "shared_file.hpp"

#include "../no_sigpipe.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <ctime>
#include <string>
#include <utility>

namespace frond::hooks::detail {

namespace {

constexpr int most_renames = 100;  // that are followed before one write

std::system_error failure_of(int code, std::string const& what, std::filesystem::path const& path) {
    return {code, std::generic_category(), "event log: " + what + " " + path.string()};
}

std::filesystem::path numbered(std::filesystem::path const& path, unsigned number) {
    auto made = path;
    made += ".";
    made += std::to_string(number);
    return made;
}

int open_to_append(char const* path) noexcept {
    struct stat about{};
    if (::stat(path, &about) == 0 && !S_ISREG(about.st_mode)) {
        // A pipe that this process could read from itself would never have lost its reader. One that nobody reads is refused.
        int const opened = ::open(path, O_WRONLY | O_APPEND | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
        if (opened >= 0) ::fcntl(opened, F_SETFL, O_APPEND);
        return opened;
    }
    int const opened = ::open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    // A file that this process may write to but not read is opened for writing alone. Its last line is not looked at then.
    return opened < 0 && errno == EACCES ? ::open(path, O_WRONLY | O_APPEND | O_CLOEXEC) : opened;
}

bool has_no_locks(int code) noexcept {
    return code == ENOLCK || code == EOPNOTSUPP || code == ENOSYS || code == EINVAL;
}

}  // namespace

/// Holds the lock of the file that has the path, as far as it can be had.
class shared_file::hold {
public:
    explicit hold(shared_file& of) noexcept : of_(of) { of_.acquire(); }
    ~hold() { of_.release(); }
    hold(hold const&) = delete;
    hold& operator=(hold const&) = delete;

private:
    shared_file& of_;
};

shared_file::shared_file(std::filesystem::path path, rotation how) : path_(std::move(path)), how_(how) {
    open();
    int const unlocked = rotates() ? lock() : 0;
    if (has_no_locks(unlocked)) {
        close();
        throw failure_of(unlocked, "cannot be rotated, since files cannot be locked there:", path_);
    }
    if (unlocked == 0) release();
    hold const held(*this);
    if (is_file_) look();
}

shared_file::~shared_file() { close(); }

void shared_file::close() noexcept {
    if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
}

// Opens the next one before it lets the last one go, so that there always is one to write to.
void shared_file::open() {
    int const opened = open_to_append(path_.c_str());
    if (opened < 0) throw failure_of(errno, "cannot open", path_);
    close();
    descriptor_ = opened;
    struct stat about{};
    is_file_ = ::fstat(opened, &about) == 0 && S_ISREG(about.st_mode);
    device_ = about.st_dev;
    inode_ = about.st_ino;
    opened_by_ = ::getpid();
    size_ = is_file_ ? static_cast<std::uint64_t>(about.st_size) : 0;
    looked_ = false;
    rotate_at_ = how_.at;
}

void shared_file::reopen() {
    open();
    hold const held(*this);
    if (is_file_) look();
}

// ---- the lock

/// 0, or why there is none.
int shared_file::lock() const noexcept {
    auto left = how_.patience;
    auto pause = duration(std::chrono::microseconds(50));
    for (;;) {
        if (::flock(descriptor_, LOCK_EX | LOCK_NB) == 0) return 0;
        if (errno == EINTR) continue;
        if (errno != EWOULDBLOCK || left <= duration::zero()) return errno;
        // Others hold it as long as one write takes.
        timespec const next{0, static_cast<long>(std::chrono::nanoseconds(pause).count())};
        ::nanosleep(&next, nullptr);
        left -= pause;
        pause = std::min<duration>(2 * pause, std::chrono::milliseconds(5));
    }
}

bool shared_file::has_path() const noexcept {
    struct stat at_path{};
    if (::stat(path_.c_str(), &at_path) != 0) return errno != ENOENT;
    return at_path.st_dev == device_ && at_path.st_ino == inode_;
}

void shared_file::acquire() noexcept {
    held_ = false;
    for (int renames = 0; is_file_; ++renames) {
        // A fork shares the lock of its parent: it would hold off nobody, and let go of the parent's.
        bool const own = opened_by_ == ::getpid();
        int const unlocked = own ? lock() : 0;
        if (own && has_path()) {
            held_ = unlocked == 0;
            if (!held_ && rotates()) note(unlocked, "another program keeps the lock, so it is not rotated:");
            return;
        }
        if (renames == most_renames) return;
        try {
            open();
        } catch (std::system_error const& failure) {
            complaint_ = failure;
            return;
        } catch (...) {
            return;
        }
    }
}

void shared_file::release() noexcept {
    if (is_file_ && opened_by_ == ::getpid()) ::flock(descriptor_, LOCK_UN);
    held_ = false;
}

void shared_file::note(int code, char const* what) noexcept {
    try {
        complaint_ = failure_of(code, what, path_);
    } catch (...) {
        // Out of memory: the lines are written, and that is what counts.
    }
}

void shared_file::complain() {
    if (auto const what = std::exchange(complaint_, std::nullopt)) throw std::system_error(*what);
}

// ---- the lines

void shared_file::append(std::string_view& lines) {
    hold const held(*this);
    if (is_file_) look();
    while (!lines.empty()) {
        auto part = fitting(lines);
        if (part.empty()) {
            if (rotate()) continue;
            part = lines.substr(0, lines.find('\n') + 1);
        }
        write(part);
        lines.remove_prefix(part.size());
    }
}

/// The lines that the file has room for, from the first one on. An empty file has room for any line.
std::string_view shared_file::fitting(std::string_view lines) const noexcept {
    if (!rotates() || size_ + lines.size() <= rotate_at_) return lines;
    auto const room = rotate_at_ > size_ ? static_cast<std::size_t>(rotate_at_ - size_) : 0;
    auto const end = room == 0 ? std::string_view::npos : lines.rfind('\n', room - 1);
    if (end != std::string_view::npos) return lines.substr(0, end + 1);
    return size_ == 0 ? lines.substr(0, lines.find('\n') + 1) : std::string_view();
}

// Others may have written since. A program that was killed may have left half a line behind: what follows must not
// become a part of it.
void shared_file::look() {
    struct stat about{};
    if (::fstat(descriptor_, &about) != 0) return;
    auto const size = static_cast<std::uint64_t>(about.st_size);
    bool const others_wrote = std::exchange(size_, size) != size;
    if (std::exchange(looked_, true) && !others_wrote) return;
    char last = '\n';
    if (size_ != 0 && ::pread(descriptor_, &last, 1, about.st_size - 1) == 1 && last != '\n') write("\n");
}

// All of it or, as far as that can be had, nothing.
void shared_file::write(std::string_view bytes) {
    std::optional<no_sigpipe> guard;
    if (!is_file_) guard.emplace();
    std::size_t written = 0;
    while (written < bytes.size()) {
        auto const more = ::write(descriptor_, bytes.data() + written, bytes.size() - written);
        if (more < 0 && errno == EINTR) continue;
        if (more < 0) {
            int const code = errno;
            // Without the lock the end of the file may be somebody else's.
            bool const undone = written != 0 && held_ && ::ftruncate(descriptor_, static_cast<off_t>(size_)) == 0;
            if (!undone) size_ += written;
            looked_ = undone || written == 0;
            throw failure_of(code, "cannot write to", path_);
        }
        written += static_cast<std::size_t>(more);
    }
    size_ += bytes.size();
}

// log.jsonl becomes log.jsonl.1, what was that becomes log.jsonl.2, and so on; the last one goes.
bool shared_file::rotate() {
    if (!held_) return false;
    ino_t const full = inode_;
    std::error_code failure;
    for (unsigned n = how_.keep; n > 0 && !failure; --n) {
        auto const from = n == 1 ? path_ : numbered(path_, n - 1);
        std::filesystem::rename(from, numbered(path_, n), failure);
        if (failure == std::errc::no_such_file_or_directory) failure.clear();
    }
    if (how_.keep == 0 && ::ftruncate(descriptor_, 0) != 0) failure.assign(errno, std::generic_category());
    if (failure) {
        note(failure.value(), "cannot rotate");
    } else {
        acquire();  // of the file that has the path from now on
        look();
        // A name that is another link to the same file was renamed in vain.
        if (size_ == 0 || (held_ && inode_ != full)) return true;
    }
    // The writer must go on in its present file. The next try comes when that file has grown by as much again.
    rotate_at_ = size_ + how_.at;
    return false;
}

}  // namespace frond::hooks::detail
