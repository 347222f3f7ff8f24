#include "count.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <memory>
#include <optional>
#include <utility>

namespace corpus {

namespace {

constexpr auto white_space = [] {
    std::array<bool, 256> made{};
    for (char const c : {' ', '\t', '\n', '\v', '\f', '\r'}) made[static_cast<unsigned char>(c)] = true;
    return made;
}();

bool is_space(char c) noexcept { return white_space[static_cast<unsigned char>(c)]; }

constexpr std::size_t buffer_size = 32 * 1024;

/// Counts what it is given, piece by piece.
class counter {
public:
    /// With `inside_word` the text begins within a word of somebody else's.
    explicit counter(bool inside_word) noexcept : state_(inside_word ? foreign_word : between_words) {}

    void add(std::span<char const> piece) {
        counts_.bytes += piece.size();
        for (char const c : piece) {
            if (is_space(c)) {
                end_word();
                counts_.lines += c == '\n';
            } else if (state_ == own_word) {
                word_.add(c);
            } else if (state_ == between_words) {
                begin_word(c);
            }
        }
    }

    bool has_open_word() const noexcept { return state_ == own_word; }

    /// The rest of an open word, from what follows the text; other than that it does not count.
    void complete_word(std::span<char const> following) {
        for (char const c : following) {
            if (is_space(c)) return end_word();
            word_.add(c);
        }
    }

    text_counts finish() && {
        end_word();
        return std::move(counts_);
    }

private:
    void begin_word(char c) noexcept {
        state_ = own_word;
        ++counts_.words;
        word_ = fingerprint();
        word_.add(c);
    }
    void end_word() {
        if (state_ == own_word) counts_.distinct.insert(word_);
        state_ = between_words;
    }

    enum {
        between_words,
        own_word,
        foreign_word,  // it began in an earlier chunk, which counts it
    } state_;
    fingerprint word_;
    text_counts counts_;
};

}  // namespace

void text_counts::add(text_counts&& other) {
    bytes += other.bytes;
    lines += other.lines;
    words += other.words;
    distinct.merge(std::move(other.distinct));
}

std::uint64_t chunks_of(std::uint64_t text_size, std::uint64_t size) noexcept {
    return text_size == 0 ? 1 : (text_size - 1) / size + 1;
}

chunk_range nth_chunk(std::uint64_t which, std::uint64_t text_size, std::uint64_t size) noexcept {
    std::uint64_t const offset = which * size;
    bool const last = which + 1 == chunks_of(text_size, size);
    return chunk_range(offset, last ? text_size - offset : size, last);
}

text_counts count_chunk(text_reader const& read, chunk_range const& chunk) {
    auto const buffer = std::make_unique_for_overwrite<char[]>(buffer_size);
    std::uint64_t at = chunk.offset();
    auto const next = [&](std::uint64_t most) {
        auto const size = static_cast<std::size_t>(std::min<std::uint64_t>(most, buffer_size));
        std::size_t const got = read(at, std::span(buffer.get(), size));
        at += got;
        return std::span<char const>(buffer.get(), got);
    };

    bool inside_word = false;
    if (chunk.offset() > 0) {
        --at;
        auto const before = next(1);
        if (before.empty()) return {};
        inside_word = !is_space(before[0]);
    }
    counter counts(inside_word);
    std::uint64_t const end =
        chunk.last() ? std::numeric_limits<std::uint64_t>::max() : chunk.offset() + chunk.length();
    while (at < end) {
        auto const piece = next(end - at);
        if (piece.empty()) return std::move(counts).finish();
        counts.add(piece);
    }
    while (counts.has_open_word()) {
        auto const following = next(buffer_size);
        if (following.empty()) break;
        counts.complete_word(following);
    }
    return std::move(counts).finish();
}

}  // namespace corpus
