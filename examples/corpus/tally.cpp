#include "tally.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace corpus {

namespace {

constexpr std::size_t most_problems = 100;

extension_counts row_of(std::string extension, std::uint64_t files, text_counts const& text) {
    extension_counts row;
    row.extension = std::move(extension);
    row.files = files;
    row.bytes = text.bytes;
    row.lines = text.lines;
    row.words = text.words;
    row.distinct = text.distinct.size();
    return row;
}

}  // namespace

void tally::add(file_counts&& file) {
    if (file.problem) {
        if (made_.problems.size() < most_problems) made_.problems.push_back({file.path, file.problem});
        ++made_.problem_count;
        if (file.text.bytes == 0) return;
    }
    gathered& to = by_extension_[file.path.extension().string()];
    ++to.files;
    to.text.add(std::move(file.text));
}

totals tally::finish() && {
    gathered all;
    for (auto& [extension, one] : by_extension_) {
        made_.extensions.push_back(row_of(extension, one.files, one.text));
        all.files += one.files;
        all.text.add(std::move(one.text));
    }
    made_.all = row_of("total", all.files, all.text);
    // The largest first; among equals by name. (A stable sort would warn with clang, of what its library uses inside.)
    std::sort(made_.extensions.begin(), made_.extensions.end(),
              [](extension_counts const& a, extension_counts const& b) {
                  return std::tie(b.bytes, a.extension) < std::tie(a.bytes, b.extension);
              });
    return std::move(made_);
}

}  // namespace corpus
