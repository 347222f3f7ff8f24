// A file of lines that is rotated by its size, that other processes may write to and rotate as well, and that anybody may
// rename.
//
// A writer must hold a lock (flock) on the file while it writes or rotates, and must check there that the file still has the path:
//  (1) only the holder of the lock of the file that has the path renames files;
//  (2) so a writer that holds the lock, and has found that its file has the path, writes to the newest file;
//  (3) a writer whose file has lost the path opens the path anew: another process, or a person, has renamed the file.
// The lock belongs to what was opened, so two of these in one process exclude each other as two processes do. A process that was
// forked opens the path for itself. Where a lock cannot be had, lines are written all the same, and the file is not rotated.
// Thread: one at a time.
#pragma once

#include "frond/base/clock.hpp"

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>
#include <system_error>

namespace frond::hooks::detail {

struct rotation {
    std::uint64_t at = 0;                         // bytes; 0: never
    unsigned keep = 0;                            // files beside the one that is written
    duration patience = std::chrono::seconds(1);  // with other writers that hold the lock
};

class shared_file {
public:
    /// Opens the file, to append to it. Errors: throws std::system_error, which names it: it cannot be opened, or it is to be
    /// rotated where files cannot be locked.
    shared_file(std::filesystem::path path, rotation how);
    ~shared_file();
    shared_file(shared_file const&) = delete;
    shared_file& operator=(shared_file const&) = delete;

    /// Appends whole lines, each to a file that has room for it, and takes off `lines` what is written.
    /// Errors: throws std::system_error; what is left of `lines` is not in the file, or but for a part of its first line.
    void append(std::string_view& lines);
    /// Lets go of the file, and opens the path anew. Errors: throws std::system_error; the file stays open.
    void reopen();
    /// As far as is known without a look: the file would be rotated.
    bool is_full_with(std::size_t more) const noexcept { return rotates() && size_ + more > rotate_at_; }
    /// Throws, once, what has gone wrong though no line was lost by it: the file was not rotated, or the path not opened anew.
    void complain();

private:
    class hold;

    bool rotates() const noexcept { return is_file_ && how_.at != 0; }
    void open();
    void close() noexcept;
    void acquire() noexcept;
    void release() noexcept;
    int lock() const noexcept;
    bool has_path() const noexcept;
    void look();
    bool rotate();
    std::string_view fitting(std::string_view lines) const noexcept;
    void write(std::string_view bytes);
    void note(int code, char const* what) noexcept;

    std::filesystem::path path_;
    rotation how_;
    int descriptor_ = -1;
    bool is_file_ = false;
    bool held_ = false;  // the lock of the file that has the path
    dev_t device_{};
    ino_t inode_{};
    pid_t opened_by_ = 0;
    std::uint64_t size_ = 0;       // after the last look or write
    bool looked_ = false;          // at the file's end, since it was opened
    std::uint64_t rotate_at_ = 0;  // more than `how_` says where the last rotation has failed
    std::optional<std::system_error> complaint_;
};

}  // namespace frond::hooks::detail
