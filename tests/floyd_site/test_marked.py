"""What code writes for people is marked for translation, wherever it is handed on: unmarked English would stay English on every page."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
MARKS = {"_", "noop", "lazy", "gettext", "gettext_noop", "gettext_lazy"}
#: Function → which of its arguments people read: by name, or by place.
READ: dict[str, set[str | int]] = {
    "record_event": {"text"},
    "_note": {1},
    "_tell": {1},
    "transition": {"text"},
    "queue_message": {"body"},
    "ask_question": {"text"},
    "note_plan": {2},
    "add_step": {"text"},
    "create": {"body"},
    "Message": {"body"},
    **{name: {1} for name in ("success", "info", "warning", "error")},
    **{name: {0} for name in ("InvalidAsk", "NotPossibleNow", "NotFound", "KnowledgeError", "BadPinError", "CannotSendError")},
}
#: The models of these apps are read in the admin, which speaks English, and logs are read by who runs Floyd.
APPS = ("calls", "context", "requests_app", "use_cases")
NOT_READ = {"admin.py", "admin_actions.py"}
LETTERS = re.compile(r"[^\W\d_]{2,}")
#: Words between tags: HTML that code writes.
_TAG = "a|b|button|dd|div|dt|em|header|h[1-6]|label|li|p|section|small|span|strong|summary|td|th"
IN_TAGS = re.compile(rf"(?<!\?P)</?(?:{_TAG})(?:\s[^<>]*)?>\s*(?P<words>[^<>]*[^\W\d_]{{2,}}[^<>]*)")


def unmarked(written: ast.expr, named: dict[str, list[ast.expr]], seen: frozenset[str] = frozenset()) -> Iterator[str]:
    """English in an expression: its literals, those of names that the module sets, but nothing within a mark or another call."""
    match written:
        case ast.Constant(value=str(text)) if LETTERS.search(text):
            yield text
        case ast.JoinedStr(values=values):
            yield from (part.value for part in values if isinstance(part, ast.Constant) and LETTERS.search(str(part.value)))
            for part in values:
                if isinstance(part, ast.FormattedValue):
                    yield from unmarked(part.value, named, seen)
        case ast.IfExp(body=body, orelse=orelse):
            yield from (*unmarked(body, named, seen), *unmarked(orelse, named, seen))
        case ast.BoolOp(values=values):
            yield from (found for value in values for found in unmarked(value, named, seen))
        case ast.BinOp(left=left, op=ast.Mod()):
            yield from unmarked(left, named, seen)
        case ast.BinOp(left=left, right=right):
            yield from (*unmarked(left, named, seen), *unmarked(right, named, seen))
        case ast.Name(id=name) if name not in seen:
            yield from (found for value in named.get(name, ()) for found in unmarked(value, named, seen | {name}))


def names_of(tree: ast.AST) -> dict[str, list[ast.expr]]:
    """What the names of a module are set to, in whatever function."""
    found: dict[str, list[ast.expr]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    found.setdefault(target.id, []).append(node.value)
    return found


def handed_on(tree: ast.AST) -> Iterator[tuple[int, ast.expr]]:
    """What people will read, with its line."""
    for call in ast.walk(tree):
        if not isinstance(call, ast.Call):
            continue
        name = call.func.id if isinstance(call.func, ast.Name) else call.func.attr if isinstance(call.func, ast.Attribute) else ""
        if isinstance(call.func, ast.Attribute) and name in {"success", "info", "warning", "error"} and ast.unparse(call.func.value) != "messages":
            continue
        wanted = READ.get(name, set())
        if name == "SaveLine" and len(call.args) > 1 and ast.unparse(call.args[1]) == "'system'":
            wanted = {2}  # notes in a transcript; who said the other lines said their words
        yield from ((call.lineno, given) for place, given in enumerate(call.args) if place in wanted)
        yield from ((call.lineno, given.value) for given in call.keywords if given.arg in wanted)


def between_tags(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """What HTML in code says, with its line. Nothing in it is marked: what is translated stands in places of it."""
    documented = {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in documented:
            yield from ((node.lineno, found["words"]) for found in IN_TAGS.finditer(node.value))


@pytest.mark.parametrize("app", (*APPS, "live", "floyd_site"))
def test_html_that_code_writes_says_nothing_by_itself(app):
    left = []
    for path in sorted((ROOT / app).rglob("*.py")):
        if path.name not in NOT_READ and "migrations" not in path.parts:
            left += [f"{path.relative_to(ROOT)}:{line}: {text}" for line, text in between_tags(ast.parse(path.read_text()))]
    assert left == [], chr(10).join(left)


@pytest.mark.parametrize("app", APPS)
def test_what_people_will_read_is_marked(app):
    left = []
    for path in sorted((ROOT / app).rglob("*.py")):
        if path.name in NOT_READ or "api" in path.parts or "migrations" in path.parts:
            continue
        tree = ast.parse(path.read_text())
        named = names_of(tree)
        left += [f"{path.relative_to(ROOT)}:{line}: {text}" for line, given in handed_on(tree) for text in unmarked(given, named)]
    assert left == [], chr(10).join(left)


def test_an_unmarked_sentence_is_found():
    tree = ast.parse("""
SAID = "Called back."
record_event(text=f"{name} rang." if name else SAID)
record_event(text=noop("%(name)s rang.") % {"name": name})
""")
    ((line, first), (_line, second)) = handed_on(tree)
    assert (line, list(unmarked(first, names_of(tree)))) == (3, [" rang.", "Called back."])
    assert not list(unmarked(second, names_of(tree)))


def test_html_and_notes_of_a_transcript_are_found():
    tree = ast.parse("""
head = f'<header id="head-{ref}"><p class="muted" role="status">It is gone.</p></header>'
path = "requests/<uuid:request_id>/actions/"
outbox.add(SaveLine(7, "system", f"Pressed {keys}", 0, 0))
outbox.add(SaveLine(8, "user", "Hello", 0, 0))
""")
    assert [text for _line, text in between_tags(tree)] == ["It is gone."]
    assert [text for _line, given in handed_on(tree) for text in unmarked(given, {})] == ["Pressed "]
