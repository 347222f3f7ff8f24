#include "frond/base/detail/biased_lock.hpp"

#include "../../catch.hpp"

#include <atomic>
#include <barrier>
#include <thread>

namespace {

constexpr int many = 100'000;

// The owner and a visitor increment the same counter, `many` times each.
long count_together() {
    frond::biased_lock lock;
    long counter = 0;  // behind the lock
    std::barrier start(2);
    std::thread visitor([&] {
        start.arrive_and_wait();
        for (int visits = 0; visits < many;) {
            if (!lock.visit()) {
                std::this_thread::yield();
                continue;
            }
            ++counter;
            ++visits;
            lock.leave();
        }
    });
    start.arrive_and_wait();
    for (int i = 0; i < many; ++i) {
        lock.lock();
        ++counter;
        lock.unlock();
    }
    visitor.join();
    return counter;
}

}  // namespace

TEST_CASE("a visitor is refused while the owner is inside, and let in when it is away") {
    frond::biased_lock lock;
    auto const visit = [&lock] {
        bool inside = false;
        std::thread([&] {
            inside = lock.visit();
            if (inside) lock.leave();
        }).join();
        return inside;
    };
    CHECK(visit());
    lock.lock();
    CHECK(lock.is_locked());
    CHECK_FALSE(visit());
    CHECK_FALSE(visit());
    lock.unlock();
    CHECK_FALSE(lock.is_locked());
    CHECK(visit());
}

TEST_CASE("an owner that comes back waits until the visitor has left, and sees all that it wrote") {
    frond::biased_lock lock;
    int written = 0;  // behind the lock
    std::atomic<bool> is_back{false};
    int seen = 0;
    CHECK(lock.visit());
    std::thread owner([&] {
        lock.lock();
        is_back = true;
        seen = written;
        lock.unlock();
    });
    while (!lock.is_locked() && !is_back) std::this_thread::yield();
    // Time for an owner that does not wait; one that does is not hurried by it.
    for (int i = 0; i < 1000; ++i) std::this_thread::yield();
    CHECK_FALSE(is_back);
    written = 1;
    lock.leave();
    owner.join();
    CHECK(is_back);
    CHECK(seen == 1);
}

TEST_CASE("a visitor that was refused does not keep the owner out") {
    frond::biased_lock lock;
    lock.lock();
    bool inside = true;
    std::thread([&] { inside = lock.visit(); }).join();
    REQUIRE_FALSE(inside);
    lock.unlock();
    lock.lock();
    CHECK(lock.is_locked());
    lock.unlock();
}

TEST_CASE("an owner and a visitor that come and go at once are never inside together") {
    CHECK(count_together() == 2 * many);
}

TEST_CASE("the same holds where the visitor's fence acts for the owner as well") {
    frond::asymmetric_fence::prepare();
    CHECK(frond::asymmetric_fence::heavy());
    CHECK(count_together() == 2 * many);
}
