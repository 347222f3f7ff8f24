// A registry of Prometheus, and what it tells a scraper.
#pragma once

#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <memory>
#include <sstream>
#include <string>

struct scraped {
    std::shared_ptr<prometheus::Registry> registry = std::make_shared<prometheus::Registry>();

    std::string text() const { return prometheus::TextSerializer().Serialize(registry->Collect()); }
    /// The value of a series by its name and labels, as written; empty if there is none.
    std::string value(std::string const& series) const {
        std::istringstream lines(text());
        for (std::string line; std::getline(lines, line);) {
            if (line.rfind(series + " ", 0) == 0) return line.substr(series.size() + 1);
        }
        return {};
    }
};
