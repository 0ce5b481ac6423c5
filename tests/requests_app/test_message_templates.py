"""What is sent is what was written, with every place filled in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from requests_app.message_templates import BadTemplateError, Template, Words, load

TOUR = Template("tour", "Hi {name}, your tour is on {when}.", "Your tour on {when}")


def test_places_are_filled_in():
    assert TOUR.fill(name="Ann", when="Friday") == Words("tour", "Hi Ann, your tour is on Friday.", "Your tour on Friday")


@pytest.mark.parametrize("values", [{}, {"name": "Ann"}, {"name": "Ann", "when": "Friday", "where": "here"}])
def test_a_value_too_few_or_too_many_is_a_mistake(values):
    with pytest.raises(BadTemplateError, match="wants name, when"):
        TOUR.fill(**values)


def test_what_is_filled_in_is_words_only():
    words = TOUR.fill(name="{when}\u202e\x00", when="Friday\r\nBcc: all@example.com")
    assert words.text == "Hi {when}, your tour is on Friday\nBcc: all@example.com."
    assert "\n" not in words.subject


@given(st.text(), st.text())
def test_no_value_breaks_a_template(name, when):
    words = TOUR.fill(name=name, when=when)
    assert words.text.startswith("Hi ")
    assert "\n" not in words.subject and "\r" not in words.subject


def test_templates_are_read_from_a_file(tmp_path):
    path = tmp_path / "messages.toml"
    path.write_text('[late]\ntext = "We are {minutes} minutes late."\n[done]\nsubject = "Done"\ntext = "Done."\n')
    found = load(path)
    assert found["late"].places == {"minutes"}
    assert found["done"].fill() == Words("done", "Done.", "Done")


@pytest.mark.parametrize(
    "text",
    [
        "[a]\nsubject = 'x'",
        "[a]\ntext = ' '",
        "a = 1",
        "[a]\ntext = '{}'",
        "[a]\ntext = '{a.b}'",
        "[a]\ntext = '{a[0]}'",
        "[a]\ntext = '{'",
        "[A-b]\ntext = 'x'",
    ],
)
def test_a_template_that_cannot_be_filled_is_refused_when_it_is_read(tmp_path, text):
    path = tmp_path / "messages.toml"
    path.write_text(text)
    with pytest.raises(BadTemplateError):
        load(path)


@pytest.mark.parametrize("text", ["{a!r}", "{a:>9}"])
def test_places_have_no_forms(tmp_path, text):
    path = tmp_path / "messages.toml"
    path.write_text(f"[a]\ntext = '{text}'")
    with pytest.raises(BadTemplateError):
        load(path)
