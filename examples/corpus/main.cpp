// Counts the files below a directory by extension: bytes, lines, words and distinct words.
#include "nodes.hpp"
#include "records.hpp"

#include <frond/hooks/terminal.hpp>

#include <CLI/CLI.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <exception>
#include <filesystem>
#include <iostream>
#include <map>
#include <string>
#include <thread>

int main(int argc, char** argv) {
    using frond::hooks::terminal_mode;

    std::filesystem::path root = "/usr/include";
    unsigned threads = std::max(std::thread::hardware_concurrency(), 1u);
    unsigned limit = 256;
    std::size_t top = 20;
    std::string progress = "auto";
    std::map<std::string, terminal_mode> const modes = {{"auto", terminal_mode::automatic},
                                                        {"tty", terminal_mode::tty},
                                                        {"notebook", terminal_mode::notebook},
                                                        {"plain", terminal_mode::plain},
                                                        {"none", terminal_mode::none}};

    CLI::App app(
        "Counts bytes, lines, words and distinct words of the files below a directory, by extension.\n"
        "What cannot be read is told on standard error and left out.");
    app.add_option("path", root, "a directory, or one file")->capture_default_str();
    app.add_option("--threads", threads, "how many threads count")->check(CLI::Range(1u, 1024u))->capture_default_str();
    app.add_option("--limit", limit, "how many files and chunks are open at once")
        ->check(CLI::Range(1u, 1u << 20))
        ->capture_default_str();
    app.add_option("--top", top, "how many extensions have a row of their own")->capture_default_str();
    app.add_option("--progress", progress, "auto, tty, notebook, plain or none")
        ->check(CLI::IsMember(modes))
        ->capture_default_str();
    corpus::record_files files;
    app.add_option("--events", files.events, "write every event there, a line of JSON each");
    app.add_option("--trace", files.trace, "write a trace there, for Perfetto or chrome://tracing");
    app.add_option("--report", files.report, "write there where the time went, as a page for a browser");
    app.add_option("--metrics", files.metrics, "write the run's counters there, as Prometheus reads them");
    CLI11_PARSE(app, argc, argv);

    try {
        frond::hooks::terminal bars(frond::hooks::terminal_options().mode(modes.at(progress)));
        corpus::records records(files);
        // The run must wait for its logs, traces and reports to be written, on a slow disk too.
        auto const options = frond::options().limit(limit).grace(std::chrono::minutes(1));
        auto const plan = frond::plan_for<corpus::by_extension>(options);
        auto const counted =
            frond::run_blocking(plan, frond::arg<"root">(root), bars, records.hooks(), frond::threads(threads));
        records.finish();
        if (!counted) {
            std::cerr << "corpus: " << counted.error().to_string() << '\n';
            return 1;
        }
        std::cerr << corpus::problems(counted.value());
        std::cout << corpus::table(counted.value(), top);
        return std::cout.flush() ? 0 : 1;
    } catch (std::exception const& failure) {  // a file that cannot be written
        std::cerr << "corpus: " << failure.what() << '\n';
        return 1;
    }
}
