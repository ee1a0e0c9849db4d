"""Announcing a release: whom it reaches before it is sent, how far it has come, what to put right."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vertebra.accounts.audit import Refusal
from vertebra.accounts.labels import PERSONAL_CHANNELS
from vertebra.accounts.outbox import mail_is_on
from vertebra.accounts.permissions import PageRequest, Right, requires
from vertebra.kit import clock
from vertebra.kit.languages import language_said
from vertebra.kit.numbers import whole_number
from vertebra.kit.templatetags.ui import figure
from vertebra.org.empty_spaces import person_of
from vertebra.org.labels import Function
from vertebra.org.pages.frame import done
from vertebra.releases.actions import announcing as actions
from vertebra.releases.actions.announcing_letters import BEING_TOLD
from vertebra.releases.forms.announcing import AnnounceForm, CorrectionForm
from vertebra.releases.labels.awareness import ANNOUNCEMENT_TONES, AnnouncementKind, AnnouncementState
from vertebra.releases.labels.briefs import Trade
from vertebra.releases.labels.releases import ReleaseState
from vertebra.releases.models import Announcement, Audience, Release
from vertebra.releases.pages.frame import changeable, creation, found, number_in
from vertebra.releases.queries.announcement_plans import (
    Plan,
    Share,
    is_late,
    plan_of,
    put_right_now,
    unexcused,
    unreached,
    usual_day,
)
from vertebra.releases.queries.announcement_states import no_longer_true, progress_of
from vertebra.releases.queries.announcing import Texts, day_of, moved_said
from vertebra.releases.queries.brief_ages import older_than_release
from vertebra.releases.queries.requirements import held_by
from vertebra.releases.queries.rights import is_of_team, may_change

MOST_SHOWN = 40
STOPPED = (AnnouncementState.STOPPED,)
# What was due longer ago than that and is not begun waits for something.
WAITS_AFTER = dt.timedelta(minutes=10)


def page_of(row: Release) -> str:
    """The address of the announcements of a release."""
    return reverse("releases:announcement-list", args=(row.pk,))


@require_GET
@requires(Right.READ)
def announcement_list(request: PageRequest, release_id: int) -> HttpResponseBase:
    """Show who was told of a release, and have more people told."""
    row = found(release_id)
    return _page(request, row, None)


@require_POST
@requires(Right.TAKE_PART)
def announcement_create(request: PageRequest, release_id: int) -> HttpResponseBase:
    """Have audiences told, now or on a day; or look first whom that reaches, without losing what was typed."""
    row, now = changeable(request, release_id), clock.now()
    if "look" in request.POST:
        return _page(request, row, _unsent(row, request.POST))
    form = AnnounceForm(request.POST, known=_audiences(row))
    if not form.is_valid():
        return _page(request, row, form)
    given = dict(form.cleaned_data)
    try:
        entry = actions.announce_release(
            actor=request.user, release=row, person=person_of(request.user), now=now,
            **{**given, "audiences": list(given["audiences"])},
        )  # fmt: skip
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return _page(request, row, form)
    if not entry.particulars.get("mailed"):
        return done(request, _("It is planned: they are told that day."), entry, page_of(row))
    messages.success(request, _("They are being told: this page says how far it has come."))
    return redirect(page_of(row))


def _page(request: PageRequest, row: Release, form: AnnounceForm | None) -> HttpResponseBase:
    now = clock.now()
    rows = list(row.announcements.select_related("audience").order_by("-pk")[:MOST_SHOWN])
    can_change = may_change(request.user, row) and row.archived_at is None
    can_tell = can_change and row.state != ReleaseState.WITHDRAWN
    texts = Texts.of(row)
    untrue = no_longer_true(row, rows, texts) if can_tell else None
    firsts = [one for one in rows if one.kind == AnnouncementKind.FIRST]
    if can_tell and form is None:
        form = _form(row, request.GET, {one.audience_id for one in firsts if one.state not in STOPPED})
    looked = _chosen(request.POST) if can_tell and "look" in request.POST else []
    ways = request.POST.getlist("channels")
    context = {
        "row": row,
        "form": form if can_tell else None,
        **(_planned(row, looked, ways, clock.today(now)) if looked else {}),
        "can_change": can_change,
        "announcements": rows,
        "people": sum(one.people for one in firsts),
        "unreached": unreached(firsts, clock.today(now)) if can_change else None,
        "is_mailing": mail_is_on(),
        "is_planned": any(one.state == AnnouncementState.PLANNED and one.due_at > now for one in firsts),
        "is_under_way": any(one.state in BEING_TOLD and one.due_at <= now for one in firsts),
        "untrue": untrue,
        "moved": moved_said(row, untrue.was_on) if untrue and untrue.is_moved else "",
        "is_late": is_late(row, clock.today(now)),
        "day": day_of(row),
    }
    is_wrong = form is not None and form.is_bound
    return render(request, "releases/announcement_list.html", context, status=422 if is_wrong else 200)


def _audiences(row: Release) -> list[Audience]:
    return list(Audience.objects.filter(archived_at=None).order_by("name")[:300])


def _form(row: Release, asked: QueryDict, told: set[int | None]) -> AnnounceForm:
    """The form as its page opens: the audiences of the release not told yet, every personal way, the usual day."""
    chosen = [number for text in asked.getlist("audiences") if (number := whole_number(text))]
    held = chosen or row.audiences.values_list("audience_id", flat=True)
    own = [number for number in held if chosen or number not in told]
    initial = {
        "audiences": own,
        "channels": [str(one) for one in PERSONAL_CHANNELS],
        "on": None if told else usual_day(row, clock.today()),
    }
    return AnnounceForm(known=_audiences(row), initial=initial)


def _unsent(row: Release, sent: QueryDict) -> AnnounceForm:
    """The form as it was typed, which nobody has sent: nothing in it is refused yet."""
    several = {name: sent.getlist(name) for name in ("audiences", "channels")}
    return AnnounceForm(known=_audiences(row), initial={**sent.dict(), **several})


def _chosen(asked: QueryDict) -> list[Audience]:
    """The audiences that are ticked, of those that there are."""
    numbers = [number for text in asked.getlist("audiences") if (number := whole_number(text))]
    return list(Audience.objects.filter(pk__in=numbers[:50], archived_at=None).order_by("name"))


@require_GET
@requires(Right.TAKE_PART)
def announcement_plan(request: PageRequest, release_id: int) -> HttpResponseBase:
    """Show whom the audiences that are ticked reach and miss, and in whose words each of them is told."""
    row, day = changeable(request, release_id), clock.today()
    numbers = [number for text in request.GET.getlist("audiences") if (number := whole_number(text))]
    known = Audience.objects.filter(pk__in=numbers[:50]).order_by("name")
    if len(known) < len(set(numbers[:50])):
        raise Http404
    audiences = [one for one in known if one.archived_at is None]
    ways = request.GET.getlist("channels")
    if not ways and not request.htmx:
        ways = [str(one) for one in PERSONAL_CHANNELS]  # a link, where the form would say that none is ticked
    context = {"row": row, **_planned(row, audiences, ways, day)}
    return render(request, "releases/announcement_plan.html", context)


def _planned(row: Release, audiences: list[Audience], ways: list[str], day: dt.date) -> dict[str, Any]:
    """What announcing it to these audiences by these ways would do."""
    held = held_by(row)
    plan = plan_of(Texts.of(row, held.briefs.values()), audiences, day, ways)
    left = unexcused(row, held)
    older = older_than_release(row, held.briefs.values())
    stale = {f"{one.trade}/{one.language}" for one in held.briefs.values() if one.pk in older}
    return {
        "audiences": audiences,
        "ways": ways[:50],
        "has_way": any(one in ways for one in PERSONAL_CHANNELS),
        "plan": plan,
        "shares": [_shown(one, stale) for one in plan.shares],
        "missed": _missed(plan),
        "is_mailing": mail_is_on(),
        "missing": [one for one in left if not (one.code == "audience" and audiences)],
    }


def _shown(share: Share, older: set[str]) -> dict[str, Any]:
    return {
        "people": share.people,
        "trade": share.trade,
        "language": share.language,
        "label": Trade(share.trade).label,
        "language_name": language_said(share.language),
        "text_label": Trade(share.text.trade).label if share.text.version else "",
        "text_language": language_said(share.text.language),
        "is_in_another_language": share.is_in_another_language,
        "is_older": bool(share.text.version) and share.text.key in older,
        "is_instead": share.trade != share.text.trade,
        "functions": [_function(code) for code, _count in share.functions.most_common(6)],
        "more": max(len(share.functions) - 6, 0),
    }


def _function(code: str) -> str:
    return str(Function(code).label) if code in Function.values else _("of no function")


def _missed(plan: Plan) -> list[dict[str, Any]]:
    return [
        {"label": _function(one.code), "reached": one.reached, "missed": one.all - one.reached}
        for one in plan.functions
    ]


@require_GET
@requires(Right.READ)
def announcement_progress(request: PageRequest, release_id: int) -> HttpResponseBase:
    """Show how far each announcement of a release has come."""
    row = found(release_id)
    rows = list(
        row.announcements.select_related("audience", "correction_of__audience").order_by("-pk")[:MOST_SHOWN]
    )
    now = clock.now()
    progress = progress_of(rows) if is_of_team(request.user, row) else {}
    late = now - WAITS_AFTER
    is_moving = any(
        one.state == AnnouncementState.SENDING
        or (one.state == AnnouncementState.PLANNED and late < one.due_at <= now)
        for one in rows
    )
    context = {
        "row": row,
        "rows": [
            {
                "row": one,
                "tone": ANNOUNCEMENT_TONES[one.state],
                "ways": list(progress[one.pk].ways.values()) if one.pk in progress else [],
                "progress": progress.get(one.pk),
                "is_waiting": one.state == AnnouncementState.PLANNED and one.due_at <= late,
                "audience": one.audience or (one.correction_of and one.correction_of.audience),
                "is_first": one.kind == AnnouncementKind.FIRST,
                "can_stop": one.state in BEING_TOLD,
            }
            for one in rows
        ],
        "is_moving": is_moving,
        "is_told": any(one.started_at for one in rows),
        "can_change": may_change(request.user, row) and row.archived_at is None,
    }
    return render(request, "releases/announcement_progress.html", context)


@require_POST
@requires(Right.TAKE_PART)
def announcement_stopping(request: PageRequest, announcement_id: int) -> HttpResponseBase:
    """Stop telling, or take back what was planned."""
    announcement = get_object_or_404(Announcement.objects.select_related("release"), pk=announcement_id)
    row = changeable(request, announcement.release_id)
    try:
        actions.stop_announcement(actor=request.user, announcement=announcement, now=clock.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("It is stopped: nobody else is told."))
    return redirect(page_of(row))


@require_http_methods(["GET", "POST"])
@requires(Right.TAKE_PART)
def announcement_correction(request: PageRequest, release_id: int) -> HttpResponseBase:
    """Put right what was told, for those who were told."""
    row = changeable(request, release_id)
    people = put_right_now(row.announcements.all())
    intro = ngettext(
        "It goes to the %(count)s person who was told, by the same ways; whoever still waits for the first text "
        "gets the new one alone.",
        "It goes to the %(count)s people who were told, by the same ways; whoever still waits for the first text "
        "gets the new one alone.",
        people,
    )
    if not people:
        intro = _("Nobody can be written to from here: whoever opens it reads the text as it is now.")

    last = number_in(request, "last") if "last" in request.POST else None

    def correct(given: dict[str, Any]) -> str:
        actions.correct_announcements(
            actor=request.user, release=row, words=given["words"], last=last, now=clock.now()
        )
        messages.success(request, _("The correction is on its way."))
        return page_of(row)

    return creation(
        request,
        CorrectionForm(request.POST or None),
        correct,
        heading=_("Put right what was told"),
        submit_label=_("Send the correction"),
        intro=intro % {"count": figure(people)} if people else intro,
        cancel_url=page_of(row),
        row=row,
        last=row.announcements.order_by("-pk").values_list("pk", flat=True).first(),
    )
