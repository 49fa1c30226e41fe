// SPDX-License-Identifier: MIT
#include "io/serial_names.hpp"

#include <algorithm>
#include <fstream>
#include <string_view>
#include <system_error>

namespace jkp::io {
namespace {

namespace fs = std::filesystem;

// The kernel offers ttyS0..3 on every PC; type 0 means that no chip was found behind the name.
bool has_chip(const fs::path& root, const std::string& name) {
    std::ifstream file(root / "sys/class/tty" / name / "type");
    int type = 0;
    return (file >> type) && type != 0;
}

std::vector<std::string> names_in(const fs::path& folder, std::string_view prefix) {
    std::vector<std::string> names;
    std::error_code none;
    for (fs::directory_iterator it(folder, none), end; !none && it != end; it.increment(none)) {
        const std::string name = it->path().filename().string();
        if (name.starts_with(prefix)) names.push_back(name);
    }
    std::sort(names.begin(), names.end());
    return names;
}

}  // namespace

std::vector<std::string> list_serial_ports(const fs::path& root) {
    std::vector<std::string> ports;
    for (const std::string& name : names_in(root / "dev/serial/by-id", "")) {
        ports.push_back("/dev/serial/by-id/" + name);
    }
    for (const std::string_view kind : {"ttyUSB", "ttyACM", "ttyAMA", "ttyS"}) {
        for (const std::string& name : names_in(root / "dev", kind)) {
            if (kind == "ttyS" && !has_chip(root, name)) continue;
            ports.push_back("/dev/" + name);
        }
    }
    return ports;
}

std::string words(const std::vector<std::string>& ports) {
    if (ports.empty()) return "no serial port exists on this machine; is the USB adapter plugged in?";
    std::string text = "serial ports on this machine: ";
    for (std::size_t i = 0; i < ports.size(); ++i) text += (i == 0 ? "" : ", ") + ports[i];
    return text;
}

}  // namespace jkp::io
