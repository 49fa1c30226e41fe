// SPDX-License-Identifier: MIT
// Metrics, alert rules and dashboard with Debian's Prometheus.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <regex>
#include <set>

#include "app/web_api.hpp"
#include "http/fake_site.hpp"
#include "http/server.hpp"
#include "io/clock.hpp"
#include "io_files/temporary_folder.hpp"
#include "prometheus/child.hpp"

namespace jkp {
namespace {

using nlohmann::json;
using std::chrono::seconds;
using testing::Child;
using testing::Client;
using testing::FakeSite;
using ::testing::HasSubstr;

constexpr seconds patience{60};
const std::string promtool = "/usr/bin/promtool";
const std::string prometheus = "/usr/bin/prometheus";
const std::string source = JKP_SOURCE_DIR;
const std::string rules = source + "/packaging/prometheus/jk-pylon.rules.yml";
const std::string dashboard = source + "/packaging/grafana/jk-pylon.json";

std::set<std::string> names() {
    std::set<std::string> list;
    for (const report::MetricName& metric : report::metric_names()) list.emplace(metric.name);
    return list;
}

void expect_known_names(const std::string& text) {
    const std::regex word("(jk_pylon|process)_[a-z0-9_]+");
    int found = 0;
    for (std::sregex_iterator it(text.begin(), text.end(), word), end; it != end; ++it, ++found)
        EXPECT_EQ(names().count(it->str()), 1U) << it->str();
    EXPECT_GT(found, 10);
}

TEST(Prometheus, RulesAndDashboardAskOnlyForMetricsThatExist) {
    expect_known_names(io::testing::contents(rules));
    const json board = json::parse(io::testing::contents(dashboard));
    expect_known_names(board.dump());
    std::set<int> ids;
    for (const json& panel : board.at("panels")) {
        EXPECT_TRUE(ids.insert(panel.at("id").get<int>()).second);
        EXPECT_FALSE(panel.at("targets").empty()) << panel.at("title");
        EXPECT_EQ(panel.at("datasource").at("uid"), "${datasource}") << "works with any Prometheus";
    }
}

TEST(Prometheus, TheDocumentationListsEveryMetric) {
    const std::string page = io::testing::contents(source + "/docs/metrics.md");
    expect_known_names(page);
    for (const std::string& name : names()) EXPECT_THAT(page, HasSubstr("| `" + name + "` | "));
}

TEST(Prometheus, PromtoolFindsNothingToImproveInTheMetrics) {
    if (!testing::is_installed(promtool)) GTEST_SKIP() << promtool << " is not installed";
    FakeSite site;
    report::MetricsExtra extra;
    extra.energy = Energy{1, 1, 1, 1, 1};
    extra.resident_bytes = 1;
    Child check({promtool, "check", "metrics"},
                report::metrics_text(site.snapshot(), site.settings.control, extra));
    EXPECT_EQ(check.exit_code(patience), 0) << check.output();
    EXPECT_EQ(check.output(), "");
}

TEST(Prometheus, EveryAlertFiresWhenItShouldAndAHealthySiteIsQuiet) {
    if (!testing::is_installed(promtool)) GTEST_SKIP() << promtool << " is not installed";
    io::testing::TemporaryFolder folder;
    std::filesystem::copy(rules, folder.path());
    const std::string tests = source + "/tests/prometheus/rules_test.yml";
    std::filesystem::copy(tests, folder.path());
    const std::string rule_text = io::testing::contents(rules);
    const std::string test_text = io::testing::contents(tests);
    const std::regex alert("- alert: (\\w+)");
    for (std::sregex_iterator it(rule_text.begin(), rule_text.end(), alert), end; it != end; ++it)
        EXPECT_THAT(test_text, HasSubstr("- name: " + (*it)[1].str() + " fires"));
    Child check({promtool, "check", "rules", rules});
    EXPECT_EQ(check.exit_code(patience), 0) << check.output();
    Child run({promtool, "test", "rules", folder.file("rules_test.yml")});
    EXPECT_EQ(run.exit_code(patience), 0) << run.output();
}

// Asks Prometheus until the query has a result.
std::optional<json> ask(std::uint16_t port, const std::string& query) {
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (std::chrono::steady_clock::now() < deadline) {
        const json answer = json::parse(Client::once(port, Client::get("/api/v1/query?query=" + query)).body);
        const json& result = answer.at("data").at("result");
        if (!result.empty()) return result.at(0);
        std::this_thread::yield();
    }
    return std::nullopt;
}

TEST(Prometheus, ScrapesARunningServerWithItsToken) {
    if (!testing::is_installed(prometheus)) GTEST_SKIP() << prometheus << " is not installed";
    io::testing::TemporaryFolder folder;
    const std::string token = "0123456789abcdef0123456789";
    std::ofstream(folder.file("token")) << token;
    std::filesystem::permissions(folder.file("token"), std::filesystem::perms::owner_read);
    FakeSite site;
    testing::LoopThread thread;
    config::WebSettings settings;
    settings.port = 0;
    settings.read_token_file = folder.file("token");
    auto api = thread.run([&] {
        auto made = std::make_unique<app::WebApi>(thread.loop, settings, site.sources(), nullptr);
        made->start();
        return made;
    });
    const std::string url = thread.run([&] { return api->url(); });
    const std::string address = url.substr(7, url.size() - 8);
    std::ofstream(folder.file("prometheus.yml"))
        << "global: {scrape_interval: 250ms, scrape_timeout: 250ms}\n"
        << "scrape_configs:\n  - job_name: jk-pylon\n    authorization: {credentials_file: "
        << folder.file("token") << "}\n    static_configs: [{targets: ['" << address << "']}]\n";
    {
        Child server({prometheus, "--config.file=" + folder.file("prometheus.yml"),
                      "--storage.tsdb.path=" + folder.file("data"), "--web.listen-address=127.0.0.1:0",
                      "--log.format=json"});
        ASSERT_TRUE(server.says("Server is ready to receive web requests", patience)) << server.output();
        std::smatch found;
        const std::string said = server.output();
        ASSERT_TRUE(
            std::regex_search(said, found, std::regex("\"address\":\"127\\.0\\.0\\.1:([1-9][0-9]*)\"")))
            << said;
        const auto port = static_cast<std::uint16_t>(std::stoi(found[1]));
        const auto voltage = ask(port, "jk_pylon_pack_voltage_volts%7Bpack%3D%22A%22%7D");
        ASSERT_TRUE(voltage) << Client::once(port, Client::get("/api/v1/targets")).body;
        EXPECT_NEAR(std::stod(voltage->at("value").at(1).get<std::string>()),
                    site.readings[0].voltage.count() / 1000.0, 1e-9);
        const auto up = ask(port, "up%7Bjob%3D%22jk-pylon%22%7D");
        EXPECT_EQ(up->at("value").at(1), "1");
        const auto samples = ask(port, "scrape_samples_scraped");
        EXPECT_GT(std::stoi(samples->at("value").at(1).get<std::string>()), 100);
        const auto refused = ask(port, "jk_pylon_link_events_total%7Bevent%3D%22rejected%22%7D");
        EXPECT_EQ(refused->at("value").at(1), "0");
        EXPECT_EQ(server.output().find("\"level\":\"error\""), std::string::npos) << server.output();
    }
    thread.run([&] { api.reset(); });
}

}  // namespace
}  // namespace jkp
