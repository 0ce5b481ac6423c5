"""What stands in .env must arrive as it was meant."""

import re
from pathlib import Path

import pytest

from floyd_site.env import SettingError
from floyd_site.supervision import dotenv

ROOT = Path(__file__).resolve().parent.parent.parent


def test_values_comments_quotes_and_export():
    text = """
# a comment
A=one
export B = "two words # not a comment"
C='three'   # a comment
D=four # a comment
E=postgresql:///x?host=/tmp#fragment
"""
    assert dotenv.parse(text) == {"A": "one", "B": "two words # not a comment", "C": "three", "D": "four", "E": "postgresql:///x?host=/tmp#fragment"}


def test_an_unfilled_line_sets_nothing():
    assert dotenv.parse("TWILIO_AUTH_TOKEN=\nTWILIO_NUMBER=   # later\nX=''\n") == {}


def test_a_line_that_is_none_of_it_is_named_by_number():
    with pytest.raises(SettingError, match=r"\.env, line 2: expected NAME=value"):
        dotenv.parse("A=1\nwhat is this\n")


def test_no_file_is_no_values(tmp_path):
    assert dotenv.read(tmp_path / ".env") == {}


def test_the_example_explains_every_variable_that_the_site_reads():
    code = "".join((ROOT / "floyd_site" / name).read_text() for name in ("settings.py", "mail_settings.py", "provider_settings.py", "serve.py"))
    read = set(re.findall(r'env\.(?:text|flag|integer|listing|mapping|required)\(\s*"([A-Z_]+)"', code)) | {
        "TWILIO_ACCOUNT_SID",
        "TWILIO_AUTH_TOKEN",
        "TWILIO_NUMBER",
    }
    explained = set(re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.M))
    assert read - explained == set()


def test_the_example_as_it_is_sets_nothing():
    assert dotenv.read(ROOT / ".env.example") == {}
