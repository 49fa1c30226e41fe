// SPDX-License-Identifier: MIT
#include "control/bank.hpp"

namespace jkp::control {
namespace {

void add_extremes(BankView& bank, const PackView& pack, bool first) {
    if (first || pack.sample->highest.voltage > bank.highest.voltage) {
        bank.highest = pack.sample->highest;
        bank.highest_pack = pack.index;
    }
    if (first || pack.sample->lowest.voltage < bank.lowest.voltage) {
        bank.lowest = pack.sample->lowest;
        bank.lowest_pack = pack.index;
    }
}

// Capacity 0 (unknown) weighs like 1 mAh, so that a bank of unknown packs still has a mean.
std::int64_t weight(const PackView& pack) {
    return std::max<std::int64_t>(pack.capacity.count(), 1);
}

Decicelsius mean_temperature(const Config& config, std::span<const PackView> packs) {
    std::int64_t sum = 0;
    std::int64_t count = 0;
    for (const PackView& pack : packs) {
        for (const Probe probe : config.packs[pack.index].battery_probes) {
            sum += pack.sample->probe(probe)->value.count();
            ++count;
        }
    }
    return Decicelsius(count == 0 ? 0 : static_cast<std::int32_t>(sum / count));
}

}  // namespace

template <Direction D>
Milliamps bank_maximum(const Config& config) {
    Milliamps sum{0};
    for (const PackConfig& pack : config.packs) {
        sum += D == Direction::charge ? pack.max_charge : pack.max_discharge;
    }
    const auto& maximum = D == Direction::charge ? config.bank.max_charge : config.bank.max_discharge;
    return std::min(sum, maximum.value_or(sum));
}
template Milliamps bank_maximum<Direction::charge>(const Config&);
template Milliamps bank_maximum<Direction::discharge>(const Config&);

BankView combine(const Config& config, std::span<const PackView> packs) {
    ensure(!packs.empty(), "a bank has a pack");
    BankView bank;
    std::int64_t voltage = 0;
    std::int64_t soc = 0;
    std::int64_t weights = 0;
    for (const PackView& pack : packs) {
        const PackReading& reading = pack.sample->reading;
        voltage += reading.voltage.count();
        bank.current += reading.current;
        soc += reading.soc.count() * weight(pack);
        weights += weight(pack);
        bank.capacity += pack.capacity;
        add_extremes(bank, pack, bank.packs == 0);
        bank.difference =
            std::max(bank.difference, pack.sample->highest.voltage - pack.sample->lowest.voltage);
        bank.at = bank.packs == 0 ? pack.sample->at : std::max(bank.at, pack.sample->at);
        bank.members |= std::uint64_t{1} << pack.index;
        ++bank.packs;
    }
    bank.voltage = Millivolts(static_cast<std::int32_t>(voltage / bank.packs));
    bank.soc = Permille(static_cast<std::int32_t>(soc / weights));
    bank.temperature = mean_temperature(config, packs);
    return bank;
}

}  // namespace jkp::control
