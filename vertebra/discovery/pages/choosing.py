"""Choosing whom a campaign hears: a wish, the balanced sample it finds, and what would then be covered."""

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from vertebra.accounts.audit import Refusal
from vertebra.accounts.permissions import PageRequest
from vertebra.discovery.actions.campaigns import add_people
from vertebra.discovery.forms.campaigns import WishForm
from vertebra.discovery.models import Campaign
from vertebra.discovery.pages.listen import chosen_ids, of_campaign
from vertebra.discovery.queries.choosing import Ground, choice_for
from vertebra.kit import clock
from vertebra.org.models import Person


@require_http_methods(["GET", "POST"])
@of_campaign
def campaign_choice(request: PageRequest, campaign: Campaign) -> HttpResponseBase:
    """Suggest a balanced sample of those who fit, and add whom one keeps of it."""
    now = clock.now()
    today = clock.today(now)
    if request.method == "POST":
        return _add(request, campaign)
    ground = Ground.on(today)
    form = WishForm(request.GET or None, units=ground.structure.all(), functions=ground.functions)
    wish = form.wish()
    choice = choice_for(campaign, wish, ground)
    context = {"campaign": campaign, "form": form, "choice": choice, "wish": wish}
    return render(request, "discovery/campaign_choice.html", context)


def _add(request: PageRequest, campaign: Campaign) -> HttpResponseBase:
    ids = chosen_ids(request.POST.getlist("selected"))
    people = list(Person.objects.filter(pk__in=ids, archived_at=None))
    back = reverse("discovery:campaign-show", args=(campaign.pk,))
    try:
        if not people:
            raise Refusal(_("Choose somebody first: tick the boxes beside their names."))
        entry = add_people(actor=request.user, campaign=campaign, people=people, now=clock.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect(request.get_full_path())
    added = int(entry.particulars["added"])
    text = ngettext("%(count)d person is on the list.", "%(count)d people are on the list.", added)
    messages.success(request, text % {"count": added}, extra_tags=f"undo:{entry.pk}")
    return redirect(back)
