"""What a reader says of a release: their own word, which nobody else reads; so no entry says who, nor when."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from vertebra.accounts.audit import Refusal
from vertebra.org.models import Person
from vertebra.releases.actions.briefs import ask_question
from vertebra.releases.labels.awareness import ReceiptState
from vertebra.releases.models import CheckCount, Receipt, Release, ReleaseCheck
from vertebra.releases.queries.reading import check_of, is_open


class NotAWord(Refusal):
    """A reader says: read, understood, or I have a question."""


class NotAnAnswer(Refusal):
    """One of the answers is chosen."""


class AskedAnew(Refusal):
    """An answer is given to the question that one read."""


class NothingToSay(Refusal):
    """What is withdrawn or archived takes no more words."""


@transaction.atomic
def say_word(*, person: Person, release: Release, state: str, now: dt.datetime) -> Receipt:
    """Say that one read it or understood it; said twice it is said once, said otherwise it is changed."""
    if state not in ReceiptState.values:
        raise NotAWord(_("Say whether you read it, understood it, or have a question."))
    if not is_open(release):
        raise NothingToSay(_("It is withdrawn: there is nothing more to say of it."))
    row, is_new = Receipt.objects.select_for_update(of=("self",)).get_or_create(
        release=release,
        person=person,
        defaults={"state": state, "first_at": now, "changed_at": now},
    )
    if not is_new and row.state != state:
        row.state, row.changed_at = state, now
        row.save(update_fields=["state", "changed_at"])
    return row


@transaction.atomic
def ask_as_reader(
    *, person: Person, release: Release, question: str, trade: str, language: str, now: dt.datetime
) -> None:
    """Ask something; the answer is for all, and nobody else reads who asked."""
    say_word(person=person, release=release, state=ReceiptState.QUESTION, now=now)
    ask_question(
        actor=None, release=release, question=question, language=language, person=person, trade=trade, now=now
    )


@transaction.atomic
def answer_check(*, person: Person, release: Release, choice: int, number: int | None = None) -> bool:
    """Count an answer once more, whoever chose it; each is counted once for a question. True if it is the right one.

    `number` is the question that they read: another may be asked meanwhile.
    """
    # Held to the end: another takes its place, or its asking is undone, before this is counted or after it.
    list(ReleaseCheck.objects.select_for_update(of=("self",)).filter(release=release, replaced_at=None))
    asked = check_of(release, "")
    if asked is None or not is_open(release):
        raise NothingToSay(_("There is no question to answer any more."))
    if number not in (None, asked.number):
        raise AskedAnew(_("The question was changed meanwhile: read it again."))
    if not 0 <= choice < len(asked.choices):
        raise NotAnAnswer(_("Choose one of the answers."))
    rows = Receipt.objects.select_for_update(of=("self",))
    mine = rows.filter(release=release, person=person, state=ReceiptState.UNDERSTOOD)
    row = mine.exclude(checked=asked.number).first()
    if row is None:
        return choice == asked.right
    row.checked_id = asked.number
    row.save(update_fields=["checked"])
    counted: dict[str, Any] = {"check_question_id": asked.number, "choice": choice}
    CheckCount.objects.get_or_create(**counted)
    CheckCount.objects.filter(**counted).update(count=F("count") + 1)
    return choice == asked.right
