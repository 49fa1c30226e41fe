// SPDX-License-Identifier: MIT
#include "report/samples.hpp"

#include <algorithm>
#include <utility>

#include "control/sources.hpp"

namespace jkp::report {
namespace {

using std::chrono::seconds;

constexpr std::int64_t minute = 60;
constexpr Duration believed_for = seconds(15);  // a pack's reading
constexpr Duration longest_gap = seconds(10);
// No house and no battery of this program's kind comes near; keeps every product within 64 bits.
constexpr std::int64_t greatest_power = 500'000'000'000;      // uW
constexpr std::int64_t count_per_mwh = 3'600'000'000'000;     // of 10^-12 J
constexpr std::int64_t greatest_transfer_step = 100'000'000;  // mWh between two samples

template <class Enum>
constexpr std::size_t index(Enum series) {
    return static_cast<std::size_t>(series);
}

void take_bank(const control::Decision& d, Sample& sample) {
    const auto set = [&](BankSeries series, std::int32_t value) { sample.bank[index(series)] = value; };
    set(BankSeries::charge_limit, d.charge.value().count());
    set(BankSeries::discharge_limit, d.discharge.value().count());
    if (d.age_stage < control::AgeStage::zero) {
        set(BankSeries::voltage, d.voltage.count());
        set(BankSeries::current, d.current.count());
        set(BankSeries::power, control::power_of(d.current, d.voltage).count());
        set(BankSeries::soc, d.soc.count());
        set(BankSeries::cell_max, d.highest.voltage.count());
        set(BankSeries::cell_min, d.lowest.voltage.count());
        set(BankSeries::temperature, d.temperature.count());
    }
    if (d.site.view.grid) set(BankSeries::grid, d.site.view.grid->value.count());
    if (d.site.view.peer) set(BankSeries::peer, d.site.view.peer->flow.value.power.count());
}

PackSample pack_sample(const PackSnapshot& pack) {
    PackSample sample{pack.name, {}};
    if (!pack.reading || pack.age > believed_for || pack.reading->cells.empty()) return sample;
    const PackReading& r = *pack.reading;
    const auto set = [&](PackSeries series, std::int32_t value) { sample.values[index(series)] = value; };
    set(PackSeries::voltage, r.voltage.count());
    set(PackSeries::current, r.current.count());
    set(PackSeries::soc, r.soc.count());
    const auto [lowest, highest] = std::minmax_element(r.cells.begin(), r.cells.end());
    set(PackSeries::cell_max, highest->count());
    set(PackSeries::cell_min, lowest->count());
    std::optional<std::int32_t> hottest;
    for (std::size_t i = index(Probe::t1); i < probe_count; ++i) {
        const auto& value = r.temperatures[static_cast<Probe>(i)];
        if (value) hottest = std::max(hottest.value_or(value->count()), value->count());
    }
    sample.values[index(PackSeries::temperature_max)] = hottest;
    return sample;
}

std::int64_t begin_of(std::int64_t wall, std::int64_t period) {
    const std::int64_t rest = wall % period;
    return wall - (rest < 0 ? rest + period : rest);
}

template <std::size_t N>
void add(std::array<Gather, N>& gathers, const SeriesValues<N>& values) {
    for (std::size_t i = 0; i < N; ++i) {
        if (values[i]) gathers[i].add(*values[i]);
    }
}

template <std::size_t N>
SeriesRanges<N> ranges(const std::array<Gather, N>& gathers) {
    SeriesRanges<N> result;
    for (std::size_t i = 0; i < N; ++i) result[i] = gathers[i].range();
    return result;
}

}  // namespace

Sample sample_of(const Snapshot& snapshot) {
    Sample sample;
    sample.transferred = snapshot.decision.site.transfer_mwh;
    if (snapshot.decision.complete) take_bank(snapshot.decision, sample);
    for (const PackSnapshot& pack : snapshot.packs) sample.packs.push_back(pack_sample(pack));
    return sample;
}

void Gather::add(const Range& range, std::int64_t weight) {
    const bool first = weight_ == 0;
    range_.min = first ? range.min : std::min(range_.min, range.min);
    range_.max = first ? range.max : std::max(range_.max, range.max);
    sum_ += std::int64_t{range.mean} * weight;
    weight_ += weight;
}

std::optional<Range> Gather::range() const {
    if (weight_ == 0) return std::nullopt;
    const std::int64_t half = sum_ < 0 ? -weight_ / 2 : weight_ / 2;
    return Range{static_cast<std::int32_t>((sum_ + half) / weight_), range_.min, range_.max};
}

std::optional<SeriesRow> MinuteMaker::add(std::int64_t wall, const Sample& sample) {
    const std::int64_t begin = begin_of(wall, minute);
    std::optional<SeriesRow> over;
    if (begin_ && begin != *begin_) over = finish();
    begin_ = begin;
    ++samples_;
    report::add(bank_, sample.bank);
    for (const PackSample& one : sample.packs) report::add(pack(one.pack).values, one.values);
    return over;
}

MinuteMaker::Pack& MinuteMaker::pack(const std::string& name) {
    const auto found = std::ranges::find(packs_, name, &Pack::name);
    if (found != packs_.end()) return *found;
    packs_.push_back({name, {}});
    return packs_.back();
}

std::optional<SeriesRow> MinuteMaker::so_far() const {
    if (!begin_) return std::nullopt;
    SeriesRow row{*begin_, ranges(bank_), {}, samples_};
    for (const Pack& pack : packs_) row.packs.push_back({pack.name, ranges(pack.values)});
    return row;
}

std::optional<SeriesRow> MinuteMaker::finish() {
    std::optional<SeriesRow> row = so_far();
    *this = MinuteMaker();
    return row;
}

EnergyMeter::Powers EnergyMeter::powers_of(const Sample& sample) {
    const auto bounded = [](std::int64_t uw) { return std::clamp(uw, -greatest_power, greatest_power); };
    Powers powers;
    const auto& voltage = sample.bank[index(BankSeries::voltage)];
    const auto& current = sample.bank[index(BankSeries::current)];
    if (voltage && current) powers.battery = bounded(std::int64_t{*voltage} * *current);
    if (const auto& grid = sample.bank[index(BankSeries::grid)]) {
        powers.grid = bounded(std::int64_t{*grid} * 1'000'000);
    }
    return powers;
}

// The two ends each count half: a change of sign between them is one second of error at most.
void EnergyMeter::integrate(Flow& flow, std::int64_t before, std::int64_t now, std::int64_t us) {
    const auto positive = [](std::int64_t power) { return std::max<std::int64_t>(power, 0); };
    flow.in += (positive(before) + positive(now)) / 2 * us;
    flow.out += (positive(-before) + positive(-now)) / 2 * us;
}

void EnergyMeter::add(TimePoint now, const Sample& sample) {
    const Powers powers = powers_of(sample);
    if (at_ && now > *at_ && now - *at_ <= longest_gap) {
        const std::int64_t us = (now - *at_).count();
        if (last_.battery && powers.battery) integrate(battery_, *last_.battery, *powers.battery, us);
        if (last_.grid && powers.grid) integrate(grid_, *last_.grid, *powers.grid, us);
    }
    if (powers.grid) metered_ = true;
    if (transferred_) {
        const std::int64_t step = sample.transferred - *transferred_;
        if (step > 0 && step < greatest_transfer_step) whole_.transferred += step;
    }
    const auto settle = [](std::int64_t& flow) {
        return std::exchange(flow, flow % count_per_mwh) / count_per_mwh;
    };
    whole_.charged += settle(battery_.in);
    whole_.discharged += settle(battery_.out);
    if (metered_) {
        whole_.exported = whole_.exported.value_or(0) + settle(grid_.in);
        whole_.imported = whole_.imported.value_or(0) + settle(grid_.out);
    }
    transferred_ = sample.transferred;
    last_ = powers;
    at_ = now;
}

Energy EnergyMeter::take() {
    metered_ = false;
    return std::exchange(whole_, {});
}

}  // namespace jkp::report
