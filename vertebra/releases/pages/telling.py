"""“Whom do I tell?”: a text goes in, names with reasons come out, and one message goes to those who are ticked."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from vertebra.accounts.audit import Refusal
from vertebra.accounts.permissions import PageRequest, Right, may, requires
from vertebra.accounts.rate_limits import is_allowed
from vertebra.kit import clock
from vertebra.releases.actions.telling import send_heads_up
from vertebra.releases.forms.telling import AskForm, HeadsUpForm
from vertebra.releases.pages.frame import written_in
from vertebra.releases.pages.telling_frame import (
    if_nobody,
    named_people,
    ticked,
    who_is_missed,
    who_is_told,
    with_reach,
)
from vertebra.releases.pages.telling_links import text_behind
from vertebra.releases.queries.telling import Shown, lacking_near, nearest, shown, whom_to_tell
from vertebra.releases.queries.telling_others import whom_else


@require_http_methods(["GET", "POST"])
@requires(Right.TAKE_PART)
def telling(request: PageRequest) -> HttpResponseBase:
    """Ask whom to tell of a text; nothing of it is kept until somebody is told, nor read from an address."""
    given: Any = request.POST if request.method == "POST" else _asked_in_chat(request)
    form = AskForm(given if given.get("text") else None)
    context: dict[str, Any] = {
        "form": form,
        "is_gone": bool({"asked", "q"} & set(request.GET)) and not form.is_bound,
    }
    if not form.is_bound or not form.is_valid():
        return render(request, "releases/telling.html", context, status=422 if form.errors else 200)
    context |= _found(request, form)
    if "send" in request.POST:
        return _sent(request, form, context)
    first = [str(one.person.pk) for one in context["rows"] if one.is_picked]
    words = given.get("words") or form.cleaned_data["text"]
    initial = {"words": words[:4_000], "people": first, "web_address": given.get("web_address", "")}
    context["heads_up"] = HeadsUpForm(known=_choices(context["rows"]), initial=initial)
    has_error = bool(context["named"].errors)
    return render(request, "releases/telling.html", context, status=422 if has_error else 200)


def _asked_in_chat(request: PageRequest) -> dict[str, str]:
    """What the link of an answer in a chat tool stands for, for whoever asked it there."""
    secret = request.GET.get("asked", "")
    return {"text": text_behind(secret, request.user)} if secret else {}


def _found(request: PageRequest, form: AskForm) -> dict[str, Any]:
    """Whom to tell and why; when nobody is found, whom to turn to. Whoever is named is there as well."""
    now = clock.now()
    day = clock.today(now)
    text, functions = form.cleaned_data["text"], form.cleaned_data["functions"]
    told = whom_to_tell(text, now=now, language=written_in(), functions=functions)
    with_time = may(request.user, Right.PRODUCT_OPS)
    rows, subjects, lacks = shown(told, with_time=with_time)
    context: dict[str, Any] = {
        "is_asked": True,
        "proposals": len(rows),
        "subjects": subjects,
        "near": nearest(told),
        "lacks": list(zip(lacks, lacking_near(told, with_time=with_time), strict=True)),
    }
    if not rows:
        others = whom_else(told.champions, day, functions=functions, language=written_in())
        context |= if_nobody(text, others, with_product_ops=True)
        ops = [Shown(person, (_("Product Ops"),), (), is_picked=False) for person in context["product_ops"]]
        taken = {one.person.pk for one in ops}
        rows = [*ops, *(one for one in context["others"] if one.person.pk not in taken)]
    also, context["named"] = named_people(request, day)
    there = {one.person.pk for one in rows}
    picked = ticked(request, "send", also)
    rows = with_reach([*(one for one in also if one.person.pk not in there), *rows])
    if picked is not None:
        rows = [replace(one, is_picked=str(one.person.pk) in picked) for one in rows]
    return {**context, "rows": rows, "also": [one.person.pk for one in also]}


def _choices(rows: list[Shown]) -> list[tuple[int, str]]:
    return [(one.person.pk, one.person.name) for one in rows]


def _sent(request: PageRequest, form: AskForm, context: dict[str, Any]) -> HttpResponseBase:
    """Tell those who are ticked, if they are among those proposed for this text or were named."""
    sent = request.POST.copy()
    picked = {str(one.person.pk) for one in context["rows"] if one.is_picked}
    sent.setlist("people", sorted(picked | set(request.POST.getlist("people"))))
    heads_up = HeadsUpForm(sent, known=_choices(context["rows"]))
    context["heads_up"] = heads_up
    if heads_up.is_valid() and not context["named"].errors:
        codes = {str(one.person.pk): one.codes for one in context["rows"]}
        people = {int(number): codes[number] for number in heads_up.cleaned_data["people"]}
        try:
            if not is_allowed("heads_up", str(request.user.pk)):
                raise Refusal(_("You told many people in a short time: wait a few minutes."))
            _entry, told, missed = send_heads_up(
                actor=request.user, words=heads_up.cleaned_data["words"], people=people,
                web_address=heads_up.cleaned_data["web_address"], language=written_in(), now=clock.now(),
            )  # fmt: skip
        except Refusal as refusal:
            heads_up.add_error(None, str(refusal))
        else:
            messages.success(request, who_is_told(len(told)))
            if missed:
                messages.warning(request, who_is_missed([one.name for one in missed]))
            return redirect("releases:telling")
    return render(request, "releases/telling.html", context, status=422)
