#include "walk.hpp"

#include <utility>

namespace corpus {

namespace fs = std::filesystem;

walk::walk(fs::path const& root) {
    if (fs::is_directory(root)) {
        directory_ = root;
        here_ = fs::directory_iterator(root);
        return;
    }
    if (!fs::is_regular_file(root)) {
        throw fs::filesystem_error("neither a file nor a directory", root,
                                   std::make_error_code(std::errc::invalid_argument));
    }
    pending_.emplace(root, fs::file_size(root));
}

std::optional<found_file> walk::next() {
    while (true) {
        if (pending_) return std::exchange(pending_, std::nullopt);
        std::error_code problem;
        if (here_ != fs::directory_iterator()) {
            fs::directory_entry const entry = *here_;
            here_.increment(problem);  // at the end after a problem
            if (problem) pending_.emplace(directory_, problem);
            if (auto found = look_at(entry)) return found;
        } else if (!later_.empty()) {
            directory_ = std::move(later_.back());
            later_.pop_back();
            here_ = fs::directory_iterator(directory_, problem);
            if (problem) return found_file(directory_, problem);
        } else {
            return std::nullopt;
        }
    }
}

std::optional<found_file> walk::look_at(fs::directory_entry const& entry) {
    std::error_code problem;
    auto const status = entry.symlink_status(problem);
    if (problem) return found_file(entry.path(), problem);
    if (fs::is_directory(status)) later_.push_back(entry.path());
    if (!fs::is_regular_file(status)) return std::nullopt;
    auto const size = entry.file_size(problem);
    if (problem) return found_file(entry.path(), problem);
    return found_file(entry.path(), size);
}

}  // namespace corpus
