"""The ways from one part of ways of working to the next: time, hand-over, flow, checks of teams, opening again."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests import world
from tests.architecture.samples import browser
from tests.org.company import LONG_AGO, person, unit
from tests.practices.made import NOW, TODAY, built, director, somebody, validated
from vertebra.accounts.models import AuditEntry, Link, User
from vertebra.evidence.models import FlowOpening
from vertebra.org.models import Membership, Person, Unit, UnitVersion
from vertebra.practices.actions import life, reach
from vertebra.practices.actions.flow import NotForFlow, look_at_flow
from vertebra.practices.actions.time_ceilings import set_ceiling
from vertebra.practices.labels.practices import PracticeState, Reach
from vertebra.practices.models import (
    Adaptation,
    CeilingReason,
    Check,
    CheckAdaptation,
    Practice,
    PracticeReach,
)
from vertebra.roadmap.actions.initiatives import archive_initiative, create_initiative
from vertebra.web.sections import SECTIONS, tabs_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(settings: Any) -> None:
    settings.FIXED_NOW = NOW


def english(user: User) -> Client:
    return browser(world.english(user))


def url(name: str, *args: Any) -> str:
    return reverse(f"practices:{name}", args=args)


def text_at(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, answer.status_code
    return " ".join(answer.content.decode().split())


def at_work(user: User, name: str, team: Unit, function: str = "engineering") -> Person:
    """Somebody with an account who works in a team."""
    one = person(name, user=user, email=user.email)
    Membership.objects.create(person=one, unit=team, function=function, starts_on=LONG_AGO)
    return one


def ready(team: Unit) -> tuple[User, Person, Practice]:
    """A validated practice that a team tries, its carrier with their account."""
    user, carrier = somebody("Carrie")
    diane, _one = director()
    return user, carrier, validated(user, diane, carrier, team)


class TestTimeOfAStandard:
    def test_the_form_shows_what_a_standard_displaces_and_asks_for_a_signature(self) -> None:
        team = unit("Billing")
        person("Paule", team, "product")
        user, carrier, row = ready(team)
        client, page = english(user), url("reach-create", row.pk)
        said = text_at(client, page)
        assert "What it would ask, as a standard there" in said and "the whole company" in said
        assert "over_reason" not in said
        set_ceiling(actor=world.ines(), function="product", minutes=10, now=NOW)
        assert "over_reason" in text_at(client, page)
        given = {"unit": team.pk, "reach": "standard", "reason": "They asked for it."}
        answer = client.post(page, given)
        said = answer.content.decode()
        assert answer.status_code == 422 and not PracticeReach.objects.exists()
        assert "It would ask for more time than may be asked" in said
        assert "They asked for it." in said and "over_reason" in said and "50 too many" in said
        assert client.post(page, {**given, "over_reason": "Two others end."}).status_code == 302
        signed = CeilingReason.objects.get()
        assert (signed.person, signed.words) == (carrier, "Two others end.")
        assert PracticeReach.objects.get().reason == "They asked for it."

    def test_where_nobody_is_over_no_signature_is_asked(self) -> None:
        team, other = unit("Billing"), unit("Elsewhere")
        person("Paule", team, "product")
        user, _carrier, row = ready(team)
        set_ceiling(actor=world.ines(), function="product", minutes=10, now=NOW)
        client = english(user)
        assert "over_reason" not in text_at(client, f"{url('reach-create', row.pk)}?unit={other.pk}")
        for odd in ("x", "-1", "9" * 40, "Billing #0"):
            assert client.get(url("reach-create", row.pk), {"unit": odd}).status_code == 200
            assert client.post(url("reach-create", row.pk), {"unit": odd}).status_code == 422


class TestHandOver:
    def test_the_page_leads_whoever_carries_it_to_the_hand_over(self) -> None:
        user, _carrier, row = ready(unit("Billing"))
        client = english(user)
        way = f"{url('hand-over-create')}?kind=practice&amp;number={row.pk}"
        assert way in text_at(client, url("practice-show", row.pk))
        assert way not in text_at(english(world.lea()), url("practice-show", row.pk))
        heir = person("Hanna", email="hanna@example.org")
        given = {"to": heir.email, "by_on": (TODAY + dt.timedelta(days=9)).isoformat()}
        assert client.post(way.replace("&amp;", "&"), given).status_code == 302
        said = text_at(client, url("practice-show", row.pk))
        assert "being handed over to Hanna by" in said and way not in said


class TestFlow:
    def test_a_practice_has_flow_looked_at_where_it_is_lived(self) -> None:
        team, other = unit("Billing"), unit("Elsewhere")
        user, _carrier, row = ready(team)
        client, page = english(user), url("practice-flow", row.pk)
        assert reverse("practices:practice-flow", args=[row.pk]) in text_at(
            client, url("practice-show", row.pk)
        )
        said = text_at(client, page)
        assert "Look at it for Billing" in said and "Elsewhere" not in said and "whole company" not in said
        client.post(url("flow-opening", row.pk), {"unit": team.pk, "why": " "})
        client.post(url("flow-opening", row.pk), {"unit": other.pk, "why": "Why not"})
        client.post(url("flow-opening", row.pk), {"unit": "all", "why": "Why not"})
        assert not FlowOpening.objects.exists()
        client.post(url("flow-opening", row.pk), {"unit": team.pk, "why": "Does review wait less?"})
        opening = FlowOpening.objects.get()
        assert (opening.unit, opening.kind, opening.object_id) == (team, "practice", row.pk)
        lea = english(world.lea())
        said = text_at(lea, page)
        assert "Does review wait less?" in said and reverse("evidence:flow-show", args=[team.pk]) in said
        assert "Look no longer" not in said
        assert reverse("evidence:flow-show", args=[team.pk]) in text_at(lea, url("unit-checks", team.pk))
        assert "How work flows here" not in text_at(lea, url("unit-checks", other.pk))
        assert client.post(url("flow-closing", row.pk), {"opening": opening.pk}).status_code == 302
        opening.refresh_from_db()
        assert opening.closed_at == NOW

    def test_the_whole_company_is_offered_where_the_practice_is_for_all(self) -> None:
        user, _carrier, row = ready(unit("Billing"))
        reach.set_reach(actor=user, practice=row, unit=None, reach=Reach.RECOMMENDED, now=NOW)
        client = english(user)
        assert "Look at it for the whole company" in text_at(client, url("practice-flow", row.pk))
        client.post(url("flow-opening", row.pk), {"unit": "all", "why": "Where does time go?"})
        assert FlowOpening.objects.get().unit is None

    def test_only_those_who_build_it_ask_or_close(self) -> None:
        team = unit("Billing")
        user, _carrier, row = ready(team)
        karim = world.karim()
        at_work(karim, "Karim", team)
        for one in (world.lea(), karim):
            answer = english(one).post(url("flow-opening", row.pk), {"unit": team.pk, "why": "Curious"})
            assert answer.status_code in {403, 404}
        opening = look_at_flow(actor=user, practice=row, unit=team, why="Waiting", now=NOW)
        answer = english(karim).post(url("flow-closing", row.pk), {"opening": opening.pk})
        assert answer.status_code == 403 and FlowOpening.objects.filter(closed_at=None).exists()

    def test_nobody_alone_has_flow_looked_at_and_nothing_outlives_the_practice(self) -> None:
        team = unit("Billing")
        user, _carrier, row = ready(team)
        look_at_flow(actor=user, practice=row, unit=team, why="Waiting", now=NOW)
        life.retire_practice(actor=user, practice=row, reason="Replaced", now=NOW)
        assert not FlowOpening.objects.filter(closed_at=None).exists()
        life.resume_practice(actor=user, practice=row, now=NOW)
        row.co_authors.all().delete()
        with pytest.raises(NotForFlow, match="co-authors"):
            look_at_flow(actor=user, practice=row, unit=team, why="Waiting", now=NOW)


class TestChecksOfATeam:
    def adapt(self, client: Client, check: Check, team: Unit) -> int:
        day = (TODAY + dt.timedelta(days=60)).isoformat()
        given = {"unit": team.pk, "days": 30, "reason": "Long builds.", "ends_on": day}
        return client.post(url("check-adaptation", check.pk), given).status_code

    def test_a_check_is_adapted_by_the_team_or_by_those_who_build_the_practice(self) -> None:
        team, other = unit("Billing"), unit("Elsewhere")
        user, _carrier, row = ready(team)
        english(user).post(url("check-choice", row.pk, "stale"))
        check = Check.objects.get()
        karim, marc = world.karim(), world.account("Marc")
        at_work(karim, "Karim", team)
        assert self.adapt(english(world.lea()), check, team) in {403, 404}
        assert self.adapt(english(marc), check, team) == 403
        assert self.adapt(english(karim), check, other) == 403
        assert english(marc).get(url("check-adaptation", check.pk)).status_code == 403
        assert "Adapt it for a team" not in text_at(english(marc), url("check-show", check.pk))
        assert not CheckAdaptation.objects.exists()
        said = text_at(english(karim), url("check-adaptation", check.pk))
        assert "Billing" in said and "Elsewhere" not in said
        assert self.adapt(english(karim), check, team) == 302
        assert self.adapt(english(user), check, other) == 302
        assert set(CheckAdaptation.objects.values_list("unit", flat=True)) == {team.pk, other.pk}

    def test_nobody_speaks_for_a_team_that_they_do_not_lead(self) -> None:
        team = unit("Billing")
        _user, _carrier, row = ready(team)
        karim = world.karim()
        at_work(karim, "Karim", unit("Elsewhere"))
        day = (TODAY + dt.timedelta(days=60)).isoformat()
        given = {"kind": "adapted", "reason": "Mondays.", "ends_on": day}
        client = english(karim)
        assert client.post(url("adaptation-edit", team.pk, row.pk), given).status_code == 403
        assert client.post(url("team-adoption", team.pk), {f"state_{row.pk}": "adopted"}).status_code == 403
        assert not Adaptation.objects.exists()


class TestOpenedAgain:
    def standard(self) -> tuple[User, Practice, list[Unit]]:
        company = unit("Tournesol", None, "company")
        teams = [unit(f"Team {at}", company) for at in range(5)]
        user, _carrier, row = ready(teams[0])
        PracticeReach.objects.create(
            practice=row, reach="standard", starts_on=LONG_AGO, validation=row.validation, created_at=NOW
        )
        for team in teams[:2]:
            Adaptation.objects.create(
                practice=row, unit=team, kind="adapted", reason="Mondays.", language="en", starts_on=TODAY,
                ends_on=TODAY + dt.timedelta(days=60), created_at=NOW,
            )  # fmt: skip
        return user, row, teams

    def test_the_flag_leads_to_opening_it_again(self) -> None:
        user, row, _teams = self.standard()
        way = url("practice-reopening", row.pk)
        client, lea = english(user), english(world.lea())
        assert way in text_at(client, url("practice-adoption", row.pk))
        assert way not in text_at(lea, url("practice-adoption", row.pk))
        assert client.post(way, {"reason": " "}).status_code == 422
        assert lea.post(way, {"reason": "No"}).status_code in {403, 404}
        assert client.post(way, {"reason": "Two teams of five do otherwise."}).status_code == 302
        row.refresh_from_db()
        assert row.state == PracticeState.CO_BUILT
        entry = AuditEntry.objects.get(verb="reopen")
        assert entry.particulars["reason"] == "Two teams of five do otherwise."
        assert row.reaches.get().ends_on is None
        told = text_at(lea, reverse("practices:change-list"))
        assert "opened again" in told
        assert "Two teams of five do otherwise." in told
        assert way not in text_at(client, url("practice-adoption", row.pk))

    def test_what_is_announced_waits_and_only_what_was_validated_is_opened(self) -> None:
        user, row, teams = self.standard()
        reach.set_reach(actor=user, practice=row, unit=teams[2], reach=Reach.RECOMMENDED, now=NOW)
        life.reopen_practice(actor=user, practice=row, reason="Too many", now=NOW)
        assert not PracticeReach.objects.all_time().filter(starts_on__gt=TODAY, ends_on=None).exists()
        with pytest.raises(life.NotTheMoment):
            life.reopen_practice(actor=user, practice=row, reason="Again", now=NOW)
        other, carrier = somebody("Otto")
        with pytest.raises(life.NotTheMoment):
            life.reopen_practice(
                actor=other, practice=built(other, carrier, teams[1]), reason="Early", now=NOW
            )

    def test_the_director_finds_the_way_too(self) -> None:
        _user, row, teams = self.standard()
        assert row.carrier is not None
        Membership.objects.create(person=row.carrier, unit=teams[0], function="product", starts_on=LONG_AGO)
        ops = english(world.ines())
        said = text_at(ops, f"{url('direction')}?unit={UnitVersion.objects.get(name='Tournesol').unit_id}")
        assert url("practice-reopening", row.pk) in said


def test_the_tabs_of_ways_of_working_are_seven_and_open() -> None:
    section = next(one for one in SECTIONS if one.key == "w")
    ines = world.ines()
    client = english(ines)
    tabs = tabs_of(section, ines, "/practices/")
    assert [tab.url for tab in tabs][:4] == [
        url(name) for name in ("practice-list", "adoption-map", "routine-list", "time-asked")
    ]
    assert len(tabs) == 7 and reverse("evidence:flow-list") in [tab.url for tab in tabs]
    for tab in tabs:
        assert client.get(tab.url).status_code == 200
    assert len(tabs_of(section, world.lea(), "/practices/")) == 7


def test_an_initiative_carries_a_practice_out_and_the_thread_says_so() -> None:
    user, carrier = somebody("Noor")
    row = built(user, carrier)
    project = create_initiative(
        actor=user, kind="operating_model", title="Fridays are shown", language="en", now=NOW
    )
    client, lea = english(user), english(world.lea())
    way = url("initiative-create", row.pk)
    assert lea.get(way).status_code == 403
    assert client.post(way, {"initiative": ""}).status_code == 422
    assert client.post(way, {"initiative": "Mondays"}).status_code == 422
    assert client.post(way, {"initiative": f"Fridays are shown #{project.pk}"}).status_code == 302
    assert "Fridays are shown" in text_at(lea, url("practice-around", row.pk))
    tie = Link.objects.get(relation="carries_out", ended_at=None)
    assert (tie.from_kind, tie.from_id, tie.to_kind, tie.to_id) == (
        "initiative",
        project.pk,
        "practice",
        row.pk,
    )
    assert client.post(way, {"initiative": "Fridays are shown"}).status_code == 422
    assert client.post(url("initiative-removal", row.pk, project.pk)).status_code == 302
    assert "Fridays are shown" not in text_at(lea, url("practice-around", row.pk))


def test_initiatives_are_suggested_by_their_title() -> None:
    user, carrier = somebody("Noor")
    row = built(user, carrier)
    made = [
        create_initiative(actor=user, kind="operating_model", title=title, language="en", now=NOW)
        for title in ("We show on Fridays", "Fridays are shown", "Élan", "Élan")
    ]
    client, lea = english(user), english(world.lea())
    way, asked = url("initiative-create", row.pk), url("initiative-suggest", row.pk)
    assert f'hx-get="{asked}"' in text_at(client, way)
    assert lea.get(asked).status_code == 403
    said = text_at(client, f"{asked}?initiative=fridays")
    assert said.index(f"Fridays are shown #{made[1].pk}") < said.index(f"We show on Fridays #{made[0].pk}")
    assert "Élan" not in said and f"#{made[2].pk}" in text_at(client, f"{asked}?initiative=elan")
    assert "Several are called" in client.post(way, {"initiative": "elan"}).content.decode()
    assert client.post(way, {"initiative": "fridays are shown"}).status_code == 302
    assert f"#{made[1].pk}" not in text_at(client, f"{asked}?initiative=fridays")


def test_an_initiative_archived_since_is_told_and_untied() -> None:
    user, carrier = somebody("Noor")
    row = built(user, carrier)
    project = create_initiative(actor=user, kind="operating_model", title="Fridays", language="en", now=NOW)
    client = english(user)
    client.post(url("initiative-create", row.pk), {"initiative": "Fridays"})
    archive_initiative(actor=user, initiative=project, now=NOW)
    said = text_at(client, url("practice-around", row.pk))
    assert "Fridays" in said and "archived" in said
    assert client.post(url("initiative-removal", row.pk, project.pk)).status_code == 302
    assert not Link.objects.filter(relation="carries_out", ended_at=None).exists()
