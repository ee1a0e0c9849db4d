"""Writing practices: an idea, one line of what is lived, what it says in each language, what it asks, publishing."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from vertebra.accounts.permissions import PageRequest, Right, requires
from vertebra.accounts.together import card_of
from vertebra.kit import clock
from vertebra.kit.languages import language_said
from vertebra.org.empty_spaces import language_now
from vertebra.org.forms.together import remember_shown
from vertebra.org.pages.frame import Ask, answer, do, refused
from vertebra.org.queries.structure import Structure
from vertebra.practices.actions import practices as actions
from vertebra.practices.actions import versions
from vertebra.practices.forms.practices import (
    CostForm,
    IdeaForm,
    ParticularsForm,
    PublishForm,
    RegisterForm,
    TextForm,
)
from vertebra.practices.pages.frame import FORM_PAGE, changeable, page_of
from vertebra.practices.queries.texts import versions_of
from vertebra.roadmap.pages.table_frame import ask

LANGUAGES = dict(settings.LANGUAGES)
# What a practice may be raised from, by its page.
ORIGINS = frozenset(
    {"pain_point", "topic", "initiative", "empty_space", "incident", "help_request", "quick_win"}
)


@require_http_methods(["GET", "POST"])
@requires(Right.TAKE_PART)
def practice_create(request: PageRequest) -> HttpResponseBase:
    """Begin a practice as an idea, from nothing or from an object that shows it (`?kind=…&id=…`)."""
    kind, number = request.GET.get("kind", ""), request.GET.get("id", "")
    origin = (kind, int(number)) if kind in ORIGINS and number.isdecimal() and len(number) < 18 else None
    card = card_of(request.user, *origin) if origin else None
    form = IdeaForm(request.POST or None, initial={"name": request.GET.get("name", "")[:200]})

    def create(given: dict[str, Any]) -> str:
        row = actions.create_practice(
            actor=request.user, language=language_now(), origin=origin if card else None, now=clock.now(), **given
        )  # fmt: skip
        return page_of(row)

    return ask(
        request, form, create, heading=_("A new way of working"), submit=_("Note the idea"),
        done=_("Noted. Any team may try it from now on."), cancel_url=reverse("practices:practice-list"),
        template=FORM_PAGE, draft="practice",
        intro=_("Two lines are enough: what is done, and why. A team tries it freely; the rest is written together.")
        if card is None
        else _("Raised from: %(title)s") % {"title": card.title},
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@requires(Right.EDIT_ORGANISATION)
def practice_register(request: PageRequest) -> HttpResponseBase:
    """Register in one line what is lived already."""
    now = clock.now()
    form = RegisterForm(request.POST or None, structure=Structure.as_of(clock.today(now), with_members=False))

    def register(given: dict[str, Any]) -> str:
        unit = given.pop("unit")
        row = actions.register_practice(
            actor=request.user, language=language_now(), units=[unit], now=now, **given
        )
        return page_of(row)

    return ask(
        request, form, register, heading=_("Register what you live already"), submit=_("Register it"),
        done=_("Registered: it is in force, and owes its validation at its first review."),
        cancel_url=reverse("practices:practice-list"), template=FORM_PAGE, draft="practice-registered",
        intro=_(
            "One line: what is done, where, who carries it. It is in force at once; its first review, in six months, validates it or not."
        ),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@requires(Right.TAKE_PART)
def practice_edit(request: PageRequest, practice_id: int) -> HttpResponseBase:
    """Say who carries a practice, its field, when it is looked back at."""
    row = changeable(request, practice_id)
    names = ("carrier", "field", "next_review_on")
    form = ParticularsForm(request.POST or None, initial={name: getattr(row, name) for name in names})
    return _answer(
        request, row, form, _("Change the practice"),
        lambda given: actions.change_practice(
            actor=request.user, practice=row, changes=given, now=clock.now()
        ),
        _("%(name)s is changed."),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@requires(Right.TAKE_PART)
def text_edit(request: PageRequest, practice_id: int, language: str) -> HttpResponseBase:
    """Write what a practice says in a language, beside what it says in the other."""
    row = changeable(request, practice_id)
    if language not in LANGUAGES:
        raise Http404
    texts = {one.language: one for one in versions_of(row).latest.texts.all()}
    text = texts.get(language)
    initial = {name: getattr(text, name) for name in versions.TEXT} if text else {"name": row.name}
    form = TextForm(request.POST or None, initial=initial)
    remember_shown(form)
    return _answer(
        request, row, form,
        _("What it says in %(language)s") % {"language": language_said(language)},
        lambda given: versions.write_text(
            actor=request.user, practice=row, language=language, changes=given, now=clock.now()
        ),
        _("%(name)s: written."),
        template="practices/text_form.html",
        others=[one for code, one in texts.items() if code != language],
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@requires(Right.TAKE_PART)
def cost_edit(request: PageRequest, practice_id: int) -> HttpResponseBase:
    """Say what a practice asks of each person of a function, in minutes a month."""
    row = changeable(request, practice_id)
    costs = {cost.function: cost.minutes for cost in versions_of(row).latest.costs.all()}
    return _answer(
        request, row, CostForm(request.POST or None, costs=costs), _("What it asks, in minutes a month"),
        lambda given: versions.set_costs(
            actor=request.user, practice=row, costs={code: minutes or 0 for code, minutes in given.items()},
            now=clock.now(),
        ),
        _("%(name)s: written."),
        intro=_("For one person of each function, in a usual month; leave out the functions it asks nothing of."),
    )  # fmt: skip


@require_POST
@requires(Right.TAKE_PART)
def publication(request: PageRequest, practice_id: int) -> HttpResponseBase:
    """Publish what is written."""
    row = changeable(request, practice_id)
    form = PublishForm(request.POST)
    if not form.is_valid():
        return refused(request, form, page_of(row))
    return do(
        request,
        lambda: versions.publish_version(
            actor=request.user, practice=row, now=clock.now(), **form.cleaned_data
        ),
        _("%(name)s: the new version is published."),
        page_of(row),
    )


def _answer(
    request: PageRequest, row: Any, form: Any, heading: str, act: Any, said: str, **more: Any
) -> HttpResponseBase:
    wanted = Ask(
        form=form,
        act=act,
        heading=heading,
        submit=_("Save"),
        done=said,
        cancel_url=page_of(row),
        back=lambda _entry: page_of(row),
        intro=more.pop("intro", ""),
        template=more.pop("template", FORM_PAGE),
    )
    return answer(request, wanted, row=row, **more)
