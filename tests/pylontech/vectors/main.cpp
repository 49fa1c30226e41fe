// SPDX-License-Identifier: MIT
// Prints the DBC text (--dbc), or random frames with the values that went into them:
//   351#1402C012C012C201 charge_voltage=53200/1000 charge_current_limit=480000/1000 ...
// Each value is a whole number and the divisor that gives the unit of the DBC.
#include <cstdio>
#include <cstring>
#include <random>
#include <string>

#include "core/bytes.hpp"
#include "pylontech/codec.hpp"
#include "pylontech/dbc.hpp"

namespace {

using namespace jkp;
using namespace jkp::pylontech;

class Source {
  public:
    int in(int low, int high) {
        return low + static_cast<int>(engine_() % (static_cast<unsigned>(high - low) + 1U));
    }
    bool coin() { return in(0, 1) == 1; }

  private:
    std::mt19937 engine_{20240501};
};

constexpr int shared_flags = 6;

Flags flags(Source& source, Flag own) {
    Flags found;
    for (int i = 0; i < shared_flags; ++i) {
        if (source.coin()) found.set(static_cast<Flag>(i));
    }
    if (source.coin()) found.set(own);
    return found;
}

// Values on the steps of the wire: nothing is rounded, so the reader must see exactly these.
BatteryReport report(Source& source) {
    BatteryReport r;
    r.charge_voltage = Millivolts(source.in(0, 0x7FFF) * 100);
    r.charge_current_limit = Milliamps(source.in(0, 0x7FFF) * 100);
    r.discharge_current_limit = Milliamps(source.in(0, 0x7FFF) * 100);
    r.discharge_voltage = Millivolts(source.in(0, 0x7FFF) * 100);
    r.soc = Permille(source.in(0, 100) * 10);
    r.soh = Permille(source.in(0, 100) * 10);
    r.voltage = Millivolts(source.in(-0x8000, 0x7FFF) * 10);
    r.current = Milliamps(source.in(-0x8000, 0x7FFF) * 100);
    r.temperature = Decicelsius(source.in(-0x8000, 0x7FFF));
    r.protections = flags(source, Flag::system_error);
    r.alarms = flags(source, Flag::internal_communication);
    r.modules = static_cast<std::uint8_t>(source.in(0, 255));
    r.charge_enable = source.coin();
    r.discharge_enable = source.coin();
    r.force_charge_1 = source.coin();
    r.force_charge_2 = source.coin();
    r.full_charge = source.coin();
    return r;
}

void begin(const CanFrame& frame) {
    std::printf("%03X#%s", frame.id, hex_from_bytes(frame.bytes()).c_str());
}

void value(const char* name, long long number, int divisor) {
    std::printf(" %s=%lld/%d", name, number, divisor);
}

void print_flags(const char* prefix, const Flags& flags, Flag own) {
    for (int i = 0; i <= shared_flags; ++i) {
        const Flag flag = i == shared_flags ? own : static_cast<Flag>(i);
        value((std::string(prefix) + std::string(name(flag))).c_str(), flags.has(flag) ? 1 : 0, 1);
    }
}

void print(const BatteryReport& r) {
    const Burst burst = encode(r, {});
    begin(burst[0]);
    print_flags("protect_", r.protections, Flag::system_error);
    print_flags("alarm_", r.alarms, Flag::internal_communication);
    value("modules", r.modules, 1);
    value("manufacturer", 'P' + 256 * 'N', 1);
    std::printf("\n");
    begin(burst[1]);
    value("charge_voltage", r.charge_voltage.count(), 1000);
    value("charge_current_limit", r.charge_current_limit.count(), 1000);
    value("discharge_current_limit", r.discharge_current_limit.count(), 1000);
    value("discharge_voltage", r.discharge_voltage.count(), 1000);
    std::printf("\n");
    begin(burst[2]);
    value("soc", r.soc.count(), 10);
    value("soh", r.soh.count(), 10);
    std::printf("\n");
    begin(burst[3]);
    value("voltage", r.voltage.count(), 1000);
    value("current", r.current.count(), 1000);
    value("temperature", r.temperature.count(), 10);
    std::printf("\n");
    begin(burst[4]);
    value("charge_enable", r.charge_enable ? 1 : 0, 1);
    value("discharge_enable", r.discharge_enable ? 1 : 0, 1);
    value("force_charge_1", r.force_charge_1 ? 1 : 0, 1);
    value("force_charge_2", r.force_charge_2 ? 1 : 0, 1);
    value("full_charge", r.full_charge ? 1 : 0, 1);
    std::printf("\n");
    begin(burst[5]);
    value("battery_name", 0x2020204E4F4C5950, 1);  // "PYLON   ", first character lowest
    std::printf("\n");
}

}  // namespace

int main(int argc, char** argv) {
    if (argc > 1 && std::strcmp(argv[1], "--dbc") == 0) {
        std::printf("%s", dbc_text().c_str());
        return 0;
    }
    Source source;
    for (int i = 0; i < 500; ++i) print(report(source));
}
