"""What an import does to the organisation: made, changed, closed, left alone."""

import datetime as dt
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import world
from tests.org.importing import bring, company, plan, record, tables, to, total, without
from tests.sources.test_import_pages import UNITS, page, walk
from vertebra.accounts import audit
from vertebra.accounts.models import AuditEntry, SearchEntry
from vertebra.org.importing import preview
from vertebra.org.importing.actions import TooMuchToClose
from vertebra.org.models import (
    Area,
    AreaVersion,
    Mandate,
    Market,
    Membership,
    Ownership,
    Person,
    Unit,
    UnitKind,
    UnitVersion,
)
from vertebra.sources import uploads

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
LATER = world.TODAY + dt.timedelta(days=30)


def version(name: str) -> Any:
    return UnitVersion.objects.all_time().get(name=name, ends_on=None)


def test_everything_told_is_made_and_led_to_what_it_mentions() -> None:
    outcome = bring(company())
    assert outcome.plan.summary()["person"] == {"created": 3, "changed": 0, "closed": 0, "unchanged": 0}
    cart = version("Cart")
    assert cart.parent == version("Selling").unit
    assert cart.kind.slug == "team"
    assert cart.starts_on == world.TODAY
    bo = Person.objects.get(name="Bo Chen")
    assert bo.manager is not None
    assert bo.manager.name == "Ada Lind"
    assert Membership.objects.all_time().get(person=bo).unit == version("Payment").unit
    assert Ownership.objects.all_time().get().unit == cart.unit
    journey = AreaVersion.objects.all_time().get(name="Buying").area
    assert [step.area for step in journey.steps.all()] == [
        AreaVersion.objects.all_time().get(name="Checkout").area
    ]


def test_who_is_mentioned_and_not_told_is_reported_and_never_made() -> None:
    outcome = bring(company())
    unknown = {(one.of_kind, one.field, one.text): one.count for one in outcome.plan.unknowns}
    assert unknown == {("person", "manager", "Nobody Known"): 1, ("mandate", "person", "Nobody Known"): 1}
    assert Person.objects.count() == 3
    lead = Mandate.objects.all_time().get(role="lead")
    assert (lead.person, lead.reference) == (None, "Nobody Known")
    cy = Person.objects.get(name="Cy Roux")
    assert (cy.manager, cy.manager_reference) == (None, "Nobody Known")


def test_the_same_records_twice_change_nothing_and_leave_no_entry() -> None:
    bring(company())
    before, entries = tables(), AuditEntry.objects.count()
    outcome = bring(company(), on=LATER)
    assert outcome.entry is None
    assert total(outcome.plan, "unchanged") == len(company())
    assert tables() == before
    assert AuditEntry.objects.count() == entries


def test_a_unit_renamed_by_the_source_keeps_its_past() -> None:
    bring(company())
    bring(company(cart={"name": "Basket"}), on=LATER)
    old, new = UnitVersion.objects.all_time().filter(unit=version("Basket").unit).order_by("starts_on")
    assert (old.name, old.ends_on) == ("Cart", LATER)
    assert (new.name, new.starts_on, new.purpose) == ("Basket", LATER, "The basket")


def test_a_change_on_the_day_a_fact_began_corrects_it() -> None:
    bring(company())
    bring(company(cart={"name": "Basket"}, m1={"function": "design"}))
    assert UnitVersion.objects.all_time().filter(unit=version("Basket").unit).count() == 1
    assert Membership.objects.all_time().get(person__name="Ada Lind").function == "design"


def test_a_membership_told_otherwise_closes_and_the_next_opens() -> None:
    bring(company())
    bring(company(m1={"unit": to("unit", "pay")}), on=LATER)
    old, new = Membership.objects.all_time().filter(person__name="Ada Lind").order_by("starts_on")
    assert (old.ends_on, old.unit) == (LATER, version("Cart").unit)
    assert (new.starts_on, new.ends_on, new.unit) == (LATER, None, version("Payment").unit)
    assert bring(company(m1={"unit": to("unit", "pay")}), on=LATER).entry is None


def test_a_hand_edit_wins_until_the_source_says_something_else() -> None:
    bring(company())
    Person.objects.filter(name="Ada Lind").update(title="Head of product")
    assert bring(company()).entry is None
    assert Person.objects.get(name="Ada Lind").title == "Head of product"
    bring(company(ada={"title": "Director"}))
    assert Person.objects.get(name="Ada Lind").title == "Director"


def test_a_unit_edited_by_hand_keeps_the_edit_while_another_field_follows_the_source() -> None:
    bring(company())
    UnitVersion.objects.all_time().filter(name="Cart").update(purpose="Written by hand")
    bring(company(cart={"name": "Basket"}), on=LATER)
    assert version("Basket").purpose == "Written by hand"


def test_what_hands_closed_stays_closed() -> None:
    bring(company())
    Membership.objects.all_time().filter(person__name="Ada Lind").update(ends_on=world.TODAY)
    assert bring(company(), on=LATER).entry is None
    assert Membership.objects.all_time().filter(person__name="Ada Lind").count() == 1


def test_a_mention_that_becomes_known_is_led_there() -> None:
    bring(company())
    extra = record("person", "nk", 40, name="Nobody Known")
    outcome = bring([*company(), extra])
    assert outcome.plan.unknowns == []
    lead = Mandate.objects.all_time().get(role="lead", ends_on=None)
    assert lead.person is not None
    assert lead.reference == ""
    assert Person.objects.get(name="Cy Roux").manager == lead.person


def test_people_of_hand_are_recognised_and_only_completed() -> None:
    ada = Person.objects.create(
        name="Ada L.", name_folded="ada l.", email="ADA@example.org", created_at=world.NOW
    )
    bring(company())
    ada.refresh_from_db()
    assert (ada.name, ada.title, ada.source) == ("Ada L.", "PM", None)
    assert Person.objects.count() == 3
    assert Membership.objects.all_time().filter(person=ada).exists()
    bring(company(ada={"title": "Director"}))
    ada.refresh_from_db()
    assert ada.title == "PM"


def test_a_name_recognises_only_where_it_is_unique_and_nothing_speaks_against_it() -> None:
    Person.objects.create(
        name="Bo Chen", name_folded="bo chen", email="other@example.org", created_at=world.NOW
    )
    Person.objects.create(name="Cy Roux", name_folded="cy roux", created_at=world.NOW)
    bring(company())
    assert Person.objects.filter(name="Bo Chen").count() == 2
    assert Person.objects.filter(name="Cy Roux").count() == 1


def test_a_person_who_gets_another_id_in_the_source_stays_the_same_person() -> None:
    bring(company())
    renamed = [
        *without(company(), "ada", "bo"),
        record("person", "ada2", name="Ada Lind", email="ada@example.org"),
    ]
    bring(renamed)
    assert Person.objects.filter(email="ada@example.org").count() == 1
    assert Person.objects.get(email="ada@example.org").external_id == "ada2"


def test_without_full_what_is_absent_stays() -> None:
    bring(company())
    assert bring(without(company(), "cy", "m2")).entry is None


def test_full_closes_what_the_same_source_no_longer_tells_and_nothing_else() -> None:
    bring(company())
    bring([record("person", "zoe", name="Zoe Other")], source="elsewhere")
    Person.objects.create(name="Hand Made", name_folded="hand made", created_at=world.NOW)
    outcome = bring(without(company(), "cy", "lead"), is_full=True, on=LATER)
    assert total(outcome.plan, "closed") == 2
    assert Person.objects.get(name="Cy Roux").left_on == LATER
    assert Mandate.objects.all_time().get(role="lead").ends_on == LATER
    assert Person.objects.get(name="Zoe Other").left_on is None
    assert Person.objects.get(name="Hand Made").left_on is None
    assert bring(without(company(), "cy", "lead"), is_full=True, on=LATER).entry is None


def test_full_closes_units_areas_and_markets_in_their_own_way() -> None:
    bring(company())
    kept = without(company(), "pay", "m2", "lead", "buying", "fr")
    with pytest.raises(TooMuchToClose) as refused:
        bring(kept, is_full=True, on=LATER)
    bring(kept, is_full=True, on=LATER, confirmed_closing=refused.value.closing)
    assert UnitVersion.objects.all_time().get(name="Payment").ends_on == LATER
    assert AreaVersion.objects.all_time().get(name="Buying").ends_on == LATER
    assert Market.objects.get().archived_at is not None


def test_closing_a_fifth_needs_the_exact_number() -> None:
    bring(company())
    kept = without(company(), "cy", "pm", "lead")
    with pytest.raises(TooMuchToClose) as refused:
        bring(kept, is_full=True)
    assert (refused.value.closing, refused.value.open_rows) == (3, 14)
    assert "3" in str(refused.value)
    with pytest.raises(TooMuchToClose):
        bring(kept, is_full=True, confirmed_closing=4)
    assert total(bring(kept, is_full=True, confirmed_closing=3).plan, "closed") == 3


def test_what_a_full_import_closed_opens_again_when_it_is_told_again() -> None:
    bring(company())
    bring(without(company(), "pay", "m2", "lead"), is_full=True, on=LATER, confirmed_closing=3)
    back = LATER + dt.timedelta(days=10)
    bring(company(), on=back)
    assert version("Payment").starts_on == back
    assert Membership.objects.all_time().get(person__name="Bo Chen", ends_on=None).starts_on == back
    assert bring(company(), on=back).entry is None


def test_closed_and_told_again_on_one_day_leaves_one_open_row() -> None:
    bring(company())
    bring(without(company(), "pay", "m2", "lead"), is_full=True, on=LATER, confirmed_closing=3)
    bring(company(), on=LATER)
    assert version("Payment").unit.versions.filter(ends_on=None).count() == 1
    assert Membership.objects.all_time().filter(person__name="Bo Chen", ends_on=None).count() == 1
    assert bring(company(), on=LATER).entry is None


@pytest.mark.parametrize("change", ["first", "second", "full"])
def test_undoing_an_import_brings_every_table_back(change: str) -> None:
    ada = world.ada()
    if change != "first":
        bring(company())
    before = tables()
    changed = company(
        cart={"name": "Basket"}, ada={"title": "Director", "email": "new@example.org"}, m1={"share": 50}
    )
    records = without(changed, "cy", "pm", "lead") if change == "full" else changed
    outcome = bring(records, on=LATER, is_full=change == "full", confirmed_closing=3)
    assert outcome.entry is not None
    assert tables() != before
    audit.undo(actor=ada, entry=outcome.entry, now=world.NOW)
    assert tables() == before


def test_an_import_is_one_entry_that_says_what_it_did() -> None:
    outcome = bring(company())
    entry = outcome.entry
    assert entry is not None
    assert (entry.verb, entry.object_name) == ("import", "hr")
    assert entry.particulars["summary"]["unit"]["created"] == 3
    created = {
        model._meta.label_lower: model._base_manager.count()
        for model in (
            Unit,
            UnitKind,
            UnitVersion,
            Person,
            Membership,
            Mandate,
            Area,
            AreaVersion,
            Market,
            Ownership,
        )
    }
    assert entry.rows.count() == sum(created.values()) + 1


def test_search_finds_what_was_imported() -> None:
    bring(company())
    assert set(SearchEntry.objects.values_list("title", flat=True)) >= {
        "Cart",
        "Ada Lind",
        "Checkout",
        "France",
    }
    bring(without(company(), "cy"), is_full=True)
    assert not SearchEntry.objects.filter(title="Cy Roux").exists()


def test_a_relation_told_twice_is_one_relation() -> None:
    twice = record(
        "membership", "again", 30, person=to("person", "ada"), unit=to("unit", "cart"), function="product"
    )
    outcome = bring([*company(), twice])
    assert Membership.objects.all_time().filter(person__name="Ada Lind").count() == 1
    assert outcome.plan.counts["membership"]["unchanged"] == 1
    assert bring([*company(), twice]).entry is None


def test_a_membership_without_its_person_is_reported_and_left_out() -> None:
    lost = record("membership", "lost", 30, person=to("person", "", name="Ghost"), unit=to("unit", "cart"))
    outcome = bring([*company(), lost])
    assert ("membership", "person", "Ghost") in {(o.of_kind, o.field, o.text) for o in outcome.plan.unknowns}
    assert Membership.objects.all_time().count() == 2


def test_a_second_source_adds_its_own_and_touches_nothing_of_the_first() -> None:
    bring(company())
    other = [
        record("person", "9", name="Ada Lind", email="ada@example.org", handle="ada.l", title="Boss"),
        record("membership", "9/tribe", person=to("person", "9"), unit=to("unit", "", name="Selling")),
    ]
    bring(other, source="idp")
    ada = Person.objects.get(name="Ada Lind")
    assert (ada.title, ada.handle) == ("PM", "ada.l")
    assert Membership.objects.all_time().filter(person=ada).count() == 2
    bring([other[0]], source="idp", is_full=True, confirmed_closing=1)
    assert Membership.objects.all_time().filter(person=ada, ends_on=None).get().external_id == "m1"


def test_the_past_told_later_is_put_before_what_is_known() -> None:
    bring(company())
    earlier = world.TODAY - dt.timedelta(days=100)
    bring(company(), on=earlier)
    assert UnitVersion.objects.as_of(earlier).filter(name="Cart").exists()
    assert bring(company(), on=earlier).entry is None


def test_facts_told_with_their_days_hold_for_them() -> None:
    start, end = dt.date(2020, 1, 1), dt.date(2022, 1, 1)
    bring(company(m1={"starts_on": start, "ends_on": end}))
    ada = Membership.objects.all_time().get(person__name="Ada Lind")
    assert (ada.starts_on, ada.ends_on) == (start, end)
    bring(company(m1={"starts_on": start, "ends_on": None}))
    ada.refresh_from_db()
    assert ada.ends_on is None


def test_a_plan_reads_only() -> None:
    before = tables()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        made = plan(company())
    assert total(made, "created") == 14
    assert all(query["sql"].lstrip().upper().startswith(("SELECT", "DECLARE")) for query in queries)
    assert tables() == before


def test_a_preview_tells_no_hours_that_were_agreed() -> None:
    bring(company(pm={"hours_per_month": 7}))
    shown = list(preview.lines(plan(company(pm={"hours_per_month": 5}))))
    assert [one for line in shown for one in line["fields"]] == [
        {"label": "hours a month", "before": "…", "after": "5"}
    ]


def test_earlier_hours_are_told_to_product_ops_alone(client: Client) -> None:
    client.force_login(world.ines())
    run = walk(client, "unites.csv", UNITS, "table:unit")
    bring(company(pm={"hours_per_month": 7}))
    planned = plan(company(pm={"hours_per_month": 5}))
    uploads.write_changes(run, preview.lines(planned, with_private=True))
    address = f"/imports/{run.pk}/preview/"
    assert re.search(r"</span>7</del>.*</span>5</ins>", page(client, address))
    other = Client()
    other.force_login(world.ada())
    shown = page(other, address)
    assert re.search(r"</span>…</del>.*</span>5</ins>", shown) and "7</del>" not in shown
    assert "private" not in str(list(preview.lines(planned))), "nor what a command prints"
