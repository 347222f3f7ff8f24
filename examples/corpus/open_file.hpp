// A file that is open for reading.
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <system_error>

namespace corpus {

/// Errors: throws std::system_error.
class open_file {
public:
    explicit open_file(std::filesystem::path const& path) : descriptor_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
        if (descriptor_ < 0) throw std::system_error(errno, std::generic_category());
    }
    open_file(open_file const&) = delete;
    open_file& operator=(open_file const&) = delete;
    ~open_file() { ::close(descriptor_); }

    /// How many bytes were read; 0 at the end.
    std::size_t read(std::uint64_t offset, std::span<char> into) const {
        while (true) {
            auto const got = ::pread(descriptor_, into.data(), into.size(), static_cast<off_t>(offset));
            if (got >= 0) return static_cast<std::size_t>(got);
            if (errno != EINTR) throw std::system_error(errno, std::generic_category());
        }
    }

private:
    int descriptor_;
};

}  // namespace corpus
