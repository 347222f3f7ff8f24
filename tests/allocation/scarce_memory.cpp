#include "scarce_memory.hpp"

#include <atomic>
#include <cstdlib>
#include <new>

namespace scarce {

namespace {

constinit std::atomic<bool> opened{false};
constinit std::atomic<std::size_t> count{0};
constinit std::atomic<long> living{0};
constinit refused refusing = refused::none;
constinit std::size_t from = 0;

bool refuses() noexcept {
    if (!opened.load(std::memory_order_relaxed)) return false;
    std::size_t const number = count.fetch_add(1, std::memory_order_relaxed) + 1;
    return (refusing == refused::one && number == from) || (refusing == refused::all_further && number >= from);
}

void* take(std::size_t size, std::size_t alignment) {
    void* memory = nullptr;
    if (!refuses()) {
        if (alignment <= alignof(std::max_align_t)) {
            memory = std::malloc(size == 0 ? 1 : size);
        } else {
            memory = std::aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
        }
    }
    if (memory == nullptr) throw std::bad_alloc();
    living.fetch_add(1, std::memory_order_relaxed);
    return memory;
}

void give(void* memory) noexcept {
    if (memory == nullptr) return;
    living.fetch_sub(1, std::memory_order_relaxed);
    std::free(memory);
}

}  // namespace

void plan(refused what, std::size_t point) noexcept {
    refusing = what;
    from = point;
}
void open() noexcept { opened.store(true); }
void close() noexcept { opened.store(false); }
bool is_open() noexcept { return opened.load(); }
std::size_t asked() noexcept { return count.load(); }
long alive() noexcept { return living.load(); }

}  // namespace scarce

void* operator new(std::size_t size) { return scarce::take(size, 0); }
void* operator new[](std::size_t size) { return scarce::take(size, 0); }
void* operator new(std::size_t size, std::align_val_t alignment) {
    return scarce::take(size, static_cast<std::size_t>(alignment));
}
void* operator new[](std::size_t size, std::align_val_t alignment) {
    return scarce::take(size, static_cast<std::size_t>(alignment));
}
void operator delete(void* memory) noexcept { scarce::give(memory); }
void operator delete[](void* memory) noexcept { scarce::give(memory); }
void operator delete(void* memory, std::size_t) noexcept { scarce::give(memory); }
void operator delete[](void* memory, std::size_t) noexcept { scarce::give(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { scarce::give(memory); }
void operator delete[](void* memory, std::align_val_t) noexcept { scarce::give(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { scarce::give(memory); }
void operator delete[](void* memory, std::size_t, std::align_val_t) noexcept { scarce::give(memory); }
