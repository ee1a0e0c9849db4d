"""The one question asked anew: what was answered stays with the question it answers, and no undoing mixes two."""

from typing import Any

import pytest
from django.db.models import QuerySet
from django.urls import reverse

from tests import world
from tests.org.company import person
from tests.releases.made import major
from tests.releases.told import say, tell
from tests.roadmap.undertaken import browser
from vertebra.accounts.audit import CannotUndo, NothingChanges, undo
from vertebra.accounts.models import User
from vertebra.org.models import Person
from vertebra.releases.actions.checks import set_check
from vertebra.releases.actions.reading import AskedAnew, answer_check
from vertebra.releases.models import CheckCount, Receipt, Release, ReleaseCheck
from vertebra.releases.queries.understanding import check_asked

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
NOW = world.NOW


@pytest.fixture
def row(karim: User) -> Release:
    return major(karim)


def ask(actor: User, row: Release, question: str, **given: Any) -> Any:
    said = {"right": "In the app", "wrong": ["By post"], **given}
    return set_check(actor=actor, release=row, question=question, language="en", now=NOW, **said)


def told_to(row: Release, *names: str) -> list[Person]:
    """People who were told, and say that they understood."""
    people = [person(name) for name in names]
    tell(row, people)
    say(row, people)
    return people


def counts(question: str) -> dict[int, int]:
    rows = CheckCount.objects.filter(check_question__question=question)
    return dict(rows.values_list("choice", "count"))


def test_what_was_answered_stays_with_the_question_that_it_answers(karim: User, row: Release) -> None:
    rita, fran = told_to(row, "Rita Roy", "Fran Petit")
    ask(karim, row, "Where?")
    answer_check(person=rita, release=row, choice=1)
    ask(karim, row, "Where then?")
    assert counts("Where?") == {1: 1} and counts("Where then?") == {}
    assert check_asked(row) == ReleaseCheck.objects.get(question="Where then?")
    for _press in range(2):
        answer_check(person=rita, release=row, choice=0)
    answer_check(person=fran, release=row, choice=0)
    assert counts("Where?") == {1: 1} and counts("Where then?") == {0: 2}
    assert [one.checked for one in Receipt.objects.all()] == [check_asked(row)] * 2


def test_other_answers_are_another_question_better_words_are_the_same(karim: User, row: Release) -> None:
    ask(karim, row, "Where?")
    ask(karim, row, "Where?", explanation="Since May.")
    assert ReleaseCheck.objects.get().explanation == "Since May."
    ask(karim, row, "Where?", wrong=["By post", "At the desk"])
    ask(karim, row, "Where?", right="By post", wrong=["In the app", "At the desk"])
    assert ReleaseCheck.objects.filter(replaced_at=NOW).count() == 2
    with pytest.raises(NothingChanges):
        ask(karim, row, "Where?", right="By post", wrong=["In the app", "At the desk"])


def test_an_answer_to_a_question_that_is_asked_no_more_is_not_counted_under_another(
    karim: User, row: Release
) -> None:
    (rita,) = told_to(row, "Rita Roy")
    ask(karim, row, "Where?")
    read = check_asked(row)
    assert read is not None
    ask(karim, row, "Where then?")
    with pytest.raises(AskedAnew):
        answer_check(person=rita, release=row, choice=0, number=read.pk)
    assert not CheckCount.objects.exists() and Receipt.objects.get().checked is None


def test_asking_anew_is_undone_with_what_was_answered_before_until_somebody_answers(
    karim: User, row: Release
) -> None:
    rita, fran = told_to(row, "Rita Roy", "Fran Petit")
    ask(karim, row, "Where?")
    answer_check(person=rita, release=row, choice=0)
    undo(actor=karim, entry=ask(karim, row, "Where then?"), now=NOW)
    assert ReleaseCheck.objects.get().question == "Where?" and counts("Where?") == {0: 1}
    entry = ask(karim, row, "Where then?")
    answer_check(person=fran, release=row, choice=1)
    with pytest.raises(CannotUndo):
        undo(actor=karim, entry=entry, now=NOW)
    assert counts("Where?") == {0: 1} and counts("Where then?") == {1: 1}


def test_why_is_said_better_and_undone_without_a_word_of_what_was_answered(karim: User, row: Release) -> None:
    ask(karim, row, "Where?")
    entry = ask(karim, row, "Where?", explanation="Since May.")
    undo(actor=karim, entry=entry, now=NOW)
    assert ReleaseCheck.objects.get().explanation == ""


def test_the_question_is_held_while_an_answer_is_counted(
    karim: User, row: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    (rita,) = told_to(row, "Rita Roy")
    ask(karim, row, "Where?")
    held, lock = list[Any](), QuerySet.select_for_update

    def noting(rows: Any, *args: Any, **given: Any) -> Any:
        held.append(rows.model)
        return lock(rows, *args, **given)

    monkeypatch.setattr(QuerySet, "select_for_update", noting)
    answer_check(person=rita, release=row, choice=1)
    assert held.index(ReleaseCheck) < held.index(Receipt)


def test_which_question_one_answered_is_in_ones_own_data(karim: User, row: Release) -> None:
    (rita,) = told_to(row, "Rita Roy")
    Person.objects.filter(pk=rita.pk).update(user=karim)
    ask(karim, row, "Where?")
    answer_check(person=rita, release=row, choice=1)
    given = browser(karim).get(reverse("org:own-data")).json()
    assert given["receipts"][0]["checked__question"] == "Where?"
