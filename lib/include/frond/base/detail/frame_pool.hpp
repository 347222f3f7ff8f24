// Recycled memory for coroutine frames and small objects of the runtime: a free list per size class and thread.
//
// Thread: memory may be returned on another thread than it was taken on.
// A list that grows past its bound gives memory back.
// A build with a sanitizer recycles nothing, so that the sanitizer sees each use of memory after its end.
#pragma once

#include <cstddef>

namespace frond::frame_pool {

/// Errors: throws std::bad_alloc.
void* take(std::size_t size);
/// `size` must be the size that `take` was asked for.
void give(void* memory, std::size_t size) noexcept;
/// False if this build keeps nothing for the next `take`.
bool recycles() noexcept;

/// Base of classes whose objects live in the pool.
struct pooled {
    static void* operator new(std::size_t size) { return take(size); }
    static void* operator new(std::size_t, void* at) noexcept { return at; }
    static void operator delete(void* memory, std::size_t size) noexcept { give(memory, size); }
};

}  // namespace frond::frame_pool
