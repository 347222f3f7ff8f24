// A file in memory, in the place of a terminal: it takes all that is written, at once.
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <stdexcept>
#include <string>

class memory_file {
public:
    memory_file() : descriptor_(::memfd_create("frond", MFD_CLOEXEC)) {
        if (descriptor_ < 0) throw std::runtime_error("no memory file");
    }
    memory_file(memory_file const&) = delete;
    ~memory_file() { ::close(descriptor_); }

    int descriptor() const noexcept { return descriptor_; }
    /// What was written since it was last asked.
    std::string take() {
        std::string taken;
        char buffer[4096];
        for (;;) {
            auto const got = ::pread(descriptor_, buffer, sizeof buffer, read_);
            if (got <= 0) return taken;
            taken.append(buffer, static_cast<std::size_t>(got));
            read_ += got;
        }
    }

private:
    int descriptor_;
    off_t read_ = 0;
};
