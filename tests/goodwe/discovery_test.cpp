// SPDX-License-Identifier: MIT
#include "goodwe/discovery.hpp"

#include <gtest/gtest.h>

namespace jkp::goodwe {
namespace {

TEST(Discovery, TheClassicModuleNamesItself) {
    const Found found = read_discovery("192.168.1.20,289C6E05A5B1,Solar-WiFi193W0782");
    EXPECT_EQ(
        found,
        (Found{
            .module = Module::classic, .serial = "", .name = "Solar-WiFi193W0782", .mac = "289C6E05A5B1"}));
    EXPECT_EQ(advice(found, "192.168.1.20"),
              "Classic WiFi module. It can be read: [peer.goodwe] host = \"192.168.1.20\".");
}

TEST(Discovery, ADongleThatEncryptsIsToldWithItsSerialAndWhetherItIsBusy) {
    const Found free = read_discovery("dongle@9010KETU12345678,dtls_port:8899,9010KETU12345678");
    EXPECT_EQ(free.module, Module::dtls);
    EXPECT_EQ(free.serial, "9010KETU12345678");
    EXPECT_FALSE(free.busy);
    EXPECT_NE(advice(free, "x").find("cannot be read"), std::string::npos);
    const Found busy = read_discovery("dongle@9010KETU12345678@busy");
    EXPECT_EQ(busy.serial, "9010KETU12345678");
    EXPECT_TRUE(busy.busy);
    EXPECT_NE(advice(busy, "x").find("another program"), std::string::npos);
}

TEST(Discovery, AModuleWithModbusTcpIsToldWithTheTransportToSet) {
    const Found found = read_discovery("ccm@9010KETU12345678,ccm@9010KETU12345678,9010KETU12345678\r\n");
    EXPECT_EQ(found.module, Module::modbus);
    EXPECT_EQ(found.serial, "9010KETU12345678");
    EXPECT_NE(advice(found, "10.0.0.7").find("host = \"10.0.0.7\", transport = \"tcp\""), std::string::npos);
}

TEST(Discovery, AnythingElseIsUnknownAndNothingUnprintableIsKept) {
    for (const char* text : {"", ",", "hello", "WIFIKIT-214028-READ", "1.2.3,mac,name", "a.b.c.d,mac,name"}) {
        EXPECT_EQ(read_discovery(text).module, Module::unknown) << text;
    }
    EXPECT_EQ(read_discovery("1.2.3.4,\x1b[31m,\x07name").name, "name");
    EXPECT_EQ(read_discovery("1.2.3.4,\x1b[31m,\x07name").mac, "[31m");
}

}  // namespace
}  // namespace jkp::goodwe
