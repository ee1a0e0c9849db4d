"""What the pages that find champions share when words are not enough: who is named, and whom to turn to."""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vertebra.accounts.permissions import PageRequest
from vertebra.kit.numbers import whole_number
from vertebra.releases.forms.telling import NamedForm
from vertebra.releases.queries.audiences import can_be_reached
from vertebra.releases.queries.telling import Shown
from vertebra.releases.queries.telling_others import Others, named

# As many as one message goes to.
MOST_NAMED = 12
# How much of a text the report of an empty space begins with.
REPORTED = 160


def named_people(request: PageRequest, day: dt.date) -> tuple[list[Shown], NamedForm]:
    """Those who were named so far and the one who is named now, and the field to name another."""
    form = NamedForm(request.POST if request.POST.get("somebody") else None)
    numbers = [whole_number(one) or 0 for one in request.POST.getlist("also")[:MOST_NAMED]]
    if form.is_bound and form.is_valid():
        numbers.append(form.cleaned_data["somebody"].pk)
    rows = named(numbers, day, _("named by you")) if numbers else []
    return rows, form if form.errors else NamedForm()


def ticked(request: PageRequest, pressed: str, rows: Collection[Shown]) -> set[str] | None:
    """Who is ticked once a form was sent on or somebody was named; whoever was just named is. Else what is proposed."""
    if pressed not in request.POST and "add" not in request.POST:
        return None
    before = {str(whole_number(one) or 0) for one in request.POST.getlist("also")}
    new = {str(one.person.pk) for one in rows} - before
    return set(request.POST.getlist("people")) | new


def with_reach(rows: Iterable[Shown]) -> list[Shown]:
    """These, with a word beside those whom no message reaches: they are not ticked unless somebody does."""
    return [
        one
        if can_be_reached(one.person)
        else replace(one, reasons=(*one.reasons, _("no message reaches them")), is_picked=False)
        for one in rows
    ]


def who_is_told(count: int) -> str:
    """How many a heads-up went to."""
    return ngettext("%(count)d person is told.", "%(count)d people are told.", count) % {"count": count}


def who_is_missed(names: Sequence[str]) -> str:
    """Whom it could not go to, by name: they are told otherwise, or not at all."""
    said = ngettext(
        "No message reaches %(names)s: tell them yourself.",
        "No message reaches these people: %(names)s. Tell them yourself.",
        len(names),
    )
    return said % {"names": ", ".join(names)}


def if_nobody(text: str, others: Others, *, with_product_ops: bool) -> dict[str, Any]:
    """Whom to turn to when nobody is known for something: never a dead end."""
    about = " ".join(text.split())[:REPORTED]
    return {
        "is_nobody": True,
        "others": others.champions,
        "more_others": others.more,
        "product_ops": others.product_ops,
        "with_product_ops": with_product_ops,
        "report": _("Nobody is known for: %(about)s") % {"about": about},
    }
