"""Questions of readers: those that ask the same are made one; whoever asked is told the answer, once."""

import datetime as dt
from collections.abc import Collection, Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from vertebra.accounts import audit
from vertebra.accounts.audit import Refusal
from vertebra.accounts.models import AuditEntry, Message, User
from vertebra.accounts.outbox import queue_messages
from vertebra.kit.seals import seal
from vertebra.org.models import Person
from vertebra.org.queries.people import language_for
from vertebra.releases.actions import briefs
from vertebra.releases.actions.standing import locked, written
from vertebra.releases.models import BriefQuestion, Recipient, Release
from vertebra.releases.queries.announcing import page_by_link, reader_page
from vertebra.releases.queries.reading import sealed_link


class NotAlike(Refusal):
    """Two questions at least are made one."""


@transaction.atomic
def answer_for_all(
    *, actor: User, question: BriefQuestion, answer: str, person: Person | None, now: dt.datetime
) -> AuditEntry:
    """Answer a question once for all; whoever asked it, or the same, is told once."""
    entry = briefs.answer_question(actor=actor, question=question, answer=answer, person=person, now=now)
    _tell_askers(BriefQuestion.objects.select_related("release").get(pk=question.pk), now)
    return entry


@transaction.atomic
def merge_questions(
    *, actor: User, release: Release, numbers: Collection[int], now: dt.datetime
) -> AuditEntry:
    """Make one of questions that ask the same: the one that is answered stays, else the oldest."""
    row = locked(release)
    rows = row.questions.select_for_update(of=("self",)).filter(pk__in=numbers, archived_at=None)
    found = sorted(rows, key=lambda one: (one.answered_at is None, one.asked_at, one.pk))
    if len(found) < 2:
        raise NotAlike(_("Tick at least two questions that ask the same."))
    kept, *others = found
    tracker = audit.Tracker()
    for one in others:
        for before in one.merged.all():
            tracker.change(before, merged_into=kept)
        tracker.change(one, merged_into=kept, archived_at=now)
    if kept.answered_at:
        _tell_askers(kept, now)
    return written("merge", row, tracker, now, actor=actor)


def _tell_askers(question: BriefQuestion, now: dt.datetime) -> None:
    """Tell the answer to whoever asked the question or one that was merged into it; each once."""
    rows = [question, *question.merged.all()]
    people = Person.objects.filter(archived_at=None).select_related("user")
    known = people.in_bulk([one.asked_by_id for one in rows if one.asked_by_id])
    queue_messages(list(_letters(question, rows, known)), now)


def _letters(
    question: BriefQuestion, rows: Iterable[BriefQuestion], people: dict[int, Person]
) -> Iterable[Message]:
    release = question.release
    sent = Recipient.objects.filter(announcement__release=release, person__in=people).order_by("pk")
    latest = {one.person_id: one for one in sent}
    for row in rows:
        person = people.get(row.asked_by_id or 0)
        user = person.user if person and person.user and person.user.is_active else None
        if person is None or (user is None and not person.email):
            continue
        told = latest.get(person.pk)
        if user is None and told is None:
            continue
        link = "" if told is None else seal(page_by_link(sealed_link(told)))
        yield Message(
            key=f"release-answer:{row.pk}",
            template="release_answer",
            particulars={"title": release.title, "question": row.question, "answer": question.answer},
            language=language_for(person, row.language),
            to_user=user,
            to_email="" if user else person.email,
            address=f"{reader_page(release)}#questions" if user else link,
        )
