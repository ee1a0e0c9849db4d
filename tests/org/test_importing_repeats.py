"""The very same files again: told in a moment, and never when anything has changed since."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests import world
from vertebra.accounts import audit
from vertebra.accounts.models import AuditEntry
from vertebra.org.actions.people import change_person
from vertebra.org.importing import commands
from vertebra.org.models import Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "people.csv").write_text("id,name,manager\n1,Ada,\n2,Bo,Nobody\n", encoding="utf-8")
    return tmp_path


def bring(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, folder: Path, **options: Any
) -> Any:
    monkeypatch.setattr("sys.argv", ["vertebra", "--json"])
    assert commands.run_command(sources=[folder], recipe="csv-kit", source="HR", as_json=True, **options) == 0
    return json.loads(capsys.readouterr().out)


def unreadable(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: object, **options: object) -> None:
        raise AssertionError("the files were read again")

    monkeypatch.setattr(commands, "run", refuse)


def test_the_same_files_again_answer_the_same_without_being_read(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    bring(capsys, monkeypatch, folder)
    compared = bring(capsys, monkeypatch, folder, explain=True)
    unreadable(monkeypatch)
    again = bring(capsys, monkeypatch, folder)
    assert again == {name: value for name, value in compared.items() if name != "explanation"}
    assert again["unchanged"] == {"person": 2}
    assert [one["text"] for one in again["unknown"]] == ["Nobody"]
    assert AuditEntry.objects.filter(verb="import").count() == 1


@pytest.mark.parametrize("change", ["file", "full", "name", "undo", "other"])
def test_anything_that_changed_since_is_looked_at(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, folder: Path, change: str
) -> None:
    bring(capsys, monkeypatch, folder)
    if change == "file":
        (folder / "people.csv").write_text("id,name\n1,Ada Lind\n", encoding="utf-8")
    elif change == "name":
        change_person(
            actor=world.ada(),
            person=Person.objects.get(name="Ada"),
            changes={"name": "By Hand"},
            now=world.NOW,
        )
    elif change == "undo":
        audit.undo(actor=world.ada(), entry=AuditEntry.objects.get(verb="import"), now=world.NOW)
    elif change == "other":
        bring(capsys, monkeypatch, folder)
        monkeypatch.setattr("sys.argv", ["vertebra", "--json"])
        (folder / "o").mkdir()
        (folder / "o" / "people.csv").write_text("id,name\n9,Nobody\n", encoding="utf-8")
        commands.run_command(sources=[folder / "o"], recipe="csv-kit", source="Other", as_json=True)
        capsys.readouterr()
    unreadable(monkeypatch)
    with pytest.raises(AssertionError, match="read again"):
        bring(capsys, monkeypatch, folder, is_full=change == "full")
