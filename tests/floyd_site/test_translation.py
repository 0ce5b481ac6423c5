"""Pages speak the reader's language: what templates say is marked, and German is complete."""

from __future__ import annotations

import ast
import gettext
import re
from pathlib import Path

import allauth
import pytest
from django.template import Context, Template
from django.utils import translation
from django.utils.translation import template, trans_real

from context.interview import FROM_THE_BEGINNING
from floyd_site.script_words import WORDS

ROOT = Path(__file__).resolve().parent.parent.parent
TEMPLATES = ROOT / "templates"
CATALOGUE = ROOT / "locale" / "de" / "LC_MESSAGES"
#: Every template: of pages, of mails, and of words that go into them.
COVERED = sorted(path for path in TEMPLATES.rglob("*.*") if "icons" not in path.parts)
#: Names, and what stands in for a number.
UNTRANSLATED = {"Floyd", "floyd"}


def said_by(source: str) -> str:
    """The words of a template that stand outside of what is marked for translation: in text, and in attributes that are read out."""
    source = re.sub(r"{% block \w*class %}.*?{% endblock %}", "", source)
    source = re.sub(r"{% (blocktrans(?:late)?|comment)\b.*?{% end\1 %}", "", source, flags=re.S)
    source = re.sub(r"<script\b[^>]*>.*?</script>", "", source, flags=re.S)
    source = re.sub(r"{%.*?%}|{{.*?}}|{#.*?#}", "", source, flags=re.S)
    read_out = " ".join(re.findall(r'\b(?:aria-label|placeholder|title|alt)="([^"]*)"', source))
    return re.sub(r"<[^>]*>|&\w+;", " ", source) + read_out


@pytest.mark.parametrize("path", COVERED, ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_covered_templates_say_nothing_that_is_not_marked(path):
    words = [word for word in re.findall(r"[^\W\d_]{2,}", said_by(path.read_text())) if word not in UNTRANSLATED]
    assert words == []


def marked(path: Path) -> set[str]:
    """The messages of a template, as they stand in catalogues."""
    code = template.templatize(path.read_text())
    return {ast.literal_eval(found) for found in re.findall(r"\bn?p?gettext\(u?((?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"))", code)}


@pytest.mark.parametrize("path", COVERED, ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_german_has_every_message_of_the_covered_templates(path):
    assert [message for message in marked(path) if not in_german(message)] == []


def in_german(message: str) -> bool:
    catalogue = trans_real.translation("de")._catalog
    return message in catalogue or (message, 0) in catalogue  # ours, and those of Django and its apps


@pytest.mark.parametrize("app", ["account", "mfa", "usersessions"])
def test_pages_of_accounts_address_the_user_as_floyd_does(app):
    """Floyd says "du"; django-allauth, whose sentences these are, says "Sie" where Floyd has no words of its own."""
    theirs = Path(allauth.__file__).parent / "templates" / app
    catalogue = trans_real.translation("de")._catalog
    said = [catalogue.get(message, "") for path in theirs.rglob("*.*") for message in marked(path)]
    assert len(said) > 3 and [german for german in said if re.search(r"\b(?:Sie|Ihnen|Ihre?[mnrs]?)\b", german)] == []


def test_the_first_questions_are_asked_in_german():
    assert all(in_german(text) for text in FROM_THE_BEGINNING.values())


def entries(text: str) -> dict[str, str]:
    """Message → translation of a .po file."""
    string = r'"((?:[^"\\]|\\.)*)"((?:\n"(?:[^"\\]|\\.)*")*)'

    def joined(first: str, rest: str) -> str:
        return ast.literal_eval("(" + f'"{first}"' + rest.replace("\n", " ") + ")")

    return {joined(*found[:2]): joined(*found[2:]) for found in re.findall(rf"^msgid {string}\nmsgstr {string}", text, re.M)}


def test_what_is_compiled_is_what_was_written():
    text = (CATALOGUE / "django.po").read_text()
    with (CATALOGUE / "django.mo").open("rb") as compiled:
        catalogue = gettext.GNUTranslations(compiled)
    written = {message: german for message, german in entries(text).items() if message}
    assert "#, fuzzy" not in text and len(written) > 900
    assert all(written.values()), "everything is translated"
    assert {message: catalogue.gettext(message) for message in written} == written
    assert all(sorted(re.findall(r"%\(\w+\)s", message)) == sorted(re.findall(r"%\(\w+\)s", german)) for message, german in written.items())


@pytest.mark.django_db
def test_before_signing_in_the_browser_decides_and_then_the_user(client, alice):
    assert "Passkey verwenden" in client.get("/accounts/login/", headers={"accept-language": "de-AT,en;q=0.5"}).content.decode()
    assert "Use a passkey" in client.get("/accounts/login/", headers={"accept-language": "fr"}).content.decode()
    client.force_login(alice)
    assert "Willkommen" not in client.get("/welcome/", headers={"accept-language": "de"}).content.decode(), "she reads English"
    alice.page_language = "de"
    alice.save()
    page = client.get("/welcome/").content.decode()
    assert '<html lang="de">' in page and "Willkommen, Alice Stone" in page and "Welches Auto fährst du?" in page
    assert "Geld und Limits" in client.get("/settings/").content.decode()
    alice.page_language, alice.language = "en", "de-DE"
    alice.save()
    assert "Welcome, Alice Stone" in client.get("/welcome/", headers={"accept-language": "de"}).content.decode()


def test_numbers_of_drawings_keep_their_point_in_every_language():
    with translation.override("de"):
        assert Template("{{ x }}").render(Context({"x": 1234.5})) == "1234.5"


def test_scripts_say_nothing_that_is_not_in_their_table():
    said = {word for path in (ROOT / "static").glob("*.js") for word in re.findall(r'said\("((?:[^"\\]|\\.)*)"\)', path.read_text())}
    assert said == set(WORDS) and all(in_german(word) for word in WORDS)


def marked_in_code(path: Path) -> set[str]:
    """The messages of a module: first arguments of the names under which gettext's functions are known here."""
    names = {"_", "noop", "lazy", "gettext_noop", "gettext_lazy"}
    calls = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]
    firsts = [call.args[0] for call in calls if call.func.id in names and call.args]
    return {node.value for node in firsts if isinstance(node, ast.Constant) and isinstance(node.value, str)}


@pytest.mark.parametrize("app", ["api", "calls", "context", "floyd_site", "live", "requests_app", "use_cases"])
def test_german_has_every_message_of_the_code(app):
    """Whoever writes a sentence runs `make messages`, and translates it."""
    found = set().union(*(marked_in_code(path) for path in (ROOT / app).rglob("*.py")))
    assert sorted(message for message in found if not in_german(message)) == []
