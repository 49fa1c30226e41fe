// SPDX-License-Identifier: MIT
// From [history] and [notify] to the settings of Recorder and Notifier.
#pragma once

#include "app/notifier.hpp"
#include "app/recorder.hpp"
#include "config/history_settings.hpp"

namespace jkp::app {

RecorderSettings recorder_settings(const config::HistorySettings& settings);
NotifierSettings notifier_settings(const config::NotifySettings& settings);

}  // namespace jkp::app
