// The part of JSON Schema that docs/event_log.schema.json uses. A keyword that is not known here is an error, not something that
// anything satisfies.
#pragma once

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstddef>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>

class json_schema {
public:
    using json = nlohmann::json;

    explicit json_schema(json schema) : root_(std::move(schema)) {}

    bool allows(json const& value) const { return allows(root_, value); }
    /// One of the definitions alone.
    bool allows(std::string const& definition, json const& value) const {
        return allows(root_.at("definitions").at(definition), value);
    }

private:
    bool allows(json const& schema, json const& value) const {
        if (schema.contains("$ref"))
            return allows(definition(schema["$ref"]), value);  // what stands beside it says nothing
        return std::all_of(schema.items().begin(), schema.items().end(),
                           [&](auto const& each) { return satisfies(schema, each.key(), each.value(), value); });
    }

    json const& definition(std::string const& reference) const {
        return root_.at(json::json_pointer(reference.substr(1)));
    }

    bool satisfies(json const& schema, std::string const& keyword, json const& says, json const& value) const {
        static std::set<std::string> const says_nothing = {"$schema", "title", "description", "definitions"};
        if (says_nothing.contains(keyword)) return true;
        if (keyword == "const") return value == says;
        if (keyword == "enum") return std::find(says.begin(), says.end(), value) != says.end();
        if (keyword == "minimum") return !value.is_number() || value >= says;
        if (keyword == "minItems") return !value.is_array() || value.size() >= says.get<std::size_t>();
        if (keyword == "type") {
            if (!says.is_array()) return is_of(value, says);
            return std::any_of(says.begin(), says.end(), [&](json const& type) { return is_of(value, type); });
        }
        if (keyword == "items") {
            return !value.is_array() ||
                   std::all_of(value.begin(), value.end(), [&](json const& item) { return allows(says, item); });
        }
        if (keyword == "oneOf") {
            return std::count_if(says.begin(), says.end(), [&](json const& one) { return allows(one, value); }) == 1;
        }
        if (keyword == "required") {
            return !value.is_object() || std::all_of(says.begin(), says.end(), [&](json const& name) {
                return value.contains(name.get<std::string>());
            });
        }
        if (keyword == "properties" || keyword == "additionalProperties") {
            if (!value.is_object()) return true;
            json const& known = schema.at("properties");
            bool const others = schema.value("additionalProperties", true);
            return std::all_of(value.items().begin(), value.items().end(), [&](auto const& member) {
                return known.contains(member.key()) ? allows(known[member.key()], member.value()) : others;
            });
        }
        throw std::invalid_argument("a keyword that is not known: " + keyword);
    }

    static bool is_of(json const& value, std::string const& type) {
        if (type == "object") return value.is_object();
        if (type == "array") return value.is_array();
        if (type == "string") return value.is_string();
        if (type == "boolean") return value.is_boolean();
        if (type == "null") return value.is_null();
        if (type == "number") return value.is_number();
        if (type == "integer") return value.is_number_integer();
        throw std::invalid_argument("a type that is not known: " + type);
    }

    json root_;
};
