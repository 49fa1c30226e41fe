// SPDX-License-Identifier: MIT
#include "scenario/record.hpp"

namespace jkp::scenario {

Record empty_record(const Scenario& scenario) {
    Record record;
    for (std::size_t q = 0; q < quantities().size(); ++q) {
        const QuantityOfRun& quantity = quantities()[q];
        const std::string name(quantity.name);
        if (!quantity.numeric()) {
            if (name != "event") record.words.push_back({name, q, 0});
            continue;
        }
        if (!quantity.of_a_pack) {
            record.numbers.push_back({name, q, 0});
            continue;
        }
        for (std::size_t i = 0; i < scenario.packs.size(); ++i) {
            const std::string pack(scenario.gateway.control.packs[i].name.view());
            record.numbers.push_back({pack + '.' + name, q, i});
        }
    }
    return record;
}

void add_row(Record& record, const Moment& moment, Duration at) {
    Row row{.at = at, .numbers = {}, .words = {}};
    for (const Column& column : record.numbers) {
        row.numbers.push_back(quantities()[column.quantity].number(moment, column.pack));
    }
    for (const Column& column : record.words) {
        row.words.push_back(quantities()[column.quantity].words(moment));
    }
    record.rows.push_back(std::move(row));
}

}  // namespace jkp::scenario
