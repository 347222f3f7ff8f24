// What the tests of hook_queue stand on: batches and lanes that go by names, and what a step has come to as a text.
#pragma once

#include "run/hook_queue.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>

namespace named_batches {

inline frond::time_point const start{std::chrono::hours(1)};

/// A batch goes by its name, which stands where the thread's child would.
inline std::shared_ptr<frond::event_batch const> batch_called(std::string name) {
    frond::event_batch made;
    made.enclosing = std::make_shared<frond::child_path const>(
        frond::child_path{nullptr, 0, std::make_shared<std::string const>(std::move(name))});
    return std::make_shared<frond::event_batch const>(std::move(made));
}
inline std::shared_ptr<frond::event_batch const> run_event_called(std::string name) {
    auto made = *batch_called(std::move(name));
    made.run = std::make_shared<frond::run_event const>();
    return std::make_shared<frond::event_batch const>(std::move(made));
}

inline frond::batch_list list_of(std::shared_ptr<frond::event_batch const> batch, std::size_t events) {
    frond::batch_list made;
    made.push_back({std::move(batch), events});
    return made;
}

inline std::string names(frond::batch_list const& batches) {
    std::string text;
    for (auto const& each : batches) text.append(text.empty() ? "" : " ").append(each.batch->enclosing->key.raw());
    return text;
}

/// Queues a batch of events, and gives the names of those that are dropped for it.
inline std::string push(frond::hook_queue& queue, std::string name, std::size_t events) {
    auto arrived = list_of(batch_called(std::move(name)), events);
    return names(queue.push(arrived, events));
}
inline std::string push_run_event(frond::hook_queue& queue, std::string name) {
    auto arrived = list_of(run_event_called(std::move(name)), 0);
    return names(queue.push(arrived, 0));
}

struct lane : frond::wakeable {
    explicit lane(std::string name) : wakeable(nullptr), called(std::move(name)) {}
    std::string called;
};
inline std::string names(frond::work_list lanes) {
    std::string text;
    while (!lanes.empty()) {
        text.append(text.empty() ? "" : " ").append(static_cast<lane&>(lanes.pop_front()).called);
    }
    return text;
}

/// Takes a step, and reports at once that it has been told: "sample", the batch, "over", and "lets" with the lanes.
inline std::string tell_next(frond::hook_queue& queue) {
    auto const step = queue.take();
    std::string text;
    auto const add = [&](std::string const& what) { text.append(text.empty() ? "" : ", ").append(what); };
    if (step.sample) add("sample");
    if (step.next.batch != nullptr) add(std::string(step.next.batch->enclosing->key.raw()));
    if (step.over) add("over");
    if (!step.admitted.empty()) add("lets " + names(step.admitted));
    if (!step.over) queue.told();
    return text;
}
inline std::string tell_all(frond::hook_queue& queue) {
    std::string text;
    while (queue.something_to_do()) {
        std::string const told = tell_next(queue);
        text.append(text.empty() ? "" : "; ").append(told);
        if (told == "over") break;
    }
    return text;
}

}  // namespace named_batches
