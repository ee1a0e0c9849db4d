"""What every organisation page shares: the day it shows, its tabs, its forms and its verbs."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from vertebra.accounts.audit import Refusal
from vertebra.accounts.models import AuditEntry
from vertebra.accounts.permissions import PageRequest, Right, may
from vertebra.kit import clock
from vertebra.org.actions.over_time import said
from vertebra.org.forms.fields import placed, read_day
from vertebra.org.forms.together import keep_only_changed
from vertebra.org.queries.trees import P, matching

MOST_SUGGESTED = 30


@dataclass(frozen=True, slots=True)
class Day:
    """The day a page shows, and today."""

    date: dt.date
    today: dt.date

    @property
    def is_today(self) -> bool:
        """Whether the page shows the present."""
        return self.date == self.today

    @property
    def keep(self) -> str:
        """What a link adds so that the next page shows the same day."""
        return "" if self.is_today else f"?as_of={self.date.isoformat()}"


def day_of(request: PageRequest) -> Day:
    """The day that `?as_of=` asks for; today when it asks for none or for something that is no day."""
    today = clock.today()
    return Day(read_day(request.GET.get("as_of", "")) or today, today)


def frame(request: PageRequest, day: Day, tab: str = "") -> dict[str, Any]:
    """What every template of the organisation reads: the day, whether one may edit, the tabs."""
    asked = request.GET.copy()
    asked.pop("as_of", None)
    back = f"{request.path}?{asked.urlencode()}" if asked else request.path
    return {
        "day": day.date,
        "today": day.today,
        "keep": day.keep,
        "as_of": None if day.is_today else {"date": day.date, "back_url": back},
        "kept": list(asked.items()),
        "may_edit": day.is_today and may(request.user, Right.EDIT_ORGANISATION),
        "tabs": tabs(tab, day.keep),
        **{f"{kind}_base": base(f"org:{kind}-show") for kind in ("unit", "person", "area", "market")},
        "mandate_base": base("org:mandate-edit"),
    }


def base(name: str) -> str:
    """What stands before the number in the address of a page, for lists too long to reverse each row."""
    return reverse(name, args=(0,)).removesuffix("0/")


def tabs(current: str, keep: str = "") -> list[dict[str, object]]:
    """The pages of the organisation, with the one shown now marked."""
    places = (
        ("map", _("Map"), "org:map"),
        ("units", _("Units"), "org:unit-list"),
        ("people", _("Directory"), "org:person-list"),
        ("areas", _("Areas"), "org:area-list"),
        ("markets", _("Markets"), "org:market-list"),
        ("spaces", _("Empty spaces"), "org:empty-space-list"),
        ("gaps", _("Vacancies and gaps"), "org:gap-list"),
        ("changes", _("Changes"), "org:change-list"),
        ("fields", _("Fields of action"), "org:field-list"),
    )
    return [
        {"label": label, "url": reverse(name) + keep, "is_current": key == current}
        for key, label, name in places
    ]


def suggest(request: PageRequest, nodes: list[P]) -> HttpResponseBase:
    """Suggest units or areas while one types a name; before one does, the largest."""
    text = str(next(iter(request.GET.values()), ""))
    found = matching(nodes, text) if text.strip() else sorted(nodes, key=lambda node: len(node.path))
    options = [placed(node) for node in found[:MOST_SUGGESTED]]
    return render(request, "org/options.html", {"options": options})


@dataclass(frozen=True)
class Ask:
    """A form page: what it says, and what it does with a good answer."""

    form: BaseForm
    act: Callable[[dict[str, Any]], AuditEntry]
    heading: str
    submit: str
    done: str
    cancel_url: str
    back: Callable[[AuditEntry], str]
    intro: str = ""
    template: str = "org/form.html"
    tab: str = ""


def answer(request: PageRequest, ask: Ask, **context: object) -> HttpResponseBase:
    """Show the form, or do what it asks and go back with a way to undo it; refusals stand in the form."""
    if request.method == "POST" and ask.form.is_valid() and keep_only_changed(ask.form):
        try:
            entry = ask.act(ask.form.cleaned_data)
        except Refusal as refusal:
            ask.form.add_error(None, str(refusal))
        except ValidationError as wrong:
            ask.form.add_error(None, wrong.messages)
        else:
            return done(request, ask.done % {"name": entry.object_name}, entry, ask.back(entry))
    return render(
        request,
        ask.template,
        {
            **frame(request, day_of(request), ask.tab),
            "form": ask.form,
            "heading": ask.heading,
            "intro": ask.intro,
            "submit_label": ask.submit,
            "cancel_url": ask.cancel_url,
            **context,
        },
        status=422 if ask.form.is_bound else 200,
    )


def done(request: PageRequest, text: str, entry: AuditEntry, url: str) -> HttpResponse:
    """Go to a page, saying what was just done, from which day unless today, and how to take it back."""
    day = read_day(str(entry.particulars.get("on", "")))
    if day and day != clock.today():
        text = _("%(what)s, from %(day)s.") % {"what": text.removesuffix("."), "day": said(day)}
    messages.success(request, text, extra_tags=f"undo:{entry.pk}")
    return HttpResponseRedirect(url)


def do(request: PageRequest, act: Callable[[], AuditEntry], text: str, url: str) -> HttpResponse:
    """Do what a button asks and go to a page, with a way to undo it or the reason why not."""
    try:
        entry = act()
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return HttpResponseRedirect(url)
    return done(request, text % {"name": entry.object_name}, entry, url)


def refused(request: PageRequest, form: BaseForm, url: str) -> HttpResponse:
    """Go to a page and say there what is wrong with a form that stands on it."""
    messages.error(request, " ".join(form.errors.as_text().replace("*", " ").split()))
    return HttpResponseRedirect(url)
