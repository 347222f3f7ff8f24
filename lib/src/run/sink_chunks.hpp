// The chunks that a lane fills with the values of its children: one for each collector of its expansion.
//
// Invariant: between children no chunk that is there is full.
#pragma once

#include "frond/base/detail/result_channel.hpp"
#include "frond/base/executor.hpp"
#include "open_expansion.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace frond {

/// Thread: one at a time.
class sink_chunks {
public:
    /// Errors: throws std::bad_alloc.
    explicit sink_chunks(open_expansion& of) : of_(of), chunks_(of.channels.size(), nullptr) {}

    std::size_t size() const noexcept { return chunks_.size(); }
    /// Requires: the lane has a chunk for this sink.
    result_chunk& operator[](std::size_t sink) const noexcept { return *chunks_[sink]; }
    bool all_there() const noexcept { return std::find(chunks_.begin(), chunks_.end(), nullptr) == chunks_.end(); }
    /// Takes the chunks that the lane lacks. Gives the sink of the first stream that is full; none if all chunks were
    /// taken. Errors: throws std::bad_alloc.
    std::optional<std::size_t> take();
    /// The same for one sink. False: `waiting` is woken when there is room. Requires: none is there, since a lane that
    /// waited with a chunk of another stream in its hands could wait for ever for one that has this stream's. Errors:
    /// throws std::bad_alloc.
    bool take(std::size_t sink, wakeable& waiting);

    std::byte* next_element(std::size_t sink) const noexcept {
        return chunks_[sink]->element(of_.channels[sink]->stride(), chunks_[sink]->count);
    }
    /// An element was made of a child.
    void count_element(std::size_t sink, std::uint64_t index) noexcept {
        result_chunk& chunk = *chunks_[sink];
        chunk.index[chunk.count++] = index;
    }
    bool is_full(std::size_t sink) const noexcept {
        return chunks_[sink] != nullptr && chunks_[sink]->count == of_.channels[sink]->capacity();
    }

    /// The collectors may read what is in them.
    void push() noexcept;
    void push(std::size_t sink) noexcept;
    void push_full() noexcept;
    bool any_full() const noexcept;

private:
    open_expansion& of_;
    frame_pool::vector<result_chunk*> chunks_;  // by sink
};

}  // namespace frond
