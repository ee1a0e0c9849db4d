"""Renewing the validation of a practice that is kept as it is."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from vertebra.accounts import audit
from vertebra.accounts.audit import Refusal
from vertebra.accounts.models import AuditEntry, User
from vertebra.kit import clock
from vertebra.practices.actions.standing import locked, written
from vertebra.practices.labels.practices import PracticeState
from vertebra.practices.models import Practice, PracticeValidation
from vertebra.practices.queries.rights import validator_of
from vertebra.practices.queries.texts import review_after, versions_of


class StillOwed(Refusal):
    """What owes its validation is kept by somebody who may validate it."""


@transaction.atomic
def renew_validation(*, actor: User, practice: Practice, words: str, now: dt.datetime) -> AuditEntry:
    """Keep a practice as it is: validated anew under the name of who may, which settles what it owed."""
    row = locked(practice)
    day = clock.today(now)
    person = validator_of(actor, row, day)
    if person is None and row.is_validation_owed:
        raise StillOwed(
            _(
                "It owes its validation: to keep it, a director or whoever carries it outside Product Ops decides, "
                "under their own name."
            )
        )
    tracker = audit.Tracker()
    version = versions_of(row).current
    if person is not None and version is not None:
        validation = PracticeValidation(
            version=version, person=person, words=words.strip()[:4000], language=row.language, at=now
        )
        tracker.create(validation)
        is_in_force = row.state == PracticeState.IN_FORCE
        tracker.change(
            row, state=PracticeState.VALIDATED if is_in_force else row.state, validation=validation,
            is_validation_owed=False,
        )  # fmt: skip
    tracker.change(row, next_review_on=review_after(day))
    return written("renew", row, tracker, now, actor=actor, words=words.strip())
