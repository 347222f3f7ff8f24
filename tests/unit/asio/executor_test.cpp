// Asio's executors as frond's: what each knows of the threads that run it.
#include "../../catch.hpp"

#include "frond/asio/executor.hpp"

#include <thread>

#if defined(FROND_BOOST_ASIO)
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
#else
#include <asio/any_io_executor.hpp>
#include <asio/io_context.hpp>
#include <asio/thread_pool.hpp>
#endif

namespace net = frond::net;
using frond::asio_executor;

namespace {

bool watches_new_thread(frond::executor& on) {
    bool watched = false;
    std::thread([&] { watched = on.comes_to_work(); }).join();
    return watched;
}

}  // namespace

TEST_CASE(
    "executors of one context know what the executors before them have learnt of its threads, those of another not") {
    net::io_context context;
    {
        asio_executor before(context.get_executor());
        CHECK(before.concurrency() == 0);
        CHECK_FALSE(before.comes_to_work());
        CHECK(watches_new_thread(before));
    }
    asio_executor after(context.get_executor());
    CHECK_FALSE(after.may_have_one_thread());
    CHECK(after.comes_to_work());
    asio_executor erased(net::any_io_executor(context.get_executor()));
    CHECK(erased.comes_to_work());

    net::io_context other;
    asio_executor elsewhere(other.get_executor());
    CHECK(elsewhere.may_have_one_thread());
    CHECK_FALSE(elsewhere.comes_to_work());
}

TEST_CASE("an executor that tells how many threads it has is watched from the beginning") {
    net::thread_pool pool(2);
    asio_executor of_pool(pool.get_executor());
    CHECK(of_pool.concurrency() == 2);
    CHECK(of_pool.comes_to_work());
    net::io_context context;
    asio_executor told(context.get_executor(), 2);
    CHECK(told.comes_to_work());
}
