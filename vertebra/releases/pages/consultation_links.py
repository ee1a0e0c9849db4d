"""Handing a link over to a champion whom no mail reaches: for Product Ops, who may read what it opens."""

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from vertebra.accounts.audit import Refusal
from vertebra.accounts.pages.sessions import shown_once
from vertebra.accounts.permissions import PageRequest, Right, requires
from vertebra.kit import clock
from vertebra.kit.headers import private
from vertebra.releases.actions.consultation_links import make_consultation_link
from vertebra.releases.models import ConsultationAsk
from vertebra.releases.pages.consultation_frame import found


@require_POST
@requires(Right.PRODUCT_OPS)
def consultation_link(request: PageRequest, consultation_id: int, person_id: int) -> HttpResponseBase:
    """Make a link to hand over; it is told once, in the answer itself."""
    row = found(consultation_id)
    asks = ConsultationAsk.objects.select_related("person")
    ask = get_object_or_404(asks, consultation=row, person=person_id)
    try:
        _entry, address = make_consultation_link(actor=request.user, ask=ask, now=clock.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("releases:consultation-show", row.pk)
    told = {
        "address": request.build_absolute_uri(address),
        "heading": _("Link for %(name)s") % {"name": ask.person.name},
        "intro": _("Copy it now: it is kept nowhere and never shown again."),
        "back_url": reverse("releases:consultation-show", args=(row.pk,)),
    }
    return private(shown_once(request, told))
