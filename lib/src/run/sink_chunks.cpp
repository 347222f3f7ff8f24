#include "sink_chunks.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace frond {

std::optional<std::size_t> sink_chunks::take() {
    for (std::size_t sink = 0; sink < chunks_.size(); ++sink) {
        if (chunks_[sink] == nullptr) chunks_[sink] = of_.channels[sink]->take_chunk(nullptr);
        if (chunks_[sink] == nullptr) return sink;
    }
    return std::nullopt;
}

bool sink_chunks::take(std::size_t sink, wakeable& waiting) {
    assert(std::all_of(chunks_.begin(), chunks_.end(), [](auto const* each) { return each == nullptr; }));
    auto* const chunk = of_.channels[sink]->take_chunk(&waiting);
    if (chunk == nullptr) return false;  // from here on `waiting` may run elsewhere
    chunks_[sink] = chunk;
    return true;
}

void sink_chunks::push() noexcept {
    for (std::size_t sink = 0; sink < chunks_.size(); ++sink) push(sink);
}

void sink_chunks::push_full() noexcept {
    for (std::size_t sink = 0; sink < chunks_.size(); ++sink) {
        if (is_full(sink)) push(sink);
    }
}

bool sink_chunks::any_full() const noexcept {
    for (std::size_t sink = 0; sink < chunks_.size(); ++sink) {
        if (is_full(sink)) return true;
    }
    return false;
}

void sink_chunks::push(std::size_t sink) noexcept {
    result_chunk* const chunk = std::exchange(chunks_[sink], nullptr);
    if (chunk == nullptr) return;
    if (chunk->count == 0) {
        of_.channels[sink]->give_back(*chunk);
    } else {
        of_.channels[sink]->push(*chunk);
    }
}

}  // namespace frond
