// SPDX-License-Identifier: MIT
#include "goodwe/sems_answer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace jkp::goodwe {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

constexpr std::string_view base = "https://www.semsportal.com";

const std::string login = R"({"code":0,"msg":"ok","data":{"uid":"u-1","timestamp":1757355815062,
  "token":"t-1","client":"ios","version":"","language":"en"},"api":"https://eu.semsportal.com/api/"})";

const std::string web_login = R"({"code":"00000","data":{"uid":"u-1","timestamp":1,"token":"t-1",
  "client":"semsPlusWeb","region":"eu","api":"https://eu-gateway.semsportal.com/web/sems"}})";

const std::string monitor = R"_({"code":"0","data":{
  "inverter":[
    {"sn":"93648EMU19CX0004","status":1,"battery":"49.9V/0.8A/40W","soc":"45%",
     "invert_full":{"sn":"93648EMU19CX0004","model_type":"GW3648-EM","pmeter":-2337.0,"pac":40.0,
                    "last_time":1757355815062}},
    {"sn":"55000DSN19CX0001","status":1,"battery":"0V/0A/0W","soc":"536%","invert_full":{"pmeter":0}}],
  "powerflow":{"pv":"0(W)","load":"2.34(kW)","grid":"2337(W)","gridStatus":-1}}})_";

std::string flow(const std::string& data) {
    return R"({"code":"00000","data":{)" + data + "}}";
}

std::string replaced(std::string text, const std::string& what, const std::string& by) {
    const std::size_t at = text.find(what);
    if (at == std::string::npos) throw std::runtime_error("not in the text: " + what);
    return text.replace(at, what.size(), by);
}

std::optional<std::string> capture(const std::string& name) {
    std::ifstream file(std::filesystem::path(JKP_CAPTURES_DIR) / "sems" / name, std::ios::binary);
    if (!file) return std::nullopt;
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

// ---- login

TEST(SemsLogin, AllFormsOfTheSuccessCodeGiveTheToken) {
    for (const char* code : {"0", "\"0\"", "\"00000\""}) {
        const auto token =
            parse_sems_login(SemsApi::legacy, replaced(login, ":0", std::string(":") + code), base);
        ASSERT_TRUE(token) << code;
        EXPECT_EQ(token->token, "t-1");
        EXPECT_EQ(token->uid, "u-1");
        EXPECT_EQ(token->base, "https://eu.semsportal.com/api");
        EXPECT_THAT(token->header, HasSubstr(R"("timestamp":1757355815062)"));
        EXPECT_THAT(token->header, Not(HasSubstr("\n")));
    }
}

TEST(SemsLogin, TheWebClientFindsItsGatewayInTheData) {
    const auto token = parse_sems_login(SemsApi::semsplus, web_login, "https://semsplus.goodwe.com");
    ASSERT_TRUE(token);
    EXPECT_EQ(token->base, "https://eu-gateway.semsportal.com/web/sems");
}

TEST(SemsLogin, WithoutARegionTheUsualPlaceOfTheSameHostIsUsed) {
    const auto legacy =
        parse_sems_login(SemsApi::legacy, replaced(login, "https://eu.semsportal.com/api/", ""), base);
    EXPECT_EQ(legacy->base, "https://www.semsportal.com/api");
    const std::string no_api =
        replaced(web_login, ",\"api\":\"https://eu-gateway.semsportal.com/web/sems\"", "");
    const auto web = parse_sems_login(SemsApi::semsplus, no_api, "https://semsplus.goodwe.com");
    EXPECT_EQ(web->base, "https://semsplus.goodwe.com/web/sems");
}

TEST(SemsLogin, TheTokenIsNotTakenToAStranger) {
    for (const char* place :
         {"http://eu.semsportal.com/api/", "https://evil.example/api/",
          "https://semsportal.com.evil.example/", "https://evil.example/.semsportal.com",
          "https://evil.example#.semsportal.com", "ftp://x", "https://evil.example:443@eu.semsportal.com/",
          "https://eu.semsportal.com:99/"}) {
        const auto token =
            parse_sems_login(SemsApi::legacy, replaced(login, "https://eu.semsportal.com/api/", place), base);
        ASSERT_FALSE(token) << place;
        EXPECT_EQ(token.error(), SemsFault::garbage);
    }
}

TEST(SemsLogin, SuccessWithoutATokenIsAFailure) {
    for (const std::string& body :
         {replaced(login, "\"t-1\"", "\"\""), replaced(login, "\"t-1\"", "null"),
          replaced(login, "\"t-1\"", "5"), std::string(R"({"code":"0","data":null})"),
          std::string(R"({"code":"0"})")}) {
        EXPECT_EQ(parse_sems_login(SemsApi::legacy, body, base).error(), SemsFault::no_token) << body;
    }
}

TEST(SemsLogin, ASecondFactorIsNamed) {
    const std::string body = R"({"code":"00000","data":{"mfaRequired":true,"token":"t"}})";
    EXPECT_EQ(parse_sems_login(SemsApi::semsplus, body, base).error(), SemsFault::second_factor);
}

TEST(SemsLogin, ARecordedAnswerGivesATokenAndRecordedRefusalsTheirFaults) {
    const auto answer = capture("sems-legacy-login-ok.json");
    const auto errors = capture("sems-errors.json");
    if (!answer || !errors) GTEST_SKIP() << "no recordings in " << JKP_CAPTURES_DIR;
    const auto token = parse_sems_login(SemsApi::legacy, *answer, base);
    ASSERT_TRUE(token);
    EXPECT_EQ(token->token, "test-token-abc123");
    EXPECT_EQ(token->base, "https://eu.semsportal.com/api");
    EXPECT_THAT(*errors, HasSubstr("100004"));
}

// ---- codes

TEST(SemsCodes, EachCodeHasItsFaultAndReaction) {
    struct Row {
        const char* code;
        SemsFault fault;
        SemsReaction reaction;
    };
    for (const Row& row : {Row{"\"100001\"", SemsFault::session_expired, SemsReaction::log_in},
                           Row{"100002", SemsFault::session_expired, SemsReaction::log_in},
                           Row{"\"C0602\"", SemsFault::session_expired, SemsReaction::log_in},
                           Row{"\"C0607\"", SemsFault::session_expired, SemsReaction::log_in},
                           Row{"\"Z0100\"", SemsFault::session_expired, SemsReaction::log_in},
                           Row{"\"A0301\"", SemsFault::session_expired, SemsReaction::log_in},
                           Row{"\"100000\"", SemsFault::version_refused, SemsReaction::retry_slowly},
                           Row{"\"100004\"", SemsFault::request_refused, SemsReaction::retry_slowly},
                           Row{"\"100005\"", SemsFault::wrong_password, SemsReaction::stop},
                           Row{"\"100025\"", SemsFault::no_permission, SemsReaction::stop},
                           Row{"\"GY0429\"", SemsFault::rate_limited_hard, SemsReaction::back_off},
                           Row{"\"hello\"", SemsFault::unknown_code, SemsReaction::back_off},
                           Row{"\"\"", SemsFault::unknown_code, SemsReaction::back_off},
                           Row{"null", SemsFault::garbage, SemsReaction::back_off},
                           Row{"0.0", SemsFault::garbage, SemsReaction::back_off}}) {
        const std::string body = std::string(R"({"code":)") + row.code + "}";
        ASSERT_EQ(refusal_in(body), row.fault) << body;
        EXPECT_EQ(reaction_to(row.fault), row.reaction) << body;
    }
    EXPECT_EQ(refusal_in(R"({"code":0})"), std::nullopt);
}

TEST(SemsCodes, EveryFaultHasANameAndSaysWhatToDo) {
    for (std::size_t i = 0; i < sems_fault_count; ++i) {
        const auto fault = static_cast<SemsFault>(i);
        EXPECT_THAT(std::string(name(fault)), Not(IsEmpty()));
        EXPECT_THAT(std::string(describe(fault)), HasSubstr("."));
    }
}

// ---- legacy data

TEST(SemsMonitor, TheInverterIsChosenByItsSerialNumber) {
    const auto reading = parse_sems_monitor(monitor, "93648EMU19CX0004");
    ASSERT_TRUE(reading);
    const Readings& r = reading->readings;
    EXPECT_EQ(r.serial.view(), "93648EMU19CX0004");
    EXPECT_EQ(r.model.view(), "GW3648-EM");
    EXPECT_EQ(r.battery_voltage, Millivolts(49900));
    EXPECT_EQ(r.battery_current, Milliamps(-800));
    EXPECT_EQ(r.battery_power, Watts(-40));
    EXPECT_EQ(r.soc, Permille(450));
    EXPECT_EQ(r.grid, Watts(-2337));
    EXPECT_EQ(r.pv, Watts(0));
    EXPECT_EQ(r.load, Watts(2340));
    EXPECT_EQ(reading->data_ms, 1757355815062);
}

TEST(SemsMonitor, SeveralInvertersAndNoSerialNumberIsNoReading) {
    EXPECT_EQ(parse_sems_monitor(monitor, "").error(), SemsFault::no_inverter);
    EXPECT_EQ(parse_sems_monitor(monitor, "93648EMU19CX0005").error(), SemsFault::no_inverter);
}

TEST(SemsMonitor, AnInverterWithoutABatteryIsNoneThatStandsStill) {
    EXPECT_EQ(parse_sems_monitor(monitor, "55000DSN19CX0001").error(), SemsFault::no_battery);
    const auto all = parse_sems_monitor_all(monitor);
    ASSERT_TRUE(all);
    ASSERT_THAT(*all, SizeIs(2));
    EXPECT_EQ((*all)[1].readings.soc, std::nullopt) << "536 %";
}

TEST(SemsMonitor, ADamagedBatteryTextIsNotReplacedByOtherNumbers) {
    const std::string body = replaced(replaced(monitor, "49.9V/0.8A/40W", "49.9V/?A/40W"), "\"pac\"",
                                      "\"vbattery1\":50.0,\"ibattery1\":1.0,\"pac\"");
    EXPECT_EQ(parse_sems_monitor(body, "93648EMU19CX0004").error(), SemsFault::no_battery);
}

TEST(SemsMonitor, NumbersServeWhereThereIsNoText) {
    const std::string body = replaced(replaced(monitor, "\"battery\":\"49.9V/0.8A/40W\",", ""), "\"pac\"",
                                      "\"vbattery1\":50.0,\"ibattery1\":\"-1.5\",\"pac\"");
    const auto reading = parse_sems_monitor(body, "93648EMU19CX0004");
    ASSERT_TRUE(reading);
    EXPECT_EQ(reading->readings.battery_voltage, Millivolts(50000));
    EXPECT_EQ(reading->readings.battery_current, Milliamps(1500));
    EXPECT_EQ(reading->readings.battery_power, std::nullopt);
}

TEST(SemsMonitor, AnInverterThatIsOfflineGivesNoOldValues) {
    const std::string body = replaced(monitor, "\"status\":1", "\"status\":-1");
    EXPECT_EQ(parse_sems_monitor(body, "93648EMU19CX0004").error(), SemsFault::offline);
    EXPECT_EQ(parse_sems_monitor_all(body)->at(0).readings.battery_current, std::nullopt);
}

TEST(SemsMonitor, AnEmptyStationIsNoStation) {
    for (const char* data : {"null", "{}", "[]", "\"\""}) {
        const std::string body = std::string(R"({"code":"0","data":)") + data + "}";
        const auto reading = parse_sems_monitor(body, "");
        ASSERT_FALSE(reading);
        EXPECT_TRUE(reading.error() == SemsFault::no_station || reading.error() == SemsFault::garbage)
            << data;
    }
    EXPECT_EQ(parse_sems_monitor(R"({"code":"0","data":{"inverter":[]}})", "").error(),
              SemsFault::no_inverter);
}

// ---- SEMS+

TEST(SemsFlow, FlowsGiveTheDirections) {
    const auto reading = parse_sems_flow(flow(
        R"("flows":{"pSystem":["pBat","pConsum","pGrid"]},"pSystem":2.4,"pBat":-1.1,"pGrid":-0.3,"pConsum":1.0,"soc":50)"));
    ASSERT_TRUE(reading);
    EXPECT_EQ(reading->readings.battery_power, Watts(1100));
    EXPECT_EQ(reading->readings.grid, Watts(300));
    EXPECT_EQ(reading->readings.pv, Watts(2400));
    EXPECT_EQ(reading->readings.load, Watts(1000));
    EXPECT_EQ(reading->readings.soc, Permille(500));
}

TEST(SemsFlow, BothWaysAtOnceOrNoEdgeIsNoDirection) {
    for (const char* flows : {R"({"pBat":["pConsum"],"pGrid":["pBat"]})", R"({"pSystem":["pConsum"]})",
                              R"({"pBat":[]})", R"({"pBat":"pConsum","x":[]})", R"({"pSystem":[7,null]})"}) {
        const auto reading = parse_sems_flow(
            flow(std::string(R"("flows":)") + flows + R"(,"pSystem":0,"pBat":0.5,"pGrid":0,"pConsum":0.5)"));
        ASSERT_TRUE(reading) << flows;
        EXPECT_EQ(reading->readings.battery_power, std::nullopt) << flows;
    }
}

struct Balance {
    const char* data;
    std::optional<Watts> battery;
    std::optional<Watts> grid;
};

TEST(SemsFlow, WithoutFlowsTheBalanceDecidesOrNobody) {
    for (const Balance& row : {
             Balance{R"("pSystem":2.4,"pBat":-1.1,"pGrid":-0.5,"pConsum":1.8)", Watts(1100), Watts(-500)},
             Balance{R"("pSystem":2.4,"pBat":1.1,"pGrid":0.5,"pConsum":1.8)", Watts(1100), Watts(-500)},
             Balance{R"("pSystem":0,"pBat":1.0,"pGrid":0,"pConsum":1.0)", Watts(-1000), Watts(0)},
             Balance{R"("pSystem":3.0,"pBat":1.0,"pGrid":1.5,"pConsum":0.5)", Watts(1000), Watts(1500)},
             // both ways fit: 1.0 out and 1.0 in, or the reverse
             Balance{R"("pSystem":1.0,"pBat":1.0,"pGrid":1.0,"pConsum":1.0)", std::nullopt, std::nullopt},
             // no way fits
             Balance{R"("pSystem":5.0,"pBat":1.0,"pGrid":0.5,"pConsum":1.0)", std::nullopt, std::nullopt},
             // smaller than what the balance can tell
             Balance{R"("pSystem":1.0,"pBat":0.02,"pGrid":0,"pConsum":1.0)", std::nullopt, Watts(0)},
             // something is missing
             Balance{R"("pBat":1.0,"pGrid":0.5,"pConsum":1.0)", std::nullopt, std::nullopt},
             Balance{R"("pSystem":-1.0,"pBat":1.0,"pGrid":1.0,"pConsum":1.0)", std::nullopt, std::nullopt},
             Balance{R"("flows":{},"pSystem":0,"pBat":0.5,"pGrid":0,"pConsum":0.5)", Watts(-500), Watts(0)},
         }) {
        const auto reading = parse_sems_flow(flow(row.data));
        ASSERT_TRUE(reading) << row.data;
        EXPECT_EQ(reading->readings.battery_power, row.battery) << row.data;
        EXPECT_EQ(reading->readings.grid, row.grid) << row.data;
    }
}

TEST(SemsFlow, WithoutABatteryOrItsDirectionItIsNoReadingForControl) {
    EXPECT_EQ(parse_sems_flow_battery(flow(R"("pSystem":1,"pGrid":0,"pConsum":1)")).error(),
              SemsFault::no_battery);
    EXPECT_EQ(parse_sems_flow_battery(flow(R"("pBat":null)")).error(), SemsFault::no_battery);
    EXPECT_EQ(parse_sems_flow_battery(flow("")).error(), SemsFault::no_station);
}

TEST(SemsFlow, ARecordedAnswerIsADischarge) {
    const auto body = capture("semsplus-flow-sample.json");
    if (!body) GTEST_SKIP() << "no recordings in " << JKP_CAPTURES_DIR;
    const auto reading = parse_sems_flow_battery(*body);
    ASSERT_TRUE(reading);
    EXPECT_EQ(reading->readings.battery_power, Watts(-500));
    EXPECT_EQ(reading->readings.grid, Watts(0));
    EXPECT_EQ(reading->readings.load, Watts(500));
    EXPECT_EQ(reading->readings.soc, Permille(500));
    EXPECT_EQ(reading->data_mark, "2026-09-23T10:00:00");
}

// ---- damage

void expect_no_invented_reading(const std::string& body) {
    (void)parse_sems_login(SemsApi::legacy, body, base);
    (void)parse_sems_login(SemsApi::semsplus, body, base);
    (void)parse_sems_monitor_all(body);
    (void)parse_sems_monitor(body, "");
    (void)parse_sems_flow_battery(body);
}

TEST(SemsDamage, EveryTruncationIsAFault) {
    for (const std::string& body : {login, web_login, monitor, flow(R"("pBat":0,"pGrid":0)")}) {
        for (std::size_t size = 0; size < body.size(); ++size) {
            const std::string cut = body.substr(0, size);
            EXPECT_FALSE(parse_sems_login(SemsApi::legacy, cut, base)) << cut;
            EXPECT_FALSE(parse_sems_monitor(cut, "93648EMU19CX0004")) << cut;
            EXPECT_FALSE(parse_sems_flow(cut)) << cut;
        }
    }
}

TEST(SemsDamage, NoFlippedByteThrowsOrTurnsTheBattery) {
    for (const std::string& body : {login, web_login, monitor}) {
        for (std::size_t at = 0; at < body.size(); ++at) {
            for (const int mask : {0x01, 0x10, 0x80, 0xFF}) {
                std::string damaged = body;
                damaged[at] = static_cast<char>(damaged[at] ^ mask);
                expect_no_invented_reading(damaged);
                const auto reading = parse_sems_monitor(damaged, "93648EMU19CX0004");
                if (!reading) continue;
                EXPECT_LE(*reading->readings.battery_current, Milliamps(0)) << damaged;
            }
        }
    }
}

TEST(SemsDamage, OtherJsonAndNoJsonIsGarbage) {
    for (const std::string& body :
         {std::string(), std::string("<html>503</html>"), std::string("null"), std::string("[]"),
          std::string("7"), std::string("\"0\""), std::string("\xFF\xFE"), std::string(100000, '['),
          "{\"code\":0,\"data\":" + std::string(50, '[') + std::string(50, ']') + "}",
          std::string(R"({"code":0,"data":{"pBat":1e999}})")}) {
        EXPECT_EQ(refusal_in(body), SemsFault::garbage) << body.substr(0, 40);
        expect_no_invented_reading(body);
    }
}

}  // namespace
}  // namespace jkp::goodwe
