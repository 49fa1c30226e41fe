// SPDX-License-Identifier: MIT
#include "codecs.hpp"

#include <algorithm>
#include <vector>

#include "core/ensure.hpp"
#include "jk/decode_4e57.hpp"
#include "jk/encode_4e57.hpp"
#include "pylontech/codec.hpp"

namespace jkp::bench {
namespace {

using benchmark::DoNotOptimize;
using Buffer = std::vector<std::uint8_t>;

Buffer answer() {
    Buffer bytes = jk::encode_reply(reading());
    ensure(bytes.size() == 291, "an answer of 16 cells has 291 bytes");
    return bytes;
}

// Feeds in pieces of `piece` bytes and decodes every frame; returns how many were accepted.
std::size_t decode_all(jk::Deframer& deframer, jk::LinkMemory& memory, Bytes stream, std::size_t piece) {
    std::size_t accepted = 0;
    while (!stream.empty()) {
        stream = stream.subspan(deframer.feed(stream.first(std::min(piece, stream.size()))));
        while (const auto item = deframer.next()) {
            if (!item->has_value()) continue;
            auto decoded = jk::decode(**item, memory);
            DoNotOptimize(decoded);
            if (decoded) ++accepted;
        }
    }
    return accepted;
}

void decode_answer(benchmark::State& state, std::size_t piece) {
    const Buffer bytes = answer();
    jk::Deframer deframer;
    jk::LinkMemory memory;
    measure(state, [&] { ensure(decode_all(deframer, memory, bytes, piece) == 1, "an accepted answer"); });
}

// Every fifth byte starts a candidate of 999 bytes that has a right end and a wrong sum.
void false_starts(benchmark::State& state) {
    Buffer bytes;
    for (int i = 0; i < 200; ++i) bytes.insert(bytes.end(), {0x4E, 0x57, 0x03, 0xE5, 0x68});
    jk::Deframer deframer;
    jk::LinkMemory memory;
    measure(state, [&] { ensure(decode_all(deframer, memory, bytes, 64) == 0, "no frame in garbage"); });
}

void encode_request(benchmark::State& state) {
    measure(state, [] { DoNotOptimize(jk::read_all_request()); });
}

pylontech::BatteryReport battery() {
    pylontech::BatteryReport report;
    report.charge_voltage = Millivolts(55'200);
    report.charge_current_limit = report.discharge_current_limit = Milliamps(60'000);
    report.discharge_voltage = Millivolts(44'800);
    report.soc = Permille(555);
    report.soh = Permille(1000);
    report.voltage = Millivolts(53'210);
    report.current = Milliamps(-12'200);
    report.temperature = Decicelsius(215);
    report.charge_enable = report.discharge_enable = true;
    return report;
}

void encode_burst(benchmark::State& state) {
    const pylontech::Profile profile;
    pylontech::BatteryReport report = battery();
    measure(state, [&] {
        DoNotOptimize(report);
        DoNotOptimize(pylontech::encode(report, profile));
    });
}

void decode_burst(benchmark::State& state) {
    pylontech::Burst burst = pylontech::encode(battery(), {});
    measure(state, [&] {
        DoNotOptimize(burst);
        for (const CanFrame& frame : burst) DoNotOptimize(pylontech::decode(frame));
    });
}

}  // namespace

PackReading reading(int tick) {
    PackReading r;
    for (int i = 0; i < 16; ++i) r.cells.push_back(Millivolts(3300 + (i + tick) % 7));
    for (const Millivolts cell : r.cells) r.voltage += cell;
    r.soc = Permille(550);
    for (const Probe probe : {Probe::mosfet, Probe::t1, Probe::t2}) r.temperatures[probe] = Decicelsius(210);
    r.charge_mos = r.discharge_mos = true;
    r.cycles = 42;
    r.capacity = MilliampHours(100'000);
    r.settings = {.cell_over_voltage = Millivolts(3650),
                  .cell_under_voltage = Millivolts(2600),
                  .charge_over_current = Milliamps(100'000),
                  .discharge_over_current = Milliamps(150'000),
                  .capacity = MilliampHours(100'000)};
    r.firmware = "11.XW_S11.26";
    return r;
}

void register_codecs() {
    const auto in_pieces = [](const char* name, std::size_t piece) {
        benchmark::RegisterBenchmark(name, [piece](benchmark::State& s) { decode_answer(s, piece); });
    };
    in_pieces("deframe and decode one 291-byte answer", 291);
    in_pieces("the same, in pieces of 12 bytes as a line gives", 12);
    benchmark::RegisterBenchmark("search 1000 bytes of 200 false starts", false_starts);
    benchmark::RegisterBenchmark("encode a read-all request", encode_request);
    benchmark::RegisterBenchmark("encode one burst of 6 CAN frames", encode_burst);
    benchmark::RegisterBenchmark("decode one burst of 6 CAN frames", decode_burst);
}

}  // namespace jkp::bench
