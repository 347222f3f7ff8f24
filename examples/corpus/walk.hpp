// The regular files below a directory, one after the other. Links are not followed, except for the starting point itself.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <system_error>
#include <vector>

namespace corpus {

/// A file, or a directory that could not be read.
class found_file {
public:
    found_file(std::filesystem::path path, std::uint64_t size) : path_(std::move(path)), size_(size) {}
    found_file(std::filesystem::path path, std::error_code problem) : path_(std::move(path)), problem_(problem) {}

    std::filesystem::path const& path() const noexcept { return path_; }
    std::uint64_t size() const noexcept { return size_; }
    /// Why it cannot be read; it is then only there to be told of.
    std::error_code problem() const noexcept { return problem_; }

private:
    std::filesystem::path path_;
    std::uint64_t size_ = 0;
    std::error_code problem_;
};

class walk {
public:
    /// Errors: throws std::filesystem::filesystem_error if nothing can be read there.
    explicit walk(std::filesystem::path const& root);

    /// The next file; none at the end.
    std::optional<found_file> next();

private:
    std::optional<found_file> look_at(std::filesystem::directory_entry const& entry);

    std::optional<found_file> pending_;  // comes first
    std::filesystem::path directory_;    // of here_
    std::filesystem::directory_iterator here_;
    std::vector<std::filesystem::path> later_;  // directories
};

}  // namespace corpus
