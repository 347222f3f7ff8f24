#include "nodes.hpp"

#include "open_file.hpp"

#include <string>
#include <utility>

namespace corpus {

frond::expander<found_file> file(frond::input<"root", std::filesystem::path> root) {
    walk files(*root);
    while (auto found = files.next()) {
        std::string name = found->path().string();
        co_yield frond::child(std::move(name), std::move(*found));
    }
}

frond::expander<chunk_range> chunk(frond::in<file> of) {
    std::uint64_t const chunks = of->problem() ? 0 : chunks_of(of->size());
    co_yield frond::expect(chunks);
    for (std::uint64_t i = 0; i < chunks; ++i) co_yield nth_chunk(i, of->size());
}

chunk_counts words(frond::in<chunk> part, frond::in<file> of) {
    chunk_counts counted;
    try {
        open_file const text(of->path());
        counted.text = count_chunk([&](auto offset, auto into) { return text.read(offset, into); }, *part);
    } catch (std::system_error const& failure) {
        counted.problem = failure.code();
    }
    return counted;
}

frond::async<file_counts> file_total(frond::each<words> chunks, frond::in<file> of) {
    file_counts sum;
    sum.path = of->path();
    sum.problem = of->problem();
    while (auto next = co_await chunks.next()) {
        if (next->problem) sum.problem = next->problem;
        sum.text.add(std::move(next->text));
    }
    co_return sum;
}

frond::async<totals> by_extension(frond::each<file_total> files) {
    tally gathered;
    while (auto next = co_await files.next()) gathered.add(std::move(*next));
    co_return std::move(gathered).finish();
}

}  // namespace corpus
