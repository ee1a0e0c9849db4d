"""What the pages of consultations share: who is proposed, who is ticked, and asking them."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vertebra.accounts.audit import Refusal
from vertebra.accounts.models import AuditEntry
from vertebra.accounts.permissions import PageRequest, Right, may
from vertebra.accounts.rate_limits import is_allowed
from vertebra.kit import clock
from vertebra.org.empty_spaces import person_of
from vertebra.org.models import Person
from vertebra.releases.forms.consultations import PeopleForm
from vertebra.releases.forms.telling import NamedForm
from vertebra.releases.labels.consultations import CONSULTATION_TONES, ConsultationState
from vertebra.releases.models import Consultation, ConsultationAsk
from vertebra.releases.pages.telling_frame import if_nobody, named_people, ticked
from vertebra.releases.queries.audiences import can_be_reached
from vertebra.releases.queries.consultations import (
    Subject,
    is_gone,
    may_lead,
    placed,
    whom_to_ask,
    with_state,
)
from vertebra.releases.queries.telling import Shown, lacking_near, nearest, shown
from vertebra.releases.queries.telling_others import champions_among, whom_else


@dataclass(frozen=True, slots=True)
class Proposed:
    """One champion to ask, as a page shows them; `why_not` says why they cannot be, `is_by_hand` that no mail does it."""

    person: Person
    reasons: tuple[str, ...]
    codes: tuple[str, ...]
    is_picked: bool
    why_not: str
    is_by_hand: bool


def found(consultation_id: int) -> Consultation:
    """The consultation of that number, with what its pages name."""
    rows = Consultation.objects.select_related("release", "initiative", "market", "area", "asked_by")
    day = clock.today()
    row: Consultation = get_object_or_404(with_state(placed(rows, day), day), pk=consultation_id)
    return row


def led(request: PageRequest, consultation_id: int) -> Consultation:
    """The same, for whoever may lead it alone."""
    row = found(consultation_id)
    if not may_lead(request.user, row):
        raise PermissionDenied
    return row


def state_of(row: Any) -> tuple[str, str]:
    """How far a consultation is, in words, and their tone."""
    return str(ConsultationState(row.state).label), CONSULTATION_TONES[row.state]


def proposed(
    request: PageRequest, subject: Subject, asked: "QuerySet[ConsultationAsk]", now: dt.datetime
) -> dict[str, Any]:
    """Whom to ask, and what is missing, as the template shows it; when nobody is found, all champions to choose from.

    Whoever is `asked` already is not proposed.
    """
    told = whom_to_ask(subject, now)
    day = clock.today(now)
    with_time = may(request.user, Right.PRODUCT_OPS)
    rows, subjects, lacks = shown(told, with_time=with_time)
    context: dict[str, Any] = {
        "is_looked": True,
        "subjects": subjects,
        "near": nearest(told),
        "lacks": list(zip(lacks, lacking_near(told, with_time=with_time), strict=True)),
    }
    rows = _unasked(rows, asked)
    if not rows:
        others = whom_else(
            told.champions, day, functions=subject.functions, language=subject.language, asked=asked
        )
        context |= if_nobody(subject.text, others, with_product_ops=False)
        rows = others.champions
    also, context["named"] = named_people(request, day)
    also = _unasked(also, asked)
    there = {one.person.pk for one in rows}
    named = [one for one in also if one.person.pk not in there]
    picked = ticked(request, "ask", also)
    strangers = {one.person.pk for one in named} - champions_among([one.person.pk for one in named], day)
    found = [_proposed(one, request, day, picked, strangers) for one in (*named, *rows)]
    return {**context, "rows": found, "also": [one.person.pk for one in also]}


def _unasked(rows: list[Shown], asked: "QuerySet[ConsultationAsk]") -> list[Shown]:
    known = {one.person_id for one in asked} if rows else set()
    return [one for one in rows if one.person.pk not in known]


def _proposed(
    one: Shown, request: PageRequest, day: dt.date, ticked: set[str] | None, strangers: set[int]
) -> Proposed:
    why_not, person = "", one.person
    me = person_of(request.user)
    if me is not None and person.pk == me.pk:
        why_not = _("it is you who asks")
    elif person.pk in strangers:
        why_not = _("is no Product Champion")
    elif is_gone(person, day):
        why_not = _("is asked nothing any more")
    is_picked = one.is_picked if ticked is None else str(person.pk) in ticked
    is_by_hand = not why_not and not can_be_reached(person)
    return Proposed(person, one.reasons, one.codes, is_picked and not why_not, why_not, is_by_hand)


def ask(
    request: PageRequest, rows: list[Proposed], act: Callable[[dict[int, tuple[str, ...]]], AuditEntry]
) -> tuple[AuditEntry | None, str]:
    """Ask those who are ticked among those proposed: the entry, or why nobody is asked."""
    known = {one.person.pk: one for one in rows if not one.why_not}
    if why_not := _why_not_named(request, rows):
        return None, why_not
    sent = request.POST.copy()
    picked = {str(pk) for pk, one in known.items() if one.is_picked}
    sent.setlist("people", sorted(picked | set(request.POST.getlist("people"))))
    form = PeopleForm(sent, known=[(pk, one.person.name) for pk, one in known.items()])
    if not form.is_valid():
        return None, _("Choose among those who are proposed.")
    try:
        if not is_allowed("heads_up", str(request.user.pk)):
            raise Refusal(_("You asked many people in a short time: wait a few minutes."))
        entry = act({int(pk): known[int(pk)].codes for pk in form.cleaned_data["people"]})
    except Refusal as refusal:
        return None, str(refusal)
    messages.success(request, _who_is_asked(entry))
    return entry, ""


def _why_not_named(request: PageRequest, rows: list[Proposed]) -> str:
    """Why whoever is named at the moment of asking cannot be asked; nobody is left out without a word."""
    form = NamedForm(request.POST if request.POST.get("somebody") else None)
    if not form.is_bound:
        return ""
    if not form.is_valid():
        return _("Choose among those who are proposed, or name somebody of the directory.")
    person = form.cleaned_data["somebody"]
    if one := next((row for row in rows if row.person.pk == person.pk), None):
        said = _("%(name)s cannot be asked: %(why)s.")
        return said % {"name": person.name, "why": one.why_not} if one.why_not else ""
    return _("%(name)s was asked already.") % {"name": person.name}


def _who_is_asked(entry: AuditEntry) -> str:
    """How many are asked now, how many as soon as their week has room, and how many by a link that is handed over."""
    now, by_hand = (int(entry.particulars.get(name, 0)) for name in ("mailed", "by_hand"))
    later = int(entry.particulars["count"]) - now - by_hand
    said = []
    if now:
        asked = ngettext("%(count)d champion is asked.", "%(count)d champions are asked.", now)
        said.append(asked % {"count": now})
    if later:
        held = ngettext(
            "%(count)d champion was asked for two things this week already: they are asked as soon as a week has room.",
            "%(count)d champions were asked for two things this week already: they are asked as soon as a week has room.",
            later,
        )
        said.append(held % {"count": later})
    if by_hand:
        handed = ngettext(
            "No mail reaches %(count)d champion: Product Ops make their link here, and hand it over.",
            "No mail reaches %(count)d champions: Product Ops make their links here, and hand each their own.",
            by_hand,
        )
        said.append(handed % {"count": by_hand})
    return " ".join(said)
