// SPDX-License-Identifier: MIT
// The web server as the gateway owns it: over a real socket, with tokens from files.
#include "app/web_api.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <nlohmann/json.hpp>

#include "app/web_access.hpp"
#include "app/web_routes.hpp"
#include "http/fake_site.hpp"
#include "http/server.hpp"
#include "io/clock.hpp"
#include "io_files/temporary_folder.hpp"

namespace jkp::app {
namespace {

using jkp::testing::Client;
using jkp::testing::FakeSite;
using jkp::testing::LoopThread;
using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;

const std::string token = "0123456789abcdef0123456789";

struct Outlet {
    explicit Outlet(config::WebSettings settings = {}) {
        settings.port = 0;
        thread.run([&] {
            api = std::make_unique<WebApi>(thread.loop, settings, site.sources(),
                                           [this](bool good, const std::string& sentence) {
                                               states.push_back((good ? "good " : "bad ") + sentence);
                                           });
            api->start();
        });
    }
    ~Outlet() {
        thread.run([this] { api.reset(); });
    }
    Outlet(const Outlet&) = delete;
    Outlet& operator=(const Outlet&) = delete;

    std::string url() {
        return thread.run([this] { return api->url(); });
    }
    std::uint16_t port() {
        const std::string address = url();
        if (address.empty()) throw std::runtime_error("does not listen");
        return static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1)));
    }
    void cycle() {
        thread.run([this] {
            site.step();
            api->on_cycle(io::now());
        });
    }
    report::LinkView view() {
        return thread.run([this] { return api->view(); });
    }

    FakeSite site;
    LoopThread thread;
    std::vector<std::string> states;
    std::unique_ptr<WebApi> api;
};

std::string secret_file(const io::testing::TemporaryFolder& folder, const std::string& name,
                        const std::string& text, mode_t mode = 0600) {
    const std::string path = folder.file(name);
    std::ofstream(path) << text << '\n';
    ::chmod(path.c_str(), mode);
    return path;
}

TEST(WebApi, ListensTellsWhereAndServes) {
    Outlet outlet;
    EXPECT_THAT(outlet.url(), StartsWith("http://127.0.0.1:"));
    ASSERT_THAT(outlet.states, SizeIs(1));
    EXPECT_EQ(outlet.states[0], "good the dashboard is at " + outlet.url());
    EXPECT_EQ(Client::once(outlet.port(), Client::get("/api/v1/snapshot")).status, 200);
    EXPECT_EQ(Client::once(outlet.port(), Client::get("/")).field("Content-Type"),
              "text/html; charset=utf-8");
    EXPECT_EQ(outlet.view().state, "good");
    EXPECT_EQ(outlet.view().health, report::LinkHealth::good);
    EXPECT_EQ(outlet.view().counters.at(0).name, "connections");
}

TEST(WebApi, IsSilentWhenItIsOff) {
    config::WebSettings off;
    off.enabled = false;
    Outlet outlet(off);
    EXPECT_EQ(outlet.url(), "");
    EXPECT_THAT(outlet.states, IsEmpty());
    EXPECT_EQ(outlet.view().health, report::LinkHealth::off);
    outlet.cycle();
}

TEST(WebApi, EveryRouteIsInTheOpenApiDocumentAndEveryPathOfItAnswers) {
    Outlet outlet;
    const json document = json::parse(Client::once(outlet.port(), Client::get("/api/v1/openapi.json")).body);
    EXPECT_EQ(document.at("openapi"), "3.1.0");
    std::map<std::string, std::string> written;
    for (const auto& [path, item] : document.at("paths").items()) {
        ASSERT_THAT(item, SizeIs(1)) << path;
        written[path] = item.begin().key();
        const auto& operation = *item.begin();
        EXPECT_TRUE(operation.contains("operationId") && operation.contains("summary")) << path;
        const bool post = item.begin().key() == "post";
        const std::string request =
            post ? "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n"
                 : Client::get(path + "?series=soc_pct");
        Client client(outlet.port());
        client.send(request);
        const auto reply = client.reply();
        ASSERT_TRUE(reply) << path;
        const auto& responses = operation.at("responses");
        const auto response = responses.find(std::to_string(reply->status));
        ASSERT_NE(response, responses.end()) << path << ' ' << reply->status;
        EXPECT_EQ(reply->status, post ? 403 : 200) << path;
        if (!response->contains("content")) continue;
        const std::string type = reply->field("Content-Type");
        EXPECT_EQ(type.substr(0, type.find(';')), response->at("content").begin().key()) << path;
    }
    std::map<std::string, std::string> routes;
    for (const WebRoute& route : WebRoutes::list())
        routes['/' + std::string(route.path)] = route.method == "POST" ? "post" : "get";
    EXPECT_EQ(written, routes);
}

// Follows a reference to what it names.
const json& resolved(const json& document, const json& schema) {
    if (!schema.contains("$ref")) return schema;
    return document.at(json::json_pointer(schema.at("$ref").get<std::string>().substr(1)));
}

void check_references(const json& document, const json& node) {
    if (node.is_object() && node.contains("$ref")) {
        const std::string target = node.at("$ref");
        ASSERT_THAT(target, StartsWith("#/"));
        EXPECT_TRUE(document.contains(json::json_pointer(target.substr(1)))) << target;
    }
    for (const auto& child : node) {
        if (child.is_structured()) check_references(document, child);
    }
}

// What the schema of an answer promises and `value` does not keep; only what the document uses.
void check_schema(const json& document, const json& schema, const json& value, const std::string& at) {
    if (schema.contains("$ref")) return check_schema(document, resolved(document, schema), value, at);
    if (schema.contains("anyOf"))
        return check_schema(document, schema.at("anyOf").at(value.is_null() ? 1 : 0), value, at);
    for (const auto& part : schema.value("allOf", json::array())) check_schema(document, part, value, at);
    if (schema.contains("const")) {
        EXPECT_EQ(value, schema.at("const")) << at;
    }
    if (schema.contains("enum")) {
        EXPECT_THAT(schema.at("enum"), ::testing::Contains(value)) << at;
    }
    if (schema.contains("type")) {
        const json types =
            schema.at("type").is_array() ? schema.at("type") : json::array({schema.at("type")});
        const std::string type = value.is_number_integer() ? "integer"
                                 : value.is_number()       ? "number"
                                                           : value.type_name();
        bool fits = false;
        for (const json& allowed : types)
            fits = fits || allowed == type || (allowed == "number" && type == "integer");
        EXPECT_TRUE(fits) << at << " is " << type << ", allowed " << types;
    }
    for (const auto& key : schema.value("required", json::array()))
        EXPECT_TRUE(value.contains(key.get<std::string>())) << at << " misses " << key;
    if (!value.is_object()) {
        if (value.is_array() && schema.contains("items"))
            for (const json& item : value) check_schema(document, schema.at("items"), item, at + "[]");
        return;
    }
    for (const auto& [key, child] : value.items()) {
        const json properties = schema.value("properties", json::object());
        if (properties.contains(key)) check_schema(document, properties.at(key), child, at + '.' + key);
        const json more = schema.value("additionalProperties", json());
        if (more.is_object()) check_schema(document, more, child, at + '.' + key);
    }
}

// What `value` says and the schema does not list. An object without properties is described elsewhere.
void check_listed(const json& document, const json& reference, const json& value, const std::string& at) {
    const json& schema = resolved(document, reference);
    if (schema.contains("anyOf"))
        return check_listed(document, schema.at("anyOf").at(value.is_null() ? 1 : 0), value, at);
    if (value.is_array() && schema.contains("items"))
        for (const json& item : value) check_listed(document, schema.at("items"), item, at + "[]");
    if (!value.is_object()) return;
    json listed = schema.value("properties", json::object());
    for (const json& part : schema.value("allOf", json::array()))
        listed.update(resolved(document, part).value("properties", json::object()));
    if (listed.empty()) return;
    for (const auto& [key, child] : value.items()) {
        if (listed.contains(key)) {
            check_listed(document, listed.at(key), child, at + '.' + key);
        } else {
            ADD_FAILURE() << at << " has " << key << ", which the document does not list";
        }
    }
}

TEST(WebApi, TheDocumentListsEveryKeyOfASnapshotAndRequiresWhatIsAlwaysThere) {
    Outlet outlet;
    const json document = json::parse(Client::once(outlet.port(), Client::get("/api/v1/openapi.json")).body);
    const json snapshot = json::parse(Client::once(outlet.port(), Client::get("/api/v1/snapshot")).body);
    const json& schemas = document.at("components").at("schemas");
    for (const char* full : {"battery", "packs", "sources", "outlets", "energy"})
        ASSERT_FALSE(snapshot.at(full).empty()) << full;
    check_listed(document, schemas.at("Snapshot"), snapshot, "snapshot");
    const auto keys = [](const json& object) {
        std::vector<std::string> list;
        for (const auto& [key, value] : object.items()) list.push_back(key);
        return list;
    };
    const auto required = [&](const char* schema) {
        return schemas.at(schema).at("required").get<std::vector<std::string>>();
    };
    using ::testing::UnorderedElementsAreArray;
    EXPECT_THAT(keys(snapshot), UnorderedElementsAreArray(required("Snapshot")));
    EXPECT_THAT(keys(snapshot.at("packs").at(0)), UnorderedElementsAreArray(required("Pack")));
    EXPECT_THAT(keys(snapshot.at("outlets").at(0)), UnorderedElementsAreArray(required("Link")));
    EXPECT_EQ(snapshot.at("outlets").at(0).at("good"), true);
    EXPECT_EQ(snapshot.at("outlets").at(1).at("good"), false);
    EXPECT_EQ(snapshot.at("outlets").at(2).at("good"), nullptr) << "switched off";
}

TEST(WebApi, AnswersAreWhatTheDocumentPromises) {
    Outlet outlet;
    const json document = json::parse(Client::once(outlet.port(), Client::get("/api/v1/openapi.json")).body);
    check_references(document, document);
    for (const char* path :
         {"/api/v1/snapshot", "/api/v1/events", "/api/v1/history", "/api/v1/energy", "/api/v1/settings"}) {
        const json answer =
            json::parse(Client::once(outlet.port(), Client::get(std::string(path) + "?series=soc_pct")).body);
        const json& response = document.at("paths").at(path).at("get").at("responses").at("200");
        check_schema(document, response.at("content").at("application/json").at("schema"), answer, path);
    }
    const json refused = json::parse(Client::once(outlet.port(), Client::get("/api/v1/events?limit=x")).body);
    check_schema(document, document.at("components").at("schemas").at("Error"), refused, "error");
}

TEST(WebApi, ALiveStreamGetsCyclesAndEvents) {
    Outlet outlet;
    Client client(outlet.port());
    client.send(Client::get("/api/v1/live"));
    ASSERT_EQ(client.reply()->status, 200);
    EXPECT_THAT(client.read_until("\n\n"), HasSubstr("retry:"));
    EXPECT_THAT(client.read_until("\n\n"), StartsWith("event: snapshot\ndata: {"));
    outlet.cycle();
    EXPECT_THAT(client.read_until("\n\n"), StartsWith("event: snapshot\ndata: {"));
    outlet.thread.run([&] { outlet.api->on_event(FakeSite::event(2)); });
    EXPECT_THAT(client.read_until("\n\n"), StartsWith("event: event\ndata: {\"id\":2"));
    outlet.thread.run([&] { outlet.api->stop(); });
    EXPECT_TRUE(client.ends());
    EXPECT_EQ(outlet.url(), "");
}

TEST(WebApi, TriesAgainWhenThePortIsTakenAndSaysSo) {
    Outlet first;
    const std::uint16_t taken = first.port();
    Outlet second;
    config::WebSettings settings;
    settings.port = taken;
    second.thread.run([&] { second.api->adopt(settings); });
    EXPECT_EQ(second.url(), "");
    EXPECT_EQ(second.view().state, "unknown");
    EXPECT_EQ(second.view().health, report::LinkHealth::bad);
    EXPECT_THAT(second.view().detail, HasSubstr("another program does"));
    EXPECT_THAT(second.states.back(), StartsWith("bad cannot listen on 127.0.0.1 port"));
    first.thread.run([&] { first.api->stop(); });
    const auto deadline = std::chrono::steady_clock::now() + jkp::testing::client_patience;
    while (second.url().empty() && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
    EXPECT_EQ(second.port(), taken);
}

TEST(WebApi, TheSameSettingsDisturbNobodyAndOthersDo) {
    io::testing::TemporaryFolder folder;
    config::WebSettings settings;
    settings.write_token_file = secret_file(folder, "token", token);
    Outlet outlet(settings);
    settings.port = 0;
    Client client(outlet.port());
    client.send(Client::get("/metrics"));
    EXPECT_EQ(client.reply()->status, 200);
    outlet.thread.run([&] { outlet.api->adopt(settings); });
    client.send(Client::get("/metrics"));
    EXPECT_EQ(client.reply()->status, 200);
    secret_file(folder, "token", token + "new");
    outlet.thread.run([&] { outlet.api->adopt(settings); });
    EXPECT_TRUE(client.ends());
    EXPECT_EQ(Client::once(outlet.port(), Client::get("/metrics")).status, 200);
}

std::string command(const std::string& bearer) {
    const std::string body = R"({"command":"pause","value":true})";
    return "POST /api/v1/commands HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + bearer +
           "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) +
           "\r\n\r\n" + body;
}

TEST(WebApi, TheTokenOfTheFileLetsCommandsIn) {
    io::testing::TemporaryFolder folder;
    config::WebSettings settings;
    settings.write_token_file = secret_file(folder, "token", token);
    Outlet outlet(settings);
    EXPECT_EQ(Client::once(outlet.port(), command(token)).status, 200);
    EXPECT_EQ(Client::once(outlet.port(), command(token + "x")).status, 401);
    EXPECT_EQ(outlet.site.commands_asked.size(), 1U);
}

TEST(WebApi, AWriteTokenThatCannotBeUsedIsToldAndReadingGoesOn) {
    io::testing::TemporaryFolder folder;
    config::WebSettings settings;
    settings.write_token_file = secret_file(folder, "token", "too-short");
    Outlet outlet(settings);
    EXPECT_THAT(outlet.states.back(), HasSubstr("needs at least 20"));
    EXPECT_THAT(outlet.states.back(), ::testing::Not(HasSubstr("too-short")));
    EXPECT_EQ(Client::once(outlet.port(), command("too-short")).status, 403);
    EXPECT_EQ(Client::once(outlet.port(), Client::get("/metrics")).status, 200);
    EXPECT_THAT(outlet.view().detail, HasSubstr("needs at least 20"));
}

TEST(WebApi, AReadTokenThatCannotBeUsedMeansThatNothingIsServed) {
    io::testing::TemporaryFolder folder;
    for (const std::string& path :
         {folder.file("not-there"), secret_file(folder, "open", token, 0644),
          secret_file(folder, "short", "abc"), secret_file(folder, "two", token + "\n" + token)}) {
        config::WebSettings settings;
        settings.read_token_file = path;
        Outlet outlet(settings);
        EXPECT_EQ(outlet.url(), "") << path;
        EXPECT_THAT(outlet.states.back(), StartsWith("bad ")) << path;
        EXPECT_THAT(outlet.view().detail, HasSubstr(path));
    }
}

TEST(WebApi, ATokenHandedOverBySystemdIsFound) {
    io::testing::TemporaryFolder folder;
    secret_file(folder, "web-write", token);
    ::setenv("CREDENTIALS_DIRECTORY", folder.path().c_str(), 1);
    const auto tokens = read_tokens({});
    ::unsetenv("CREDENTIALS_DIRECTORY");
    ASSERT_TRUE(tokens);
    EXPECT_EQ(tokens->write, token);
    EXPECT_EQ(tokens->read, std::nullopt);
}

TEST(WebAccess, SecretsAreTheSameOnlyWhenEveryByteIs) {
    EXPECT_TRUE(same_secret(token, token));
    for (std::size_t i = 0; i < token.size(); ++i) {
        std::string other = token;
        other[i] = '!';
        EXPECT_FALSE(same_secret(token, other));
        EXPECT_FALSE(same_secret(token, token.substr(0, i)));
    }
    EXPECT_FALSE(same_secret(token, token + "x"));
}

}  // namespace
}  // namespace jkp::app
