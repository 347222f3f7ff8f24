// The counts of files, gathered by extension.
#pragma once

#include "count.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <system_error>
#include <vector>

namespace corpus {

/// What one file gives.
struct file_counts {
    std::filesystem::path path;
    text_counts text;
    std::error_code problem;  // it could not be read, or not to its end
};

/// A row of the table.
struct extension_counts {
    std::string extension;  // with its dot; empty for files without one
    std::uint64_t files = 0;
    std::uint64_t bytes = 0;
    std::uint64_t lines = 0;
    std::uint64_t words = 0;
    std::uint64_t distinct = 0;
};

struct unreadable {
    std::filesystem::path path;
    std::error_code problem;
};

struct totals {
    std::vector<extension_counts> extensions;  // most bytes first
    extension_counts all;
    std::vector<unreadable> problems;  // the first hundred
    std::uint64_t problem_count = 0;
};

class tally {
public:
    void add(file_counts&& file);
    totals finish() &&;

private:
    struct gathered {
        std::uint64_t files = 0;
        text_counts text;
    };
    std::map<std::string, gathered> by_extension_;
    totals made_;
};

/// As text: the `top` extensions with the most bytes, the others in one row, the total.
std::string table(totals const& of, std::size_t top);
/// A line for each file that could not be read.
std::string problems(totals const& of);

}  // namespace corpus
