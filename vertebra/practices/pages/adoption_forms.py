"""What a team says of its practices by itself: where it stands, what it does otherwise, that it needs help."""

import datetime as dt
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from vertebra.accounts.audit import Refusal
from vertebra.accounts.models import AuditEntry
from vertebra.accounts.permissions import PageRequest, Right, may, requires
from vertebra.kit import clock
from vertebra.org.empty_spaces import person_of
from vertebra.org.models import Person, Unit
from vertebra.org.pages.frame import Ask, answer, do, done
from vertebra.org.queries.structure import Structure
from vertebra.practices.actions.adaptations import adapt_practice, end_adaptation
from vertebra.practices.actions.adoption import answer_doubt, say_adoption
from vertebra.practices.actions.adoption_help import ask_help_with
from vertebra.practices.forms.adoption import AdaptationForm, CardForm, DoubtForm, HelpForm
from vertebra.practices.models import Adaptation, ObservationDoubt
from vertebra.practices.pages.frame import FORM_PAGE, found
from vertebra.practices.queries.adoption import facts_on
from vertebra.practices.queries.adoption_cards import items_of, mandate_to_speak
from vertebra.practices.queries.adoption_words import whys_of
from vertebra.practices.queries.rights import is_builder, is_of_team

# How long doing otherwise lasts unless another day is named.
USUAL = dt.timedelta(days=90)


def _spoken(request: PageRequest, unit_id: int) -> tuple[Unit, Person]:
    """A team, and under whose name this person speaks for it."""
    held = mandate_to_speak(request.user, unit_id, clock.today())
    if held is None or held.unit is None or held.person is None:
        get_object_or_404(Unit, pk=unit_id)
        raise PermissionDenied
    return held.unit, held.person


def _written_in() -> str:
    return (get_language() or "fr")[:2]


@require_http_methods(["GET", "POST"])
@requires(Right.TAKE_PART)
def team_adoption(request: PageRequest, unit_id: int) -> HttpResponseBase:
    """Say where a team stands with its practices, whenever something changed."""
    unit, person = _spoken(request, unit_id)
    now = clock.now()
    facts = facts_on(clock.today(now), clock.today(now))
    items = items_of(facts, unit.pk)
    form = CardForm(items, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            entry = say_adoption(
                actor=request.user,
                person=person,
                unit=unit,
                said=form.said(),
                language=_written_in(),
                now=now,
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            told = _("It is noted. Only your team sees it for two weeks.")
            return done(request, told, entry, _team(unit.pk))
    node = facts.structure.get(unit.pk)
    context = {
        "form": form,
        "asked": form.asked(whys_of([item.practice.pk for item in items], _written_in())),
        "team": node.name if node else "",
        "unit": unit,
        "cancel_url": _team(unit.pk),
    }
    return render(request, "practices/adoption_say.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@requires(Right.TAKE_PART)
def adaptation_edit(request: PageRequest, unit_id: int, practice_id: int) -> HttpResponseBase:
    """Say that a team does a practice another way, or without it, why and until when."""
    unit, person = _spoken(request, unit_id)
    row, now = found(practice_id), clock.now()
    day = clock.today(now)
    held = Adaptation.objects.as_of(day).filter(practice=row, unit=unit).order_by("-pk").first()
    first = {"kind": held.kind, "reason": held.reason, "ends_on": held.ends_on} if held else {}
    form = AdaptationForm(request.POST or None, initial={"ends_on": day + USUAL, **first})

    def act(given: dict[str, Any]) -> AuditEntry:
        return adapt_practice(
            actor=request.user,
            person=person,
            practice=row,
            unit=unit,
            language=_written_in(),
            now=now,
            **given,
        )

    ask = Ask(
        form, act, heading=_("Do “%(title)s” otherwise") % {"title": row.name}, submit=_("Say it"),
        done=_("It is noted: your team does %(name)s otherwise until the day you named."), cancel_url=_team(unit.pk),
        back=lambda _entry: _team(unit.pk), template=FORM_PAGE,
        intro=_("It is always possible, and is information, not a fault: when many do otherwise, the practice is asked about again."),
    )  # fmt: skip
    return answer(request, ask, row=row)


@require_POST
@requires(Right.TAKE_PART)
def adaptation_end(request: PageRequest, adaptation_id: int) -> HttpResponseBase:
    """Do a practice again as it is written."""
    row = get_object_or_404(Adaptation.objects.select_related("practice", "unit"), pk=adaptation_id)
    _spoken(request, row.unit_id)
    return do(
        request,
        lambda: end_adaptation(actor=request.user, adaptation=row, now=clock.now()),
        _("Your team does %(name)s as it is written again."),
        _team(row.unit_id),
    )


@require_http_methods(["GET", "POST"])
@requires(Right.TAKE_PART)
def help_with(request: PageRequest, practice_id: int) -> HttpResponseBase:
    """Ask for help with a practice in one line, for the team one works in."""
    row, now = found(practice_id), clock.now()
    day = clock.today(now)
    wanted = request.GET.get("team", "")
    number = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 10 else 0
    unit = Unit.objects.filter(pk=number).first()
    structure = Structure.as_of(day, with_members=False)
    if unit is not None and not is_of_team(request.user, unit.pk, structure):
        raise PermissionDenied

    def act(given: dict[str, Any]) -> AuditEntry:
        return ask_help_with(
            actor=request.user,
            practice=row,
            unit=unit,
            sentence=given["sentence"],
            language=_written_in(),
            now=now,
        )

    node = Structure.as_of(day, with_members=False).get(unit.pk) if unit else None
    back = _team(unit.pk) if unit else reverse("practices:practice-show", args=(row.pk,))
    ask = Ask(
        HelpForm(request.POST or None), act, heading=_("Ask for help with “%(title)s”") % {"title": row.name},
        submit=pgettext("for help", "Ask"), done=_("Product Ops and whoever carries it hear of it, and you hear what becomes of it."),
        cancel_url=back, back=lambda _entry: back, template=FORM_PAGE,
        intro=_("For %(team)s. Teams that do it already and offered to show how are named on the page of the practice.")
        % {"team": node.name if node else _("yourself")},
    )  # fmt: skip
    return answer(request, ask, row=row)


@require_http_methods(["GET", "POST"])
@requires(Right.TAKE_PART)
def doubt_answer(request: PageRequest, doubt_id: int) -> HttpResponseBase:
    """Say what was done about a tool that a team finds wrong: whoever builds the practice, or Product Ops."""
    rows = ObservationDoubt.objects.select_related("practice", "unit")
    doubt = get_object_or_404(rows, pk=doubt_id)
    if not (may(request.user, Right.PRODUCT_OPS) or is_builder(request.user, doubt.practice)):
        raise PermissionDenied
    node = Structure.as_of(clock.today(), with_members=False).get(doubt.unit_id)
    back = reverse("practices:practice-show", args=(doubt.practice_id,))

    def act(given: dict[str, Any]) -> AuditEntry:
        return answer_doubt(
            actor=request.user, doubt=doubt, person=person_of(request.user), now=clock.now(), **given
        )

    said = _("%(team)s says: “%(words)s”") if doubt.words else _("%(team)s says that the tool is wrong.")
    ask = Ask(
        DoubtForm(request.POST or None), act,
        heading=_("The tools show “%(title)s” wrongly") % {"title": doubt.practice.name}, submit=_("Answer"),
        done=_("The team reads what came of it."), cancel_url=back, back=lambda _entry: back, template=FORM_PAGE,
        intro=said % {"team": node.name if node else _("A team"), "words": doubt.words},
    )  # fmt: skip
    return answer(request, ask, row=doubt.practice)


def _team(unit: int) -> str:
    return reverse("practices:team-show", args=(unit,))
