"""Handing a link over to a champion whom no mail reaches: for whoever leads the consultation."""

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from vertebra.accounts.audit import Refusal
from vertebra.accounts.permissions import PageRequest, Right, requires
from vertebra.kit import clock
from vertebra.kit.headers import private
from vertebra.releases.actions.consultation_links import make_consultation_link
from vertebra.releases.models import ConsultationAsk
from vertebra.releases.pages.consultation_frame import led
from vertebra.releases.pages.consultations import page_with


@require_POST
@requires(Right.TAKE_PART)
def consultation_link(request: PageRequest, consultation_id: int, person_id: int) -> HttpResponseBase:
    """Make a link to hand over; it is told once, in the answer itself."""
    row = led(request, consultation_id)
    asks = ConsultationAsk.objects.select_related("person")
    ask = get_object_or_404(asks, consultation=row, person=person_id)
    try:
        _entry, address = make_consultation_link(actor=request.user, ask=ask, now=clock.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("releases:consultation-show", row.pk)
    url = request.build_absolute_uri(address)
    return private(page_with(request, row.pk, made_url=url, made_for=ask.person.name))
