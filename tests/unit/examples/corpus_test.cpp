// What examples/corpus counts, and that chunks make no difference.
#include "../../catch.hpp"

#include "count.hpp"
#include "scratch.hpp"
#include "tally.hpp"
#include "walk.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <locale>
#include <random>
#include <set>
#include <span>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fs = std::filesystem;
using namespace corpus;

namespace {

/// Reads a text, at most `most` bytes at once, as a file may do.
text_reader reader_of(std::string_view text, std::size_t most = 1 << 20) {
    return [=](std::uint64_t offset, std::span<char> into) -> std::size_t {
        if (offset >= text.size()) return 0;
        auto const got = std::min({text.size() - static_cast<std::size_t>(offset), into.size(), most});
        std::memcpy(into.data(), text.data() + offset, got);
        return got;
    };
}

text_counts count_all(std::string_view text, std::uint64_t chunk, std::size_t most = 1 << 20) {
    text_counts sum;
    for (std::uint64_t i = 0; i < chunks_of(text.size(), chunk); ++i) {
        sum.add(count_chunk(reader_of(text, most), nth_chunk(i, text.size(), chunk)));
    }
    return sum;
}

/// The slow and obvious way.
struct expected_counts {
    explicit expected_counts(std::string const& text)
        : bytes(text.size()), lines(static_cast<std::uint64_t>(std::count(text.begin(), text.end(), '\n'))) {
        std::istringstream in(text);
        in.imbue(std::locale::classic());
        for (std::string word; in >> word; ++words) distinct.insert(word);
    }
    std::uint64_t bytes, lines, words = 0;
    std::set<std::string> distinct;
};

void check_counts(text_counts const& counted, expected_counts const& expected) {
    CHECK(counted.bytes == expected.bytes);
    CHECK(counted.lines == expected.lines);
    CHECK(counted.words == expected.words);
    CHECK(counted.distinct.size() == expected.distinct.size());
}

std::string text_of(std::uint32_t seed, std::size_t size) {
    std::mt19937 random(seed);
    std::string text;
    for (std::size_t i = 0; i < size; ++i) text += "aab \n\t\xc3"[random() % 7];
    return text;
}

std::vector<std::pair<std::string, std::uint64_t>> found_in(fs::path const& root) {
    std::vector<std::pair<std::string, std::uint64_t>> all;
    walk files(root);
    while (auto found = files.next()) {
        CHECK_FALSE(found->problem());
        all.emplace_back(fs::relative(found->path(), root).string(), found->size());
    }
    std::sort(all.begin(), all.end());
    return all;
}

file_counts counts_of(fs::path path, std::string_view text) {
    file_counts made;
    made.path = std::move(path);
    made.text = count_all(text, chunk_size);
    return made;
}

}  // namespace

TEST_CASE("words are what stands between white space, lines are ends of lines") {
    auto const counted = count_all("  one two\vtwo\f\n\r\nthree\tone", chunk_size);
    CHECK(counted.bytes == 26);
    CHECK(counted.lines == 2);
    CHECK(counted.words == 5);
    CHECK(counted.distinct.size() == 3);
}

TEST_CASE("an empty text has nothing to count, and still one chunk") {
    CHECK(chunks_of(0) == 1);
    check_counts(count_all("", 4), expected_counts(""));
}

TEST_CASE("chunks cover a text without a gap") {
    CHECK(chunks_of(chunk_size) == 1);
    CHECK(chunks_of(chunk_size + 1) == 2);
    CHECK(nth_chunk(0, 10, 4).length() == 4);
    CHECK_FALSE(nth_chunk(0, 10, 4).last());
    CHECK(nth_chunk(2, 10, 4).offset() == 8);
    CHECK(nth_chunk(2, 10, 4).length() == 2);
    CHECK(nth_chunk(2, 10, 4).last());
}

TEST_CASE("the sums are the same whatever the chunks are") {
    for (std::uint32_t seed = 0; seed < 50; ++seed) {
        std::string const text = text_of(seed, 60);
        expected_counts const expected(text);
        for (std::uint64_t chunk = 1; chunk <= 64; ++chunk) check_counts(count_all(text, chunk), expected);
    }
}

TEST_CASE("a word may be longer than a chunk") {
    std::string const text = "a " + std::string(1000, 'x') + " b";
    for (std::uint64_t const chunk : {1U, 7U, 100U, 999U}) check_counts(count_all(text, chunk), expected_counts(text));
}

TEST_CASE("a word may be longer than what is read at once") {
    std::string const text = std::string(100'000, 'x') + " y " + std::string(100'000, 'x');
    check_counts(count_all(text, 50'000), expected_counts(text));
    check_counts(count_all(text, 1'000'000), expected_counts(text));
}

TEST_CASE("reads that give less than asked for make no difference") {
    std::string const text = text_of(7, 500);
    check_counts(count_all(text, 100, 3), expected_counts(text));
}

TEST_CASE("the last chunk goes on to the end of a text that has grown") {
    std::string const text = "one two three";
    check_counts(count_chunk(reader_of(text), nth_chunk(0, 0)), expected_counts(text));
}

TEST_CASE("a text that has shrunk ends where it ends") {
    std::string const text = "one two";
    text_counts sum = count_chunk(reader_of(text), nth_chunk(0, 12, 6));
    sum.add(count_chunk(reader_of(text), nth_chunk(1, 12, 6)));
    check_counts(sum, expected_counts(text));
    CHECK(count_chunk(reader_of(text), nth_chunk(2, 30, 10)).bytes == 0);
}

TEST_CASE("distinct words of many texts are those of all together") {
    text_counts sum;
    std::string all;
    for (int text = 0; text < 20; ++text) {
        std::string words;
        for (int i = 0; i < 1000; ++i) words += std::to_string(text * 500 + i) + " ";
        sum.add(count_all(words, chunk_size));
        all += words;
    }
    check_counts(sum, expected_counts(all));
    CHECK(sum.distinct.size() == 10'500);
}

TEST_CASE("a walk finds regular files of every directory and follows no link") {
    scratch const in;
    in.file("a.h", "12345");
    in.file("sub/deep/b.hpp", "");
    in.file("sub/.hidden", "x");
    fs::create_directories(in.path() / "empty");
    fs::create_symlink("a.h", in.path() / "link.h");
    fs::create_directory_symlink("..", in.path() / "sub/up");
    fs::create_symlink("nowhere", in.path() / "dangling");
    using found = std::vector<std::pair<std::string, std::uint64_t>>;
    CHECK(found_in(in.path()) == found{{"a.h", 5}, {"sub/.hidden", 1}, {"sub/deep/b.hpp", 0}});
    CHECK(found_in(in.path() / "sub/up") == found_in(in.path()));  // it was asked for
}

TEST_CASE("a walk from a file finds that file; from nothing it is refused") {
    scratch const in;
    in.file("a.h", "12345");
    walk one(in.path() / "a.h");
    CHECK(one.next()->size() == 5);
    CHECK_FALSE(one.next());
    CHECK_THROWS_AS(walk(in.path() / "missing"), fs::filesystem_error);
}

TEST_CASE("extensions come in the order of their bytes, with a total of all") {
    tally gathered;
    gathered.add(counts_of("x/a.h", "one two\n"));
    gathered.add(counts_of("x/b.hpp", "one two three four\n"));
    gathered.add(counts_of("x/c.h", "two three\n"));
    gathered.add(counts_of("x/README", "one"));
    totals const of = std::move(gathered).finish();
    CHECK(table(of, 20) ==
          "extension  files  bytes  lines  words  distinct\n"
          ".hpp           1     19      1      4         4\n"
          ".h             2     18      2      4         3\n"
          "(none)         1      3      0      1         1\n"
          "total          4     40      3      9         4\n");
    CHECK(table(of, 1) ==
          "extension   files  bytes  lines  words  distinct\n"
          ".hpp            1     19      1      4         4\n"
          "(2 others)      3     21      2      5\n"
          "total           4     40      3      9         4\n");
}

TEST_CASE("what cannot be read is told and left out") {
    tally gathered;
    gathered.add(counts_of("a.h", "one\n"));
    for (int i = 0; i < 102; ++i) {
        file_counts closed;
        closed.path = "closed\n.h";
        closed.problem = std::make_error_code(std::errc::permission_denied);
        gathered.add(std::move(closed));
    }
    totals const of = std::move(gathered).finish();
    CHECK(of.all.files == 1);
    auto const told = problems(of);
    CHECK(told.rfind("cannot read closed\\x0a.h: Permission denied\n", 0) == 0);
    CHECK(std::count(told.begin(), told.end(), '\n') == 101);
    CHECK(told.substr(told.size() - 19) == "cannot read 2 more\n");
}
