// SPDX-License-Identifier: MIT
// Random banks of two to eight packs and random histories of them: each moment one pack has news, falls
// silent, or comes back; the others say what they said before.
#pragma once

#include "generators.hpp"

namespace jkp::control::test {

enum class Turn : std::uint8_t { news, falls_silent, comes_back };

struct BankMoment {
    std::size_t pack = 0;  // modulo the number of packs
    Turn turn = Turn::news;
    Moment moment;
};

inline std::ostream& operator<<(std::ostream& out, const BankMoment& m) {
    return out << "pack " << m.pack << " turn " << int(m.turn) << " " << m.moment;
}

using BankMoments = std::vector<BankMoment>;

}  // namespace jkp::control::test

namespace rc {

template <>
struct Arbitrary<jkp::control::test::BankMoment> {
    static Gen<jkp::control::test::BankMoment> arbitrary() {
        using jkp::control::test::BankMoment;
        using jkp::control::test::Turn;
        const auto turn =
            gen::weightedElement<Turn>({{12, Turn::news}, {1, Turn::falls_silent}, {2, Turn::comes_back}});
        return gen::build<BankMoment>(gen::set(&BankMoment::pack, gen::inRange<std::size_t>(0, 8)),
                                      gen::set(&BankMoment::turn, turn), gen::set(&BankMoment::moment));
    }
};

}  // namespace rc

namespace jkp::control::test {

// Mixed capacities and maxima, some of them unknown; with or without a quorum and a maximum of the bank.
inline rc::Gen<Config> any_bank() {
    return rc::gen::exec([] {
        Config config = *any_config();
        const PackConfig one = config.packs[0];
        const auto size = *rc::gen::inRange<std::size_t>(2, 9);
        config.packs.assign(size, one);
        for (PackConfig& pack : config.packs) {
            pack.max_charge = amps(
                *rc::gen::weightedOneOf<int>({{1, rc::gen::inRange(0, 20)}, {5, rc::gen::inRange(20, 300)}}));
            pack.max_discharge = amps(*rc::gen::inRange(0, 300));
            pack.capacity = MilliampHours(*rc::gen::inRange(20, 600) * 1000);
        }
        if (*rc::gen::inRange(0, 8) == 0) config.packs[0].capacity.reset();
        config.bank.quorum = static_cast<std::uint8_t>(*rc::gen::inRange<std::size_t>(0, size + 1));
        if (*rc::gen::inRange(0, 4) == 0) config.bank.max_charge = amps(*rc::gen::inRange(0, 500));
        if (*rc::gen::inRange(0, 4) == 0) config.bank.max_discharge = amps(*rc::gen::inRange(0, 500));
        config.bank.share_window = seconds(*rc::gen::inRange(1, 60));
        return config;
    });
}

// The packs of a bank, one controller, and a clock.
class BankRig {
  public:
    // Bit i of `late`: pack i is silent at first.
    BankRig(Config configuration, TimePoint start, unsigned late)
        : config(std::move(configuration)), state(make_state(config)), now(start) {
        for (std::size_t i = 0; i < config.packs.size(); ++i) {
            readings.push_back(reading_at(mv(3300)));
            silent.push_back(((late >> i) & 1U) != 0);
        }
    }

    const Decision& play(const BankMoment& m) {
        now += milliseconds(m.moment.after_ms);
        const std::size_t pack = m.pack % readings.size();
        if (m.turn != Turn::news) silent[pack] = m.turn == Turn::falls_silent;
        const bool speaks = m.turn == Turn::news && m.moment.kind != Kind::missing;
        if (speaks && m.moment.kind != Kind::repeat) readings[pack] = reading_of(m.moment);
        return run(m.turn == Turn::news && !speaks ? std::optional(pack) : std::nullopt);
    }
    // One step in which every pack answers that is not silent and not the missing one.
    const Decision& run(std::optional<std::size_t> missing = {}) { return run(answers(missing)); }
    const Decision& run(std::vector<Arrival> those) {
        arrivals = std::move(those);
        return last = step(config, state, {now, arrivals, now});
    }
    [[nodiscard]] std::vector<Arrival> answers(std::optional<std::size_t> missing = {}) const {
        std::vector<Arrival> result;
        for (std::size_t i = 0; i < readings.size(); ++i) {
            if (!silent[i] && missing != i) result.push_back({i, {readings[i], now}});
        }
        return result;
    }
    [[nodiscard]] std::size_t wanted() const {
        return config.bank.quorum == 0 ? config.packs.size() : config.bank.quorum;
    }
    // Valid samples of all packs so far.
    [[nodiscard]] std::uint64_t valid() const {
        std::uint64_t sum = 0;
        for (const PackState& pack : state.packs) sum += pack.valid_samples;
        return sum;
    }

    Config config;
    State state;
    TimePoint now;
    std::vector<PackReading> readings;
    std::vector<bool> silent;
    std::vector<Arrival> arrivals;  // of the last step
    Decision last;
};

inline BankRig any_bank_rig() {
    const Config config = *any_bank();
    const TimePoint start = any_start();
    const auto late =
        *rc::gen::weightedOneOf<unsigned>({{3, rc::gen::just(0U)}, {1, rc::gen::inRange(0U, 256U)}});
    return {config, start, late};
}

}  // namespace jkp::control::test
