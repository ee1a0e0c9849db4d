"""Briefs of a release: trade by trade, languages side by side with what is missing, as the reader will get them."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vertebra.accounts.permissions import PageRequest, Right, requires
from vertebra.kit import clock, markdown
from vertebra.kit.languages import language_said
from vertebra.org.empty_spaces import person_of
from vertebra.org.pages.frame import Ask, answer, do
from vertebra.releases.actions import briefs as actions
from vertebra.releases.actions.questions import answer_for_all
from vertebra.releases.forms.briefs import AnswerForm, BriefForm, BriefMoreForm, HandForm, QuestionForm
from vertebra.releases.labels.briefs import BRIEF_TONES, BriefState, Trade
from vertebra.releases.labels.releases import ReleaseState
from vertebra.releases.models import Brief, BriefQuestion, Release
from vertebra.releases.pages.frame import FORM_PAGE, changeable, found, page_of, written_in
from vertebra.releases.queries.brief_ages import older_than_release
from vertebra.releases.queries.brief_links import links_to_look_at
from vertebra.releases.queries.requirements import languages_of
from vertebra.releases.queries.rights import Roles, may_change

TROUBLES = {
    "nowhere": gettext_lazy("leads nowhere"),
    "not_open": gettext_lazy("is not open to every reader"),
    "not_safe": gettext_lazy("is no address of the web"),
    "not_written": gettext_lazy("has no address"),
}


def briefs_of(row: Release, trade: str = "") -> str:
    """The address of the briefs of a release, at a trade."""
    return reverse("releases:brief-list", args=(row.pk,)) + (f"?trade={trade}" if trade else "")


@require_GET
@requires(Right.READ)
def brief_list(request: PageRequest, release_id: int) -> HttpResponseBase:
    """Show the briefs of one trade side by side, and what is missing of all."""
    row = found(release_id)
    day = clock.today()
    rows = list(row.briefs.select_related("owner", "ready_by"))
    wanted = _wanted(row, rows)
    trades = [code for code in Trade.values if any(trade == code for trade, _language in wanted)]
    chosen = request.GET.get("trade", "")
    if chosen not in trades:
        chosen = trades[0] if trades else ""
    roles = Roles(request.user, day)
    held = {(one.trade, one.language): one for one in rows}
    older = older_than_release(row, rows)
    context = {
        "row": row,
        "trades": [_trade(code, wanted, held, row, code == chosen) for code in trades],
        "chosen": chosen,
        "chosen_label": Trade(chosen).label if chosen else "",
        "columns": [
            _column(language, held.get((chosen, language)), roles, row, day, older)
            for trade, language in wanted
            if trade == chosen
        ],
        "ready": sum(1 for one in rows if one.state == BriefState.READY),
        "wanted": len(wanted),
        "more_form": BriefMoreForm(initial={"language": row.language}),
        "can_change": may_change(request.user, row) and row.state != ReleaseState.WITHDRAWN,
        "states": [BriefState.DRAFT, BriefState.TO_CHECK, BriefState.READY],
    }
    return render(request, "releases/brief_list.html", context)


def _wanted(row: Release, rows: list[Brief]) -> list[tuple[str, str]]:
    """Each trade and language that the tier asks for, or that somebody wrote."""
    asked = {(trade, language) for trade in row.tier.trades for language in languages_of(row)}
    asked |= {(one.trade, one.language) for one in rows}
    order = [code for code, _name in settings.LANGUAGES]
    return sorted(asked, key=lambda pair: (Trade.values.index(pair[0]), order.index(pair[1])))


def _trade(
    code: str,
    wanted: list[tuple[str, str]],
    held: dict[tuple[str, str], Brief],
    row: Release,
    is_current: bool,
) -> dict[str, Any]:
    """One tab: the trade, and how many of its languages are not ready."""
    pairs = [pair for pair in wanted if pair[0] == code]
    ready = sum(1 for pair in pairs if pair in held and held[pair].state == BriefState.READY)
    return {
        "label": Trade(code).label,
        "url": briefs_of(row, code),
        "is_current": is_current,
        "count": len(pairs) - ready or None,
    }


def _column(
    language: str,
    brief: Brief | None,
    roles: Roles,
    row: Release,
    day: dt.date,
    older: dict[int, dt.datetime],
) -> dict[str, Any]:
    """One language of a trade: its brief, or that it is missing."""
    column: dict[str, Any] = {
        "language": language,
        "name": dict(settings.LANGUAGES)[language],
        "said": language_said(language),
        "brief": brief,
    }
    if brief is None:
        return column
    is_due = brief.state != BriefState.READY and row.state != ReleaseState.WITHDRAWN
    return {
        **column,
        "tone": BRIEF_TONES[brief.state],
        "html": markdown.render(brief.body) if brief.body else "",
        "may_write": roles.may_write(brief, row) and row.state != ReleaseState.WITHDRAWN,
        "is_late": is_due and bool(brief.due_on and brief.due_on < day),
        "is_due": is_due,
        "older_since": older.get(brief.pk),
        "is_empty": not (brief.line and brief.body),
        "links": _links(brief.body),
    }


def _links(text: str) -> dict[str, list[dict[str, str]]]:
    """The links of a text that lead nowhere, those to other sites, and those of ours of which nothing is known."""
    found = links_to_look_at(text)
    addresses: dict[str, list[dict[str, str]]] = {"bad": [], "not_checked": [], "not_known": []}
    for one in found:
        why = TROUBLES.get(one.trouble)
        shown = {"address": one.address} | ({"why": str(why)} if why else {})
        addresses["bad" if why else one.trouble].append(shown)
    return addresses


def _warned(request: PageRequest, text: str, back: str) -> str:
    """Say at once which links of what was saved lead nowhere; gives where to go next."""
    if bad := _links(text)["bad"]:
        said = _("Links to look at: %(links)s.")
        links = ", ".join(f"{one['address'][:200]} ({one['why']})" for one in bad[:5])
        messages.warning(request, said % {"links": links})
    return back


def _brief(request: PageRequest, brief_id: int) -> Brief:
    """The brief, if this person may write it."""
    rows = Brief.objects.select_related("release__lead", "release__tier", "owner")
    brief = get_object_or_404(rows, pk=brief_id)
    if not Roles(request.user, clock.today()).may_write(brief, brief.release):
        raise PermissionDenied
    return brief


@require_POST
@requires(Right.TAKE_PART)
def brief_create(request: PageRequest, release_id: int) -> HttpResponseBase:
    """Ask for one brief more."""
    row = changeable(request, release_id)
    form = BriefMoreForm(request.POST)
    given = form.cleaned_data if form.is_valid() else {"trade": "", "language": ""}
    return do(
        request,
        lambda: actions.add_brief(actor=request.user, release=row, now=clock.now(), **given),
        _("The brief is pre-filled."),
        briefs_of(row, given["trade"]),
    )


@require_http_methods(["GET", "POST"])
@requires(Right.TAKE_PART)
def brief_edit(request: PageRequest, brief_id: int) -> HttpResponseBase:
    """Write a brief beside the other language."""
    brief = _brief(request, brief_id)
    form = BriefForm(
        request.POST or None, initial={"line": brief.line, "body": brief.body, "version": brief.version}
    )
    others = brief.release.briefs.filter(trade=brief.trade).exclude(pk=brief.pk)
    back = briefs_of(brief.release, brief.trade)
    ask = Ask(
        form=form,
        act=lambda given: actions.write_brief(
            actor=request.user, brief=brief, now=clock.now(), **{**given, "version": given["version"] or None}
        ),
        heading=_("Brief for %(trade)s") % {"trade": brief.get_trade_display()},
        submit=_("Save"),
        done=_("The brief is saved."),
        cancel_url=back,
        back=lambda _entry: _warned(request, form.cleaned_data["body"], back),
        template="releases/brief_form.html",
    )
    context = {
        "row": brief.release,
        "brief": brief,
        "links": _links(brief.body) if request.method == "GET" else {},
        "language_name": language_said(brief.language),
        "others": [{"row": one, "html": markdown.render(one.body), "name": dict(settings.LANGUAGES)[one.language]} for one in others],
        "source_html": markdown.render(brief.release.body) if brief.release.body else "",
    }  # fmt: skip
    return answer(request, ask, **context)


@require_POST
@requires(Right.TAKE_PART)
def brief_state(request: PageRequest, brief_id: int) -> HttpResponseBase:
    """Say that a brief is being written, to be checked, or ready."""
    brief = _brief(request, brief_id)
    return do(
        request,
        lambda: actions.move_brief(
            actor=request.user, brief=brief, state=str(request.POST.get("state", "")),
            person=person_of(request.user), now=clock.now(),
        ),
        _("Said."),
        briefs_of(brief.release, brief.trade),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@requires(Right.TAKE_PART)
def brief_hand(request: PageRequest, brief_id: int) -> HttpResponseBase:
    """Give a brief to somebody else to write, or another day."""
    brief = _brief(request, brief_id)
    back = briefs_of(brief.release, brief.trade)
    ask = Ask(
        form=HandForm(request.POST or None, initial={"owner": brief.owner, "due_on": brief.due_on}),
        act=lambda given: actions.hand_brief(actor=request.user, brief=brief, changes=given, now=clock.now()),
        heading=_("Who writes it, until when?"),
        submit=_("Save"),
        done=_("It is theirs to write: they find it on their home page."),
        cancel_url=back,
        back=lambda _entry: back,
        template=FORM_PAGE,
    )
    return answer(request, ask, row=brief.release)


@require_GET
@requires(Right.READ)
def brief_preview(request: PageRequest, brief_id: int) -> HttpResponseBase:
    """Show a brief as its reader will get it, in its language."""
    brief = get_object_or_404(Brief.objects.select_related("release", "ready_by", "owner"), pk=brief_id)
    others = brief.release.briefs.exclude(pk=brief.pk).order_by("trade", "language")
    context = {
        "brief": brief,
        "row": brief.release,
        "html": markdown.render(brief.body) if brief.body else "",
        "tone": BRIEF_TONES[brief.state],
        "older_since": older_than_release(brief.release, [brief]).get(brief.pk),
        "others": others,
        "questions": list(
            brief.release.questions.filter(answered_at__isnull=False, archived_at=None).filter(
                trade__in=(brief.trade, Trade.EVERYONE)
            )[:30]
        ),
    }
    return render(request, "releases/brief_preview.html", context)


@require_POST
@requires(Right.TAKE_PART)
def question_create(request: PageRequest, release_id: int) -> HttpResponseBase:
    """Ask something about a release: the answer is for all."""
    row = found(release_id)
    back = f"{page_of(row)}#questions"
    ask = Ask(
        form=QuestionForm(request.POST),
        act=lambda given: actions.ask_question(
            actor=request.user, release=row, language=written_in(), person=person_of(request.user),
            now=clock.now(), **given,
        ),
        heading=_("Ask a question"),
        submit=pgettext("a question", "Ask"),
        done=_("Asked. The answer will stand here for everybody; nobody reads who asked."),
        cancel_url=back,
        back=lambda _entry: back,
        template=FORM_PAGE,
    )  # fmt: skip
    return answer(request, ask, row=row)


@require_http_methods(["GET", "POST"])
@requires(Right.TAKE_PART)
def question_answer(request: PageRequest, question_id: int) -> HttpResponseBase:
    """Answer a question once for all."""
    question = get_object_or_404(
        BriefQuestion.objects.select_related("release"), pk=question_id, archived_at=None
    )
    row = found(question.release_id)
    roles = Roles(request.user, clock.today())
    if not (may_change(request.user, row) or roles.trades):
        raise PermissionDenied
    back = f"{page_of(row)}#questions"
    ask = Ask(
        form=AnswerForm(request.POST or None, initial={"answer": question.answer}),
        act=lambda given: answer_for_all(
            actor=request.user, question=question, person=person_of(request.user), now=clock.now(), **given
        ),
        heading=question.question,
        submit=pgettext("verb", "Answer"),
        done=_("Answered, once for all."),
        cancel_url=back,
        back=lambda _entry: back,
        template=FORM_PAGE,
    )
    return answer(request, ask, row=row)
