#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Fails when a room of src/ includes a room it must not see, or when a pure room reaches for a clock,
errno, an operating system header, <iostream> or a log. The table is the one of ARCHITECTURE.md."""
import pathlib
import re
import sys
import tempfile

MAY_SEE = {
    "core": set(),
    "jk": {"core"},
    "pylontech": {"core"},
    "meter": {"core"},
    "goodwe": {"core"},
    "control": {"core"},
    "config": {"core", "control"},
    "report": {"core", "jk", "pylontech", "meter", "goodwe", "control"},
    "sim": {"core", "jk", "pylontech", "meter", "goodwe"},
    "io": {"core"},
    "web": set(),
    "app": None,  # all
    "scenario": {"core", "jk", "pylontech", "meter", "goodwe", "control", "config", "report", "sim", "app"},
    "cli": None,
}
PURE = {"core", "jk", "pylontech", "meter", "goodwe", "control", "config", "report", "sim", "scenario", "web"}

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')
FORBIDDEN_HEADERS = re.compile(
    r"^(sys/|linux/|net/|netinet/|arpa/|unistd\.h|fcntl\.h|termios\.h|poll\.h|errno\.h|cerrno|time\.h|ctime|"
    r"iostream|thread|mutex|boost/asio|spdlog/|systemd/|random_device)")
FORBIDDEN_WORDS = re.compile(
    r"\b(steady_clock|system_clock|high_resolution_clock|gettimeofday|clock_gettime|errno|std::cout|std::cerr|"
    r"spdlog::|random_device|reinterpret_cast|getenv)\b")


def faults(root):
    found = []
    for path in sorted(root.rglob("*")):
        if path.suffix not in (".hpp", ".cpp"):
            continue
        room = path.relative_to(root).parts[0]
        if room not in MAY_SEE:
            found.append(f"{path}: '{room}' is no known room")
            continue
        for number, line in enumerate(path.read_text().splitlines(), 1):
            code = line.split("//")[0]
            where = f"{path}:{number}"
            include = INCLUDE.match(line)
            if include and include[1] == '"':
                other = include[2].split("/")[0]
                allowed = MAY_SEE[room]
                if other != room and allowed is not None and other not in allowed:
                    found.append(f"{where}: room '{room}' may not include \"{include[2]}\"")
                if "/" not in include[2]:
                    found.append(f"{where}: an include names its room")
            if room not in PURE:
                if room != "io" and "reinterpret_cast" in code:
                    found.append(f"{where}: reinterpret_cast belongs into io/")
                continue
            if include and include[1] == "<" and FORBIDDEN_HEADERS.match(include[2]):
                found.append(f"{where}: <{include[2]}> in the pure room '{room}'")
            word = FORBIDDEN_WORDS.search(code)
            if word and not include:
                found.append(f"{where}: '{word[1]}' in the pure room '{room}'")
    return found


def self_test():
    cases = {
        "control/a.cpp": ['#include "io/serial.hpp"'],
        "core/a.cpp": ['#include "jk/frame.hpp"'],
        "jk/a.cpp": ["#include <iostream>"],
        "control/b.cpp": ["auto t = std::chrono::steady_clock::now();"],
        "report/a.cpp": ["#include <sys/socket.h>"],
        "sim/a.cpp": ["if (errno == 4) {}"],
        "core/b.cpp": ['#include "bytes.hpp"'],
        "garage/a.cpp": ["int x;"],
    }
    for name, lines in cases.items():
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / name
            file.parent.mkdir(parents=True)
            file.write_text("\n".join(lines) + "\n")
            if not faults(pathlib.Path(folder)):
                sys.exit(f"layers: {name} with {lines} was not found")
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "io/a.cpp"
        file.parent.mkdir(parents=True)
        file.write_text('#include <sys/socket.h>\n#include "core/bytes.hpp"\n')
        if faults(pathlib.Path(folder)):
            sys.exit("layers: a permitted include was refused")


if __name__ == "__main__":
    if sys.argv[1] == "--self-test":
        self_test()
    else:
        result = faults(pathlib.Path(sys.argv[1]))
        print("\n".join(result))
        sys.exit(1 if result else 0)
