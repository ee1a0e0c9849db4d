"""Campaigns: the list, each one with whom it wants to hear, and what one does to it."""

import datetime as dt
from typing import Any, cast
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vertebra.accounts.audit import Refusal
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry
from vertebra.accounts.permissions import PageRequest, Right, requires
from vertebra.accounts.queries import feed
from vertebra.accounts.together import saved_views
from vertebra.discovery.actions import campaigns as actions
from vertebra.discovery.actions.guides import ensure_shipped_guides
from vertebra.discovery.forms.campaigns import MOST, UNHEARD_FOR, CampaignForm, PersonToHearForm
from vertebra.discovery.labels import CAMPAIGN_TONES, STAND_TONES, CampaignState, InviteState
from vertebra.discovery.models import Campaign, ToHear
from vertebra.discovery.pages.listen import chosen_ids, of_campaign
from vertebra.discovery.queries.agenda import interviews_of_this_week
from vertebra.discovery.queries.diagnosis_next import guide_for, whom_to_hear
from vertebra.discovery.queries.diagnosis_results import diagnoses
from vertebra.discovery.queries.hearing import counted_campaigns, progress_of, with_stands
from vertebra.kit import clock
from vertebra.kit.listing import Column, Filter, ListOf
from vertebra.kit.text import fold
from vertebra.org.forms.together import remember_shown
from vertebra.org.labels import Function
from vertebra.org.pages.frame import Ask, answer, do
from vertebra.org.queries.crowd import Crowd
from vertebra.org.queries.structure import Structure

Rows = QuerySet[Any, Any]
FORM = "discovery/listen_form.html"
MADE = "links_to_be_heard"


def _in_state(rows: Rows, state: str) -> Rows:
    return rows.filter(archived_at__isnull=False) if state == "archived" else rows.filter(state=state)


LIST = ListOf(
    page="campaigns",
    file_name="campaigns",
    sort="-changed",
    columns=(
        Column("title", gettext_lazy("Campaign"), lambda row: row.title, sort="title"),
        Column("state", gettext_lazy("State"), lambda row: row.get_state_display(), sort="state"),
        Column("people", gettext_lazy("To hear"), lambda row: row.people_count or 0, is_numeric=True),
        Column("heard", gettext_lazy("Heard"), lambda row: row.heard_count or 0, is_numeric=True),
        Column("until", gettext_lazy("Until"), lambda row: row.ends_on),
        Column("owner", gettext_lazy("Led by"), lambda row: row.owner.name if row.owner else ""),
        Column("changed", gettext_lazy("Changed"), lambda row: row.changed_at, sort="changed_at"),
    ),
    filters=(
        Filter(
            "state",
            gettext_lazy("State"),
            _in_state,
            lambda: [*CampaignState.choices, ("archived", gettext_lazy("archived"))],
        ),
    ),
    search=lambda rows, text: rows.filter(title__icontains=text),
)


@require_GET
@requires(Right.PRODUCT_OPS)
def campaign_list(request: PageRequest) -> HttpResponseBase:
    """List the rounds of listening, those under way first in the sentence."""
    rows = counted_campaigns(Campaign.objects.select_related("owner"))
    if request.GET.get("state") != "archived":
        rows = rows.filter(archived_at=None)
    views = saved_views(request.user, "campaigns", request.get_full_path())
    listing = LIST.read(request, rows, saved_views=views)
    if listing.export:
        return listing.export
    for row in listing.rows:
        row.tone = CAMPAIGN_TONES[row.state]
    open_ones = counted_campaigns(Campaign.objects.filter(archived_at=None, state=CampaignState.OPEN))
    counts = list(open_ones.values_list("people_count", "heard_count"))
    context = {
        "listing": listing,
        "open": len(counts),
        "people": sum(people or 0 for people, _heard in counts),
        "heard": sum(heard or 0 for _people, heard in counts),
        "week": interviews_of_this_week(request.user, clock.now()),
    }
    return render(request, "discovery/campaign_list.html", context)


def _stands(rows: Rows, state: str) -> Rows:
    if state == "proposal":
        return rows.exclude(proposal="")
    return rows.filter(is_waiting=True) if state == "waiting" else rows.filter(stands=state)


def _people_list(structure: Structure) -> ListOf:
    def unit(row: Any) -> str:
        node = structure.get(row.unit_id)
        return node.name if node else ""

    def search(rows: Rows, text: str) -> Rows:
        return rows.filter(person__name_folded__contains=fold(text))

    states = [
        *InviteState.choices,
        ("proposal", gettext_lazy("proposes another moment")),
        ("waiting", gettext_lazy("waits for a free day")),
    ]
    return ListOf(
        page="to-hear",
        file_name="campaign",
        sort="name",
        page_size=100,
        columns=(
            Column("name", gettext_lazy("Name"), lambda row: row.person.name, sort="person__name_folded"),
            Column(
                "function", gettext_lazy("Function"), lambda row: row.get_function_display(), sort="function"
            ),
            Column("unit", gettext_lazy("Unit"), unit),
            Column("state", gettext_lazy("State"), lambda row: InviteState(row.stands).label, sort="stands"),
            Column("at", gettext_lazy("Date"), lambda row: row.held_on or row.talk_at),
            Column("proposal", gettext_lazy("What they propose"), lambda row: row.proposal, is_optional=True),
            Column("invited", gettext_lazy("Invited"), lambda row: row.invited_at, is_optional=True),
            Column("email", gettext_lazy("E-mail"), lambda row: row.person.email, is_optional=True),
        ),
        filters=(
            Filter("state", gettext_lazy("State"), _stands, lambda: states),
            Filter(
                "function",
                gettext_lazy("Function"),
                lambda rows, value: rows.filter(function=value),
                lambda: Function.choices,
            ),
        ),
        search=search,
    )


@require_GET
@of_campaign
def campaign_page(request: PageRequest, campaign: Campaign) -> HttpResponseBase:
    """Show a campaign: how far it is, whom it wants to hear and where each stands."""
    now = clock.now()
    structure = Structure.as_of(clock.today(now), with_members=False)
    rows = with_stands(ToHear.objects.filter(campaign=campaign).select_related("person"))
    listing = _people_list(structure).read(request, rows)
    if listing.export:
        return listing.export
    for row in listing.rows:
        row.unit_node = structure.get(row.unit_id)
        row.tone = STAND_TONES[row.stands]
        row.stands_label = InviteState(row.stands).label
    return render(
        request,
        "discovery/campaign.html",
        {
            "campaign": campaign,
            "tone": CAMPAIGN_TONES[campaign.state],
            "listing": listing,
            "can_select": campaign.state != CampaignState.CLOSED,
            "progress": progress_of(campaign),
            "person_form": PersonToHearForm(),
            "links": request.session.pop(f"{MADE}:{campaign.pk}", None),
            "history": feed(Kind.CAMPAIGN, campaign.pk, user=request.user, now=now),
        },
    )


@require_http_methods(["GET", "POST"])
@requires(Right.PRODUCT_OPS)
def campaign_create(request: PageRequest) -> HttpResponseBase:
    """Begin a campaign: then comes whom to hear."""
    now = clock.now()
    ensure_shipped_guides(actor=None, now=now)
    language = (get_language() or "fr")[:2]
    functions = _called_for(request, clock.today(now))
    initial = {
        "language": language,
        "starts_on": clock.today(now),
        "title": request.GET.get("title", "")[:200],
        "purpose": request.GET.get("purpose", "")[:4000],
        "guide": guide_for(functions, language) if functions else request.GET.get("guide", ""),
    }
    wish = urlencode({"functions": functions, "unheard": UNHEARD_FOR, "most": MOST}, doseq=True)
    intro = _("A round of conversations with one aim: twenty people are often enough to see what hurts.")
    if functions:
        names = ", ".join(str(Function(code).label) for code in functions)
        intro = _(
            "The diagnosis points to these first: %(names)s. Choosing whom to hear begins with them."
        ) % {"names": names}
    ask = Ask(
        form=CampaignForm(request.POST or None, initial=initial),
        act=lambda given: actions.create_campaign(
            actor=request.user, values=cast(actions.CampaignChanges, given), now=now
        ),
        heading=_("Begin a campaign"),
        submit=_("Continue: whom to hear"),
        done=_("%(name)s has begun. Now choose whom to hear."),
        cancel_url=reverse("discovery:campaign-list"),
        back=lambda entry: (
            reverse("discovery:campaign-choice", args=(entry.object_id,)) + (f"?{wish}" if functions else "")
        ),
        intro=intro,
        template=FORM,
    )
    return answer(request, ask, draft="campaign", part=_("Campaigns"), part_url=ask.cancel_url)


def _called_for(request: PageRequest, day: dt.date) -> tuple[str, ...]:
    """The functions that the diagnosis named in the address points to, as far as anybody works in them."""
    diagnosis = diagnoses().filter(pk__in=chosen_ids([request.GET.get("diagnosis", "")])).first()
    if diagnosis is None:
        return ()
    present = {function for _person, _unit, function in Crowd.on(day)}
    return tuple(one for one in whom_to_hear(diagnosis) if one in present)


@require_http_methods(["GET", "POST"])
@of_campaign
def campaign_edit(request: PageRequest, campaign: Campaign) -> HttpResponseBase:
    """Change a campaign: everything in a form, or the one field edited in place."""
    names = ("title", "purpose", "guide", "language", "starts_on", "ends_on")
    initial = {name: getattr(campaign, name) for name in names}
    form = CampaignForm(request.POST or None, guide=campaign.guide, initial=initial)
    remember_shown(form)
    if form.is_bound:
        form.keep_given()
    back = reverse("discovery:campaign-show", args=(campaign.pk,))
    ask = Ask(
        form=form,
        act=lambda given: actions.change_campaign(
            actor=request.user,
            campaign=campaign,
            changes=cast(actions.CampaignChanges, given),
            now=clock.now(),
        ),
        heading=_("Change %(name)s") % {"name": campaign.title},
        submit=_("Save"),
        done=_("%(name)s is changed."),
        cancel_url=back,
        back=lambda entry: back,
        template=FORM,
    )
    return answer(request, ask, part=_("Campaigns"), part_url=reverse("discovery:campaign-list"))


@require_POST
@of_campaign
def campaign_state(request: PageRequest, campaign: Campaign) -> HttpResponseBase:
    """Close a campaign, take it up again, archive it, bring it back."""
    now = clock.now()
    verbs = {
        "closed": (actions.close_campaign, _("%(name)s is closed.")),
        "open": (actions.reopen_campaign, _("%(name)s goes on.")),
        "archived": (actions.archive_campaign, _("%(name)s is archived.")),
        "restored": (actions.restore_campaign, _("%(name)s is back in the list.")),
    }
    act, text = verbs.get(request.POST.get("to", ""), verbs["open"])
    back = reverse("discovery:campaign-show", args=(campaign.pk,))
    return do(request, lambda: act(actor=request.user, campaign=campaign, now=now), text, back)


@require_POST
@of_campaign
def person_add(request: PageRequest, campaign: Campaign) -> HttpResponseBase:
    """Put one person on the list, by name."""
    form = PersonToHearForm(request.POST)
    back = reverse("discovery:campaign-show", args=(campaign.pk,))

    def act() -> AuditEntry:
        if not form.is_valid():
            raise Refusal(" ".join(str(error) for error in form.errors["person"]))
        person = form.cleaned_data["person"]
        return actions.add_people(actor=request.user, campaign=campaign, people=[person], now=clock.now())

    return do(request, act, _("They are on the list of %(name)s."), f"{back}#add")


@require_POST
@of_campaign
def people_removal(request: PageRequest, campaign: Campaign) -> HttpResponseBase:
    """Take the chosen people off the list."""
    rows = ToHear.objects.filter(campaign=campaign, pk__in=chosen_ids(request.POST.getlist("selected")))

    def act() -> AuditEntry:
        found = list(rows)
        if not found:
            raise Refusal(_("Choose somebody first: tick the boxes beside their names."))
        return actions.remove_people(actor=request.user, campaign=campaign, rows=found, now=clock.now())

    back = reverse("discovery:campaign-show", args=(campaign.pk,))
    return do(request, act, _("They are off the list of %(name)s."), back)
