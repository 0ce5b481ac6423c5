"""From folders to versions: what is refused, what loading again does, and that nobody's edit is lost unseen."""

import pytest

from tests.use_cases import folder
from tests.use_cases.folder import PROMPT, TOML
from tests.use_cases.people import dana, taken_call
from use_cases import folders
from use_cases.description import BadUseCaseError, fill, read_folder
from use_cases.loading import SeenOtherwiseError, State, edit, load, load_all, look, take_folder
from use_cases.models import InboundCall, UseCase, UseCaseVersion

GREETING = "Hello, this is the greenhouse's AI assistant."
pytestmark = pytest.mark.django_db


def current(slug="greenhouse") -> UseCaseVersion:
    version = UseCase.objects.get(slug=slug).current
    assert version is not None
    return version


def test_folders_become_first_versions(root):
    assert [(one.slug, one.state) for one in load_all()] == [("garage", State.NEW), ("greenhouse", State.NEW)]
    version = current()
    assert (version.number, version.title, version.edited_by) == (1, "Greenhouse", "")
    assert version.greeting == "Hello, this is the greenhouse's AI assistant."
    assert version.relay == {"dtmfDetection": True}
    assert version.keys == {"1": {"say": "Here is what we have.", "tool": "list_plants", "arguments": {"most": 3}}}
    assert "list_plants" in version.tools


def test_loading_again_changes_nothing(root):
    load_all()
    assert {one.state for one in load_all()} == {State.UNCHANGED}
    assert UseCaseVersion.objects.count() == 2


def test_a_changed_folder_makes_a_new_version_and_a_running_call_keeps_its_own(root):
    load("greenhouse")
    call = taken_call(dana(), current())
    folder.write(root, toml=TOML.replace("Plants by phone.", "Trees by phone."))
    loaded = load("greenhouse")
    assert loaded.state is State.UPDATED
    assert "-description: Plants by phone." in loaded.difference
    assert "+description: Trees by phone." in loaded.difference
    assert (current().number, current().description) == (2, "Trees by phone.")
    assert InboundCall.objects.get(pk=call.pk).version.description == "Plants by phone."


def test_an_edit_is_kept_until_somebody_has_seen_the_difference(root):
    load("greenhouse")
    edit(slug="greenhouse", by="sam@floyd.example", title="The Greenhouse")
    assert (current().number, current().title, current().edited_by) == (2, "The Greenhouse", "sam@floyd.example")
    assert load("greenhouse").state is State.UNCHANGED  # the folder says what it said when it was edited
    folder.write(root, prompt="Another prompt.")
    loaded = load("greenhouse")
    assert loaded.state is State.KEPT
    assert "-title: The Greenhouse" in loaded.difference
    assert "+prompt: Another prompt." in loaded.difference
    assert current().title == "The Greenhouse"
    seen = look("greenhouse")
    assert (seen.lines, seen.edited_by) == (loaded.difference, "sam@floyd.example")
    assert take_folder("greenhouse", seen=seen.seen).state is State.UPDATED
    assert (current().title, current().prompt, current().edited_by) == ("Greenhouse", "Another prompt.", "")
    assert take_folder("greenhouse", seen=look("greenhouse").seen).state is State.UNCHANGED


@pytest.mark.parametrize("who", ["a person", "the folder"])
def test_a_yes_to_what_changed_meanwhile_changes_nothing(root, who):
    load("greenhouse")
    edit(slug="greenhouse", by="sam@floyd.example", title="The Greenhouse")
    seen = look("greenhouse").seen
    if who == "a person":
        edit(slug="greenhouse", by="kim@floyd.example", description="Trees.")
    else:
        folder.write(root, prompt="Another prompt.")
    with pytest.raises(SeenOtherwiseError):
        take_folder("greenhouse", seen=seen)
    assert current().title == "The Greenhouse"


def test_an_edit_back_to_what_it_was_is_no_version(root):
    load("greenhouse")
    edit(slug="greenhouse", by="sam@floyd.example", title="Greenhouse")
    assert current().number == 1


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"greeting": "Hello, this is the greenhouse."}, "must say that this is an AI"),
        ({"title": " "}, "empty"),
        ({"prompt": "Hello {{SECRET}}"}, "not known"),
        ({"relay": {"url": "wss://elsewhere"}}, "may be set"),
        ({"relay": {"welcomeGreetingInterruptible": "any"}}, "must be none"),
        ({"relay": {"voice": ["x"]}}, "no value of voice"),
        ({"relay": {"welcomeGreeting": "Hi"}}, "its greeting"),
        ({"line": "carrier_pigeon"}, "must be media_stream"),
        ({"relay": "x"}, "a table"),
        ({"keys": {"1": {"tool": "fly"}}}, "no tool fly"),
        ({"keys": ["1"]}, "a table"),
        ({"tools": ["fly"]}, "there is no fly"),
        ({"tools": "fly"}, "a list"),
        ({"translations": []}, "tables by language"),
        ({"translations": {"tlh": {}}}, "tlh is no language"),
        ({"translations": {"fr": {"Hello.": ""}}}, "none of them empty"),
        ({"translations": {"fr": {"Hello.": "x" * 501}}}, "longer than 500"),
        ({"translations": {"fr": {"Hello {{ANSWERING_FOR}}.": "Bonjour."}}}, "other placeholders"),
        ({"translations": {"fr": {GREETING: "Bonjour, ici la serre."}}}, "this is an AI"),
    ],
)
def test_what_could_not_answer_calls_is_refused_from_a_person_too(root, change, problem):
    load("greenhouse")
    with pytest.raises(BadUseCaseError, match=problem):
        edit(slug="greenhouse", by="sam@floyd.example", **change)
    assert current().number == 1


@pytest.mark.parametrize(
    ("toml", "problem"), [("title = ", "no TOML"), (TOML + "\n[music]\nx = 1\n", "music is not known"), ('title = "x"', "greeting: it is empty")]
)
def test_a_folder_that_cannot_work_is_refused_with_a_reason(root, toml, problem):
    folder.write(root, toml=toml)
    with pytest.raises(BadUseCaseError, match=problem):
        load("greenhouse")


def test_translations_stand_in_a_file_beside_it(root):
    path = root / "greenhouse" / folders.TRANSLATIONS
    path.write_text(f'[fr]\n"{GREETING}" = "Bonjour, ici l\'assistant IA de la serre."\n', encoding="utf-8")
    assert read_folder("greenhouse").translations == {"fr": {GREETING: "Bonjour, ici l'assistant IA de la serre."}}
    path.write_text("[fr", encoding="utf-8")
    with pytest.raises(BadUseCaseError, match=r"translations\.toml: it is no TOML"):
        load("greenhouse")


def test_a_missing_prompt_is_named(root):
    (root / "greenhouse" / "prompt.md").unlink()
    with pytest.raises(BadUseCaseError, match=r"prompt\.md"):
        load("greenhouse")


def test_what_is_filled_in_is_not_looked_through_again():
    assert fill("a {{USER_CONTEXT}} b {{ CURRENT_DATE }}", {"USER_CONTEXT": "{{CURRENT_DATE}}", "CURRENT_DATE": "now"}) == "a {{CURRENT_DATE}} b now"


def test_the_digest_tells_any_change(root):
    before = read_folder("greenhouse").digest
    assert read_folder("greenhouse").digest == before
    folder.write(root, prompt=PROMPT + "More.")
    assert read_folder("greenhouse").digest != before
