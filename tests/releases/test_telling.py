"""“Whom do I tell?” asked of the organisation: from a pasted text to people with reasons, in time."""

import datetime as dt
from typing import Any

import pytest

from tests import world
from tests.org.company import area
from tests.releases.made import champion, planned
from tests.roadmap.undertaken import undertaken
from vertebra.accounts.labels import Kind, Relation
from vertebra.accounts.models import Link, User
from vertebra.accounts.search import Entry, index_many
from vertebra.analysis.champions import Lack, Reason
from vertebra.org.models import Area, Mandate, Market, Person
from vertebra.releases import frames
from vertebra.releases.actions.standing import index_briefs
from vertebra.releases.models import (
    Brief,
    Consultation,
    ConsultationAnswer,
    ConsultationAsk,
    Relay,
    Release,
)
from vertebra.releases.queries.telling import Telling, whom_it_concerns, whom_to_tell
from vertebra.roadmap.models import Initiative, Involvement, Topic

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


def _known(row: Area, name: str, text: str = "", language: str = "fr") -> Area:
    index_many([Entry(Kind.AREA, row.pk, name, text=text, language=language)], now=world.NOW)
    return row


def _names(told: Telling) -> list[str]:
    return [told.people[one.champion].name for one in told.answer.proposals]


def _told(text: str, **more: Any) -> Telling:
    return whom_to_tell(text, now=world.NOW, **more)


def test_a_pasted_ticket_finds_the_champions_of_what_it_names_the_nearest_first() -> None:
    shop = _known(area("Boutique"), "Boutique")
    refunds = _known(area("Remboursements", shop), "Remboursements", "avoirs et retours d’argent")
    _known(area("Livraison"), "Livraison")
    champion("Ada Lind", "sales", area=refunds)
    champion("Bo Chen", "support", area=shop)
    champion("Cy Roux", "support", area=_known(area("Bateaux"), "Bateaux"))
    told = _told("Le remboursement d’une cliente n’arrive pas, elle attend un avoir depuis mars.")
    assert _names(told) == ["Ada Lind", "Bo Chen"]
    reasons = [one.reasons[0].code for one in told.answer.proposals]
    assert reasons == [Reason.AREA, Reason.AREA_ABOVE]
    assert told.answer.gaps == ()
    assert {told.people[number].name for number in told.picked} == {"Ada Lind", "Bo Chen"}


def test_accents_plurals_and_the_other_language_do_not_matter() -> None:
    teams = _known(area("Équipes et congés"), "Équipes et congés")
    refunds = _known(area("Refunds"), "Refunds", language="en")
    champion("Ada Lind", "sales", area=teams)
    champion("Bo Chen", "sales", area=refunds)
    assert _names(_told("une EQUIPE dont le congé est refusé")) == ["Ada Lind"]
    assert _names(_told("a refund")) == ["Bo Chen"]
    assert _names(_told("et le la de")) == []


def test_what_nobody_answers_for_is_said_as_a_gap() -> None:
    _known(area("Livraison"), "Livraison")
    told = _told("La livraison est en retard")
    assert _names(told) == []
    assert [(one.kind, one.lack) for one in told.answer.gaps] == [("area", Lack.NOBODY)]


def test_a_release_under_way_leads_to_its_champions_until_it_is_put_away(ines: User) -> None:
    boats = area("Bateaux")
    champion("Ada Lind", "sales", area=boats)
    row = planned(ines, "Instant mooring label", area=boats)
    assert _names(_told("The instant mooring label prints twice")) == ["Ada Lind"]
    Release.objects.filter(pk=row.pk).update(archived_at=world.NOW)
    assert _names(_told("The instant mooring label prints twice")) == []


def test_whoever_left_or_no_longer_holds_the_mandate_is_not_told() -> None:
    boats = _known(area("Bateaux"), "Bateaux")
    champion("Ada Lind", "sales", area=boats, left_on=world.TODAY)
    champion("Bo Chen", "sales", area=boats)
    Mandate.objects.filter(person__name="Bo Chen").update(ends_on=world.TODAY)
    assert _names(_told("Les bateaux")) == []


def _asked(who: Person, minutes: int | None, at: dt.datetime) -> None:
    made = Consultation.objects.create(title="?", language="en", due_on=world.TODAY, created_at=at)
    mandate = Mandate.objects.get(person=who)
    ask = ConsultationAsk.objects.create(
        consultation=made, mandate=mandate, person=who, digest=f"{made.pk}", asked_at=at, expires_at=at
    )
    if minutes is not None:
        ConsultationAsk.objects.filter(pk=ask.pk).update(state="answered")
        ConsultationAnswer.objects.create(
            ask=ask, impact="low", language="en", minutes=minutes, answered_at=at
        )


def test_the_time_asked_in_ninety_days_decides_between_equals() -> None:
    boats = _known(area("Bateaux"), "Bateaux")
    busy, free = champion("Ada Lind", "sales", area=boats), champion("Bo Chen", "sales", area=boats)
    Mandate.objects.update(hours_per_month=1)
    _asked(busy, 100, world.NOW - dt.timedelta(days=5))
    _asked(busy, None, world.NOW - dt.timedelta(days=5))
    Relay.objects.create(
        mandate=Mandate.objects.get(person=busy), person=busy, line="x", language="en", minutes=80,
        passed_at=world.NOW - dt.timedelta(days=1),
    )  # fmt: skip
    _asked(free, 500, world.NOW - dt.timedelta(days=91))
    people = {one.id: one for one in frames.champions_on(world.TODAY, world.NOW)}
    assert (people[busy.pk].agreed_minutes, people[busy.pk].asked_minutes) == (180, 182)
    assert people[free.pk].asked_minutes == 0
    told = _told("Les bateaux")
    assert _names(told) == ["Bo Chen", "Ada Lind"]
    assert told.answer.proposals[1].reasons[-1].code == Reason.OVER_HOURS


def test_an_area_and_markets_that_are_known_need_no_text() -> None:
    boats, france = area("Bateaux"), Market.objects.create(name="France", created_at=world.NOW)
    champion("Ada Lind", "sales", area=boats)
    champion("Bo Chen", "sales", market=france)
    told = whom_it_concerns(areas=[boats.pk], markets=[france.pk], now=world.NOW, functions=["sales"])
    assert _names(told) == ["Ada Lind", "Bo Chen"]
    assert _names(whom_it_concerns(areas=[boats.pk], now=world.NOW, functions=["support"])) == []


def test_what_names_nothing_goes_to_whoever_answers_for_what_is_nearest(ines: User) -> None:
    printing = _known(area("Matériel"), "Matériel de comptoir")
    champion("Ada Lind", "sales", area=printing)
    planned(
        ines, "Les imprimantes des comptoirs pressés se réparent à distance", area=printing, language="fr"
    )
    for number in range(40):
        _known(area(f"Lieu {number}"), f"Lieu {number}")
    told = _told("Mon imprimante clignote, qui peut la réparer ?")
    assert _names(told) == ["Ada Lind"]
    assert (told.answer.subjects, len(told.answer.near)) == ((), 1)
    assert _names(_told("Bonjour, rien ne va plus depuis hier, que faire ?")) == []


def test_an_initiative_and_the_topic_it_carries_out_lead_to_the_areas_they_concern(ines: User) -> None:
    boats = area("Bateaux")
    champion("Ada Lind", "sales", area=boats)
    row = undertaken(ines, "Amarrage silencieux")
    Initiative.objects.filter(pk=row.pk).update(state="planned")
    Involvement.objects.create(initiative=row, area=boats)
    assert _names(_told("un amarrage silencieux ?")) == ["Ada Lind"]
    topic = Topic.objects.create(
        title="Bouées fluorescentes", language="fr", created_at=world.NOW, changed_at=world.NOW
    )
    index_many([Entry(Kind.TOPIC, topic.pk, topic.title)], now=world.NOW)
    assert _names(_told("des bouées fluorescentes")) == []
    Link.objects.create(
        from_kind=Kind.INITIATIVE, from_id=row.pk, to_kind=Kind.TOPIC, to_id=topic.pk,
        relation=Relation.ANSWERS, since_at=world.NOW,
    )  # fmt: skip
    assert _names(_told("des bouées fluorescentes")) == ["Ada Lind"]


def test_a_brief_in_the_other_language_leads_to_its_release(ines: User) -> None:
    boats = area("Bateaux")
    champion("Ada Lind", "support", area=boats)
    row = planned(ines, "Amarres plus courtes", area=boats, language="fr")
    brief = Brief.objects.create(
        release=row, trade="support", language="en", body="The mooring ropes are shorter now.", state="ready",
        ready_at=world.NOW, created_at=world.NOW, changed_at=world.NOW,
    )  # fmt: skip
    index_briefs(Brief.objects.filter(pk=brief.pk), world.NOW)
    assert _names(_told("The ropes at our mooring broke", language="en")) == ["Ada Lind"]


def test_a_release_is_spoken_of_for_a_year_after_its_day(ines: User) -> None:
    boats = area("Bateaux")
    champion("Ada Lind", "support", area=boats)
    row = planned(ines, "Instant mooring label", area=boats)
    wanted = Release.objects.filter(pk=row.pk)
    wanted.update(state="released", released_at=world.NOW, released_on=world.TODAY - dt.timedelta(days=300))
    assert _names(_told("The instant mooring label prints twice")) == ["Ada Lind"]
    wanted.update(released_on=world.TODAY - dt.timedelta(days=400))
    assert _names(_told("The instant mooring label prints twice")) == []
