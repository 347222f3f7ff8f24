// The graph: files of a directory, chunks of a file, and what is counted in them, gathered by file and by extension.
//
//   root -> file -> chunk -> words -> file_total -> by_extension
//
// `file` and `chunk` expand, the latter inside the former; `file_total` and `by_extension` collect.
#pragma once

#include "count.hpp"
#include "tally.hpp"
#include "walk.hpp"

#include <frond/frond.hpp>

#include <filesystem>
#include <system_error>

namespace corpus {

/// What is counted in a chunk.
struct chunk_counts {
    text_counts text;
    std::error_code problem;  // it could not be read
};

frond::expander<found_file> file(frond::input<"root", std::filesystem::path> root);

frond::expander<chunk_range> chunk(frond::in<file> of);

chunk_counts words(frond::in<chunk> part, frond::in<file> of);

frond::async<file_counts> file_total(frond::each<words> chunks, frond::in<file> of);

frond::async<totals> by_extension(frond::each<file_total> files);

}  // namespace corpus
