# SPDX-License-Identifier: MIT
"""Writes a copy of a source file in which every mutant is present and asleep.

A mutant is one small change of the program: a shifted comparison, a dropped call, a number off by one. The
copy asks at run time which one is awake (program/mutation.hpp), so that one build serves all of them.
Clang's syntax tree says what is where; the text is changed in place.
"""
import re
from dataclasses import dataclass

from clang.cindex import CursorKind as K
from clang.cindex import Index, TranslationUnit

COMPARISONS = {
    "<": ["<=", ">=", ">"],
    "<=": ["<", ">", ">="],
    ">": [">=", "<=", "<"],
    ">=": [">", "<", "<="],
    "==": ["!="],
    "!=": ["=="],
}
ARITHMETIC = {"+": "-", "-": "+", "*": "/", "/": "*"}
COMPOUND = {"+=": "-=", "-=": "+=", "*=": "/=", "/=": "*=", "&=": "|=", "|=": "&="}
NAMES = {
    "<": "less", "<=": "less_equal", ">": "greater", ">=": "greater_equal", "==": "equal", "!=": "unequal",
    "+": "plus", "-": "minus", "*": "times", "/": "divided",
    "+=": "add_to", "-=": "take_from", "*=": "scale", "/=": "shrink", "&=": "keep", "|=": "join",
    "min": "minimum", "max": "maximum", "min_element": "first_least", "max_element": "first_most",
    "any_of": "any_of", "all_of": "all_of", "clamp": "clamped",
}
SWAPPED_CALLS = {"min": "max", "max": "min", "min_element": "max_element", "max_element": "min_element",
                 "any_of": "all_of", "all_of": "any_of"}
SWAPPED_WORDS = [("discharge", "charge"), ("charge", "discharge"), ("highest", "lowest"), ("lowest", "highest")]
FUNCTIONS = {K.FUNCTION_DECL, K.CXX_METHOD, K.CONSTRUCTOR, K.FUNCTION_TEMPLATE, K.CONVERSION_FUNCTION}
SCOPES = FUNCTIONS | {K.STRUCT_DECL, K.CLASS_DECL, K.CLASS_TEMPLATE, K.ENUM_DECL}
# What the coverage gate calls an assertion; changing one changes no output.
ASSERTIONS = {"ensure", "broken"}


@dataclass(frozen=True)
class Mutant:
    number: int
    site: int  # number of the first mutant of the same place
    kind: str
    file: str
    function: str
    line: int
    text: str  # the source line, without indentation
    change: str  # "before => after", with "#2" when the line has this change more than once

    def key(self):
        return (self.file, self.function, self.text, self.change)


def parse(path, arguments):
    unit = Index.create().parse(path, args=arguments, options=TranslationUnit.PARSE_NONE)
    errors = [str(d) for d in unit.diagnostics if d.severity >= 3]
    if errors:
        raise RuntimeError("clang cannot read " + path + ":\n" + "\n".join(errors[:5]))
    return unit


class File:
    """One file: collects the mutants and the changes of the text."""

    def __init__(self, path, shown, first_number, arguments, constants):
        self.path = path
        self.shown = shown
        self.next_number = first_number
        with open(path, "rb") as source:
            self.data = source.read()
        self.lines = self.data.decode().split("\n")
        unit = parse(path, arguments)
        self.tokens = [(t.extent.start.offset, t.extent.end.offset, t.spelling)
                       for t in unit.get_tokens(extent=unit.cursor.extent)]
        self.starts = {t[0]: i for i, t in enumerate(self.tokens)}
        self.constants = constants  # names that must stay constant expressions
        self.mutants = []
        self.skipped = {}
        self.wraps = []
        self.replaced = {}
        self.seen = set()
        self.scopes = []
        self.returns = []
        self.late = False  # inside a constant that is no longer one
        for child in unit.cursor.get_children():
            if child.location.file and child.location.file.name == path:
                self.visit(child)

    # --- text -------------------------------------------------------------------------------------------

    def span(self, node):
        return node.extent.start.offset, node.extent.end.offset

    def text(self, start, end):
        return self.data[start:end].decode()

    def words(self, start, end):
        return re.sub(r"\s+", " ", self.text(start, end))

    def wrap(self, start, end, before, after):
        self.wraps.append((start, end, before, after))

    def token_between(self, end, start):
        found = [t for t in self.tokens if end <= t[0] and t[1] <= start]
        return found[0] if len(found) == 1 else None

    def semicolon_after(self, end):
        for t in self.tokens:
            if t[0] >= end:
                return t[1] if t[2] == ";" else None
        return None

    def rendered(self):
        at = {}
        for i, (start, end, before, after) in enumerate(self.wraps):
            at.setdefault(start, ([], []))[1].append((i, before))
            at.setdefault(end, ([], []))[0].append((i, after))
        out = []
        position = 0
        cuts = sorted(set(at) | set(self.replaced))
        for cut in cuts:
            out.append(self.text(position, cut))
            position = cut
            closing, opening = at.get(cut, ([], []))
            out.extend(text for _, text in sorted(closing, reverse=True))
            out.extend(text for _, text in sorted(opening))
            if cut in self.replaced:
                position, text = self.replaced[cut]
                out.append(text)
        out.append(self.text(position, len(self.data)))
        return "".join(out)

    # --- mutants ----------------------------------------------------------------------------------------

    def add(self, kind, start, changes):
        """One mutant for each (before, after); returns the number of the first."""
        first = self.next_number
        line = self.data.count(b"\n", 0, start) + 1
        for before, after in changes:
            change = f"{before} => {after}"
            text = self.lines[line - 1].strip()
            # The condition that stands twice on a line is told apart by its place among its equals.
            count = sum(1 for m in self.mutants if m.line == line and re.sub(r" #\d+$", "", m.change) == change)
            change += f" #{count + 1}" if count else ""
            self.mutants.append(Mutant(self.next_number, first, kind, self.shown, "::".join(self.scopes), line, text,
                                       change))
            self.next_number += 1
        return first

    def skip(self, why, node):
        self.skipped.setdefault(why, set()).add(self.span(node)[0])

    # --- the walk ---------------------------------------------------------------------------------------

    def visit(self, node):
        if node.kind in SCOPES and node.spelling:
            return self.in_scope(node)
        if node.kind in (K.STATIC_ASSERT, K.TYPE_ALIAS_DECL, K.TYPE_ALIAS_TEMPLATE_DECL, K.USING_DIRECTIVE):
            return self.skip("type or static_assert", node)
        if node.kind in (K.VAR_DECL, K.FIELD_DECL, K.PARM_DECL):
            return self.declaration(node)
        handler = {
            K.IF_STMT: self.if_statement, K.WHILE_STMT: self.if_statement, K.CASE_STMT: self.case,
            K.COMPOUND_STMT: self.block, K.FOR_STMT: self.loop, K.CXX_FOR_RANGE_STMT: self.loop,
            K.RETURN_STMT: self.returned, K.CONDITIONAL_OPERATOR: self.conditional,
            K.BINARY_OPERATOR: self.binary, K.COMPOUND_ASSIGNMENT_OPERATOR: self.compound,
            K.CALL_EXPR: self.call, K.INTEGER_LITERAL: self.number, K.CXX_BOOL_LITERAL_EXPR: self.truth,
            K.UNARY_OPERATOR: self.unary, K.MEMBER_REF_EXPR: self.member,
            K.CXX_FUNCTIONAL_CAST_EXPR: self.cast, K.LAMBDA_EXPR: self.lambda_body,
        }.get(node.kind)
        if handler:
            handler(node)
        else:
            self.descend(node)

    def descend(self, node):
        for child in node.get_children():
            self.visit(child)

    def in_scope(self, node):
        if node.kind == K.ENUM_DECL:
            return self.skip("enumerator", node)
        self.scopes.append(node.spelling)
        if node.kind in FUNCTIONS:
            start, _ = self.span(node)
            result = self.text(start, node.location.offset)
            result = re.sub(r"^template\s*<[^>]*>|\[\[nodiscard\]\]|\b(constexpr|inline|static|friend)\b", "", result)
            self.returns.append(result.strip() if node.kind != K.CONSTRUCTOR else "void")
            for child in node.get_children():
                # What stands before the name is the result type, and its numbers are part of a type.
                if child.extent.start.offset > node.location.offset:
                    self.visit(child)
            self.returns.pop()
        else:
            self.descend(node)
        self.scopes.pop()

    def lambda_body(self, node):
        self.returns.append("")
        self.descend(node)
        self.returns.pop()

    def declaration(self, node):
        start, end = self.span(node)
        name = node.location.offset
        for t in self.tokens:
            if start <= t[0] < name and t[2] == "constexpr":
                if node.spelling in self.constants:
                    return self.skip("needed as a constant expression: " + node.spelling, node)
                self.replaced[t[0]] = (t[1], "const")
                self.late = True
        scope = node.kind == K.VAR_DECL and not self.scopes
        if scope:
            self.scopes.append(node.spelling)
        for child in node.get_children():
            if child.extent.start.offset >= name:
                self.visit(child)
        if scope:
            self.scopes.pop()
        self.late = False

    def statement(self, node):
        """An expression that stands by itself: it can be left out."""
        start, end = self.span(node)
        inner = node
        while inner.kind == K.UNEXPOSED_EXPR and len(list(inner.get_children())) == 1:
            inner = next(inner.get_children())
        stop = self.semicolon_after(end)
        expression = inner.kind in (K.CALL_EXPR, K.BINARY_OPERATOR, K.COMPOUND_ASSIGNMENT_OPERATOR, K.UNARY_OPERATOR)
        if expression and stop and not self.is_assertion(inner):
            number = self.add("dropped statement", start, [(self.words(start, stop), "nothing")])
            self.wrap(start, stop, f"{{ if (!jkp::mutation::on<{number}>()) {{ ", " } }")
        self.visit(node)

    def is_assertion(self, node):
        # By the text: in a template the name is not resolved.
        found = re.match(r"\w+(?=\()", self.text(*self.span(node)))
        return found is not None and found[0] in ASSERTIONS

    def body(self, node):
        if node.kind.is_expression():
            self.statement(node)
        else:
            self.visit(node)

    def block(self, node):
        for child in node.get_children():
            self.body(child)

    def closing_parenthesis(self, start):
        i = self.starts[start]
        while self.tokens[i][2] != "(":
            i += 1
        depth = 0
        while True:
            depth += {"(": 1, ")": -1}.get(self.tokens[i][2], 0)
            if depth == 0:
                return self.tokens[i][0]
            i += 1

    def if_statement(self, node):
        start, _ = self.span(node)
        close = self.closing_parenthesis(start)
        header = [c for c in node.get_children() if c.extent.start.offset < close]
        constant = self.tokens[self.starts[start] + 1][2] == "constexpr"
        for i, child in enumerate(header):
            if constant:
                self.skip("if constexpr", child)
            elif i > 0 and child.extent.start.offset < header[i - 1].extent.end.offset:
                pass  # the variable that the condition declares, once more
            elif i == len(header) - 1 and child.kind.is_expression():
                self.condition(child)
            else:
                self.visit(child)
        for child in node.get_children():
            if child.extent.start.offset > close:
                self.body(child)

    def loop(self, node):
        start, _ = self.span(node)
        close = self.closing_parenthesis(start)
        for child in node.get_children():
            if child.extent.start.offset > close:
                self.body(child)
            elif child.kind != K.UNARY_OPERATOR:  # without its step the loop never ends
                self.visit(child)

    def case(self, node):
        children = list(node.get_children())
        self.skip("case label", children[0])
        for child in children[1:]:
            self.body(child)

    def returned(self, node):
        children = list(node.get_children())
        if not children:
            return
        start, end = self.span(children[0])
        result = self.returns[-1] if self.returns else ""
        if result == "void":
            number = self.add("dropped statement", start, [(self.words(start, end), "nothing")])
            self.wrap(start, end, f"jkp::mutation::on<{number}>() ? void() : ", "")
        elif re.fullmatch(r"(const )?(Charge|Discharge)?Bound(<D>)?", result):
            number = self.add("dropped limiter", start, [(self.words(start, end), "unlimited")])
            braces = self.text(start, end).startswith("{")
            self.wrap(start, end, f"jkp::mutation::unlimited<{number}>({result}" + ("" if braces else "("),
                      ")" if braces else "))")
        self.descend(node)

    def conditional(self, node):
        children = list(node.get_children())
        self.condition(children[0])
        for child in children[1:]:
            self.visit(child)

    def operator_of(self, node):
        """(lhs, token, rhs) of a binary operator, also of an overloaded or rewritten one."""
        children = [c for c in node.get_children()]
        if node.kind == K.CALL_EXPR:
            if not node.spelling.startswith("operator") or len(children) < 3:
                # A rewritten comparison hides in a chain of calls with the same extent.
                return None
            children = [children[0], children[-1]]
        if len(children) != 2:
            return None
        lhs, rhs = children
        token = self.token_between(lhs.extent.end.offset, rhs.extent.start.offset)
        return (lhs, token, rhs) if token else None

    def plain(self, node):
        while node.kind in (K.UNEXPOSED_EXPR, K.PAREN_EXPR):
            inner = [c for c in node.get_children()]
            if len(inner) != 1:
                break
            node = inner[0]
        return node

    def condition(self, node):
        """A value used as true or false: negated, unless it is a comparison, which has its own mutants."""
        inner = self.plain(node)
        start, end = self.span(node)
        if inner.kind == K.UNARY_OPERATOR and self.text(*self.span(inner)).startswith("!"):
            return self.visit(node)
        words = self.text(start, end)
        compared = inner.kind in (K.BINARY_OPERATOR, K.CALL_EXPR) and self.has_comparison(inner)
        if not compared and words not in ("true", "false"):
            number = self.add("negated condition", start, [(self.words(start, end), "not")])
            self.wrap(start, end, f"jkp::mutation::truth<{number}>(static_cast<bool>(", "))")
        self.visit(node)

    def has_comparison(self, node):
        found = self.operator_of(node)
        if found:
            return found[1][2] in COMPARISONS
        return any(self.has_comparison(c) for c in node.get_children()
                   if node.kind == K.CALL_EXPR and node.spelling.startswith("operator") and c.kind == K.CALL_EXPR)

    def binary(self, node):
        found = self.operator_of(node)
        if found is None:
            return self.descend(node)
        lhs, token, rhs = found
        operator = token[2]
        start, end = self.span(node)
        if (start, end, operator) in self.seen:
            return None
        self.seen.add((start, end, operator))
        if operator in ("&&", "||"):
            return self.logical(node, lhs, token, rhs)
        if operator in COMPARISONS or operator in ARITHMETIC:
            others = COMPARISONS.get(operator) or [ARITHMETIC[operator]]
            kind = "comparison" if operator in COMPARISONS else "arithmetic"
            left, right = self.words(*self.span(lhs)), self.words(*self.span(rhs))
            number = self.add(kind, start, [(f"{left} {operator} {right}", f"{left} {o} {right}") for o in others])
            self.wrap(start, end, f"jkp::mutation::{NAMES[operator]}<{number}>(", ")")
            self.replaced[token[0]] = (token[1], ",")
        self.visit(lhs)
        self.visit(rhs)
        return None

    def logical(self, node, lhs, token, rhs):
        start, end = self.span(node)
        other = "||" if token[2] == "&&" else "&&"
        left, right = self.words(*self.span(lhs)), self.words(*self.span(rhs))
        number = self.add("logical", start, [(f"{left} {token[2]} {right}", f"{left} {other} {right}")])
        name = "both" if token[2] == "&&" else "either"
        self.wrap(start, end, f"jkp::mutation::{name}<{number}>(", ")")
        self.replaced[token[0]] = (token[1], ",")
        self.wrap(*self.span(lhs), "static_cast<bool>(", ")")
        self.condition(lhs)
        self.wrap(*self.span(rhs), "[&]() -> bool { return static_cast<bool>(", "); }")
        self.condition(rhs)

    def compound(self, node):
        found = self.operator_of(node)
        if found is None or found[1][2] not in COMPOUND:
            return self.descend(node)
        lhs, token, rhs = found
        start, end = self.span(node)
        if (start, end, token[2]) in self.seen:
            return None
        self.seen.add((start, end, token[2]))
        left, right = self.words(*self.span(lhs)), self.words(*self.span(rhs))
        number = self.add("arithmetic", start,
                          [(f"{left} {token[2]} {right}", f"{left} {COMPOUND[token[2]]} {right}")])
        self.wrap(start, end, f"jkp::mutation::{NAMES[token[2]]}<{number}>(", ")")
        self.replaced[token[0]] = (token[1], ",")
        self.visit(lhs)
        self.visit(rhs)
        return None

    def call(self, node):
        if self.is_assertion(node):
            return self.skip("assertion", node)
        start, end = self.span(node)
        if node.spelling.startswith("operator"):
            if node.spelling[8:] in COMPOUND:
                return self.compound(node)
            return self.binary(node)
        self.swapped_call(node, start, end)
        if re.match(r"(Charge|Discharge)?Bound(<D>)?\(", self.text(start, end)):
            return self.cast(node)
        return self.descend(node)

    def cast(self, node):
        start, end = self.span(node)
        made = re.match(r"((Charge|Discharge)Bound|Bound<D>)\(", self.text(start, end))
        if made and (start, end, "bound") not in self.seen:
            self.seen.add((start, end, "bound"))
            number = self.add("dropped limiter", start, [(self.words(start, end), "unlimited")])
            self.wrap(start, end, f"jkp::mutation::unlimited<{number}>(", ")")
        self.descend(node)

    def swapped_call(self, node, start, end):
        match = re.match(r"std::(min|max|min_element|max_element|any_of|all_of|clamp)\s*([<(])", self.text(start, end))
        if not match or (start, "call") in self.seen:
            return
        self.seen.add((start, "call"))
        name, following = match.groups()
        words = self.words(start, end)
        after = len(f"std::{name}")
        if name == "clamp":
            changes = [(words, "without its lower end"), (words, "without its upper end")]
        else:
            changes = [(words, f"std::{SWAPPED_CALLS[name]}" + words[after:])]
        number = self.add("limit" if name in ("min", "max", "clamp") else "selection", start, changes)
        stop = start + after + (1 if following == "<" else 0)
        self.replaced[start] = (stop, f"jkp::mutation::{NAMES[name]}<{number}" + (", " if following == "<" else ">"))

    def number(self, node):
        start, end = self.span(node)
        digits = self.text(start, end)
        if not re.fullmatch(r"[0-9][0-9']*[uUlL]*", digits) or (start, end, "number") in self.seen:
            return
        self.seen.add((start, end, "number"))
        value = int(re.sub(r"['uUlL]", "", digits))
        number = self.add("off by one", start, [(digits, str(value + 1)), (digits, str(value - 1))])
        self.wrap_value(start, end, f"jkp::mutation::literal<{number}>")

    def truth(self, node):
        start, end = self.span(node)
        if (start, end, "truth") in self.seen:
            return
        self.seen.add((start, end, "truth"))
        word = self.text(start, end)
        number = self.add("negated condition", start, [(word, "false" if word == "true" else "true")])
        self.wrap_value(start, end, f"jkp::mutation::truth<{number}>")

    def wrap_value(self, start, end, call):
        if self.late:
            self.wrap(start, end, call + "(jkp::mutation::late(", "))")
        else:
            self.wrap(start, end, call + "(", ")")

    def unary(self, node):
        start, end = self.span(node)
        children = list(node.get_children())
        if self.text(start, end).startswith("!") and len(children) == 1:
            self.condition(children[0])
            return
        self.descend(node)

    def member(self, node):
        self.swapped_member(node)
        self.descend(node)

    def swapped_member(self, node):
        field = node.referenced
        if field is None or field.kind != K.FIELD_DECL:
            return
        start, end = self.span(node)
        name = field.spelling
        if not self.text(start, end).endswith(name) or (start, end, "member") in self.seen:
            return
        for word, other in SWAPPED_WORDS:
            if not re.search(rf"(^|_){word}(_|$)", name):
                continue
            twin = name.replace(word, other, 1)
            same = [f for f in field.semantic_parent.get_children()
                    if f.kind == K.FIELD_DECL and f.spelling == twin and f.type.spelling == field.type.spelling]
            if not same:
                continue
            self.seen.add((start, end, "member"))
            base = self.text(start, end - len(name))
            number = self.add("swapped member", start, [(self.words(start, end), re.sub(r"\s+", " ", base + twin))])
            self.wrap(start, end, f"(jkp::mutation::on<{number}>() ? {base}{twin} : ", ")")
            return
