// A directory for a test to write into.
#pragma once

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

/// A directory that is gone afterwards.
class scratch {
public:
    scratch() : path_(std::filesystem::temp_directory_path() / ("corpus-" + std::to_string(::getpid()))) {
        std::filesystem::remove_all(path_);
        std::filesystem::create_directories(path_);
    }
    ~scratch() { std::filesystem::remove_all(path_); }

    std::filesystem::path const& path() const { return path_; }
    void file(std::filesystem::path const& name, std::string_view text) const {
        std::filesystem::create_directories((path_ / name).parent_path());
        std::ofstream(path_ / name, std::ios::binary) << text;
    }

private:
    std::filesystem::path path_;
};
