"""A person's own data: handed over as one file, and erased on request."""

import json
from dataclasses import replace
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vertebra.accounts.audit import Refusal
from vertebra.accounts.permissions import PageRequest, Right, requires
from vertebra.accounts.personal import holdings
from vertebra.kit import clock
from vertebra.kit.personal import Subject
from vertebra.org.actions.erasure import erase_person, hand_over
from vertebra.org.empty_spaces import person_of
from vertebra.org.models import Person
from vertebra.org.personal import subject_of


class ErasureForm(forms.Form):
    """Whoever erases somebody types their name."""

    name = forms.CharField(label=gettext_lazy("Their name, typed out"), max_length=200)


@require_GET
@requires(Right.READ)
def own_data(request: PageRequest) -> HttpResponseBase:
    """All that Vertebra holds of whoever asks, notes on them and stances included."""
    return _handed_over(replace(subject_of(person_of(request.user), request.user), is_asking=True))


@require_POST
@requires(Right.PRODUCT_OPS)
def person_data(request: PageRequest, person_id: int) -> HttpResponseBase:
    """All that Vertebra holds of somebody who asked for it and has no account."""
    person = get_object_or_404(Person.objects.select_related("user"), pk=person_id)
    hand_over(actor=request.user, person=person, now=clock.now())
    return _handed_over(subject_of(person, person.user))


def _handed_over(subject: Subject) -> HttpResponse:
    sections: dict[str, Any] = {}
    for holding in holdings(settings.PERSONAL_DATA):
        sections |= {title: rows for title, rows in holding.export(subject).items() if rows}
    text = json.dumps(sections, ensure_ascii=False, indent=2, default=str)
    response = HttpResponse(text, content_type="application/json; charset=utf-8")
    name = slugify(subject.name) or "data"
    response["Content-Disposition"] = f'attachment; filename="{name}.json"'
    response["Cache-Control"] = "no-store"
    return response


@require_http_methods(["GET", "POST"])
@requires(Right.ADMINISTER)
def person_erasure(request: PageRequest, person_id: int) -> HttpResponseBase:
    """Erase somebody, after their name was typed: nothing brings it back."""
    person = get_object_or_404(Person.objects.select_related("user"), pk=person_id)
    form = ErasureForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            erase_person(
                actor=request.user, person=person, typed_name=form.cleaned_data["name"], now=clock.now()
            )
        except Refusal as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, _("This person is erased."))
            return HttpResponseRedirect(reverse("org:person-list"))
    context = {"form": form, "person": person, "cancel_url": reverse("org:person-show", args=(person_id,))}
    return render(request, "org/person_erasure.html", context, status=422 if form.is_bound else 200)
