// Alarms in the order of their times: a pairing heap whose links are in the alarms, so it needs no memory of its own.
//
// Invariants: no alarm is later than one below it; an alarm is in one heap at most.
// Thread: none; the clock guards it.
#pragma once

#include "frond/base/clock.hpp"

#include <cassert>
#include <utility>

namespace frond {

class alarm_heap {
public:
    bool empty() const noexcept { return root_ == nullptr; }
    /// Requires: !empty().
    alarm& earliest() const noexcept { return *root_; }

    void push(alarm& item) noexcept {
        assert(item.heap.child == nullptr && item.heap.sibling == nullptr && item.heap.before == nullptr);
        root_ = root_ != nullptr ? &join(*root_, item) : &item;
    }
    /// Requires: the alarm is in the heap.
    void remove(alarm& item) noexcept {
        auto const [child, sibling, before] = std::exchange(item.heap, {});
        alarm* const below = join_all(child);
        if (before == nullptr) {
            assert(root_ == &item);
            root_ = below;
            return;
        }
        (before->heap.child == &item ? before->heap.child : before->heap.sibling) = sibling;
        if (sibling != nullptr) sibling->heap.before = before;
        if (below != nullptr) root_ = &join(*root_, *below);
    }

private:
    /// Puts the later of two roots below the other.
    static alarm& join(alarm& a, alarm& b) noexcept {
        if (b.when < a.when) return join(b, a);
        b.heap.sibling = a.heap.child;
        if (b.heap.sibling != nullptr) b.heap.sibling->heap.before = &b;
        b.heap.before = &a;
        a.heap.child = &b;
        return a;
    }
    /// Makes one root of siblings, or null of none: joins them in pairs, then the pairs, which keeps the heap flat.
    static alarm* join_all(alarm* first) noexcept {
        alarm* pairs = nullptr;  // linked by `sibling`, the last one first
        while (first != nullptr) {
            alarm* const a = first;
            alarm* const b = a->heap.sibling;
            first = b != nullptr ? b->heap.sibling : nullptr;
            a->heap.sibling = a->heap.before = nullptr;
            if (b != nullptr) b->heap.sibling = b->heap.before = nullptr;
            alarm& joined = b != nullptr ? join(*a, *b) : *a;
            joined.heap.sibling = pairs;
            pairs = &joined;
        }
        alarm* root = nullptr;
        while (pairs != nullptr) {
            alarm* const next = std::exchange(pairs->heap.sibling, nullptr);
            root = root != nullptr ? &join(*pairs, *root) : pairs;
            pairs = next;
        }
        return root;
    }

    alarm* root_ = nullptr;
};

}  // namespace frond
