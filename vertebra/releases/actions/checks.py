"""The one question that checks whether a release of the top tier is understood."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, TypedDict

from django.db import transaction
from django.utils.translation import gettext as _

from vertebra.accounts import audit
from vertebra.accounts.audit import NothingChanges, Refusal
from vertebra.accounts.models import AuditEntry, User
from vertebra.releases.actions.standing import locked, written
from vertebra.releases.models import Release, ReleaseCheck
from vertebra.releases.queries.understanding import check_asked

MOST_WRONG = 5


class NoChoice(Refusal):
    """A question has one right answer and at least one wrong one, all different."""


class Said(TypedDict):
    """The question in another language, its wrong answers in the same order."""

    question: str
    right: str
    wrong: list[str]
    explanation: str


@transaction.atomic
def set_check(
    *,
    actor: User,
    release: Release,
    question: str,
    right: str,
    wrong: Sequence[str],
    explanation: str = "",
    language: str,
    other: Mapping[str, Said] | None = None,
    now: dt.datetime,
) -> AuditEntry:
    """Ask one question with one right answer; another one takes its place, and what was answered stays with the first."""
    row = locked(release)
    right, others = (
        right.strip(),
        list(dict.fromkeys(one.strip() for one in wrong if one.strip()))[:MOST_WRONG],
    )
    if not (question.strip() and right and others) or right in others:
        raise NoChoice(_("Write the question, its right answer, and one to five wrong ones, all different."))
    # In the order of the alphabet: the place of the right one tells nothing.
    choices = sorted([right, *others], key=str.casefold)
    order = [[right, *others].index(one) for one in choices]
    values = {
        "question": question.strip()[:300], "choices": choices, "right": choices.index(right),
        "explanation": explanation.strip()[:2000], "language": language,
        "other_words": {code: _in_order(said, order) for code, said in (other or {}).items() if said["question"]},
    }  # fmt: skip
    tracker, held = audit.Tracker(), check_asked(row)
    if held is not None and _is_another(held, values):
        tracker.change(held, replaced_at=now)
        held = None
    if held is None:
        tracker.create(ReleaseCheck(release=row, **values))
    elif not tracker.change(held, **values):
        raise NothingChanges(_("It is written like this already."))
    return written("change", row, tracker, now, actor=actor, fields=["check"])


def _is_another(held: ReleaseCheck, values: Mapping[str, Any]) -> bool:
    """Whether it asks something else, or may be answered by something else; other words of either ask anew, even better ones."""
    return any(getattr(held, name) != values[name] for name in ("question", "choices", "right"))


def _in_order(said: Said, order: Sequence[int]) -> dict[str, object]:
    """The same question in another language, its answers in the order of the first."""
    answers = [one.strip() for one in (said["right"], *said["wrong"]) if one.strip()]
    if len(answers) != len(order) or len(set(answers)) != len(answers):
        raise NoChoice(_("Write as many answers in the other language, one for each, in the same order."))
    return {
        "question": said["question"].strip()[:300],
        "choices": [answers[at][:200] for at in order],
        "explanation": said["explanation"].strip()[:2000],
    }
