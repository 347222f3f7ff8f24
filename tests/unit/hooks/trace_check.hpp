// Reads a trace back and says in what it is wrong.
#pragma once

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

/// A trace as a viewer reads it.
class read_trace {
public:
    using json = nlohmann::json;
    using condition = std::function<bool(json const&)>;

    explicit read_trace(std::string const& text) : events_(json::parse(text)) {}

    std::vector<json> all(condition const& which) const {
        std::vector<json> found;
        for (auto const& each : events_) {
            if (which(each)) found.push_back(each);
        }
        return found;
    }
    std::vector<json> all(std::string const& phase, std::string const& category = {}) const {
        return all(
            [&](json const& e) { return e["ph"] == phase && (category.empty() || e.value("cat", "") == category); });
    }
    std::size_t size() const { return events_.size(); }

    /// What breaks the rules of the format; empty: nothing.
    std::vector<std::string> faults() const {
        std::vector<std::string> found;
        auto const check = [&](bool right, char const* what, json const& e) {
            if (!right) found.push_back(what + (": " + e.dump()));
        };
        std::map<std::pair<int, int>, std::vector<span>> lanes;
        std::map<std::tuple<int, std::string, std::string>, std::vector<double>> open;
        std::map<std::string, int> arrows;
        for (auto const& e : events_) {
            check(e["ph"].is_string() && e["name"].is_string() && e["pid"].is_number() && e["tid"].is_number() &&
                      e["tid"] > 0 && e["ts"].is_number() && e["ts"] >= 0,
                  "lacks something", e);
            std::string const phase = e["ph"];
            if (phase == "X") {
                check(e["dur"].is_number() && e["dur"] >= 0, "has no duration", e);
                lanes[lane_of(e)].push_back({nanos(e["ts"]), nanos(e["ts"]) + nanos(e["dur"])});
            } else if (phase == "b") {
                open[async_of(e)].push_back(e["ts"]);
            } else if (phase == "e") {
                auto& began = open[async_of(e)];
                check(!began.empty() && began.back() <= e["ts"], "ends what has not begun", e);
                if (!began.empty()) began.pop_back();
            } else if (phase == "C") {
                check(!e["args"].empty(), "counts nothing", e);
            } else if (phase == "i") {
                check(e["s"] == "t" || e["s"] == "p", "is nowhere", e);
            } else if (phase == "s" || phase == "f") {
                arrows[e["id"]] += phase == "s" ? 1 : -1;
                check(phase == "s" || e["bp"] == "e", "is bound to the next slice", e);
            } else {
                check(phase == "M", "is unknown", e);
            }
        }
        for (auto const& [which, began] : open) {
            if (!began.empty()) found.push_back("does not end: " + std::get<1>(which) + " " + std::get<2>(which));
        }
        for (auto const& [id, count] : arrows) {
            if (count != 0) found.push_back("half an arrow: " + id);
        }
        for (auto const& [lane, spans] : lanes) {
            if (!nest(spans)) found.push_back("slices overlap on lane " + std::to_string(lane.second));
        }
        for (auto const& e : events_) {
            if (e["ph"] == "s" || e["ph"] == "f")
                check(in_a_slice(lanes[lane_of(e)], nanos(e["ts"])), "is at no slice", e);
        }
        return found;
    }

private:
    struct span {
        std::int64_t begin;
        std::int64_t end;
    };
    static std::int64_t nanos(json const& micros) { return std::llround(micros.get<double>() * 1000); }
    static std::pair<int, int> lane_of(json const& e) { return {e["pid"], e["tid"]}; }
    static std::tuple<int, std::string, std::string> async_of(json const& e) { return {e["pid"], e["cat"], e["id"]}; }

    /// Each lies inside another one or beside it, and outer ones come first.
    static bool nest(std::vector<span> spans) {
        std::stable_sort(spans.begin(), spans.end(), [](span const& a, span const& b) { return a.begin < b.begin; });
        std::vector<std::int64_t> ends;
        for (auto const& [begin, end] : spans) {
            while (!ends.empty() && ends.back() <= begin) ends.pop_back();
            if (!ends.empty() && ends.back() < end) return false;
            ends.push_back(end);
        }
        return true;
    }
    static bool in_a_slice(std::vector<span> const& spans, std::int64_t at) {
        for (auto const& [begin, end] : spans) {
            if (begin <= at && at <= end) return true;
        }
        return false;
    }

    json events_;
};
