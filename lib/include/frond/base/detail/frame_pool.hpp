// Recycled memory for coroutine frames and small objects of the runtime: a free list per size class and thread.
//
// Thread: memory may be returned on another thread than it was taken on.
// A list that grows past its bound gives memory back.
// A build with a sanitizer recycles nothing, so that the sanitizer sees each use of memory after its end.
#pragma once

#include <cstddef>
#include <cstdint>
#include <new>
#include <vector>

namespace frond::frame_pool {

/// Errors: throws std::bad_alloc.
void* take(std::size_t size);
/// `size` must be the size that `take` was asked for.
void give(void* memory, std::size_t size) noexcept;
/// False if this build keeps nothing for the next `take`.
bool recycles() noexcept;

/// Base of classes whose objects live in the pool. Has no placement form: a coroutine whose one parameter is a pointer, or becomes
/// one, would take that for its frame's memory.
struct pooled {
    static void* operator new(std::size_t size) { return take(size); }
    static void operator delete(void* memory, std::size_t size) noexcept { give(memory, size); }
};

/// Gives a container memory from the pool, whatever alignment its elements need.
template <class T>
struct allocator {
    using value_type = T;

    allocator() noexcept = default;
    template <class U>
    allocator(allocator<U> const&) noexcept {}

    /// Errors: throws std::bad_alloc.
    T* allocate(std::size_t count) {
        std::byte* const memory = static_cast<std::byte*>(take(bytes(count)));
        if constexpr (spare == 0) {
            return reinterpret_cast<T*>(memory);
        } else {
            // The address that the pool gave lies before the elements.
            auto const at = reinterpret_cast<std::uintptr_t>(memory);
            std::byte* const elements = memory + (spare - at % spare);
            ::new (elements - sizeof memory) std::byte*(memory);
            return reinterpret_cast<T*>(elements);
        }
    }
    void deallocate(T* elements, std::size_t count) noexcept {
        auto* memory = reinterpret_cast<std::byte*>(elements);
        if constexpr (spare != 0) memory = *reinterpret_cast<std::byte**>(memory - sizeof memory);
        give(memory, bytes(count));
    }
    friend bool operator==(allocator const&, allocator const&) noexcept { return true; }

private:
    static constexpr std::size_t spare = alignof(T) > alignof(std::max_align_t) ? alignof(T) : 0;
    static constexpr std::size_t bytes(std::size_t count) noexcept { return count * sizeof(T) + spare; }
};

template <class T>
using vector = std::vector<T, allocator<T>>;

}  // namespace frond::frame_pool
