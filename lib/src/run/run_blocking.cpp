#include "frond/run/run_blocking.hpp"

#include "frond/asio/executor.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace frond::detail {

namespace {

/// Kept by the run: a hook that never ends refers to it for ever. Runs inside the run keep it, too.
struct loop final : context_guest, std::enable_shared_from_this<loop> {
    explicit loop(unsigned threads)
        : context(static_cast<int>(threads)), executor(context.get_executor(), threads), clock(context.get_executor()) {
        executor.set_guest(*this);
    }
    void context_ends() noexcept override {}
    std::shared_ptr<void> keep() noexcept override { return weak_from_this().lock(); }

    net::io_context context;
    asio_executor<net::io_context::executor_type> executor;
    asio_clock clock;
};

/// Keeps the context at work until the run is over: what a run waits for may be on another executor.
class working_completion final : public run_completion {
public:
    working_completion(run_completion& inner, net::io_context& context)
        : inner_(inner), guard_(context.get_executor()) {}
    void complete(run_outcome& ended) noexcept override { inner_.complete(ended); }
    void released() noexcept override { guard_.reset(); }

private:
    run_completion& inner_;
    net::executor_work_guard<net::io_context::executor_type> guard_;
};

}  // namespace

std::optional<error> refuse_threads(unsigned count, error const* other) {
    constexpr unsigned most = 65536;
    if (count >= 1 && count <= most) return std::nullopt;
    if (other != nullptr && other->code() != make_error_code(errc::invalid_arguments)) return std::nullopt;
    std::string text = other != nullptr ? std::string(other->message()) + '\n' : std::string();
    text += "threads(" + std::to_string(count) + ") is given; say 1 to " + std::to_string(most) +
            ", or leave it out for as many as the machine has processors";
    return error(errc::invalid_arguments, std::move(text));
}

void run_on_threads(prepared_run const& prepared, run_completion& completion, unsigned count) {
    if (count == 0) count = std::max(1U, std::thread::hardware_concurrency());
    auto const here = std::make_shared<loop>(count);
    net::io_context& context = here->context;
    working_completion working(completion, context);
    run_start start;
    start.on = &here->executor;
    start.time = &here->clock;
    start.keep = here;
    start.hooks = prepared.hooks;
    start.completion = &working;
    start.report = prepared.report;
    start.wants_progress = false;
    begin(prepared.run, std::move(start));
    std::vector<std::thread> others;
    try {
        for (unsigned i = 1; i < count; ++i) others.emplace_back([&context] { context.run(); });
    } catch (...) {
        // No more threads: the threads that are there run it.
    }
    context.run();
    for (auto& each : others) each.join();
}

}  // namespace frond::detail
