// The peak memory of one run with so many lazily yielded children: `memory CHILDREN [THREADS]`. A process for each
// figure, since a peak never falls.
#include "series.hpp"
#include "workload.hpp"

#include <frond/frond.hpp>

#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>

namespace lazy {

frond::expander<std::uint64_t> child(frond::input<"children", std::uint64_t> count) {
    for (std::uint64_t i = 0; i < *count; ++i) co_yield i;
}

std::uint64_t hash(frond::in<child> index) { return workload::hash(*index); }

frond::async<std::uint64_t> sum(frond::each<hash> values) {
    std::uint64_t total = 0;
    while (auto const value = co_await values.next()) total += *value;
    co_return total;
}

}  // namespace lazy

int main(int argc, char** argv) {
    if (argc < 2) {
        std::fprintf(stderr, "usage: %s CHILDREN [THREADS]\n", argv[0]);
        return 2;
    }
    std::uint64_t const children = std::strtoull(argv[1], nullptr, 10);
    auto const threads = static_cast<unsigned>(argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 1);

    auto const begin = std::chrono::steady_clock::now();
    auto const outcome = frond::run_blocking<lazy::sum>(frond::arg<"children">(children), frond::threads(threads));
    std::chrono::duration<double, std::nano> const took = std::chrono::steady_clock::now() - begin;
    if (!outcome || outcome.value() != bench::sum_of_hashes(children)) {
        std::fprintf(stderr, "wrong sum\n");
        return 1;
    }
    rusage used{};
    getrusage(RUSAGE_SELF, &used);
    std::printf("%12llu children, %u threads: %8.1f MiB at most, %6.2f ns a child\n",
                static_cast<unsigned long long>(children), threads, static_cast<double>(used.ru_maxrss) / 1024,
                took.count() / static_cast<double>(children));
}
