#include "frond/base/detail/frame_pool.hpp"

#include <new>

// gcc defines a macro for each sanitizer, clang has a feature for it.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define FROND_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define FROND_SANITIZED 1
#endif
#endif

namespace frond::frame_pool {

namespace {

#ifdef FROND_SANITIZED
constexpr bool keeps = false;
#else
constexpr bool keeps = true;
#endif

constexpr std::size_t class_bytes = 64;
constexpr std::size_t classes = 32;       // up to 2 KiB; larger blocks go to the heap
constexpr unsigned kept_bytes = 1 << 18;  // for each class and thread

struct block {
    block* next;
};

struct lists {
    block* head[classes] = {};
    unsigned count[classes] = {};

    ~lists() {
        for (block*& list : head) {
            while (list != nullptr) {
                block* const next = list->next;
                ::operator delete(list);
                list = next;
            }
        }
        gone = true;
    }
    static thread_local bool gone;  // other thread-locals may still return memory after these lists are destroyed
};

thread_local bool lists::gone = false;
thread_local lists mine;

constexpr std::size_t class_of(std::size_t size) { return size == 0 ? 0 : (size - 1) / class_bytes; }

}  // namespace

void* take(std::size_t size) {
    std::size_t const k = class_of(size);
    if (!keeps || k >= classes) return ::operator new(size);
    if (!lists::gone) {
        if (block* const first = mine.head[k]) {
            mine.head[k] = first->next;
            --mine.count[k];
            return first;
        }
    }
    return ::operator new((k + 1) * class_bytes);
}

void give(void* memory, std::size_t size) noexcept {
    std::size_t const k = class_of(size);
    if (keeps && k < classes && !lists::gone && mine.count[k] < kept_bytes / ((k + 1) * class_bytes)) {
        mine.head[k] = ::new (memory) block{mine.head[k]};
        ++mine.count[k];
        return;
    }
    ::operator delete(memory);
}

bool recycles() noexcept { return keeps; }

}  // namespace frond::frame_pool
