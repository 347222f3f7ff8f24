// Memory for handlers: from the frame pool, or from a block that is there before it is needed.
#pragma once

#include "frond/base/detail/frame_pool.hpp"

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <type_traits>

namespace frond::detail {

/// Memory for handlers from the frame pool, so that posting work allocates nothing once it runs. `Least`: a handler that takes
/// the place of another one, of which neither is larger, finds the memory of that one.
template <class T, std::size_t Least = 0>
struct handler_allocator {
    using value_type = T;
    template <class U>
    struct rebind {
        using other = handler_allocator<U, Least>;
    };

    handler_allocator() noexcept = default;
    template <class U>
    handler_allocator(handler_allocator<U, Least> const&) noexcept {}

    auto* allocate(std::size_t count)
        requires(!std::is_void_v<T>)
    {
        using type = std::conditional_t<std::is_void_v<T>, char, T>;
        return static_cast<type*>(frame_pool::take(std::max(Least, count * sizeof(type))));
    }
    template <class U>
    void deallocate(U* memory, std::size_t count) noexcept {
        frame_pool::give(memory, std::max(Least, count * sizeof(U)));
    }

    friend bool operator==(handler_allocator, handler_allocator) noexcept { return true; }
};

/// Room for one handler at a time. Asio moves a handler out of its memory before it calls or destroys the handler, so the handler
/// may own the block.
///
/// Thread: any.
class handler_block {
public:
    handler_block() noexcept = default;
    handler_block(handler_block const&) = delete;
    handler_block& operator=(handler_block const&) = delete;

    /// Null if the block is taken, or too small.
    void* take(std::size_t size) noexcept {
        if (size > sizeof memory_ || taken_.test_and_set(std::memory_order_acquire)) return nullptr;
        return memory_;
    }
    /// False if the memory is not the block's.
    bool give(void* memory) noexcept {
        if (memory != memory_) return false;
        taken_.clear(std::memory_order_release);
        return true;
    }

private:
    alignas(std::max_align_t) std::byte memory_[192];
    std::atomic_flag taken_;
};

/// Memory for handlers from a block, and from the frame pool where the block will not do. The block outlives the memory.
template <class T>
class block_allocator {
public:
    using value_type = T;

    explicit block_allocator(handler_block& from) noexcept : from_(&from) {}
    template <class U>
    block_allocator(block_allocator<U> const& other) noexcept : from_(&other.from()) {}

    handler_block& from() const noexcept { return *from_; }

    auto* allocate(std::size_t count)
        requires(!std::is_void_v<T>)
    {
        using type = std::conditional_t<std::is_void_v<T>, char, T>;
        void* memory = from_->take(count * sizeof(type));
        if (memory == nullptr) memory = frame_pool::take(count * sizeof(type));
        return static_cast<type*>(memory);
    }
    template <class U>
    void deallocate(U* memory, std::size_t count) noexcept {
        if (!from_->give(memory)) frame_pool::give(memory, count * sizeof(U));
    }

    friend bool operator==(block_allocator const& a, block_allocator const& b) noexcept { return a.from_ == b.from_; }

private:
    handler_block* from_;
};

}  // namespace frond::detail
