// SPDX-License-Identifier: MIT
// A bank of two packs with meter and second battery, decided by the real control step, and answers of stores
// that are not there.
#pragma once

#include "app/web_sources.hpp"
#include "control/builders.hpp"

namespace jkp::testing {

class FakeSite {
  public:
    FakeSite() {
        settings.control = control::test::config_of_one();
        settings.control.packs.push_back(settings.control.packs[0]);
        settings.control.packs[1].name = "small \"one\"";
        settings.links.resize(2);
        settings.links[0].port = "/dev/ttyUSB0";
        settings.links[1].port = "/dev/ttyUSB1";
        settings.control.coordination.expects_grid = settings.control.coordination.expects_peer = true;
        for (int i = 0; i < 60; ++i) step();
    }

    void step(int highest = 3400) {
        using namespace control::test;
        now += seconds(1);
        const control::Arrival arrivals[] = {{0, {reading_between(mv(highest), mv(3300)), now}},
                                             {1, {reading_at(mv(3320)), now}}};
        readings[0] = arrivals[0].reading.value;
        readings[1] = arrivals[1].reading.value;
        PeerReading peer;
        peer.current = amps(3);
        peer.voltage = mv(50'000);
        const control::PeerSeen peers[] = {{control::PeerSource::local, {peer, now}}};
        control::Inputs inputs{now, arrivals, now};
        inputs.grid = Stamped<GridReading>{GridReading{.power = watts(-1200)}, now};
        inputs.peers = peers;
        decision = control::step(settings.control, state, inputs);
    }

    [[nodiscard]] report::Snapshot snapshot() const {
        ++snapshots;
        report::Snapshot s;
        s.version = "1.2.3";
        s.uptime = control::test::seconds(3600);
        s.decision = decision;
        for (std::size_t i = 0; i < 2; ++i) {
            report::PackSnapshot pack;
            pack.name = std::string(settings.control.packs[i].name.view());
            pack.reading = readings[i];
            pack.age = control::test::milliseconds(250);
            pack.rejected = i;
            pack.part = state.packs[i].part;
            pack.link = {settings.links[i].port,
                         i == 0 ? "open" : "failed",
                         report::health(i == 0),
                         i == 0 ? "" : "not there",
                         {{"polls", 60}, {"checksum", 2}}};
            s.packs.push_back(std::move(pack));
        }
        s.bus.link = {"can0", "up", report::LinkHealth::good, "", {{"frames_sent", 360}}};
        s.bus.mode = "normal";
        s.bus.bursts = 60;
        s.bus.last_burst = control::test::milliseconds(300);
        s.bus.inverter_seen = control::test::milliseconds(700);
        s.sources = {{"meter", "good", report::LinkHealth::good, "", {{"datagrams", 60}}}};
        s.outlets = {{"history", "recording", report::LinkHealth::good, "", {{"minutes", 60}}},
                     {"notify", "waiting", report::LinkHealth::bad, "no answer", {}},
                     {"mqtt", "off", report::LinkHealth::off, "", {}}};
        return s;
    }

    app::WebSources sources() {
        app::WebSources s;
        s.snapshot = [this] { return snapshot(); };
        s.settings = [this]() -> const config::Settings& { return settings; };
        s.config_file = "/etc/jk-pylon/jk-pylon.toml";
        s.time = [] { return std::optional(WallTime{1'800'000'000}); };
        s.energy_total = [] {
            Energy total{12'500'000, 10'250'000, 500'000, std::nullopt, std::nullopt};
            return std::optional(total);
        };
        s.events = [this](std::uint64_t before, std::size_t limit, app::Reply<report::EventPage> reply) {
            events_before = before;
            events_limit = limit;
            report::EventPage page;
            page.events = {event(2), event(1)};
            reply(page);
        };
        s.history = [this](const report::HistoryRequest& request, app::Reply<report::HistoryTable> reply) {
            history_asked = request;
            report::HistoryTable table{
                request.from, request.to, 60, {request.from.seconds, request.from.seconds + 60}, {}};
            for (const std::string& name : request.series)
                table.columns.push_back({name, 1, {125, std::nullopt}});
            if (busy) return reply(failure(app::RecorderFault{true, "the card is slow"}));
            if (hold) {
                held.push_back([reply, table] { reply(table); });
            } else {
                reply(table);
            }
        };
        s.energy = [this](std::size_t days, app::Reply<report::EnergyReport> reply) {
            days_asked = days;
            report::EnergyReport report;
            report.days = {{20261124, {1'500'000, 1'000'000, 0, 2'000'000, 3'000'000}},
                           {20261125, {1'000'000, 1'000'000, 0, std::nullopt, std::nullopt}}};
            reply(report);
        };
        s.command = [this](std::string_view body, const std::string& client) {
            commands_asked.push_back(client + ' ' + std::string(body));
            return app::CommandReply{200, R"({"ok":true})"};
        };
        return s;
    }

    static report::EventRecord event(std::uint64_t id) {
        report::EventRecord e;
        e.id = id;
        e.at = id == 1 ? std::nullopt : std::optional(WallTime{1'800'000'000});
        e.uptime = control::test::milliseconds(1500);
        e.code = "data_back";
        e.severity = report::Severity::warning;
        e.pack = id == 1 ? "" : "A";
        e.text_en = "back \"again\"";
        e.text_de = "wieder da";
        return e;
    }

    config::Settings settings;
    control::State state = control::make_state(two());
    control::Decision decision;
    TimePoint now = control::test::at(control::test::seconds(1000));
    std::array<PackReading, 2> readings;
    mutable int snapshots = 0;
    std::uint64_t events_before = 0;
    std::size_t events_limit = 0;
    report::HistoryRequest history_asked;
    bool busy = false;
    std::size_t days_asked = 0;
    bool hold = false;
    std::vector<std::function<void()>> held;
    std::vector<std::string> commands_asked;

  private:
    static control::Config two() {
        control::Config config = control::test::config_of_one();
        config.packs.push_back(config.packs[0]);
        return config;
    }
};

}  // namespace jkp::testing
