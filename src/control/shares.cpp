// SPDX-License-Identifier: MIT
#include "control/shares.hpp"

#include "control/intake.hpp"

namespace jkp::control {
namespace {

constexpr Duration longest_step = seconds(5);  // a mean does not run over a gap in the data
constexpr std::uint8_t settled_samples = 2;    // before a pack counts as taking its share

template <Direction D>
bool switched_on(const PackState& pack) {
    return D == Direction::charge ? pack.sample->reading.charge_mos : pack.sample->reading.discharge_mos;
}

// Whether two of the last three samples say that the switch is on, the newest among them.
template <Direction D>
bool surely_on(const PackState& pack, TimePoint now) {
    constexpr auto rule = static_cast<std::size_t>(Rule::mos_off);
    return trusted<D>(pack.evidence, rule, now).value() > Milliamps(0);
}

template <Direction D>
bool surely_off(const PackState& pack) {
    constexpr auto rule = static_cast<std::size_t>(Rule::mos_off);
    int off = 0;
    for (std::size_t i = 0; i < pack.evidence.count; ++i) {
        const PackBounds& bounds = pack.evidence.entries[i].bounds;
        if constexpr (D == Direction::charge) {
            off += bounds.charge[rule].value() == Milliamps(0) ? 1 : 0;
        } else {
            off += bounds.discharge[rule].value() == Milliamps(0) ? 1 : 0;
        }
    }
    return !switched_on<D>(pack) && off >= 2;
}

// Of a present pack.
template <Direction D>
bool carries(const PackState& pack, TimePoint now) {
    return pack.streak >= settled_samples && surely_on<D>(pack, now);
}

template <Direction D>
const Share& measured(const PackState& pack) {
    return D == Direction::charge ? pack.charge_share : pack.discharge_share;
}

// Capacity of the pack by that of all who surely take a part; the whole when a capacity is not known.
std::int32_t capacity_share(std::int64_t own, std::int64_t others, bool known) {
    if (!known || own <= 0) return whole_share;
    const std::int64_t total = own + others;
    return static_cast<std::int32_t>((own * whole_share + total - 1) / total);
}

std::int32_t with_margin(const BankSettings& rules, const Share& share) {
    if (share.measured < rules.share_window) return 0;
    const std::int64_t ppm = std::int64_t{share.ppm} * rules.share_margin.count() / 1000;
    return static_cast<std::int32_t>(std::clamp<std::int64_t>(ppm, 0, whole_share));
}

template <Direction D>
void set_direction(const Config& config, State& state, TimePoint now) {
    std::int64_t carrying = 0;
    bool known = true;
    bool anybody = false;
    for (const PackState& pack : state.packs) {
        if (!pack.part.present) continue;
        anybody = anybody || surely_on<D>(pack, now);
        if (!carries<D>(pack, now)) continue;
        carrying += pack.capacity.count();
        known = known && pack.capacity.count() > 0;
    }
    for (PackState& pack : state.packs) {
        if (!pack.part.present) continue;
        const std::int64_t own = pack.capacity.count();
        const std::int64_t others = carries<D>(pack, now) ? carrying - own : carrying;
        const std::int32_t share =
            std::max(capacity_share(own, others, known), with_margin(config.bank, measured<D>(pack)));
        // The last switch that opens stops the bank; one of several leaves it to the others.
        const bool counts = !anybody || !surely_off<D>(pack);
        (D == Direction::charge ? pack.part.charges : pack.part.discharges) = counts;
        (D == Direction::charge ? pack.part.charge_share : pack.part.discharge_share) = share;
    }
}

// A mean that is exact until the window is full and forgets slowly from then on.
void learn(Share& share, const BankSettings& rules, std::int64_t ppm, Duration dt) {
    share.measured = std::min(share.measured + dt, rules.share_window);
    const std::int64_t us = std::max<std::int64_t>(share.measured.count(), 1);
    share.ppm += static_cast<std::int32_t>((ppm - share.ppm) * dt.count() / us);
}

}  // namespace

void learn_shares(const Config& config, State& state, TimePoint at) {
    const Duration dt = std::clamp(at - state.shares_at, Duration{}, longest_step);
    state.shares_at = at;
    std::int64_t current = 0;
    std::int64_t capacity = 0;
    bool charging = false;
    bool discharging = false;
    for (const PackState& pack : state.packs) {
        if (!pack.part.present) continue;
        const Milliamps own = pack.sample->reading.current;
        current += own.count();
        capacity += pack.capacity.count();
        charging = charging || own > Milliamps(0);
        discharging = discharging || own < Milliamps(0);
    }
    const std::int64_t least = capacity * config.bank.share_from.count() / 1000;  // mAh per hour = mA
    if (std::abs(current) <= least || charging == discharging) return;
    for (PackState& pack : state.packs) {
        if (!pack.part.present) continue;
        const std::int64_t ppm = pack.sample->reading.current.count() * std::int64_t{whole_share} / current;
        learn(charging ? pack.charge_share : pack.discharge_share, config.bank, ppm, dt);
    }
}

void set_shares(const Config& config, State& state, TimePoint now) {
    set_direction<Direction::charge>(config, state, now);
    set_direction<Direction::discharge>(config, state, now);
}

Milliamps for_bank(Milliamps value, std::int32_t share) {
    const std::int64_t bank = std::int64_t{value.count()} * whole_share / share;
    return Milliamps(static_cast<std::int32_t>(std::min<std::int64_t>(bank, Milliamps::max().count())));
}

Milliamps for_pack(Milliamps value, std::int32_t share) {
    const std::int64_t scaled_up = std::int64_t{value.count()} * share;
    return Milliamps(static_cast<std::int32_t>((scaled_up + whole_share - 1) / whole_share));
}

}  // namespace jkp::control
