// SPDX-License-Identifier: MIT
// Stage C: the packs seen as one battery.
#include "control/bank.hpp"

#include <gtest/gtest.h>

#include "packs.hpp"

namespace jkp::control::test {
namespace {

// Three packs that differ in one thing.
struct Three {
    Config config = config_of({100, 100, 100});
    std::array<Sample, 3> samples;
    std::array<MilliampHours, 3> capacities{};

    Three() {
        for (Sample& sample : samples) {
            sample.reading = reading_at(mv(3300));
            for (const Probe p : {Probe::mosfet, Probe::t1, Probe::t2}) {
                sample.probes[static_cast<std::size_t>(p)] = ProbeValue{celsius(20), {}};
            }
        }
    }
    [[nodiscard]] BankView view() {
        std::vector<PackView> packs;
        for (std::size_t i = 0; i < samples.size(); ++i) {
            samples[i].highest = highest_cell(samples[i].reading.cells);
            samples[i].lowest = lowest_cell(samples[i].reading.cells);
            packs.push_back({i, &samples[i], capacities[i]});
        }
        return combine(config, packs);
    }
    void cells(std::size_t pack, int highest, int lowest) {
        samples[pack].reading = reading_between(mv(highest), mv(lowest));
    }
};

TEST(BankView, TheHighestAndTheLowestCellAreOfTheWorstPackAndOfEqualsTheFirst) {
    for (const std::size_t worst : {0U, 1U, 2U}) {
        for (const std::size_t other : {0U, 1U, 2U}) {
            Three three;
            for (const std::size_t i : {0U, 1U, 2U}) three.cells(i, 3350, 3250);
            three.cells(worst, 3400, worst == other ? 3200 : 3250);
            if (worst != other) three.cells(other, 3350, 3200);
            const BankView bank = three.view();
            EXPECT_EQ(bank.highest_pack, worst);
            EXPECT_EQ(bank.lowest_pack, other);
            EXPECT_EQ(bank.highest, (CellExtreme{mv(3400), 3}));
            EXPECT_EQ(bank.lowest, (CellExtreme{mv(3200), 7}));
            EXPECT_EQ(bank.difference, mv(worst == other ? 200 : 150));
        }
    }
    EXPECT_EQ(Three().view().highest_pack, 0U);
    EXPECT_EQ(Three().view().lowest_pack, 0U);
}

TEST(BankView, AnUnknownCapacityWeighsLikeOneMilliampHour) {
    Three three;
    three.capacities = {MilliampHours(3), MilliampHours(0), MilliampHours(0)};
    three.samples[0].reading.soc = percent(100);
    three.samples[1].reading.soc = three.samples[2].reading.soc = percent(0);
    EXPECT_EQ(three.view().soc, percent(60));
    EXPECT_EQ(three.view().capacity, MilliampHours(3));
    three.capacities[0] = MilliampHours(0);
    three.samples[0].reading.soc = Permille(2);
    EXPECT_EQ(three.view().soc, Permille(0));  // two thirds, rounded down
}

TEST(BankView, ItsTimeIsThatOfTheNewestSample) {
    const auto newest = [](int first, int second, int third) {
        Three three;
        three.samples[0].at = at(seconds(first));
        three.samples[1].at = at(seconds(second));
        three.samples[2].at = at(seconds(third));
        return three.view().at;
    };
    EXPECT_EQ(newest(7, 5, 6), at(seconds(7)));
    EXPECT_EQ(newest(5, 7, 6), at(seconds(7)));
    EXPECT_EQ(newest(-9, -8, -7), at(seconds(-7)));
    EXPECT_EQ(newest(-7, -8, -9), at(seconds(-7)));
}

TEST(BankView, ItsMembersAreTheBitsOfItsPacks) {
    Three three;
    EXPECT_EQ(three.view().members, 0b111U);
    const Sample& sample = three.samples[0];
    EXPECT_EQ(combine(three.config, std::array{PackView{2, &sample, {}}}).members, 0b100U);
    EXPECT_EQ(combine(three.config, std::array{PackView{0, &sample, {}}, PackView{2, &sample, {}}}).members,
              0b101U);
}

TEST(BankView, VoltageAndTemperatureAreMeansAndTheCurrentIsTheSum) {
    Three three;
    for (const std::size_t i : {0U, 1U, 2U}) {
        three.samples[i].reading.voltage = mv(52'000 + 300 * static_cast<int>(i));
        three.samples[i].reading.current = amps(10.0 * static_cast<double>(i) - 5);
        three.samples[i].probes[static_cast<std::size_t>(Probe::t1)]->value =
            celsius(20.0 + 6.0 * static_cast<double>(i));
    }
    const BankView bank = three.view();
    EXPECT_EQ(bank.voltage, mv(52'300));
    EXPECT_EQ(bank.current, amps(15));
    EXPECT_EQ(bank.temperature, celsius(23));
    EXPECT_EQ(bank.packs, 3);
}

TEST(Bound, IsNeverNegativeAndOnlyEverTightened) {
    ChargeBound bound(Milliamps(-1), {.rule = Rule::age});
    EXPECT_EQ(bound.value(), Milliamps(0));
    bound = ChargeBound(amps(5), {.rule = Rule::age});
    bound.tighten({amps(5), {.rule = Rule::hold}});
    EXPECT_EQ(bound.reason().rule, Rule::age);  // of equals the earlier one
    bound.tighten({amps(4), {.rule = Rule::hold}});
    EXPECT_EQ(bound.reason().rule, Rule::hold);
    bound.tighten({amps(6), {.rule = Rule::ramp}});
    EXPECT_EQ(bound.value(), amps(4));
}

}  // namespace
}  // namespace jkp::control::test
