// A subscriber of a broadcast that takes what comes whenever the test lets it run, and what a page does with that.
#pragma once

#include "frond/hooks/broadcast.hpp"

#include "../base/by_hand.hpp"

#include <nlohmann/json.hpp>

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

/// Takes updates as long as there are some.
inline frond::async<void> take_all(frond::hooks::broadcast::subscriber& from, std::vector<std::string>& into) {
    while (auto update = co_await from.next()) into.push_back(*update);
}

class listener {
public:
    explicit listener(frond::hooks::broadcast& board)
        : subscriber_(board.subscribe()), task_(on_, take_all(subscriber_, got_)) {
        task_.start();
    }

    /// What has come since it was last asked.
    std::vector<nlohmann::json> take() {
        on_.run();
        std::vector<nlohmann::json> taken;
        for (auto const& each : std::exchange(got_, {})) taken.push_back(nlohmann::json::parse(each));
        return taken;
    }
    /// Whether something was posted for it that it has not seen.
    bool woken() const { return !on_.idle(); }
    void cancel() { task_.cancel(); }
    bool ended() const { return task_.stopped(); }
    void rethrow() { task_.take(); }

private:
    by_hand::executor on_;
    frond::hooks::broadcast::subscriber subscriber_;
    std::vector<std::string> got_;
    by_hand::driver<void> task_;
};

/// Brings what a page knows of a run up to date.
inline void put_together(nlohmann::json& state, nlohmann::json const& update) {
    if (update["type"] == "full") {
        state = update;
        return;
    }
    for (auto const& [key, value] : update.items()) {
        if (key == "specs" || key == "expansions") {
            for (auto const& entry : value) state[key][entry["index"].get<std::size_t>()].update(entry);
        } else if (key == "failures") {
            for (auto const& each : value) state[key].push_back(each);
        } else {
            state[key] = value;
        }
    }
}
