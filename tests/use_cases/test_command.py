"""`floyd use-cases`, and the site's own number."""

import pytest
from django.core.management import CommandError, call_command

from tests.use_cases import folder
from use_cases.loading import edit
from use_cases.models import InboundNumber, UseCase
from use_cases.numbers import answer_own_number

pytestmark = pytest.mark.django_db


def test_folders_are_loaded_and_what_was_edited_is_shown_before_it_is_lost(root, capsys):
    call_command("floyd", "use-cases")
    assert capsys.readouterr().out == "garage: new\ngreenhouse: new\n"
    edit(slug="greenhouse", by="sam@floyd.example", title="Trees")
    folder.write(root, prompt="Another prompt.")
    call_command("floyd", "use-cases", "greenhouse")
    out = capsys.readouterr().out
    assert "greenhouse: kept" in out
    assert "-title: Trees" in out
    assert "floyd use-cases --overwrite greenhouse" in out
    call_command("floyd", "use-cases", "--overwrite", "greenhouse")
    assert "greenhouse: updated" in capsys.readouterr().out
    current = UseCase.objects.get(slug="greenhouse").current
    assert current is not None
    assert current.prompt == "Another prompt."


def test_overwriting_everything_at_once_and_a_broken_folder_fail(root, capsys):
    with pytest.raises(SystemExit):
        call_command("floyd", "use-cases", "--overwrite")
    folder.write(root, toml='title = "x"')
    with pytest.raises((SystemExit, CommandError)):
        call_command("floyd", "use-cases")
    captured = capsys.readouterr()
    assert "greenhouse: description: it is empty." in captured.err
    assert "garage: new" in captured.out


def test_a_site_answers_its_own_number_unless_staff_set_numbers_up(settings):
    settings.TWILIO_NUMBER = "+15195550100"
    answer_own_number()
    number = InboundNumber.objects.get()
    assert (number.number, number.menu) == ("+15195550100", True)
    InboundNumber.objects.all().delete()
    InboundNumber.objects.create(number="+15195550101", use_case="greenhouse")
    answer_own_number()
    assert InboundNumber.objects.count() == 1
