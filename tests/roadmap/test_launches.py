"""Playbooks and launches: versions, owners by mandate, steps worked, readiness, stages compared, lessons, parity."""

import datetime as dt
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from tests import world
from tests.org.company import person, unit
from tests.roadmap.undertaken import browser
from vertebra.accounts.models import Message, User
from vertebra.evidence.models import Ask
from vertebra.kit.seals import unseal
from vertebra.org.models import Mandate, Market
from vertebra.roadmap.actions import launches as actions
from vertebra.roadmap.actions import playbooks as books
from vertebra.roadmap.actions.readiness import NobodyToAsk, NoReadiness, ask_readiness, say_readiness
from vertebra.roadmap.models import (
    Feature,
    FeatureInMarket,
    GoNoGo,
    Initiative,
    KeyResult,
    Launch,
    Playbook,
    PlaybookVersion,
)
from vertebra.roadmap.providers import FIGURES
from vertebra.roadmap.queries.launches import before, comparison, stages_of, steps_of
from vertebra.roadmap.shipped.playbooks import playbooks

pytestmark = pytest.mark.django_db
NOW = world.NOW


@pytest.fixture(autouse=True)
def today(settings: Any) -> None:
    settings.FIXED_NOW = NOW
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    cache.clear()


@pytest.fixture
def ines() -> User:
    return world.ines()


@pytest.fixture
def client(ines: User) -> Client:
    return browser(ines)


@pytest.fixture
def book(ines: User) -> Playbook:
    return books.create_playbook(actor=ines, title="", language="en", shipped="open-country", now=NOW)


def market(name: str = "Portugal") -> Market:
    return Market.objects.create(name=name, code=name[:2].upper(), created_at=NOW)


def opened(ines: User, book: Playbook, where: Market, ago: int = 0, days: int = 180, **given: Any) -> Launch:
    decided = world.TODAY - dt.timedelta(days=ago)
    return actions.start_launch(
        actor=ines, version=book.versions.exclude(published_at=None)[0], market=where, decided_on=decided,
        target_on=decided + dt.timedelta(days=days), language="en", now=NOW, **given,
    )  # fmt: skip


def lived(ines: User, launch: Launch, days: int, longer: int = 0) -> None:
    """A launch of the past, whose second stage took so many days longer than planned."""
    for number, stage in enumerate(stages_of(steps_of(launch))):
        end = stage.due_on + dt.timedelta(days=longer if number == 1 else 0)
        actions.complete_stage(
            actor=ines, launch=launch, stage=stage.name, started_on=stage.starts_on,
            ended_on=min(end, world.TODAY), now=NOW,
        )  # fmt: skip
    on = launch.decided_on + dt.timedelta(days=days)
    actions.note_launch(actor=ines, launch=launch, launched_on=on, now=NOW)


def shown(client: Client, name: str, *args: object, query: str = "") -> str:
    response = client.get(reverse(f"roadmap:{name}", args=args) + query)
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def test_a_stage_said_to_be_over_ends_no_step_before_it_began(ines: User, book: Playbook) -> None:
    launch = opened(ines, book, market(), ago=30)
    stage = stages_of(steps_of(launch))[0]
    actions.move_step(actor=ines, step=stage.steps[0], state="started", now=NOW)
    ended = world.TODAY - dt.timedelta(days=5)
    actions.complete_stage(
        actor=ines, launch=launch, stage=stage.name, started_on=launch.decided_on, ended_on=ended, now=NOW
    )
    step = launch.steps.get(pk=stage.steps[0].pk)
    assert (step.state, step.started_on, step.done_on) == ("done", ended, ended)


def test_the_shipped_playbook_is_alike_in_both_languages() -> None:
    french, english = playbooks("fr")["open-country"], playbooks("en")["open-country"]
    assert len(french.steps) == len(english.steps) >= 25
    for one, other in zip(french.steps, english.steps, strict=True):
        assert (one.role, one.function, one.starts_day, one.ends_day, one.is_gate) == (
            other.role, other.function, other.starts_day, other.ends_day, other.is_gate,
        )  # fmt: skip
        assert one.title != other.title and one.ends_day >= one.starts_day


def test_a_published_version_never_changes_and_a_draft_copies_it(ines: User, book: Playbook) -> None:
    first = book.versions.get()
    step = first.steps.all()[0]
    with pytest.raises(books.Published):
        books.set_step(actor=ines, version=first, step=step, values={"title": "Other"}, now=NOW)
    draft = books.draft_version(actor=ines, playbook=book, now=NOW)
    assert draft.number == 2 and draft.steps.count() == first.steps.count()
    assert books.draft_version(actor=ines, playbook=book, now=NOW) == draft
    books.set_step(actor=ines, version=draft, step=draft.steps.all()[0], values={"title": "Other"}, now=NOW)
    with pytest.raises(books.WrongDays):
        books.set_step(
            actor=ines, version=draft, step=draft.steps.all()[0], values={"ends_day": -999}, now=NOW
        )
    step.refresh_from_db()
    assert step.title != "Other"
    with pytest.raises(actions.NotPublished):
        actions.start_launch(
            actor=ines, version=draft, market=market(), target_on=world.TODAY + dt.timedelta(days=9),
            language="en", now=NOW,
        )  # fmt: skip
    books.publish_version(actor=ines, version=draft, now=NOW)
    assert PlaybookVersion.objects.filter(published_at=None).count() == 0


def test_steps_are_dated_and_owners_found_nearest_first(ines: User, book: Playbook) -> None:
    portugal, tribe = market(), unit("Tribe")
    near, far = person("Nina Near"), person("Farid Far")
    seller = person("Sam Sales")
    since = {"starts_on": world.TODAY - dt.timedelta(days=99)}
    Mandate.objects.create(role="product_manager", person=far, unit=tribe, **since)
    Mandate.objects.create(role="product_manager", person=near, market=portugal, **since)
    Mandate.objects.create(role="director", function="sales", person=seller, unit=unit("Sales"), **since)
    launch = opened(ines, book, portugal, days=90, owner_unit=tribe)
    steps = {step.title: step for step in steps_of(launch)}
    assert steps["Say why this country, and how we will know that it worked"].owner == near
    assert steps["Set prices and the first offer"].owner == seller
    assert steps["Have contracts and terms approved"].owner is None
    # Half the days there should be: what comes before the launch is squeezed, what comes after is not.
    assert min(step.starts_on for step in steps.values()) == world.TODAY
    assert steps["Compare with what was aimed at"].due_on == launch.target_on + dt.timedelta(days=40)
    assert launch.initiative.kind == "launch" and launch.initiative.due_on == launch.target_on
    with pytest.raises(actions.AlreadyOpening):
        opened(ines, book, portugal)


def test_steps_are_worked_and_moved(ines: User, book: Playbook) -> None:
    launch = opened(ines, book, market(), ago=20)
    step, other = steps_of(launch)[:2]
    actions.move_step(actor=ines, step=step, state="started", now=NOW)
    actions.move_step(actor=ines, step=step, state="done", now=NOW)
    actions.move_step(actor=ines, step=other, state="skipped", now=NOW)
    step.refresh_from_db()
    assert (step.state, step.started_on, step.done_on) == ("done", world.TODAY, world.TODAY)
    with pytest.raises(actions.WrongDays):
        actions.move_step(actor=ines, step=step, state="done", on=world.TODAY + dt.timedelta(days=1), now=NOW)
    third = steps_of(launch)[2]
    target = launch.target_on + dt.timedelta(days=10)
    actions.move_target(actor=ines, launch=launch, target_on=target, now=NOW)
    moved = steps_of(launch)[2]
    assert (moved.due_on - third.due_on).days == 10 and steps_of(launch)[0].due_on == step.due_on


def test_the_third_country_is_compared_with_the_second(ines: User, book: Playbook, client: Client) -> None:
    lived(ines, opened(ines, book, market("Spain"), ago=700), 240, longer=50)
    lived(ines, opened(ines, book, market("Italy"), ago=450), 220, longer=40)
    third = opened(ines, book, market("Portugal"), ago=230, days=180)
    lived(ines, third, 185)
    third.refresh_from_db()
    found = comparison(book.pk, world.TODAY)
    assert [column.days for column in found.done] == [240, 220, 185]
    stage = found.compared.costliest
    assert stage and (stage.name, stage.beyond) == ("Adapt", 40)
    previous = before(third)
    assert previous and previous.market.name == "Italy"
    page = shown(client, "launch-list")
    assert "35 days fewer" in page and "Adapt" in page and "Make an initiative of it" in page
    assert "35 days fewer" in shown(client, "launch-show", third.pk)
    client.post(reverse("roadmap:launch-stage-undertaking"), {"stage": "Adapt", "playbook": book.pk})
    # The same gesture in a second tab, in another language, undertakes it no second time.
    User.objects.filter(pk=ines.pk).update(language="fr")
    client.post(reverse("roadmap:launch-stage-undertaking"), {"stage": "Adapt", "playbook": book.pk})
    User.objects.filter(pk=ines.pk).update(language="en")
    row = Initiative.objects.get(kind="operating_model")
    result = KeyResult.objects.get(initiative=row)
    assert "Adapt" in row.title and result.target is not None
    values = list(FIGURES.values("launch-days", world.TODAY - dt.timedelta(days=900), world.TODAY))
    assert {(value.part, value.value) for value in values if value.part} == {
        ("Spain", 240.0), ("Italy", 220.0), ("Portugal", 185.0),
    }  # fmt: skip


def test_a_lesson_makes_the_next_version(ines: User, book: Playbook, client: Client) -> None:
    launch = opened(ines, book, market())
    step = steps_of(launch)[0]
    actions.change_step(actor=ines, step=step, changes={"lesson": "Ask the bank first."}, now=NOW)
    page = shown(client, "playbook-show", book.pk)
    assert "Ask the bank first." in page and "Lessons that wait" in page
    client.post(reverse("roadmap:playbook-draft", args=(book.pk,)))
    draft = book.versions.get(number=2)
    client.post(reverse("roadmap:playbook-lesson", args=(draft.pk,)), {"step": step.pk})
    step.refresh_from_db()
    draft.refresh_from_db()
    assert step.lesson_taken_in == draft and "Ask the bank first." in draft.what_changed
    assert "Lessons that wait" not in shown(client, "playbook-show", book.pk)
    client.post(
        reverse("roadmap:playbook-step-create", args=(draft.pk,)),
        {
            "title": "See the bank",
            "domain": "Finance",
            "stage": "Decide",
            "starts_day": -170,
            "ends_day": -160,
        },
    )
    client.post(reverse("roadmap:playbook-publishing", args=(draft.pk,)), {"what_changed": "The bank first."})
    draft.refresh_from_db()
    assert draft.published_at and draft.steps.filter(title="See the bank").exists()


def holders(ines: User, book: Playbook) -> tuple[Launch, Any]:
    lea = person("Lea Law", email="lea@field.example", language="en")
    Mandate.objects.create(
        role="director",
        function="legal",
        person=lea,
        unit=unit("Law"),
        starts_on=world.TODAY - dt.timedelta(days=9),
    )
    return opened(ines, book, market()), lea


def test_readiness_is_asked_once_and_said_by_the_link(ines: User, book: Playbook, client: Client) -> None:
    launch, lea = holders(ines, book)
    assert "Not known to be ready" in shown(client, "launch-show", launch.pk)
    ask_readiness(actor=ines, launch=launch, now=NOW)
    message = Message.objects.get(template="readiness_ask")
    assert (
        message.particulars["domains"] == ["Legal"] and Ask.objects.filter(person=lea, kind="launch").exists()
    )
    with pytest.raises(NobodyToAsk):
        ask_readiness(actor=ines, launch=launch, now=NOW)
    address = unseal(message.address)
    visitor = Client()
    assert "Have contracts and terms approved" in visitor.get(address).content.decode()
    assert not GoNoGo.objects.exists()
    for wrong in ({"domain": "Legal", "readiness": "not_ready"}, {"domain": "Sales", "readiness": "ready"}):
        visitor.post(address, wrong)
    assert not GoNoGo.objects.exists()
    visitor.post(address, {"domain": "Legal", "readiness": "not_ready", "note": "No contract yet."})
    page = shown(client, "launch-show", launch.pk)
    assert "Not ready:" in page and "No contract yet." in page
    visitor.post(address, {"domain": "Legal", "readiness": "ready", "note": ""})
    assert [word.readiness for word in launch.words.all()] == ["ready", "not_ready"]
    assert Client().get(reverse("roadmap:readiness-by-link", args=("0" * 64,))).status_code == 404


def test_nobody_is_asked_a_third_thing_in_a_week(ines: User, book: Playbook) -> None:
    launch, lea = holders(ines, book)
    for number in (1, 2):
        Ask.objects.create(person=lea, kind="survey", object_id=number, on=world.TODAY)
    with pytest.raises(NobodyToAsk):
        ask_readiness(actor=ines, launch=launch, now=NOW)


def test_a_launch_is_ready_when_every_domain_says_so(ines: User, book: Playbook, client: Client) -> None:
    launch = opened(ines, book, market())
    for domain in {step.domain for step in steps_of(launch)}:
        say_readiness(actor=ines, launch=launch, domain=domain, readiness="ready", person=None, now=NOW)
    assert "<b>Ready.</b>" in shown(client, "launch-show", launch.pk)
    with pytest.raises(NoReadiness):
        say_readiness(actor=ines, launch=launch, domain="Nothing", readiness="ready", person=None, now=NOW)


def test_a_launch_begins_in_one_form(client: Client, book: Playbook) -> None:
    where = market()
    version = book.versions.get()
    given = {"market": where.pk, "version": version.pk, "target_on": "2027-06-01", "owner_unit": ""}
    response = client.post(reverse("roadmap:launch-create"), given)
    launch = Launch.objects.get()
    assert response["Location"] == reverse("roadmap:launch-show", args=(launch.pk,))
    step = steps_of(launch)[0]
    client.post(reverse("roadmap:launch-step-state", args=(step.pk,)), {"state": "started"})
    step.refresh_from_db()
    assert step.state == "started"
    edit = {
        "owner": "", "starts_on": step.starts_on, "due_on": step.due_on, "state": "done", "started_on": "2026-10-01",
        "done_on": "2026-10-20", "note": "", "lesson": "Sooner.",
    }  # fmt: skip
    client.post(reverse("roadmap:launch-step-edit", args=(step.pk,)), edit)
    step.refresh_from_db()
    assert (step.done_on, step.lesson) == (dt.date(2026, 10, 20), "Sooner.")
    assert client.post(reverse("roadmap:launch-create"), given).status_code == 422


def test_pages_cost_few_questions(
    ines: User, book: Playbook, client: Client, django_assert_max_num_queries: Any
) -> None:
    for number in range(5):
        lived(ines, opened(ines, book, market(f"Land {number}"), ago=600 - number * 40), 200)
    launch = opened(ines, book, market())
    for name, args in (
        ("launch-list", ()), ("launch-show", (launch.pk,)), ("playbook-list", ()), ("playbook-show", (book.pk,)),
        ("parity", ()),
    ):  # fmt: skip
        shown(client, name, *args)
        with django_assert_max_num_queries(12):
            shown(client, name, *args)


def test_features_by_market_go_in_and_out(client: Client, ines: User) -> None:
    portugal, spain = market("Portugal"), market("Spain")
    assert "No feature is in the table yet" in shown(client, "parity")
    client.post(reverse("roadmap:feature-create"), {"name": "Instant transfer"})
    feature = Feature.objects.get()
    cell = reverse("roadmap:parity-cell", args=(feature.pk, portugal.pk))
    client.post(cell, {"state": "full"})
    part = client.post(cell, {"state": "partial"}, headers={"HX-Request": "true"}).content.decode()
    assert part.lstrip().startswith("<td") and FeatureInMarket.objects.get().state == "partial"
    file = shown(client, "parity", query="?format=csv")
    assert "Instant transfer,in part,absent" in file
    rows = "feature;PO;Espagne;Spain\nInstant transfer;entière;x;not needed\nRefund;planned;;oui\n"
    response = client.post(reverse("roadmap:parity-import"), {"rows": rows})
    assert response.status_code == 302
    states = {(row.feature.name, row.market.name): row.state for row in FeatureInMarket.objects.all()}
    assert states == {
        ("Instant transfer", "Portugal"): "full", ("Instant transfer", "Spain"): "not_needed",
        ("Refund", "Portugal"): "planned", ("Refund", "Spain"): "full",
    }  # fmt: skip
    wrong = client.post(reverse("roadmap:parity-import"), {"rows": "feature;Spain\nRefund;perhaps"})
    assert wrong.status_code == 422 and "perhaps" in wrong.content.decode()
    assert "Refund" in shown(client, "parity", query=f"?market={portugal.pk}&lacking=1")
    client.post(reverse("roadmap:feature-archiving", args=(feature.pk,)))
    assert f'id="feature-{feature.pk}"' not in shown(client, "parity", query=f"?market={spain.pk}")
