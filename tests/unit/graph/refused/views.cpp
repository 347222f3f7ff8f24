// Values that do not own what they hold, wanted of a graph, one for each CASE; case 0 is right. refused.py compiles each and
// looks for the message.
#include "frond/graph/typed_graph.hpp"

#include <array>
#include <functional>
#include <iterator>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

using frond::all;
using frond::expander;
using frond::in;
using frond::input;

struct rooted {
    rooted() = default;
    rooted(rooted const&) = delete;
};
/// Its author knows that it shows nothing of a run.
struct literal : std::string_view {
    using std::string_view::string_view;
};
struct token {};
template <>
inline constexpr bool frond::is_view<token const*> = false;

std::string text(input<"root", int>);
expander<std::string> line(in<text>);
std::string_view first(in<line>);

#if CASE == 0
// A view that other nodes take by in<> stays in its run.
std::string_view inner(in<text>);
std::string owned(in<inner>);
std::size_t length(in<first>);
std::vector<std::size_t> lengths(all<length>);
literal fixed();
token const* marked();
std::shared_ptr<std::string const> shared(in<text>);
std::map<std::string, std::vector<int>> table(in<text>);
using shown = std::string (*)();
shown callback();
template frond::result<frond::graph> frond::graph_of<owned, lengths, fixed, marked, shared, table, callback>();
#elif CASE == 1
std::string_view shown(in<text>);
#elif CASE == 2
std::span<char const> shown(in<text>);
#elif CASE == 3
char const* shown(in<text>);
#elif CASE == 4
std::reference_wrapper<std::string const> shown(in<text>);
#elif CASE == 5
std::string::const_iterator shown(in<text>);
#elif CASE == 6
frond::async<std::optional<std::string_view>> shown(all<line>);
#elif CASE == 7
std::pair<int, std::string_view> shown(in<text>);
#elif CASE == 8
std::tuple<int, std::string const&> shown(in<text>);
#elif CASE == 9
frond::result<std::vector<std::array<std::string_view, 2>>> shown(in<text>);
#elif CASE == 10
std::variant<std::string, std::string_view> shown(in<text>);
#elif CASE == 11
std::map<std::string_view, int> shown(in<text>);
#elif CASE == 12
expander<std::string_view> shown(in<text>);
#elif CASE == 13
std::pair<std::string_view, int> shown(in<line>);
int sum(all<shown>);
template frond::result<frond::graph> frond::graph_of<sum>();
#elif CASE == 14
rooted fixed(in<text>);
template frond::result<frond::graph> frond::graph_of<fixed>();
#else
#error "there is no such case"
#endif
#if CASE >= 1 && CASE <= 12
template frond::result<frond::graph> frond::graph_of<shown>();
#endif
