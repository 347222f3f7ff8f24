// A value that knows how often its kind was copied and which of them live, and of which one move or copy fails.
#pragma once

#include <cstddef>
#include <mutex>
#include <set>
#include <stdexcept>

class mortal {
public:
    explicit mortal(int n) : number_(n) { begin(); }
    mortal(mortal&& other) : number_(other.number_) {
        attempt("is not to be moved");
        begin();
    }
    mortal(mortal const& other) : number_(other.number_) {
        attempt("is not to be copied");
        std::lock_guard const guard(all().mutex);
        ++all().copies;
        all().alive.insert(this);
    }
    mortal& operator=(mortal const&) = delete;
    ~mortal() {
        std::lock_guard const guard(all().mutex);
        if (all().alive.erase(this) == 0) ++all().destroyed_twice;
    }

    int number() const noexcept { return number_; }

    // ---- all of them

    /// From here on: counts anew, and lets the move or copy of that number fail; 0: none.
    static void count_anew(std::size_t failing = 0) {
        std::lock_guard const guard(all().mutex);
        all().attempts = all().copies = 0;
        all().failing = failing;
    }
    static bool one_has_failed() {
        std::lock_guard const guard(all().mutex);
        return all().failing != 0 && all().attempts >= all().failing;
    }
    static std::size_t copies() {
        std::lock_guard const guard(all().mutex);
        return all().copies;
    }
    static std::size_t alive() {
        std::lock_guard const guard(all().mutex);
        return all().alive.size();
    }
    static std::size_t destroyed_twice() {
        std::lock_guard const guard(all().mutex);
        return all().destroyed_twice;
    }

private:
    struct record {
        std::mutex mutex;  // guards what follows: bodies that block have threads of their own
        std::set<mortal const*> alive;
        std::size_t attempts = 0;
        std::size_t copies = 0;
        std::size_t failing = 0;
        std::size_t destroyed_twice = 0;
    };
    static record& all() {
        static record one;
        return one;
    }
    static void attempt(char const* what) {
        std::lock_guard const guard(all().mutex);
        if (++all().attempts == all().failing) throw std::runtime_error(what);
    }
    void begin() {
        std::lock_guard const guard(all().mutex);
        all().alive.insert(this);
    }

    int number_;
};
