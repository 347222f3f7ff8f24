// The end of a context: its guests are told so, and an executor runs its work without the context.
#include "../../catch.hpp"

#include "frond/asio/executor.hpp"

#include <array>
#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>

namespace net = frond::net;
using frond::detail::context_guests;

namespace guests {

struct guest final : frond::detail::context_guest, std::enable_shared_from_this<guest> {
    ~guest() { leave_context(); }
    void enter(std::shared_ptr<context_guests> const& list) { enter_context(list); }
    void leave() { leave_context(); }
    void context_ends() noexcept override {
        ++told;
        if (when_told) when_told();
    }
    std::shared_ptr<void> keep() noexcept override { return weak_from_this().lock(); }

    int told = 0;
    std::function<void()> when_told;
};

/// Four guests in one context.
struct company {
    company() {
        for (auto& each : all) {
            each = std::make_shared<guest>();
            each->enter(list);
        }
    }
    /// How often each was told.
    std::string told() const {
        std::string text;
        for (auto const& each : all) text += std::to_string(each->told);
        return text;
    }

    std::shared_ptr<context_guests> list = std::make_shared<context_guests>();
    std::array<std::shared_ptr<guest>, 4> all;
};

struct noted_work : frond::work {
    noted_work()
        : work([](frond::work& self) noexcept {
              auto& me = static_cast<noted_work&>(self);
              if (me.act) me.act();
              ++me.done;
          }) {}
    std::function<void()> act;
    int done = 0;
};

/// An executor and the guest that owns it.
struct owned final : frond::detail::context_guest, std::enable_shared_from_this<owned> {
    explicit owned(net::io_context& context) : executor(context.get_executor()) { executor.set_guest(*this); }
    ~owned() { leave_context(); }
    void context_ends() noexcept override {}
    std::shared_ptr<void> keep() noexcept override { return weak_from_this().lock(); }

    frond::asio_executor<net::io_context::executor_type> executor;
};

/// An executor that a thread is inside a post to, from the beginning until `leave_post`.
class posted_to final : public frond::asio_executor_base {
public:
    posted_to() : asio_executor_base(frond::known_threads::number::several, nullptr) { posts_ = 1; }
    void leave_post() noexcept { posts_ = 0; }
    void post(frond::work&) noexcept override {}
    void defer(frond::work&) noexcept override {}
    void dispatch(frond::work&) noexcept override {}
    unsigned concurrency() const noexcept override { return 2; }
    net::any_io_executor io_executor() const override { return {}; }

    std::optional<unsigned> posts_when_let_go{};  // of the context

private:
    void post_late(frond::work&) noexcept override {}
    void let_go_of_context() noexcept override { posts_when_let_go = posts_.load(); }
};

}  // namespace guests

using namespace guests;

TEST_CASE("each guest that has not left is told once, in whatever order the others have left") {
    for (unsigned first = 0; first < 4; ++first) {
        for (unsigned second = 0; second < 4; ++second) {
            CAPTURE(first, second);
            company of;
            of.all[first]->leave();
            of.all[second]->leave();
            of.list->end();
            std::string expected = "1111";
            expected[first] = expected[second] = '0';
            CHECK(of.told() == expected);
        }
    }
}

TEST_CASE("a guest that leaves while others are told is told nothing") {
    for (unsigned leaving = 0; leaving < 3; ++leaving) {
        CAPTURE(leaving);
        company of;
        of.all[3]->when_told = [&of, leaving] { of.all[leaving]->leave(); };  // the last one is told first
        of.list->end();
        std::string expected = "1111";
        expected[leaving] = '0';
        CHECK(of.told() == expected);
    }
}

TEST_CASE("a guest that enters while others are told is told, too") {
    company of;
    auto const late = std::make_shared<guest>();
    of.all[0]->when_told = [&of, &late] { late->enter(of.list); };
    of.list->end();
    CHECK(of.told() == "1111");
    CHECK(late->told == 1);
}

TEST_CASE("work that comes to an executor whose context ends waits until its owner runs it") {
    net::io_context context;
    auto const made = std::make_shared<owned>(context);
    noted_work early, late;
    made->executor.close();
    CHECK(made->executor.is_gone());
    made->executor.post(early);
    CHECK(early.done == 0);
    made->executor.run_left_work();
    CHECK(early.done == 1);
    made->executor.post(late);
    CHECK(late.done == 1);
    context.run();
    CHECK(late.done == 1);
}

TEST_CASE("work for an executor that is gone runs when the work that has posted it has returned") {
    net::io_context context;
    frond::asio_executor elsewhere(context.get_executor());
    auto const made = std::make_shared<owned>(context);
    made->executor.close();
    made->executor.run_left_work();
    noted_work first, second, posted;
    posted.act = [&] { made->executor.post(second); };
    first.act = [&] {
        made->executor.post(posted);
        CHECK(posted.done == 0);
    };
    frond::pump::drive(first, elsewhere);
    CHECK(posted.done == 1);
    CHECK(second.done == 1);
}

TEST_CASE("the owner of an executor that is gone lives while the executor's work runs") {
    net::io_context context;
    auto made = std::make_shared<owned>(context);
    made->executor.close();
    made->executor.run_left_work();
    noted_work last;
    std::weak_ptr<owned> const owner = made;
    bool lived = false;
    last.act = [&] {
        made.reset();
        lived = !owner.expired();
    };
    made->executor.post(last);
    CHECK(lived);
    CHECK(owner.expired());
}

TEST_CASE("work that a context destroys is run by the executor's owner, whichever of the two goes first") {
    std::optional<net::io_context> context(std::in_place);
    auto const made = std::make_shared<owned>(*context);
    noted_work posted;
    made->executor.post(posted);
    SECTION("the executor") {
        made->executor.close();
        context.reset();
    }
    SECTION("the context") {
        context.reset();
        made->executor.close();
    }
    CHECK(posted.done == 0);
    made->executor.run_left_work();
    CHECK(posted.done == 1);
}

TEST_CASE("work that a context destroys has been done by then, though another thread runs what was left before") {
    std::optional<net::io_context> context(std::in_place);
    auto const made = std::make_shared<owned>(*context);
    noted_work destroyed, other;
    made->executor.post(destroyed);
    made->executor.close();
    made->executor.run_left_work();
    std::atomic<bool> at_work = false, ends = false;
    other.act = [&] {
        at_work = true;
        while (!ends) std::this_thread::yield();
        for (int i = 0; i < 1000; ++i) std::this_thread::yield();
    };
    std::thread poster([&] { made->executor.post(other); });
    while (!at_work) std::this_thread::yield();
    ends = true;
    context.reset();
    CHECK(destroyed.done == 1);
    poster.join();
}

TEST_CASE("work that a context destroys inside other work has been done by then") {
    std::optional<net::io_context> context(std::in_place);
    net::io_context other;
    frond::asio_executor elsewhere(other.get_executor());
    auto const made = std::make_shared<owned>(*context);
    noted_work destroyed, destroys;
    made->executor.post(destroyed);
    made->executor.close();
    made->executor.run_left_work();
    destroys.act = [&] {
        context.reset();
        CHECK(destroyed.done == 1);
    };
    frond::pump::drive(destroys, elsewhere);
    CHECK(destroys.done == 1);
}

TEST_CASE(
    "the owner of an executor lives as long as a pump has to look for the executor's work, though that has been done") {
    std::optional<net::io_context> context(std::in_place);
    net::io_context other;
    frond::asio_executor elsewhere(other.get_executor());
    auto made = std::make_shared<owned>(*context);
    std::weak_ptr<owned> const owner = made;
    noted_work destroyed, later, first;
    made->executor.post(destroyed);
    made->executor.close();
    made->executor.run_left_work();
    first.act = [&] {
        made->executor.post(later);
        context.reset();
        CHECK(destroyed.done + later.done == 2);
        made.reset();
        CHECK_FALSE(owner.expired());
    };
    frond::pump::drive(first, elsewhere);
    CHECK(owner.expired());
}

TEST_CASE("an executor is not closed while a thread is inside a post to its context") {
    posted_to executor;
    std::atomic<bool> returned = false;
    std::thread poster([&] {
        while (!executor.is_gone()) std::this_thread::yield();
        for (int i = 0; i < 1000; ++i) std::this_thread::yield();
        returned = true;
        executor.leave_post();
    });
    executor.close();
    CHECK(returned);
    CHECK(executor.posts_when_let_go == 0U);
    poster.join();
}
