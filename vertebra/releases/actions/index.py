"""Keeping search true to releases after a change that no other action of them made, such as one taken back."""

import datetime as dt
from collections.abc import Iterable

from vertebra.accounts import search
from vertebra.accounts.labels import Kind
from vertebra.releases.actions.standing import entry_of, index_briefs
from vertebra.releases.models import Brief, Consultation, Release


def consultation_entry(row: Consultation) -> search.Entry:
    """What search knows of a consultation: what is asked, and what became of it."""
    text = "\n".join((row.details, row.questions, row.outcome))
    return search.Entry(Kind.CONSULTATION, row.pk, row.title, "", text, row.language)


def reindex(kind: str, ids: Iterable[int], now: dt.datetime) -> None:
    """Bring what search knows of these up to date, and forget those that are put away (list SEARCH)."""
    wanted = set(ids)
    if kind == Kind.BRIEF:
        index_briefs(Brief.objects.filter(pk__in=wanted), now)
    if kind == Kind.CONSULTATION:
        rows = Consultation.objects.filter(pk__in=wanted)
        search.index_many([consultation_entry(row) for row in rows], now=now)
    if kind != Kind.RELEASE:
        return
    found = list(Release.objects.filter(pk__in=wanted, archived_at=None))
    search.index_many([entry_of(row) for row in found], now=now)
    search.unindex(kind, wanted - {row.pk for row in found})
    index_briefs(Brief.objects.filter(release__in=wanted), now)
