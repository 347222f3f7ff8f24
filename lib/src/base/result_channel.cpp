#include "frond/base/detail/result_channel.hpp"

#include "frond/base/detail/frame_pool.hpp"

#include <algorithm>
#include <cassert>
#include <new>
#include <utility>

namespace frond {

namespace {

constexpr std::size_t chunk_bytes = 16 * 1024;  // of a chunk's elements, at most, unless one element is larger

constexpr unsigned most_in_segment = 128;  // elements

constexpr std::size_t round_up(std::size_t size, std::size_t align) { return (size + align - 1) / align * align; }

}  // namespace

result_channel::result_channel(std::span<element_part const> parts, bool with_errors, unsigned bound) noexcept
    : parts_(parts), with_errors_(with_errors), trivial_(!with_errors), bound_(bound) {
    std::size_t size = with_errors ? sizeof(error) : 1;
    align_ = with_errors ? alignof(error) : 1;
    for (auto const& part : parts) {
        size = std::max(size, part.offset + part.type->size);
        align_ = std::max(align_, part.type->align);
        trivial_ = trivial_ && part.type->destroy == nullptr;
    }
    stride_ = round_up(size, align_);
    capacity_ = static_cast<unsigned>(std::clamp<std::size_t>(chunk_bytes / stride_, 1, result_chunk::most));
    // Elements that need more alignment than a chunk has are not supported; plans refuse them.
    assert(align_ <= alignof(result_chunk));
}

result_channel::~result_channel() {
    if (current_ != nullptr) free_list(current_, at());
    free_list(head_, 0);
    free_list(free_, 0);
}

void result_channel::destroy_elements(result_chunk& chunk, unsigned from) noexcept {
    if (trivial_) return;
    for (unsigned i = from; i < chunk.count; ++i) {
        destroy_element(chunk.element(stride_, i), (chunk.failed >> i & 1) != 0);
    }
}

void result_channel::free_list(result_chunk* list, unsigned from) noexcept {
    while (list != nullptr) {
        result_chunk* const next = list->next;
        destroy_elements(*list, from);
        frame_pool::give(list, bytes_of_chunk());
        list = next;
        from = 0;
    }
}

void result_channel::destroy_element(std::byte* element, bool failed) noexcept {
    if (trivial_) return;
    if (failed) {
        std::destroy_at(reinterpret_cast<error*>(element));
        return;
    }
    for (auto const& part : parts_) {
        if (part.type->destroy != nullptr) part.type->destroy(element + part.offset);
    }
}

void result_channel::destroy_front() noexcept { destroy_element(here_, front_failed()); }

bool result_channel::asleep() noexcept {
    std::lock_guard const guard(mutex_);
    return sleeping_ != nullptr;
}

unsigned result_channel::bound() noexcept {
    std::lock_guard const guard(mutex_);
    return bound_;
}

void result_channel::grow(work_list& woken) noexcept {
    std::lock_guard const guard(mutex_);
    assert(bound_ <= UINT32_MAX / 2);
    unsigned room = bound_;
    bound_ *= 2;
    for (; room != 0 && !waiting_.empty(); --room) {
        auto& producer = static_cast<wakeable&>(waiting_.pop_front());
        room_->leave(producer);
        woken.push_back(producer);
    }
}

result_chunk* result_channel::take_chunk(wakeable* waiting) {
    if (waiting == nullptr || !room_) return find_chunk(waiting);
    if (auto* const chunk = find_chunk(nullptr)) return chunk;
    work_list woken;
    {
        std::lock_guard const guard(room_->watch().mutex);
        if (auto* const chunk = find_chunk(waiting)) return chunk;
        room_->watch().look(woken);
    }
    wake_all(woken);
    return nullptr;
}

// Gives null if there is no chunk: then `waiting`, if given, is in the list of producers that wait.
result_chunk* result_channel::find_chunk(wakeable* waiting) {
    {
        std::lock_guard const guard(mutex_);
        if (free_ != nullptr) {
            result_chunk* const chunk = free_;
            free_ = chunk->next;
            chunk->next = nullptr;
            return chunk;
        }
        if (bound_ != 0 && made_ >= bound_ && !closed_ && !abandoned()) {
            if (waiting != nullptr) {
                if (room_) room_->enter(*waiting);
                waiting_.push_back(*waiting);
            }
            return nullptr;
        }
        ++made_;
    }
    try {
        return ::new (frame_pool::take(bytes_of_chunk())) result_chunk;
    } catch (...) {
        std::lock_guard const guard(mutex_);
        --made_;
        throw;
    }
}

void result_channel::push(result_chunk& chunk) noexcept {
    if (abandoned()) {
        destroy_elements(chunk, 0);
        give_back(chunk);
        return;
    }
    fiber* woken = nullptr;
    {
        std::lock_guard const guard(mutex_);
        chunk.next = nullptr;
        (tail_ != nullptr ? tail_->next : head_) = &chunk;
        tail_ = &chunk;
        woken = std::exchange(sleeping_, nullptr);
    }
    if (woken != nullptr) woken->wake();
}

void result_channel::recycle_locked(result_chunk& chunk, wakeable*& freed) noexcept {
    chunk.count = 0;
    chunk.failed = 0;
    chunk.next = free_;
    free_ = &chunk;
    if (!waiting_.empty()) freed = &static_cast<wakeable&>(waiting_.pop_front());
}

void result_channel::give_back(result_chunk& chunk) noexcept {
    wakeable* freed = nullptr;
    {
        std::lock_guard const guard(mutex_);
        recycle_locked(chunk, freed);
    }
    if (freed != nullptr) freed->wake();
}

void result_channel::close(bool canceled) noexcept {
    fiber* woken = nullptr;
    work_list waiting;
    {
        std::lock_guard const guard(mutex_);
        closed_ = true;
        canceled_ = canceled_ || canceled;
        woken = std::exchange(sleeping_, nullptr);
        waiting = std::exchange(waiting_, {});
    }
    if (woken != nullptr) woken->wake();
    wake_all(waiting);
}

void result_channel::none_in_flight() noexcept {
    fiber* woken = nullptr;
    {
        std::lock_guard const guard(mutex_);
        woken = std::exchange(sleeping_, nullptr);
    }
    if (woken != nullptr) woken->wake();
}

void result_channel::abandon() noexcept {
    work_list waiting;
    {
        std::lock_guard const guard(mutex_);
        abandoned_.store(true, std::memory_order_relaxed);
        waiting = std::exchange(waiting_, {});
    }
    wake_all(waiting);
}

// On to the next elements. False: the consumer has to wait, or to give its thread back, since there is more for it.
bool result_channel::go_on() noexcept {
    bool const over = budget_ != nullptr && left_ == 0 && is_budget_over();
    bool const found = refill();
    gives_back_ = found && over;
    return found && !over;
}

// A segment has been read. Also finds how long the next one may be: a look at the clock costs as much as some short
// elements.
bool result_channel::is_budget_over() noexcept {
    clock_look const now = budget_->look();
    duration const budget = budget_->budget();
    unsigned next = segment_;
    // The time since the look before may be longer than the segment took, which does no harm.
    if (now.held > budget || (now.since && *now.since > budget / 4)) {
        next = std::max(segment_ / 4, 1U);
    } else if (now.since && *now.since < budget / 16) {
        next = std::min(4 * segment_, most_in_segment);
    }
    if (next != segment_) hint_->set(next);
    looks_at_wake_ = !now.since;
    segment_ = left_ = next;
    return now.held > budget;
}

void result_channel::set_end(unsigned from) noexcept {
    unsigned length = current_->count - from;
    if (budget_ != nullptr) {
        assert(left_ != 0);
        length = std::min(length, left_);
        left_ -= length;
    }
    here_ = current_->element(stride_, from);
    end_ = current_->element(stride_, from + length);
}

// The executor has taken the consumer on again.
void result_channel::come_back() noexcept {
    static_cast<void>(budget_->look());
    giving_back_->wake();
}

bool result_channel::refill() noexcept {
    wakeable* freed = nullptr;
    bool found = false;
    {
        std::lock_guard const guard(mutex_);
        found = refill_locked(freed);
    }
    if (freed != nullptr) freed->wake();
    return found;
}

// Leaves a chunk that is used up, and goes on to the next one. True if there is an element or the end.
bool result_channel::refill_locked(wakeable*& freed) noexcept {
    if (current_ != nullptr && here_ == end_ && at() != current_->count) {
        set_end(at());
        return true;
    }
    if (current_ != nullptr && here_ == end_) {
        recycle_locked(*std::exchange(current_, nullptr), freed);
        here_ = end_ = nullptr;
    }
    if (canceled_) return true;
    if (current_ == nullptr && head_ != nullptr) {
        current_ = head_;
        head_ = current_->next;
        if (head_ == nullptr) tail_ = nullptr;
        current_->next = nullptr;
        set_end(0);
    }
    return current_ != nullptr || closed_;
}

bool result_channel::suspend(fiber& consumer, std::coroutine_handle<> frame) noexcept {
    if (std::exchange(gives_back_, false)) {
        consumer.waits_for_tasks();
        consumer.suspend_at(frame);
        giving_back_ = &consumer;
        assert(&pump::current()->on() == &consumer.home());
        pump::current()->post_for_later(coming_back_);
        return true;
    }
    wakeable* freed = nullptr;
    bool found = false;
    {
        std::lock_guard const guard(mutex_);
        found = refill_locked(freed);
        // Under the mutex: what was pushed before the count came to 0 has been found.
        found = found || (in_flight_ != nullptr && in_flight_->load(std::memory_order_acquire) == 0);
        if (!found) {
            consumer.suspend_at(frame);
            consumer.interruptible(cancelling_);
            consumer.waits_for_tasks();
            sleeping_ = &consumer;
        }
    }
    if (freed != nullptr) freed->wake();
    // The consumer cannot go on before this returns, since its driver is still inside.
    // So no watched task ends meanwhile.
    if (!found && room_ && room_->watch().waiting_for_room.load(std::memory_order_relaxed) != 0)
        look_now(room_->watch());
    return !found;
}

std::byte* result_channel::front_after_refill() {
    if (budget_ != nullptr && looks_at_wake_) static_cast<void>(budget_->look());
    refill();
    if (here_ != end_) return here_;
    bool canceled = false;
    {
        std::lock_guard const guard(mutex_);  // another thread may close the channel once more
        canceled = canceled_;
    }
    if (canceled) throw bad_result(error::canceled());
    return nullptr;
}

void result_channel::into_list(list_type const& type, void* at) {
    struct found {
        result_chunk* chunk;
        unsigned i;
    };
    std::size_t total = 0;
    bool sorted = true;
    std::uint64_t last = 0;
    for (result_chunk* chunk = head_; chunk != nullptr; chunk = chunk->next) {
        for (unsigned i = 0; i < chunk->count; ++i) {
            sorted = sorted && (total == 0 || chunk->index[i] > last);
            last = chunk->index[i];
            ++total;
        }
    }
    type.create(at, total);
    auto add = [&](result_chunk& chunk, unsigned i) {
        std::byte* const element = chunk.element(stride_, i);
        if ((chunk.failed >> i & 1) != 0) {
            type.add_error(at, std::move(*reinterpret_cast<error*>(element)));
        } else {
            type.add(at, element + parts_.front().offset);
        }
    };
    try {
        if (sorted) {
            for (result_chunk* chunk = head_; chunk != nullptr; chunk = chunk->next) {
                for (unsigned i = 0; i < chunk->count; ++i) add(*chunk, i);
            }
            return;
        }
        std::vector<found> order;
        order.reserve(total);
        for (result_chunk* chunk = head_; chunk != nullptr; chunk = chunk->next) {
            for (unsigned i = 0; i < chunk->count; ++i) order.push_back({chunk, i});
        }
        std::sort(order.begin(), order.end(),
                  [](found const& a, found const& b) { return a.chunk->index[a.i] < b.chunk->index[b.i]; });
        for (found const& each : order) add(*each.chunk, each.i);
    } catch (...) {
        type.destroy(at);
        throw;
    }
}

}  // namespace frond
