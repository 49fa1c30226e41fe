#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Fails when a page of the documentation points to a file or heading that is not there, names a
sub-command that does not exist, misses one in docs/commands.md or in the manual page, or mentions a
path of one machine."""
import pathlib
import re
import sys
import tempfile

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
CODE = re.compile(r"`([^`\n]+)`")
CALL = re.compile(r"(?:^|[\s;&|$/])jk-pylon[ \t]+([a-z][a-z-]*)")
DEFINED = re.compile(r'\bcommand\(app, "([a-z-]+)"')
MACHINE = re.compile(r"(?<![\w.])/(work|root|home/[a-z]+)\b|\.\./shared")
# Words that follow the program's name in shell lines without being a sub-command of it.
OTHER = re.compile(r"^\s*(sudo )?(systemctl|journalctl|usermod|apt|apt-get|install|useradd|ls|id)\b")


def pages(root):
    found = [p for p in root.glob("*.md")] + [p for p in root.glob("docs/**/*.md")]
    return sorted(p for p in found if "build" not in p.relative_to(root).parts)


def anchor(heading):
    text = re.sub(r"[^\w\- ]", "", heading.strip().lower())
    return text.replace(" ", "-")


def parts(text):
    """The page without its code blocks, and every piece of code in it, each with its line number."""
    prose, code, inside = [], [], False
    for number, line in enumerate(text.splitlines(), 1):
        if line.lstrip().startswith("```"):
            inside = not inside
        elif inside:
            code.append((number, line))
        else:
            prose.append((number, line))
            code += [(number, snippet) for snippet in CODE.findall(line)]
    return prose, code


def headings(path):
    prose, _ = parts(path.read_text())
    return {anchor(line.lstrip("#")) for _, line in prose if line.startswith("#")}


def link_faults(page, prose):
    for number, line in prose:
        for target in LINK.findall(CODE.sub("", line)):
            if re.match(r"[a-z]+:", target):
                continue
            name, _, part = target.partition("#")
            file = page if not name else page.parent / name
            if not file.exists():
                yield f"{page}:{number}: there is no {target}"
            elif part and file.suffix == ".md" and part not in headings(file):
                yield f"{page}:{number}: {target} has no such heading"


def call_faults(page, code, commands):
    for number, line in code:
        if OTHER.match(line):
            continue
        for word in CALL.findall(line.split("#")[0]):
            if word not in commands:
                yield f"{page}:{number}: there is no sub-command '{word}'"


def faults(root):
    commands = set(DEFINED.findall((root / "src/cli/main.cpp").read_text()))
    found = [] if commands else ["src/cli/main.cpp: no sub-command was found in it"]
    for page in pages(root):
        text = page.read_text()
        prose, code = parts(text)
        found += link_faults(page, prose)
        found += call_faults(page, code, commands)
        for number, line in enumerate(text.splitlines(), 1):
            if MACHINE.search(line):
                found.append(f"{page}:{number}: a path of one machine")
    described = headings(root / "docs/commands.md")
    found += [f"docs/commands.md: no heading for '{c}'" for c in sorted(commands) if anchor(c) not in described]
    manual = (root / "packaging/jk-pylon.1").read_text().replace("\\-", "-")
    found += [f"packaging/jk-pylon.1: no '{c}'" for c in sorted(commands) if not re.search(rf"^\.B {c}\b", manual, re.M)]
    return found


def self_test():
    main = 'command(app, "run", "");\ncommand(app, "why", "");\n'
    good = "# Commands\n\n## run\n\n`jk-pylon run`, see [why](#why) and [the page](../README.md).\n\n## why\n"
    cases = {
        "a good page": (good, 0),
        "a missing file": (good + "[x](nowhere.md)\n", 1),
        "a missing heading": (good + "[x](commands.md#nothing)\n", 1),
        "an unknown sub-command in a block": (good + "```\njk-pylon fly --json\n```\n", 1),
        "an unknown sub-command in a line": (good + "Try `jk-pylon fly`.\n", 1),
        "a service is no sub-command": (good + "```\nsystemctl restart jk-pylon now\n```\n", 0),
        "a sub-command without its heading": (good.replace("## why", "## because"), 2),
        "a sub-command that the manual page misses": (good, 1),
        "a path of one machine": (good + "See /work/notes.\n", 1),
    }
    manual = ".B run\n.TP\n.B why\n"
    for name, (text, expected) in cases.items():
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            page = manual.replace(".B why", "") if "manual" in name else manual
            files = {"src/cli/main.cpp": main, "README.md": "# A\n", "packaging/jk-pylon.1": page}
            for file, content in (files | {"docs/commands.md": text}).items():
                (root / file).parent.mkdir(parents=True, exist_ok=True)
                (root / file).write_text(content)
            got = faults(root)
            if len(got) != expected:
                sys.exit(f"docs: {name}: expected {expected} fault(s), got {got}")


if __name__ == "__main__":
    if sys.argv[1] == "--self-test":
        self_test()
    else:
        result = faults(pathlib.Path(sys.argv[1]))
        print("\n".join(result))
        sys.exit(1 if result else 0)
