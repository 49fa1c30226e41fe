// SPDX-License-Identifier: MIT
#include "pylontech/report.hpp"

#include "core/ensure.hpp"

namespace jkp::pylontech {

std::string_view name(Flag flag) {
    switch (flag) {
        case Flag::over_voltage:
            return "over_voltage";
        case Flag::under_voltage:
            return "under_voltage";
        case Flag::over_temperature:
            return "over_temperature";
        case Flag::under_temperature:
            return "under_temperature";
        case Flag::discharge_over_current:
            return "discharge_over_current";
        case Flag::charge_over_current:
            return "charge_over_current";
        case Flag::system_error:
            return "system_error";
        case Flag::internal_communication:
            return "internal_communication";
    }
    broken("a Flag of the list", std::source_location::current());
}

}  // namespace jkp::pylontech
