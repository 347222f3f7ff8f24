// Functions, and what is none, in the place of nodes, one for each CASE; case 0 is right. refused.py compiles each and looks
// for the message.
#include "frond/asio/detail/net.hpp"
#include "frond/graph/typed_graph.hpp"

#include <coroutine>
#include <memory>
#include <string>
#include <utility>
#include <vector>

using frond::all;
using frond::async;
using frond::each;
using frond::expander;
using frond::in;
using frond::input;

namespace {

expander<int> file(input<"root", int> root) { co_yield *root; }
template <auto... Wanted>
void wanted() {
    static_cast<void>(frond::graph_of<Wanted...>());
}

struct rooted {
    rooted() = default;
    rooted(rooted const&) = delete;
};
/// A chain of nodes.
template <int I>
struct link_of {
    static int node(in<link_of<I - 1>::node>) { return I; }
};
template <>
struct link_of<0> {
    static int node() { return 0; }
};
/// Somebody's coroutine.
struct foreign {
    struct promise_type {
        foreign get_return_object() { return {}; }
        std::suspend_always initial_suspend() { return {}; }
        std::suspend_always final_suspend() noexcept { return {}; }
        void return_void() {}
        void unhandled_exception() {}
    };
};
/// It can be awaited, but means to be a value: see its node_return.
struct ticket {
    bool await_ready() { return true; }
    void await_suspend(std::coroutine_handle<>) {}
    void await_resume() {}
};

}  // namespace

template <>
struct frond::node_return<ticket> {
    static constexpr return_form form = return_form::value;
    using value = ticket;
};

namespace {

#if CASE == 0
int function(in<file> path) noexcept { return *path; }
ticket drawn() { return {}; }
void (*callback())() { return nullptr; }
std::unique_ptr<rooted> owned() { return nullptr; }
rooted fixed() { return {}; }
int beside(in<fixed>) { return 1; }
expander<std::string> text() {
    co_yield "text";
    co_yield frond::child("key", std::string("text"));
    co_yield frond::expect(3);
}
async<std::string> sum(all<function>, all<text>) {
    co_await ticket();
    co_return "text";
}
template void wanted<sum, drawn, callback, owned, beside, link_of<190>::node>();
#elif CASE == 1
auto lambda = [](in<file> path) { return *path; };
int one(all<lambda> all) { return static_cast<int>(all.size()); }
template void wanted<one>();
#elif CASE == 2
auto lambda = [](all<file> all) { return static_cast<int>(all.size()); };
template void wanted<lambda>();
#elif CASE == 3
struct object {
    int method(in<file> path) { return *path; }
};
int one(all<&object::method> all) { return static_cast<int>(all.size()); }
template void wanted<one>();
#elif CASE == 4
struct functor {
    int operator()(in<file> path) const { return *path; }
};
int one(all<functor{}> all) { return static_cast<int>(all.size()); }
template void wanted<one>();
#elif CASE == 5
int variadic(in<file> path, ...) { return *path; }
int one(all<variadic> all) { return static_cast<int>(all.size()); }
template void wanted<one>();
#elif CASE == 6
int& one(in<file> path);
int sum(all<one> all) { return all[0] + 1; }
template void wanted<sum>();
#elif CASE == 7
std::string const& one(all<file>);
template void wanted<one>();
#elif CASE == 8
int one(int*);
template void wanted<one>();
#elif CASE == 9
int one(all<file>, std::string const&);
template void wanted<one>();
#elif CASE == 10
int one(all<file> const&);
template void wanted<one>();
#elif CASE == 11
expander<frond::result<int>> one() { co_yield 1; }
int sum(all<one> all) { return static_cast<int>(all.size()); }
template void wanted<sum>();
#elif CASE == 12
frond::expand<std::vector<frond::result<int>>> one();
template void wanted<one>();
#elif CASE == 13
frond::expand<int> one() { return frond::expand(1); }
template void wanted<one>();
#elif CASE == 14
expander<rooted> one() { co_yield {}; }
#elif CASE == 15
expander<int&> one() { co_return; }
#elif CASE == 16
expander<std::string> one() { co_yield 1; }
#elif CASE == 17
expander<int> one() { co_yield frond::child("key", std::string("text")); }
#elif CASE == 18
async<std::string> one() { co_return std::make_unique<int>(1); }
#elif CASE == 19
async<int&> one();
void use() { one(); }
#elif CASE == 20  // without its header
frond::net::awaitable<int> one() { co_return 1; }
int sum(in<one> value) { return 1; }
template void wanted<sum>();
#elif CASE == 21
foreign one() { co_return; }
template void wanted<one>();
#elif CASE == 22
async<frond::result<frond::net::awaitable<int>>> one();
template void wanted<one>();
#elif CASE == 23  // without its header
frond::net::awaitable<int> inner();
async<int> one() { co_return co_await inner(); }
#elif CASE == 24
template void wanted<link_of<250>::node>();
#elif CASE == 25
int overloaded(in<file>);
int overloaded(in<file>, input<"root", int>);
int one(all<overloaded>);
#elif CASE == 26
template <class T>
T converted(in<file>);
int one(all<converted>);
#else
#error "there is no such case"
#endif

}  // namespace
