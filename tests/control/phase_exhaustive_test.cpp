// SPDX-License-Identifier: MIT
// Every state of the phase machine that can be reached, with every kind of input in each of them. The timers
// are short, so that they count in steps; a timer beyond its limit is as good as one just past it, and so
// the states are finite.
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <vector>

#include "builders.hpp"
#include "control/phase.hpp"

namespace jkp::control::test {
namespace {

constexpr TimePoint origin = at(hours(100'000));
constexpr Duration gap = seconds(6);  // longer than data may be missing within one observation

Config short_times() {
    Config config = config_of_one();
    PhaseSettings& p = config.phase;
    p.absorb_delay = seconds(2);
    p.end_time = seconds(2);
    p.absorb_maximum = seconds(4);
    p.balance_maximum = seconds(3);
    p.rebulk_delay = seconds(2);
    p.rebulk_discharged = percent(3);
    p.rebulk_interval = seconds(7);
    p.full_overdue = seconds(8);
    return config;
}

// What the machine sees in one step.
struct Kind {
    Duration after;
    int high;
    bool uneven;
    int pack_amps;  // of the pack with the highest cell, 100 Ah
    int bank_amps;  // of a bank of 1 Ah: 36 A move 1 % each second
    bool fault;
    bool full_charge = false;  // asked for by a command
};

std::vector<Kind> kinds() {
    std::vector<Kind> all;
    for (const Duration after : {Duration(seconds(1)), gap}) {
        for (const int high : {3299, 3350, 3440, 3500}) {
            for (const bool uneven : {false, true}) {
                for (const int amps : {-1, 0, 40}) {
                    all.push_back({after, high, uneven, amps, amps < 0 ? -36 : amps, false});
                }
            }
        }
        for (const int high : {3299, 3440, 3500}) all.push_back({after, high, false, 0, 0, false, true});
        all.push_back({after, 3350, false, -1, -36, false, true});
        all.push_back({after, 3660, true, 0, 0, true});
        all.push_back({after, 3660, true, 0, 0, true, true});
        all.push_back({after, 3350, false, -1, -36, true});
    }
    return all;
}

PhaseInputs inputs(const Kind& kind) {
    PhaseInputs in{};
    in.at = origin + kind.after;
    in.highest = {mv(kind.high), 1};
    in.difference = mv(kind.uneven ? 11 : 10);
    in.pack_current = amps(kind.pack_amps);
    in.pack_capacity = MilliampHours(100'000);
    in.bank_current = amps(kind.bank_amps);
    in.bank_capacity = MilliampHours(1000);
    in.fault = kind.fault;
    in.full_charge = kind.full_charge;
    return in;
}

// The state together with what the test alone remembers: whether the end of this charge was really seen.
struct Node {
    PhaseState state;
    bool really_full = false;
};

void age_at_most(TimePoint& time, TimePoint now, Duration most) {
    time = origin - std::min(now - time, most);
}
void age_at_most(std::optional<TimePoint>& time, TimePoint now, Duration most) {
    if (time) age_at_most(*time, now, most);
}
void age_at_most(Since& since, TimePoint now, Duration most) {
    age_at_most(since.first, now, most);
    age_at_most(since.last, now, gap);
}

// The same state as if it were reached at `origin`, with each timer at most a second past its limit.
PhaseState settled(PhaseState s, TimePoint now, const PhaseSettings& p) {
    const Duration more = seconds(1);
    age_at_most(s.since, now, std::max(p.absorb_maximum, p.balance_maximum) + more);
    age_at_most(s.absorb, now, p.absorb_delay + more);
    age_at_most(s.end_certain, now, p.end_time + more);
    age_at_most(s.rebulk, now, p.rebulk_delay + more);
    age_at_most(s.first, now, p.full_overdue + more);
    age_at_most(s.stepped_at, now, Duration{});
    age_at_most(s.last_full, now, p.full_overdue + more);
    age_at_most(s.last_end, now, p.rebulk_interval + more);
    s.end_credit = std::min(s.end_credit, p.end_time + more);
    const std::int64_t one_percent = 36'000 * 1000;  // mA ms of 1 Ah
    s.discharged = std::min(s.discharged, 4 * one_percent);
    return s;
}

using Key = std::vector<std::int64_t>;

Key key(const Node& n) {
    const auto of = [](const std::optional<TimePoint>& t) { return t ? (origin - *t).count() : -1; };
    const PhaseState& s = n.state;
    return {static_cast<int>(s.phase),
            (origin - s.since).count(),
            of(s.absorb.first),
            of(s.absorb.last),
            of(s.end_certain.first),
            of(s.end_certain.last),
            of(s.rebulk.first),
            of(s.rebulk.last),
            s.end_credit.count(),
            of(s.first),
            of(s.stepped_at),
            of(s.last_full),
            of(s.last_end),
            s.discharged,
            s.full_claimed,
            s.overdue_told,
            s.asked,
            n.really_full};
}

struct Edge {
    std::size_t from;
    std::size_t to;
    Kind kind;
    Events events;
};

// Breadth first from the start of the program; `visit` sees each step once.
class Machine {
  public:
    template <class Visit>
    void explore(Visit visit) {
        add(Node{});
        for (std::size_t i = 0; i < nodes.size(); ++i) {
            for (const Kind& kind : all_kinds_) {
                Node next = nodes[i];
                const bool first_step = !next.state.stepped_at;
                if (first_step) next.state.since = origin;
                const PhaseInputs in = inputs(kind);
                Edge edge{i, 0, kind, {}};
                advance(next.state, config, in, edge.events);
                if (nodes[i].state.phase == Phase::absorb && next.state.phase == Phase::full) {
                    next.really_full = true;
                }
                if (next.state.phase == Phase::bulk) next.really_full = false;
                next.state = settled(next.state, in.at, config.phase);
                edge.to = add(next);
                visit(edge);
            }
        }
    }

    Config config = short_times();
    std::vector<Node> nodes;

  private:
    std::size_t add(const Node& node) {
        const auto [place, is_new] = index_.emplace(key(node), nodes.size());
        if (is_new) nodes.push_back(node);
        return place->second;
    }

    std::map<Key, std::size_t> index_;
    std::vector<Kind> all_kinds_ = kinds();
};

using Change = std::pair<Phase, Phase>;

// Section E of docs/control.md, apart from Fault.
const std::set<Change> allowed{
    {Phase::init, Phase::bulk},        {Phase::bulk, Phase::absorb},   {Phase::absorb, Phase::full},
    {Phase::absorb, Phase::floating},  {Phase::full, Phase::floating}, {Phase::full, Phase::balance},
    {Phase::balance, Phase::floating}, {Phase::floating, Phase::idle}, {Phase::floating, Phase::bulk},
    {Phase::idle, Phase::bulk},        {Phase::fault, Phase::bulk},    {Phase::bulk, Phase::idle},
    {Phase::absorb, Phase::idle},
};

std::vector<Phase> entered(const Events& events) {
    std::vector<Phase> phases;
    for (const Event& e : events) {
        if (e.code == EventCode::phase_changed) phases.push_back(static_cast<Phase>(e.value));
    }
    return phases;
}

// Empty when the step is as the rules say.
std::string complaint(const Machine& machine, const Edge& edge) {
    const PhaseState& from = machine.nodes[edge.from].state;
    const Node& to = machine.nodes[edge.to];
    const std::vector<Phase> changes = entered(edge.events);
    if ((to.state.phase == Phase::fault) != edge.kind.fault) return "Fault exactly while a fault is there";
    if (changes.empty() != (from.phase == to.state.phase)) return "a change is told, and only a change";
    if (!changes.empty() && changes.back() != to.state.phase) return "the last change told is the phase";
    const bool through_idle = changes == std::vector{Phase::idle, Phase::bulk};
    if (changes.size() > 1 && !through_idle) return "two changes in one step";
    Phase at = from.phase;
    for (const Phase next : changes) {
        if (next != Phase::fault && !allowed.contains({at, next})) return "a change that is not in the table";
        at = next;
    }
    const bool charging = from.phase == Phase::bulk || from.phase == Phase::absorb;
    const bool gave_up = charging && to.state.phase == Phase::idle;
    const bool asked_no_more = from.asked && !edge.kind.full_charge;
    if (gave_up && !asked_no_more) return "only a command that ends takes a charge back";
    if (charging && asked_no_more && to.state.phase != Phase::idle && to.state.phase != Phase::fault) {
        return "what a command has begun ends with it";
    }
    if (to.state.asked && to.state.phase != Phase::bulk && to.state.phase != Phase::absorb) {
        return "only a charge is asked for";
    }
    if (to.state.claims_full() && !to.really_full) return "claims full without a Full";
    const bool at_top = edge.kind.high >= 3440;
    if (!at_top && (to.state.phase == Phase::absorb || to.state.phase == Phase::full) &&
        from.phase != to.state.phase) {
        return "Absorb or Full entered below the top";
    }
    if (edge.kind.after == gap && from.phase == Phase::bulk && to.state.phase == Phase::absorb) {
        return "Absorb entered by a gap in the data";
    }
    return {};
}

std::string describe(const Kind& k) {
    return "H " + std::to_string(k.high) + (k.uneven ? " uneven" : " even") + ", I " +
           std::to_string(k.pack_amps) + " A, after " + std::to_string(k.after.count() / 1'000'000) + " s" +
           (k.fault ? ", fault" : "");
}

// Explored once for all tests.
struct Explored {
    Explored() {
        machine.explore([&](const Edge& edge) {
            const Phase from = machine.nodes[edge.from].state.phase;
            const Phase to = machine.nodes[edge.to].state.phase;
            if (from != to && to != Phase::fault) seen.emplace(from, to);
            const std::string wrong = complaint(machine, edge);
            if (!wrong.empty() && complaints.size() < 10) {
                complaints.push_back(std::string(name(from)) + " -> " + std::string(name(to)) + " with " +
                                     describe(edge.kind) + ": " + wrong);
            }
            before.resize(machine.nodes.size());
            if (!edge.kind.fault) before[edge.to].push_back(edge.from);
        });
    }

    Machine machine;
    std::set<Change> seen;
    std::vector<std::string> complaints;
    std::vector<std::vector<std::size_t>> before;  // of each state, without a fault
};

const Explored& explored() {
    static const Explored result;
    return result;
}

TEST(PhasesExhaustive, EveryStepFromEveryReachableStateIsOneOfTheTable) {
    EXPECT_EQ(explored().complaints, std::vector<std::string>{});
    EXPECT_EQ(explored().seen, allowed) << "a change of the table never happens";
    EXPECT_GT(explored().machine.nodes.size(), 1000U);
    RecordProperty("states", static_cast<int>(explored().machine.nodes.size()));
}

TEST(PhasesExhaustive, BulkIsReachedFromEveryStateWithoutAnOperatorAndThereIsNoDeadEnd) {
    const std::vector<Node>& nodes = explored().machine.nodes;
    std::vector<bool> leads_to_bulk(nodes.size());
    std::vector<std::size_t> open;
    const auto mark = [&](std::size_t i) {
        if (leads_to_bulk[i]) return;
        leads_to_bulk[i] = true;
        open.push_back(i);
    };
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        if (nodes[i].state.phase == Phase::bulk) mark(i);
    }
    while (!open.empty()) {
        const std::size_t i = open.back();
        open.pop_back();
        for (const std::size_t earlier : explored().before[i]) mark(earlier);
    }
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        ASSERT_TRUE(leads_to_bulk[i]) << name(nodes[i].state.phase);
    }
}

}  // namespace
}  // namespace jkp::control::test
