#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Reads a DBC file with code of its own and checks that it sees the values which the codec encoded.

usage: dbc_check.py [--self-test] FILE.dbc VECTORS_PROGRAM
"""
import collections
import fractions
import re
import subprocess
import sys

Signal = collections.namedtuple("Signal", "name start length signed factor offset low high")
Message = collections.namedtuple("Message", "name size sender signals")

MESSAGE = re.compile(r"BO_ (\d+) (\w+): (\d+) (\w+)$")
SIGNAL = re.compile(r' SG_ (\w+) : (\d+)\|(\d+)@1([+-]) \(([-\d.]+),([-\d.]+)\) \[([-\d.]+)\|([-\d.]+)\] "[^"]*" \w+$')


def read_dbc(text):
    messages = {}
    current = None
    for line in text.splitlines():
        head = MESSAGE.match(line)
        if head:
            current = Message(head[2], int(head[3]), head[4], {})
            messages[int(head[1])] = current
        elif line.startswith(" SG_ "):
            body = SIGNAL.match(line)
            if not body:
                raise ValueError("signal line not understood: " + line)
            number = fractions.Fraction
            current.signals[body[1]] = Signal(body[1], int(body[2]), int(body[3]), body[4] == "-",
                                              number(body[5]), number(body[6]), number(body[7]), number(body[8]))
    return messages


def extract(signal, data):
    raw = (int.from_bytes(data, "little") >> signal.start) % (1 << signal.length)
    if signal.signed and raw >= 1 << (signal.length - 1):
        raw -= 1 << signal.length
    return raw * signal.factor + signal.offset


def structure_faults(messages):
    for number, message in messages.items():
        used = 0
        for signal in message.signals.values():
            bits = ((1 << signal.length) - 1) << signal.start
            if bits & used:
                yield f"{number} {signal.name}: overlaps another signal"
            if signal.start + signal.length > 8 * message.size:
                yield f"{number} {signal.name}: runs past the frame"
            used |= bits
    senders = {number: message.sender for number, message in messages.items()}
    if senders.pop(0x305, None) != "Inverter" or set(senders.values()) != {"Battery"}:
        yield "0x305 belongs to the inverter, everything else to the battery"


def value_faults(messages, vectors):
    lines = vectors.splitlines()
    if len(lines) < 1000:
        yield f"only {len(lines)} vectors"
    for line in lines:
        frame, *expected = line.split()
        number, data = frame.split("#")
        message = messages.get(int(number, 16))
        data = bytes.fromhex(data)
        if message is None or message.size != len(data):
            yield f"{line}: no such message of {len(data)} bytes"
            continue
        wanted = dict(item.split("=") for item in expected)
        if set(wanted) != set(message.signals):
            yield f"{number}: signals {sorted(message.signals)}, codec {sorted(wanted)}"
        for name, value in wanted.items():
            signal = message.signals.get(name)
            if signal is None:
                continue
            seen = extract(signal, data)
            if seen != fractions.Fraction(value):
                yield f"{frame} {name}: DBC {seen}, codec {value}"
            if signal.low != signal.high and not signal.low <= seen <= signal.high:
                yield f"{frame} {name}: {seen} is outside {signal.low}..{signal.high}"


def faults(text, vectors):
    messages = read_dbc(text)
    return list(structure_faults(messages)) + list(value_faults(messages, vectors))


def self_test(text, vectors):
    """Each damage to the file must be noticed."""
    for old, new in [
        ("charge_voltage : 0|16@1+ (0.1,0)", "charge_voltage : 0|16@1+ (0.01,0)"),
        ("SG_ current : 16|16@1-", "SG_ current : 16|16@1+"),
        ("protect_system_error : 11|1", "protect_system_error : 15|1"),
        ("force_charge_1 : 5|1", "force_charge_1 : 4|1"),
        ("BO_ 853 soc: 4", "BO_ 853 soc: 8"),
        ("BO_ 773 inverter_alive: 8 Inverter", "BO_ 773 inverter_alive: 8 Battery"),
    ]:
        if old not in text:
            sys.exit(f"self-test: '{old}' is not in the file")
        if not faults(text.replace(old, new), vectors):
            sys.exit(f"self-test: '{new}' was not noticed")


def main(arguments):
    testing = arguments[0] == "--self-test"
    path, program = arguments[-2:]
    with open(path, encoding="ascii") as file:
        text = file.read()
    vectors = subprocess.run([program], check=True, capture_output=True, text=True).stdout
    if testing:
        return self_test(text, vectors)
    found = faults(text, vectors)
    print("\n".join(found[:20]) or f"{len(vectors.splitlines())} frames agree")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main(sys.argv[1:])
