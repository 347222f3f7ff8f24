// Counting a text in chunks: bytes, lines, words and distinct words. A word is what stands between white space.
//
// Chunks may be counted in any order and by anyone, and their sums are those of the whole text: a word belongs to the
// chunk that it begins in, which reads on beyond its end for the rest of it.
#pragma once

#include "word_set.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>

namespace corpus {

struct text_counts {
    std::uint64_t bytes = 0;
    std::uint64_t lines = 0;  // ends of lines, as wc counts them
    std::uint64_t words = 0;
    word_set distinct;

    void add(text_counts&& other);
};

/// A part of a text. The last one goes on to the end, wherever that is by now.
class chunk_range {
public:
    chunk_range(std::uint64_t offset, std::uint64_t length, bool last) noexcept
        : offset_(offset), length_(length), last_(last) {}

    std::uint64_t offset() const noexcept { return offset_; }
    std::uint64_t length() const noexcept { return length_; }
    bool last() const noexcept { return last_; }

private:
    std::uint64_t offset_;
    std::uint64_t length_;
    bool last_;
};

inline constexpr std::uint64_t chunk_size = 256 * 1024;

/// How many chunks a text has; at least one.
std::uint64_t chunks_of(std::uint64_t text_size, std::uint64_t size = chunk_size) noexcept;
/// One of them. Requires: which < chunks_of(text_size, size).
chunk_range nth_chunk(std::uint64_t which, std::uint64_t text_size, std::uint64_t size = chunk_size) noexcept;

/// Reads a text from an offset on: how many bytes it has put there, 0 at the end. May throw.
using text_reader = std::function<std::size_t(std::uint64_t offset, std::span<char> into)>;

text_counts count_chunk(text_reader const& read, chunk_range const& chunk);

}  // namespace corpus
