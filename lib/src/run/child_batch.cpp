#include "child_batch.hpp"

#include "frond/base/detail/frame_pool.hpp"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <utility>

namespace frond {

child_batch::child_batch(value_type const& of_type, unsigned room)
    : type(of_type), capacity(room), buffer_(static_cast<std::byte*>(frame_pool::take(room * of_type.size))) {}

child_batch::~child_batch() {
    assert(empty());
    frame_pool::give(buffer_, capacity * type.size);
}

child_key child_batch::key_at(unsigned at) const noexcept {
    auto const found =
        std::lower_bound(keys.begin(), keys.end(), at,
                         [](detail::keyed_position const& each, unsigned wanted) { return each.position < wanted; });
    return found != keys.end() && found->position == at ? found->key : nullptr;
}

void child_batch::clear() noexcept {
    assert(empty());
    position = count = 0;
    keys.clear();
}

void child_batch::destroy_rest() noexcept {
    if (type.destroy != nullptr) {
        for (unsigned at = position; at < count; ++at) type.destroy(parameter(at));
    }
    position = count;
}

unsigned child_batch::give_tail(unsigned from, child_batch& to) noexcept {
    assert(from >= position && to.empty() && to.capacity >= count - from);
    unsigned first = count;
    try {
        to.keys.reserve(keys.size());
        if (type.trivial) {
            std::memcpy(to.buffer_, parameter(from), (count - from) * type.size);
            first = from;
        }
        // From the last one on, so that what a failing move leaves is in one piece.
        for (; first > from; --first) {
            type.move(to.parameter(first - 1 - from), parameter(first - 1));
            if (type.destroy != nullptr) type.destroy(parameter(first - 1));
        }
    } catch (...) {
        // It is thrown again where the child itself takes its parameter.
    }
    unsigned const gone = count - first;
    to.position = first - from;
    to.count = count - from;
    to.first_index = first_index + from;
    auto const named = std::find_if(keys.begin(), keys.end(),
                                    [&](detail::keyed_position const& each) { return each.position >= first; });
    for (auto each = named; each != keys.end(); ++each)
        to.keys.push_back({each->position - from, std::move(each->key)});
    keys.erase(named, keys.end());
    count = first;
    return gone;
}

void child_batch::take(child_batch& from) {
    assert(empty() && from.position == 0 && from.count <= capacity);
    position = count = 0;
    keys.swap(from.keys);
    from.keys.clear();
    unsigned const all = std::exchange(from.count, 0U);
    if (type.trivial) {
        std::memcpy(buffer_, from.buffer_, all * type.size);
        count = all;
        return;
    }
    struct destroys_all {
        child_batch& of;
        unsigned count;
        ~destroys_all() {
            if (of.type.destroy == nullptr) return;
            for (unsigned at = 0; at < count; ++at) of.type.destroy(of.parameter(at));
        }
    } const moved_from{from, all};
    for (; count < all; ++count) type.move(parameter(count), from.parameter(count));
}

}  // namespace frond
