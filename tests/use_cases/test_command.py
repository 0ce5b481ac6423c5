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
    call_command("floyd", "use-cases", "--overwrite", "--yes", "greenhouse")
    out = capsys.readouterr().out
    assert out.index("-title: Trees") < out.index("greenhouse: updated")
    current = UseCase.objects.get(slug="greenhouse").current
    assert current is not None
    assert current.prompt == "Another prompt."


class TestOverwriting:
    @pytest.fixture
    def edited(self, root):
        call_command("floyd", "use-cases")
        edit(slug="greenhouse", by="sam@floyd.example", title="Trees")

    def overwrites(self, monkeypatch, capsys, answer=None, meanwhile=None):
        """Runs it at a terminal at which somebody answers, or without one; gives what was printed, and the title in force."""

        def asked(_question):
            if meanwhile is not None:
                meanwhile()
            return answer

        monkeypatch.setattr("sys.stdin.isatty", lambda: answer is not None, raising=False)
        monkeypatch.setattr("builtins.input", asked)
        capsys.readouterr()
        try:
            call_command("floyd", "use-cases", "--overwrite", "greenhouse")
        except SystemExit as error:
            assert error.code == 1
        captured = capsys.readouterr()
        assert "-title: Trees" in captured.out, "the difference comes first"
        current = UseCase.objects.get(slug="greenhouse").current
        assert current is not None
        return captured, current.title

    @pytest.mark.parametrize(("answer", "title"), [("y", "Greenhouse"), ("Yes", "Greenhouse"), ("n", "Trees"), ("", "Trees")])
    def test_at_a_terminal_somebody_says_yes_or_no(self, edited, monkeypatch, capsys, answer, title):
        assert self.overwrites(monkeypatch, capsys, answer)[1] == title

    def test_with_nobody_there_it_shows_and_refuses(self, edited, monkeypatch, capsys):
        captured, title = self.overwrites(monkeypatch, capsys)
        assert "--yes" in captured.err
        assert title == "Trees"

    def test_a_yes_to_what_changed_meanwhile_changes_nothing(self, edited, monkeypatch, capsys):
        captured, title = self.overwrites(monkeypatch, capsys, "y", meanwhile=lambda: edit(slug="greenhouse", by="kim@floyd.example", title="Bushes"))
        assert "look again" in captured.err
        assert title == "Bushes"


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
