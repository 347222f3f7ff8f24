#include "frond/hooks/broadcast.hpp"

#include "board.hpp"

#include "frond/base/result.hpp"

#include <utility>

namespace frond::hooks {

/// What one subscriber was told. Thread: its own.
class detail::subscription {
public:
    explicit subscription(std::shared_ptr<detail::board> of) noexcept : board_(std::move(of)) {}

    /// Keeps itself: the subscriber may be gone before the coroutine.
    static async<std::optional<std::string>> next(std::shared_ptr<subscription> mine) {
        for (;;) {
            board::sleeper waiting(*mine->board_, mine->told_);
            bool const awake = co_await waiting;
            if (!awake) throw bad_result(error::canceled());
            auto news = mine->board_->news_for(mine->told_, mine->last_run_);
            if (news.over) co_return std::nullopt;
            if (news.now == nullptr) continue;
            // Counters may have changed and changed back.
            bool const told = news.before == nullptr || differs(*news.before, *news.now);
            std::optional<std::string> update;
            if (told) update = news.before == nullptr ? full_json(*news.now) : change_json(*news.before, *news.now);
            mine->note(std::move(news.now));
            if (told) co_return std::move(update);
        }
    }

private:
    void note(shared_view now) {
        last_run_ = now->progress.run_id;
        told_[last_run_] = std::move(now);
    }

    std::shared_ptr<detail::board> board_;
    views told_;
    std::uint64_t last_run_ = 0;
};

broadcast::subscriber::subscriber(std::shared_ptr<detail::subscription> mine) noexcept : mine_(std::move(mine)) {}

async<std::optional<std::string>> broadcast::subscriber::next() { return detail::subscription::next(mine_); }

broadcast::broadcast(broadcast_options options)
    : options_(options), board_(std::make_shared<detail::board>(options.ended_runs())) {}

broadcast::~broadcast() { close(); }

broadcast::subscriber broadcast::subscribe() { return subscriber(std::make_shared<detail::subscription>(board_)); }

void broadcast::close() noexcept { board_->close(); }

observer_policy broadcast::policy() const noexcept { return latest(options_.interval()); }

void broadcast::on_sample(progress const& sample) {
    board_->publish(std::make_shared<detail::run_view const>(detail::run_view{sample, std::nullopt}));
}

void broadcast::after_run(run_event const& event) {
    if (!event.progress) return;
    detail::run_view last{*event.progress, event.failure};
    last.progress.run_id = event.run_id;
    last.progress.ended = true;
    board_->publish(std::make_shared<detail::run_view const>(std::move(last)));
}

}  // namespace frond::hooks
