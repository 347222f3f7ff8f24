// The promises of expander: what it yields, in what order, and who has it when.
#include <memory>
#include <stdexcept>
#include <vector>

#include "../catch.hpp"
#include "frond/base/expander.hpp"
#include "probe.hpp"
#include "seeds.hpp"

using namespace frond;
using namespace frond::simulation;
using std::chrono::milliseconds;

namespace {

using value = probe<>;

struct script {
    simulator& world;
    std::uint64_t values;
    std::uint64_t fails_after;  // more than `values`: never
    std::uint64_t yielded = 0;
    bool frame_ended = false;
};

async<std::uint64_t> looked_up(simulator& world, std::uint64_t number) {
    if (world.random().percent(50)) co_await world.yield();
    co_return number;
}

expander<value> numbers(script& play) {
    struct leaving {
        script& play;
        ~leaving() { play.frame_ended = true; }
    } const leaving{play};
    for (std::uint64_t i = 0; i < play.values; ++i) {
        if (i == play.fails_after) throw std::runtime_error("in the middle");
        if (play.world.random().percent(20)) co_await play.world.sleep(milliseconds(play.world.random().below(4)));
        std::uint64_t const number = play.world.random().percent(20) ? co_await looked_up(play.world, i) : i;
        ++play.yielded;
        co_yield value(number);
    }
    if (play.world.random().percent(30)) co_await play.world.sleep(milliseconds(1));
}

// Takes what an expander yields into buffers of changing capacity, as a run does.
class reader {
public:
    reader(simulator& world, executor& home, expander<value> source)
        : world_(world), source_(std::move(source)), fiber_(home, *this), begin_(*this) {
        source_->promise().on = &fiber_;
        home.post(begin_);
    }

    void cancel() noexcept {
        if (!over) fiber_.cancel();
    }
    /// Leaves the source after so many values.
    void leave_after(std::uint64_t count) noexcept { leave_after_ = count; }

    std::vector<std::uint64_t> taken;
    bool over = false;
    std::exception_ptr thrown;

private:
    static constexpr unsigned room = 5;

    struct own_fiber : fiber {
        own_fiber(executor& home, reader& driver) noexcept
            : fiber(home,
                    [](fiber& self) noexcept {
                        auto& me = static_cast<own_fiber&>(self).of;
                        if (me.take()) me.go_on();
                    }),
              of(driver) {}
        reader& of;
    };
    struct beginning : work {
        explicit beginning(reader& driver) noexcept
            : work([](work& self) noexcept { static_cast<beginning&>(self).of.go_on(); }), of(driver) {}
        reader& of;
    };

    void go_on() noexcept {
        do {
            auto& promise = source_->promise();
            promise.buffer = buffer_;
            promise.capacity = static_cast<unsigned>(world_.random().between(1, room));
            promise.count = 0;
            if (!promise.advance(source_->frame())) {
                world_.expect(promise.count == 0, "an expander does not wait while it holds what it has yielded");
            }
            if (!fiber_.settle()) return;
        } while (take());
    }

    // Gives true if more is to come.
    bool take() noexcept {
        auto& promise = source_->promise();
        auto* const values = static_cast<value*>(promise.buffer);
        for (unsigned i = 0; i < promise.count; ++i) {
            taken.push_back(values[i].number());
            values[i].~value();
        }
        world_.expect(promise.count <= promise.capacity, "an expander yields no more than there is room for");
        world_.expect(promise.count != 0 || promise.ended, "an expander stops for a reason");
        if (!promise.ended && taken.size() < leave_after_) return true;
        over = true;
        thrown = promise.exception;
        source_.reset();
        return false;
    }

    simulator& world_;
    std::optional<expander<value>> source_;
    own_fiber fiber_;
    beginning begin_;
    std::uint64_t leave_after_ = UINT64_MAX;
    alignas(value) std::byte buffer_[room * sizeof(value)];
};

bool in_order(std::vector<std::uint64_t> const& taken) {
    for (std::size_t i = 0; i < taken.size(); ++i) {
        if (taken[i] != i) return false;
    }
    return true;
}

}  // namespace

TEST_CASE("each value of an expander is taken once and in order, whatever the buffer and whatever it waits for") {
    for_each_seed(30'000, [](simulator& world) {
        script play{world, world.random().below(30), UINT64_MAX};
        reader read(world, world.on(), numbers(play));
        world.run_out();
        world.expect(read.over && !read.thrown, "an expander comes to its end");
        world.expect(read.taken.size() == play.values && in_order(read.taken), "each value comes once, in order");
        world.expect(play.frame_ended && value::alive == 0, "no value and no frame is left");
    });
}

TEST_CASE("what an expander yielded before it threw is taken, then the exception") {
    for_each_seed(20'000, [](simulator& world) {
        script play{world, 12, world.random().below(12)};
        reader read(world, world.on(), numbers(play));
        world.run_out();
        world.expect(read.over && read.thrown != nullptr, "the exception is there at the end");
        world.expect(read.taken.size() == play.fails_after && in_order(read.taken), "what came before it counts");
        world.expect(play.frame_ended && value::alive == 0, "no value and no frame is left");
    });
}

TEST_CASE("an expander cancelled at any moment ends, and no value is lost or doubled") {
    for_each_seed(30'000, [](simulator& world) {
        script play{world, world.random().below(30), UINT64_MAX};
        reader read(world, world.on(), numbers(play));
        world.at_some_moment([&] { read.cancel(); });
        world.run_out();
        world.expect(read.over, "a cancelled expander ends");
        world.expect(read.taken.size() == play.yielded && in_order(read.taken), "what was yielded is taken once");
        world.expect((read.thrown == nullptr) == (play.yielded == play.values) || read.taken.size() == play.values,
                     "it ends early only with the cancellation");
        world.expect(play.frame_ended && value::alive == 0, "no value and no frame is left");
    });
}

TEST_CASE("an expander can be left in the middle") {
    for_each_seed(10'000, [](simulator& world) {
        script play{world, 20, UINT64_MAX};
        reader read(world, world.on(), numbers(play));
        read.leave_after(world.random().between(1, 20));
        world.run_out();
        world.expect(read.over && in_order(read.taken), "the values before that are taken in order");
        world.expect(play.frame_ended && value::alive == 0, "no value and no frame is left");
    });
}
