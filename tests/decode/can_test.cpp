// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "decode/support.hpp"

namespace jkp::report {
namespace {

TEST(DecodeCan, TheThreeFormsOfCandumpMeanTheSame) {
    const Json expected = Json::parse(R"({"ok": true, "id": "351", "name": "limits", "fields": {
        "charge_voltage_v": 53.2, "charge_current_limit_a": 480, "discharge_current_limit_a": 480,
        "discharge_voltage_v": 45}})");
    for (const char* line :
         {"(1700000000.000000) can0 351#1402C012C012C201", "(1700000000.000000) can0 351#1402C012C012C201 R",
          "(1700000000.000000) can0 351#1402C012C012C201 T\r", "can0 351#1402c012c012c201",
          "351#1402C012C012C201", "351#14.02.C0.12.C0.12.C2.01", "  can0  351   [8]  14 02 C0 12 C0 12 C2 01",
          " (1.5)  can0  RX - -  351   [8]  14 02 C0 12 C0 12 C2 01",
          "can0  351   [8]  14 02 C0 12 C0 12 C2 01   '........'"}) {
        const Output output = can_json(line);
        EXPECT_EQ(output.code, 0) << line;
        ASSERT_EQ(output.objects.size(), 1U) << line;
        EXPECT_EQ(output.objects[0], expected) << line << "\n" << output.text;
    }
}

TEST(DecodeCan, EveryFrameHasItsFields) {
    const Output output = can_json(
        "359#0208040806504E\n355#58005E00\n356#7A13F2FE6B01\n35C#C000\n35E#50594C4F4E202020\n"
        "305#0000000000000000\n18FF0001#01\n351#1402C012C012\n");
    EXPECT_EQ(output.code, 0);
    const Json expected = Json::parse(R"([
      {"ok": true, "id": "359", "name": "alarms", "fields": {"protections": ["over_voltage", "system_error"],
       "alarms": ["under_voltage", "internal_communication"], "modules": 6, "manufacturer": "PN"}},
      {"ok": true, "id": "355", "name": "soc", "fields": {"soc_pct": 88, "soh_pct": 94}},
      {"ok": true, "id": "356", "name": "measurements", "fields": {"voltage_v": 49.86, "current_a": -27,
       "temperature_c": 36.3}},
      {"ok": true, "id": "35C", "name": "requests", "fields": {"charge_enable": true, "discharge_enable": true,
       "force_charge_1": false, "force_charge_2": false, "full_charge": false}},
      {"ok": true, "id": "35E", "name": "battery_name", "fields": {"name": "PYLON"}},
      {"ok": true, "id": "305", "name": "inverter_alive", "fields": {}},
      {"ok": true, "id": "18FF0001", "name": "unknown", "fields": {}},
      {"ok": true, "id": "351", "name": "limits", "fields": {"charge_voltage_v": 53.2,
       "charge_current_limit_a": 480, "discharge_current_limit_a": 480}}])");
    EXPECT_EQ(Json(output.objects), expected) << output.text;
}

struct Refused {
    const char* line;
    const char* error;
};

TEST(DecodeCan, RefusedLinesSayWhyWithTheirNumberAndTheRestGoesOn) {
    for (const auto& [line, error] :
         {Refused{"351#R", "a remote frame, which carries no data"},
          {"can0  351   [0]  remote request", "a remote frame, which carries no data"},
          {"can0 20000004#0004000000000000", "an error frame of the controller, no frame of the bus"},
          {"  can0  20000004   [8]  00 04 00 00 00 00 00 00   ERRORFRAME",
           "an error frame of the controller, no frame of the bus"},
          {"351##1AABB", "a CAN FD frame"},
          {"can0  351  [08]  14 02 C0 12 C0 12 C2 01", "a CAN FD frame"},
          {"351#123", "the data is not pairs of hexadecimal digits"},
          {"351#0xAB", "the data is not pairs of hexadecimal digits"},
          {"351#001122334455667788", "more than 8 data bytes"},
          {"51#00", "the identifier is neither 3 nor 8 hexadecimal digits in range"},
          {"FFF#00", "the identifier is neither 3 nor 8 hexadecimal digits in range"},
          {"can0  351   [8]  14 02", "the number of data bytes differs from the one in brackets"},
          {"can0  351   [2]  14 02 03", "the number of data bytes differs from the one in brackets"},
          {"can0  351   [9]  14", "more than 8 data bytes"},
          {"hello", "not a line of candump"},
          {"h\xE4llo#00", "the identifier is neither 3 nor 8 hexadecimal digits in range"},
          {"351#1402", "frame 351 is too short: 2 data bytes"}}) {
        const Output output = can_json(std::string("# a log\n\n") + line + "\n35C#C000\n");
        EXPECT_EQ(output.code, 1) << line;
        ASSERT_EQ(output.objects.size(), 2U) << line;
        EXPECT_EQ(output.objects[0].at("ok"), false) << line;
        EXPECT_EQ(output.objects[0].at("error"), "line 3: " + std::string(error));
        EXPECT_EQ(output.objects[1].at("ok"), true) << line;
    }
}

TEST(DecodeCan, AnEmptyInputIsAnError) {
    const Output output = can_json("\n# nothing\n; at all\n");
    EXPECT_EQ(output.code, 1);
    ASSERT_EQ(output.objects.size(), 1U);
    EXPECT_EQ(output.objects[0].at("error"), "empty input: no line of candump");
}

TEST(DecodeCan, OneLineInWordsForPeople) {
    const Output output = run(cli::DecodeKind::can,
                              "351#1402C012C012C201\n355#58005E00\n356#7A13F2FE6B01\n359#0208000006504E\n"
                              "35C#9800\n35E#50594C4F4E202020\n305#00\n123#\nx\n",
                              cli::DecodeFormat::text);
    EXPECT_EQ(output.text,
              "351       limits          charge up to 53.2 V with at most 480.0 A, discharge down to 45.0 V "
              "with at "
              "most 480.0 A\n"
              "355       soc             state of charge 88 %, health 94 %\n"
              "356       measurements    49.86 V, -27.0 A (discharging), 36.3 C\n"
              "359       alarms          protections: over voltage, system error; alarms: none; 6 modules, "
              "manufacturer \"PN\"\n"
              "35C       requests        charge on, discharge off, asks for charge soon (2), asks for a full "
              "charge\n"
              "35E       battery_name    \"PYLON\"\n"
              "305       inverter_alive  the inverter is there\n"
              "123       unknown         not a Pylontech frame\n"
              "error: line 9: not a line of candump\n");
    EXPECT_EQ(output.code, 1);
}

}  // namespace
}  // namespace jkp::report
