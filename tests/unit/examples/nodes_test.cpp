// The main example's nodes, called as plain functions.
#include "../../catch.hpp"

#include "../base/by_hand.hpp"
#include "nodes.hpp"
#include "scratch.hpp"

#include <system_error>
#include <utility>
#include <vector>

using namespace corpus;

TEST_CASE("the words of a chunk are those of that part of the file") {
    scratch const in;
    in.file("a.txt", "one two three\nfour");
    found_file const file(in.path() / "a.txt", 18);
    chunk_counts const first = words(nth_chunk(0, 18, 6), file);
    CHECK_FALSE(first.problem);
    CHECK(first.text.bytes == 6);
    CHECK(first.text.words == 2);
    CHECK(words(nth_chunk(2, 18, 6), file).text.words == 1);  // "three" is the second chunk's
}

TEST_CASE("a file that cannot be opened is no failure of the node") {
    scratch const in;
    chunk_counts const none = words(nth_chunk(0, 5), found_file(in.path() / "gone", 5));
    CHECK(none.problem == std::errc::no_such_file_or_directory);
    CHECK(none.text.bytes == 0);
}

TEST_CASE("a file's counts are the sum of its chunks', and tell of a chunk that could not be read") {
    scratch const in;
    in.file("a.txt", "one two three\nfour");
    found_file const file(in.path() / "a.txt", 18);
    std::vector<chunk_counts> parts;
    for (std::uint64_t i = 0; i < 3; ++i) parts.push_back(words(nth_chunk(i, 18, 6), file));
    auto whole = by_hand::run(file_total(std::move(parts), file));
    CHECK_FALSE(whole.problem);
    CHECK(whole.path == file.path());
    CHECK(whole.text.words == 4);
    CHECK(whole.text.distinct.size() == 4);

    parts.clear();
    parts.push_back(words(nth_chunk(0, 18, 6), file));
    parts.emplace_back().problem = std::make_error_code(std::errc::io_error);
    CHECK(by_hand::run(file_total(std::move(parts), file)).problem == std::errc::io_error);
}

TEST_CASE("what the walk could not read is told with the files") {
    found_file const closed("closed", std::make_error_code(std::errc::permission_denied));
    std::vector<file_counts> files;
    files.push_back(by_hand::run(file_total(std::vector<chunk_counts>(), closed)));
    totals const all = by_hand::run(by_extension(std::move(files)));
    REQUIRE(all.problems.size() == 1);
    CHECK(all.problems[0].path == "closed");
    CHECK(all.all.files == 0);
}
