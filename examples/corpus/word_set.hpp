// A set of words, each by a fingerprint of 64 bits: among ten million words, the odds that two are taken for one are three
// in a million. It costs eight bytes for a word, however long, and is never copied.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace corpus {

/// The fingerprint of a word, made byte by byte (FNV-1a).
class fingerprint {
public:
    void add(char c) noexcept { value_ = (value_ ^ static_cast<unsigned char>(c)) * 0x100000001b3u; }
    std::uint64_t value() const noexcept { return value_; }

private:
    std::uint64_t value_ = 0xcbf29ce484222325u;
};

class word_set {
public:
    word_set() = default;
    word_set(word_set&& other) noexcept
        : slots_(std::move(other.slots_)),
          size_(std::exchange(other.size_, 0)),
          shift_(std::exchange(other.shift_, 64)) {
        other.slots_.clear();
    }
    word_set& operator=(word_set&& other) noexcept {
        std::swap(slots_, other.slots_);
        std::swap(size_, other.size_);
        std::swap(shift_, other.shift_);
        return *this;
    }

    std::size_t size() const noexcept { return size_; }

    void insert(fingerprint const& word) { insert(word.value()); }

    /// Takes in the other's words. The larger of both is kept, the smaller one's words are put into it.
    void merge(word_set&& other) {
        if (other.size_ > size_) *this = std::move(other);
        // They come in the order of their places: without room for all beforehand they would crowd into the first ones.
        make_room(other.size_);
        for (std::uint64_t const word : other.slots_) {
            if (word != free) insert(word);
        }
    }

private:
    static constexpr std::uint64_t free = 0;

    void insert(std::uint64_t word) {
        if (word == free) word = 1;
        make_room(1);
        std::uint64_t& slot = slots_[place_of(word)];
        size_ += slot == free;
        slot = word;
    }

    /// Where the word is, or is to be.
    std::size_t place_of(std::uint64_t word) const noexcept {
        // The multiplication spreads the words over the highest bits (Fibonacci hashing).
        auto at = static_cast<std::size_t>((word * 0x9e3779b97f4a7c15u) >> shift_);
        while (slots_[at] != free && slots_[at] != word) at = (at + 1) & (slots_.size() - 1);
        return at;
    }

    void make_room(std::size_t more) {
        while (4 * (size_ + more) > 3 * slots_.size()) grow();
    }

    void grow() {
        std::vector<std::uint64_t> old(slots_.empty() ? 64 : 2 * slots_.size(), free);
        std::swap(old, slots_);
        shift_ = old.empty() ? 64 - 6 : shift_ - 1;
        for (std::uint64_t const word : old) {
            if (word != free) slots_[place_of(word)] = word;
        }
    }

    std::vector<std::uint64_t> slots_;  // a power of two of them, at most three quarters full
    std::size_t size_ = 0;
    int shift_ = 64;  // 64 minus the power
};

}  // namespace corpus
