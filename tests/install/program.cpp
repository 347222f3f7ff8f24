// The least that a user of an installed frond builds: an expansion, a collector and the terminal display.
#include <frond/frond.hpp>
#include <frond/hooks/terminal.hpp>

namespace {

frond::expander<int> number(frond::input<"count", int> count) {
    for (int i = 1; i <= *count; ++i) co_yield i;
}

int square(frond::in<number> n) { return *n * *n; }

frond::async<int> total(frond::each<square> squares) {
    int sum = 0;
    while (auto next = co_await squares.next()) sum += *next;
    co_return sum;
}

}  // namespace

int main() {
    frond::hooks::terminal bars;
    auto const sum = frond::run_blocking<total>(frond::arg<"count">(3), bars);
    return sum && sum.value() == 1 + 4 + 9 ? 0 : 1;
}
