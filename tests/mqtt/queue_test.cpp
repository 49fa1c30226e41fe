// SPDX-License-Identifier: MIT
#include "io/mqtt_queue.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace jkp::io {
namespace {

using ::testing::ElementsAre;

std::vector<std::string> all(MqttQueue& queue, std::size_t most = 100) {
    std::vector<std::string> texts;
    for (const MqttMessage& each : queue.take(most)) texts.push_back(each.topic + '=' + each.payload);
    return texts;
}

TEST(Queue, ANewerValueTakesThePlaceOfTheOlder) {
    MqttQueue queue(10);
    queue.push({"a", "1"});
    queue.push({"b", "1"});
    queue.push({"a", "2"});
    EXPECT_EQ(queue.superseded(), 1U);
    EXPECT_THAT(all(queue), ElementsAre("a=2", "b=1"));
    queue.push({"a", "3"});
    EXPECT_THAT(all(queue), ElementsAre("a=3"));
}

TEST(Queue, EveryMessageThatMustNotBeReplacedIsKept) {
    MqttQueue queue(10);
    queue.push({"e", "1", 1, false, MqttKeep::every});
    queue.push({"e", "2", 1, false, MqttKeep::every});
    EXPECT_THAT(all(queue), ElementsAre("e=1", "e=2"));
}

TEST(Queue, TheOldestThatMayBeReplacedIsDroppedAndCountedWhenThereAreTooMany) {
    MqttQueue queue(3);
    queue.push({"status", "online", 1, true, MqttKeep::every});
    queue.push({"e", "1", 1, false, MqttKeep::every});
    for (const char* topic : {"a", "b", "c"}) queue.push({topic, "1"});
    EXPECT_EQ(queue.dropped(), 2U);
    queue.push({"a", "2"});
    EXPECT_EQ(queue.dropped(), 3U);
    EXPECT_THAT(all(queue), ElementsAre("status=online", "e=1", "a=2"));
    queue.push({"c", "2"});
    EXPECT_THAT(all(queue), ElementsAre("c=2")) << "what was dropped is not there any more";
}

TEST(Queue, StaysBoundedWhenNothingMayBeReplacedAndKeepsWhatTheBrokerIsToKeep) {
    MqttQueue queue(2);
    queue.push({"status", "online", 1, true, MqttKeep::every});
    queue.push({"e", "1", 1, false, MqttKeep::every});
    queue.push({"e", "2", 1, false, MqttKeep::every});
    EXPECT_EQ(queue.dropped(), 1U);
    queue.push({"described", "1", 1, true, MqttKeep::every});
    EXPECT_EQ(queue.dropped(), 2U);
    queue.push({"described", "2", 1, true, MqttKeep::every});
    EXPECT_EQ(queue.dropped(), 3U);
    EXPECT_THAT(all(queue), ElementsAre("described=1", "described=2"));
}

TEST(Queue, IsTakenInPiecesAndClearedWithACount) {
    MqttQueue queue(10);
    for (const char* topic : {"a", "b", "c"}) queue.push({topic, "1"});
    EXPECT_THAT(all(queue, 2), ElementsAre("a=1", "b=1"));
    queue.clear();
    EXPECT_EQ(queue.dropped(), 1U);
    EXPECT_EQ(queue.size(), 0U);
    queue.push({"c", "2"});
    EXPECT_THAT(all(queue), ElementsAre("c=2"));
}

}  // namespace
}  // namespace jkp::io
