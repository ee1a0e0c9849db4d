"""Whatever is changed of a release, the release is held first: two changes wait for each other, and never both."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db.models import QuerySet

from tests.releases.announced import NOW, ready
from tests.releases.made import planned
from vertebra.accounts.models import User
from vertebra.releases.actions import briefs, questions, releases
from vertebra.releases.models import Brief, BriefQuestion, Release

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
ROWS = {one._meta.db_table for one in (Release, Brief, BriefQuestion)}


@pytest.fixture
def row(karim: User) -> Release:
    made = planned(karim)
    ready(karim, made, "sales", "en")
    for words in ("When?", "On which day?"):
        briefs.ask_question(actor=None, release=made, question=words, language="en", person=None, now=NOW)
    return made


def _write(actor: User, row: Release) -> None:
    briefs.write_brief(actor=actor, brief=row.briefs.get(trade="sales"), line="x", body="y", now=NOW)


def _move(actor: User, row: Release) -> None:
    brief = row.briefs.get(trade="sales")
    briefs.move_brief(actor=actor, brief=brief, state="to_check", person=None, now=NOW)


def _answer(actor: User, row: Release) -> None:
    question = BriefQuestion.objects.earliest("pk")
    questions.answer_for_all(actor=actor, question=question, answer="In May.", person=None, now=NOW)


def _merge(actor: User, row: Release) -> None:
    numbers = list(BriefQuestion.objects.values_list("pk", flat=True))
    questions.merge_questions(actor=actor, release=row, numbers=numbers, now=NOW)


def _change(actor: User, row: Release) -> None:
    releases.change_release(actor=actor, release=row, changes={"title": "Another"}, now=NOW)


@pytest.mark.parametrize("act", [_write, _move, _answer, _merge, _change])
def test_the_release_is_held_before_what_hangs_on_it(
    karim: User, row: Release, act: Callable[[User, Release], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    held = _noted(monkeypatch)
    act(karim, row)
    assert held[0] == "releases_release", held


def _noted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The tables of which rows are held, in turn."""
    held: list[str] = []
    lock = QuerySet.select_for_update

    def noting(rows: Any, *args: Any, **given: Any) -> Any:
        if rows.model._meta.db_table in ROWS:
            held.append(rows.model._meta.db_table)
        return lock(rows, *args, **given)

    monkeypatch.setattr(QuerySet, "select_for_update", noting)
    return held
