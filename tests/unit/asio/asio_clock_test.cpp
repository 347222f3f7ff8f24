// The clock on Asio's timers: which alarms come, and that nothing stays behind.
#include "../../catch.hpp"

#include "frond/asio.hpp"

#include <array>
#include <chrono>
#include <vector>

#if defined(FROND_BOOST_ASIO)
#include <boost/asio/io_context.hpp>
#include <boost/asio/strand.hpp>
#else
#include <asio/io_context.hpp>
#include <asio/strand.hpp>
#endif

namespace net = frond::net;
using namespace std::chrono_literals;

namespace {

/// Notes when it comes.
struct noted_alarm : frond::alarm {
    noted_alarm() noexcept
        : frond::alarm([](frond::work& self) noexcept {
              auto& me = static_cast<noted_alarm&>(self);
              me.to->push_back(me.number);
          }) {}
    int number = 0;
    std::vector<int>* to = nullptr;
};

struct clock_of_context {
    net::io_context context{1};
    frond::asio_executor<net::io_context::executor_type> executor{context.get_executor()};
    frond::asio_clock clock{context.get_executor()};
    frond::time_point begin = clock.now();
    std::vector<int> came;
    std::array<noted_alarm, 4> alarms;

    void wait(int number, frond::duration time) {
        auto& one = alarms[static_cast<std::size_t>(number)];
        one.number = number;
        one.to = &came;
        one.on = &executor;
        one.when = begin + time;
        clock.wait(one);
    }
    bool cancel(int number) { return clock.cancel(alarms[static_cast<std::size_t>(number)]); }
};

}  // namespace

TEST_CASE("alarms come in the order of their times, one that is set last too") {
    clock_of_context of;
    of.wait(3, 3ms);
    of.wait(1, 1ms);
    of.wait(2, 2ms);
    of.wait(0, 0ms);
    of.context.run();
    CHECK(of.came == std::vector<int>{0, 1, 2, 3});
}

TEST_CASE("an alarm that is cancelled does not come, and does not keep the context at work") {
    clock_of_context of;
    of.wait(0, 24h);
    of.wait(1, 1ms);
    CHECK(of.cancel(0));
    CHECK_FALSE(of.cancel(0));
    of.context.run();
    CHECK(of.came == std::vector<int>{1});
    CHECK_FALSE(of.cancel(1));
    CHECK(of.context.stopped());
}

TEST_CASE("an alarm that was cancelled may be set again before its context has run") {
    clock_of_context of;
    of.wait(0, 24h);
    CHECK(of.cancel(0));
    of.wait(0, 1ms);
    CHECK(of.cancel(0));
    of.wait(0, 2ms);
    of.wait(1, 1ms);
    of.context.run();
    CHECK(of.came == std::vector<int>{1, 0});
}

TEST_CASE("a clock may go while the handler of its timer is on its way") {
    net::io_context context(1);
    frond::asio_executor on(net::make_strand(context.get_executor()));
    std::vector<int> came;
    noted_alarm one;
    one.to = &came;
    one.on = &on;
    {
        frond::asio_clock clock(net::make_strand(context.get_executor()));
        one.when = clock.now() + 24h;
        clock.wait(one);
        CHECK(clock.cancel(one));
    }
    context.run();
    CHECK(came.empty());
}
