// Wrong graphs, one for each CASE; case 0 is right. refused.py compiles each and looks for the message.
#include "frond/graph/typed_graph.hpp"

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

using frond::all;
using frond::async;
using frond::back;
using frond::each;
using frond::expander;
using frond::in;
using frond::input;
using frond::modules;
using frond::named;
using frond::take;

namespace good {

expander<int> file(input<"root", int>);
expander<int> other(input<"root", int>);
int words(in<file>);
int size(in<file>);
int rows(in<other>);
int outside(input<"root", int>);
async<int> total(each<words>);
int files(all<file>);

}  // namespace good

template <auto... Wanted>
void wanted() {
    static_cast<void>(frond::graph_of<Wanted...>());
}
template <class Modules, auto... Wanted>
void wanted() {
    static_cast<void>(frond::graph_of<Modules, Wanted...>());
}

#if CASE == 0
int report(in<good::total>, in<good::files>, named<"outside", int>, input<"title", std::string, "none">);
template void wanted<modules<good::outside>, report, good::file>();
// Some order of reading stands still in these: a run lets a stream grow.
expander<int> again(each<good::words>);
int row(in<again>);
async<int> word_beside(each<good::words>, each<row>);
async<int> word_first(each<good::words>, each<good::rows>);
async<int> row_first(each<good::words>, each<good::rows>);
async<int> row_list(each<good::words>, all<good::rows>);
template void wanted<word_beside, word_first, row_first, row_list>();
// An expander that its own children feed, inside another expansion.
expander<int> page(in<good::file>, back<"links", std::vector<int>>);
std::vector<int> links(in<page>, in<good::file>);
int pages(all<page>);
int all_pages(all<pages>);
template void wanted<modules<links>, all_pages>();
#elif CASE == 1   // cycle
int b(named<"a", int>);
int a(in<b>);
template void wanted<modules<b>, a>();
#elif CASE == 2   // two_expansions
int mix(in<good::words>, in<good::rows>);
int sum(all<mix>);
template void wanted<sum>();
#elif CASE == 3   // collects_unexpanded
int sum(all<good::outside>);
template void wanted<sum>();
#elif CASE == 4   // wanted_inside
template void wanted<good::words>();
#elif CASE == 5   // own_collector
int share(in<good::words>, in<good::total>);
int sum(all<share>);
template void wanted<sum>();
#elif CASE == 6   // own_collector, behind another node
int doubled(in<good::total>);
int share(in<good::words>, in<doubled>);
int sum(all<share>);
template void wanted<sum>();
#elif CASE == 7   // two_streams
async<int> sum(each<good::words>, each<good::size>);
template void wanted<sum>();
#elif CASE == 8   // standstill: a stream beside the value of another collector
async<int> sum(each<good::words>, in<good::files>);
template void wanted<sum>();
#elif CASE == 9   // standstill: a stream beside a list
async<int> sum(each<good::words>, all<good::size>);
template void wanted<sum>();
#elif CASE == 10  // take_shared
int one(take<good::outside>);
int two(in<good::outside>);
int sum(in<one>, in<two>);
template void wanted<sum>();
#elif CASE == 11  // take_from_outside
int one(in<good::file>, take<good::outside>);
int sum(all<one>);
template void wanted<sum>();
#elif CASE == 12  // input_conflict
int one(input<"x", int>);
int two(input<"x", long>);
int sum(in<one>, in<two>);
template void wanted<sum>();
#elif CASE == 13  // input_conflict by its default
int one(input<"x", int, 1>);
int two(input<"x", int, 2>);
int sum(in<one>, in<two>);
template void wanted<sum>();
#elif CASE == 14  // unusable_default
int one(input<"x", int, "text">);
template void wanted<one>();
#elif CASE == 15  // unusable_default of a reference
int one(input<"x", int&, 1>);
template void wanted<one>();
#elif CASE == 16  // unknown_name
int one(named<"nothing", int>);
template void wanted<one>();
#elif CASE == 17  // name_of_other_type
int one(named<"outside", std::string>);
template void wanted<modules<good::outside>, one>();
#elif CASE == 18  // ambiguous_name
namespace far {
int outside(input<"root", int>);
}
int one(named<"outside", int>);
template void wanted<modules<good::outside, far::outside>, one>();
#elif CASE == 19  // duplicate_name
int root(in<good::total>);
int sum(in<root>, in<good::outside>);
template void wanted<sum>();
#elif CASE == 20  // not_a_dependency
int one(int);
template void wanted<one>();
#elif CASE == 21  // by_reference
int one(in<good::outside> const&);
template void wanted<one>();
#elif CASE == 22  // returns_no_value
int& one(in<good::outside>);
template void wanted<one>();
#elif CASE == 23  // returns_no_value
async<expander<int>> one(in<good::outside>);
template void wanted<one>();
#elif CASE == 24  // needs_name; clang sees two nodes of one name
template <class T>
T converted(in<good::outside>);
int sum(in<converted<int>>, in<converted<long>>);
template void wanted<sum>();
#elif CASE == 25  // collects_view
std::string_view line(in<good::file>);
int sum(all<line>);
template void wanted<sum>();
#elif CASE == 26  // collects_view
std::vector<int const*> line(in<good::file>);
async<int> sum(each<line>);
template void wanted<sum>();
#elif CASE == 27  // collects_immovable
struct rooted {
    rooted() = default;
    rooted(rooted const&) = delete;
};
rooted line(in<good::file>);
int sum(all<line>);
template void wanted<sum>();
#elif CASE == 28  // copies_uncopyable
std::unique_ptr<int> line(in<good::file>);
int one(all<line>);
async<int> two(each<line>);
int sum(in<one>, in<two>);
template void wanted<sum>();
#elif CASE == 29  // joint_of_two
async<int> sum(each<good::words, good::rows>);
template void wanted<sum>();
#elif CASE == 30  // what does not exist
int one(in<good::nothing>);
template void wanted<one>();
#elif CASE == 31  // a mistake far down, behind nodes that are right
int one(float);
int two(in<one>, in<good::total>);
int sum(in<two>, in<good::files>);
template void wanted<sum>();
#elif CASE == 32  // stream_elsewhere
async<int> inner(each<good::words>, in<good::other>);
int sum(all<inner>);
template void wanted<sum>();
#elif CASE == 33  // standstill: an expander that streams is read by what waits for the other reader
expander<int> again(each<good::words>);
int row(in<again>);
async<int> beside(each<row>, in<good::total>);
template void wanted<beside>();
#elif CASE == 34  // standstill: crosswise, by values
async<int> rows(each<good::rows>);
async<int> row_first(each<good::words>, in<rows>);
async<int> word_first(each<good::rows>, in<good::total>);
template void wanted<row_first, word_first>();
#elif CASE == 35  // unknown_name
expander<int> page(back<"nowhere", int>);
int pages(all<page>);
template void wanted<pages>();
#elif CASE == 36  // name_of_other_type
expander<int> page(back<"links", std::vector<int>>);
int links(in<page>);
int pages(all<page>);
template void wanted<modules<links>, pages>();
#elif CASE == 37  // feeder_elsewhere: outside
expander<int> page(back<"outside", int>);
int pages(all<page>);
template void wanted<modules<good::outside>, pages>();
#elif CASE == 38  // feeder_elsewhere: in a further expansion
expander<int> page(back<"word", int>);
expander<int> line(in<page>);
int word(in<line>);
int words(all<word>);
int pages(all<words>);
template void wanted<pages>();
#elif CASE == 39  // feeder_elsewhere: the expander's collector
expander<int> page(back<"pages", int>);
int pages(all<page>);
template void wanted<pages>();
#elif CASE == 40  // fed_back: no expander
int one(in<good::file>, back<"words", int>);
int ones(all<one>);
template void wanted<modules<good::words>, ones>();
#elif CASE == 41  // fed_back: a range
frond::expand<std::vector<int>> page(back<"links", int>);
int links(in<page>);
int pages(all<page>);
template void wanted<modules<links>, pages>();
#elif CASE == 42  // collects_view
expander<int> page(back<"links", std::string_view>);
std::string_view links(in<page>);
int pages(all<page>);
template void wanted<modules<links>, pages>();
#elif CASE == 43  // copies_uncopyable
expander<int> page(back<"links", std::unique_ptr<int>>);
std::unique_ptr<int> links(in<page>);
int pages(all<links>);
template void wanted<pages>();
#elif CASE == 44  // two_expansions, in what feeds
expander<int> page(back<"links", int>);
int links(in<page>, in<good::words>);
int pages(all<page>);
template void wanted<modules<links>, pages>();
#else
#error "there is no such case"
#endif
