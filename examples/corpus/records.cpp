#include "records.hpp"

#include <frond/hooks/event_log.hpp>
#include <frond/hooks/timing_report.hpp>
#include <frond/hooks/trace.hpp>
#ifdef CORPUS_METRICS
#include <frond/hooks/metrics.hpp>

#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>
#endif

#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>

namespace corpus {

namespace {

void write(std::filesystem::path const& file, std::string const& text) {
    std::ofstream to(file, std::ios::binary | std::ios::trunc);
    if (!(to << text).flush()) throw std::runtime_error(file.string() + " cannot be written");
}

}  // namespace

records::records(record_files const& to) {
    if (!to.events.empty()) hooks_.emplace_back(std::make_shared<frond::hooks::event_log>(to.events));
    if (!to.trace.empty()) hooks_.emplace_back(std::make_shared<frond::hooks::trace>(to.trace));
    if (!to.report.empty()) {
        auto const report = std::make_shared<frond::hooks::timing_report>();
        hooks_.emplace_back(report);
        at_end_.emplace_back([report, to] { write(to.report, report->html()); });
    }
    if (!to.metrics.empty()) {
#ifdef CORPUS_METRICS
        auto const registry = std::make_shared<prometheus::Registry>();
        hooks_.emplace_back(std::make_shared<frond::hooks::metrics>(registry));
        at_end_.emplace_back(
            [registry, to] { write(to.metrics, prometheus::TextSerializer().Serialize(registry->Collect())); });
#else
        throw std::runtime_error("--metrics needs a frond that was built with prometheus-cpp");
#endif
    }
}

void records::finish() const {
    for (auto const& each : at_end_) each();
}

}  // namespace corpus
