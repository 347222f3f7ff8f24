#include "frond/base/detail/frame_pool.hpp"

#include "../../catch.hpp"

#include <cstdint>
#include <cstring>
#include <thread>
#include <vector>

namespace pool = frond::frame_pool;

TEST_CASE("memory from the pool is large enough and aligned for any object") {
    std::vector<std::pair<void*, std::size_t>> taken;
    for (std::size_t size = 1; size < 5'000; size += 37) {
        void* const memory = pool::take(size);
        CHECK(reinterpret_cast<std::uintptr_t>(memory) % alignof(std::max_align_t) == 0);
        std::memset(memory, static_cast<int>(size), size);
        taken.emplace_back(memory, size);
    }
    bool whole = true;
    for (auto const& [memory, size] : taken) {
        auto const* const bytes = static_cast<unsigned char const*>(memory);
        for (std::size_t i = 0; i < size; ++i) whole = whole && bytes[i] == static_cast<unsigned char>(size);
        pool::give(memory, size);
    }
    CHECK(whole);
}

TEST_CASE("what was given back is taken again by the next of its size, but for builds with a sanitizer") {
    void* const first = pool::take(100);
    pool::give(first, 100);
    void* const second = pool::take(100);
    CHECK((first == second || !pool::recycles()));
    pool::give(second, 100);
}

TEST_CASE("memory may be given back on another thread than it was taken on") {
    std::vector<void*> taken;
    for (int i = 0; i < 10'000; ++i) taken.push_back(pool::take(200));
    std::thread([&taken] {
        for (void* const each : taken) pool::give(each, 200);
        for (void*& each : taken) each = pool::take(200);
    }).join();
    // The thread is gone, and with it its lists; what it took is still ours.
    for (void* const each : taken) {
        std::memset(each, 1, 200);
        pool::give(each, 200);
    }
}

namespace {

/// Made before the thread's lists, so that it is destroyed after them.
struct late {
    void* memory = nullptr;
    ~late() {
        if (memory == nullptr) return;
        pool::give(memory, 64);
        pool::give(pool::take(64), 64);
    }
};

thread_local late outlives_the_lists;

}  // namespace

TEST_CASE("a thread's last objects may still take and give when its lists are gone") {
    std::thread([] {
        outlives_the_lists.memory = nullptr;
        void* const memory = pool::take(64);
        outlives_the_lists.memory = memory;
    }).join();
}

TEST_CASE("an object of the pool comes from there and goes back there") {
    struct object : pool::pooled {
        std::uint64_t content[20] = {};
    };
    auto* const first = new object;
    void* const where = first;
    delete first;
    auto* const second = new object;
    CHECK((second == where || !pool::recycles()));
    delete second;
}

TEST_CASE("a container in the pool has its elements at the alignment that they need") {
    struct alignas(64) line {
        std::uint64_t number = 7;
    };
    struct small {
        std::uint32_t number = 7;
    };
    for (std::size_t const size : {1U, 3U, 30U, 3'000U}) {
        std::vector<line, pool::allocator<line>> lines(size);
        std::vector<small, pool::allocator<small>> smalls(size);
        CHECK(reinterpret_cast<std::uintptr_t>(lines.data()) % 64 == 0);
        auto const other_lines = lines;
        bool whole = true;
        for (std::size_t i = 0; i < size; ++i) {
            lines[i].number = i;
            smalls[i].number = static_cast<std::uint32_t>(i);
        }
        for (std::size_t i = 0; i < size; ++i) {
            whole = whole && lines[i].number == i && smalls[i].number == i && other_lines[i].number == 7;
        }
        CHECK(whole);
    }
}
