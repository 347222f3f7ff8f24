// The lock of a log's file, as another program keeps it.
#pragma once

#include "../../catch.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <filesystem>

class kept_lock {
public:
    explicit kept_lock(std::filesystem::path const& file) : descriptor_(::open(file.c_str(), O_RDONLY | O_CLOEXEC)) {
        REQUIRE(::flock(descriptor_, LOCK_EX | LOCK_NB) == 0);
    }
    ~kept_lock() { ::close(descriptor_); }

private:
    int descriptor_;
};
