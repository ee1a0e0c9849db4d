"""“In design”: one list of what is being designed and what comes next, with how sure it is, for the whole field."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import world
from tests.org.company import LONG_AGO, area, unit
from tests.releases.made import champion, planned
from tests.roadmap.undertaken import browser, started, undertaken
from vertebra.accounts.models import User
from vertebra.org.models import Market, Ownership
from vertebra.releases.actions.states import check_release, release_it
from vertebra.releases.labels.consultations import CERTAINTY_TONES, Certainty
from vertebra.releases.models import Release
from vertebra.releases.queries.audiences import Reading
from vertebra.releases.queries.in_design import Places, around, counts, in_design, shown, within
from vertebra.roadmap.models import Initiative, Involvement

pytestmark = pytest.mark.django_db
PAGE = "/releases/in-design/"
SOON = world.TODAY + dt.timedelta(days=20)


def product(actor: User, title: str, **given: Any) -> Initiative:
    """An initiative that changes the product."""
    fields = {name: given.pop(name) for name in ("state", "due_on", "pace") if name in given}
    row = undertaken(actor, title, kind="product", **given)
    Initiative.objects.filter(pk=row.pk).update(**fields)
    row.refresh_from_db()
    return row


def sure() -> dict[str, Certainty]:
    """How sure each thing is, by its title."""
    return {one.title: one.certainty for one in shown(in_design(world.TODAY), world.TODAY)}


def test_how_sure_something_is_follows_from_its_state_its_day_and_its_word(ines: User) -> None:
    past = world.TODAY - dt.timedelta(days=1)
    product(ines, "idea", state="idea")
    product(ines, "wanted", state="planned", due_on=SOON)
    product(ines, "begun", state="started")
    product(ines, "likely", state="started", due_on=SOON)
    product(ines, "at risk", state="started", due_on=SOON, pace="at_risk")
    product(ines, "late", state="started", due_on=past)
    product(ines, "paused", state="paused", due_on=SOON)
    planned(ines, "undated release")
    planned(ines, "dated release", planned_on=SOON)
    checked = planned(ines, "checked release", planned_on=SOON)
    check_release(actor=ines, release=checked, now=world.NOW)
    late = planned(ines, "late release", planned_on=SOON)
    Release.objects.filter(pk=late.pk).update(planned_on=past)
    assert sure() == {
        "idea": Certainty.IDEA, "wanted": Certainty.WANTED, "begun": Certainty.BEGUN, "likely": Certainty.LIKELY,
        "at risk": Certainty.SHAKY, "late": Certainty.SHAKY, "paused": Certainty.SHAKY,
        "undated release": Certainty.BEGUN, "dated release": Certainty.LIKELY, "checked release": Certainty.SURE,
        "late release": Certainty.SHAKY,
    }  # fmt: skip
    told = counts(world.TODAY)
    assert (told.all, told.soon, told.shaky) == (11, 6, 4)


def test_what_is_out_over_archived_or_no_change_of_the_product_is_not_in_design(ines: User) -> None:
    out = planned(ines, "Out")
    release_it(actor=ines, release=out, now=world.NOW)
    for state in ("delivered", "closed"):
        product(ines, state, state=state)
    started(ines, "How we work", kind="operating_model")
    gone = planned(ines, "Archived")
    Release.objects.filter(pk=gone.pk).update(archived_at=world.NOW)
    assert sure() == {}
    assert counts(world.TODAY).all == 0


def test_a_release_and_an_initiative_of_the_same_number_stay_apart(ines: User) -> None:
    row, other = planned(ines, "Release", planned_on=SOON), product(ines, "Initiative", state="idea")
    Initiative.objects.filter(pk=other.pk).exclude(pk=row.pk).update(due_on=None)
    assert sure() == {"Release": Certainty.LIKELY, "Initiative": Certainty.IDEA}


def test_an_area_holds_what_is_for_it_for_what_it_holds_and_what_its_owner_builds(ines: User) -> None:
    boats, wheels = area("Bateaux"), area("Roues")
    hulls = area("Coques", boats)
    builders = unit("Chantier")
    Ownership.objects.create(unit=builders, area=hulls, starts_on=LONG_AGO)
    planned(ines, "Release here", area=hulls)
    planned(ines, "Release elsewhere", area=wheels)
    here = product(ines, "Initiative here", state="started")
    Involvement.objects.create(initiative=here, area=boats)
    product(ines, "Built here", state="started", owner_unit=builders)
    product(ines, "Nowhere", state="started")
    page = browser(ines).get(PAGE, {"area": boats.pk}).content.decode()
    assert all(title in page for title in ("Release here", "Initiative here", "Built here"))
    assert "elsewhere" not in page and "Nowhere" not in page


def test_a_market_holds_the_releases_that_name_it(ines: User) -> None:
    france = Market.objects.create(name="France", created_at=world.NOW)
    planned(ines, "For France", markets=[france])
    planned(ines, "For all")
    found = within(in_design(world.TODAY), Places(markets=[france.pk]), Reading(world.TODAY))
    assert [row.title for row in found] == ["For France"]
    assert around(Places(), Reading(world.TODAY), 5) == []


def test_the_field_reads_it_sorted_by_day_with_words_and_filters(ines: User) -> None:
    planned(ines, "Second", planned_on=SOON + dt.timedelta(days=9))
    product(ines, "First", state="started", due_on=SOON)
    product(ines, "Last, without a day", state="idea")
    client = browser(world.lea())
    page = client.get(PAGE).content.decode()
    assert page.index("First") < page.index("Second") < page.index("Last, without")
    assert "an idea: it may never come" in page and "likely on its day" in page
    only = client.get(PAGE, {"certainty": "1"}).content.decode()
    assert "Last, without" in only and "Second" not in only
    assert "Second" not in client.get(PAGE, {"when": "none"}).content.decode()
    assert "First" not in client.get(PAGE, {"kind": "release"}).content.decode()
    assert "First" not in client.get(PAGE, {"q": "second"}).content.decode()
    assert client.get(PAGE, {"area": "x", "market": "9" * 30, "after": "broken"}).status_code == 200


def test_a_champion_reads_what_is_theirs(ines: User) -> None:
    boats, lea = area("Bateaux"), world.lea()
    champion("Lea Roux", "sales", area=boats, user=lea)
    planned(ines, "Mine", area=boats)
    planned(ines, "Not so")
    page = browser(lea).get(PAGE, {"mine": "mandates"}).content.decode()
    assert "Mine" in page and "Not so" not in page


def test_pages_follow_each_other_without_losing_or_repeating(ines: User) -> None:
    for number in range(57):
        planned(ines, f"Thing {number:03}", planned_on=SOON if number % 2 else None)
    client = browser(ines)
    seen: list[str] = []
    url = PAGE
    for _page in range(3):
        listing = client.get(url).context["listing"]
        seen += [row.title for row in listing.rows]
        url = listing.next_url
        if not url:
            break
    assert len(seen) == 57 == len(set(seen))


def test_the_file_says_where_and_by_whom(ines: User) -> None:
    boats = area("Bateaux")
    karim = champion("Karim Diallo", "product", area=boats)
    planned(ines, "A hull", area=boats, lead=karim, planned_on=SOON)
    builders = unit("Chantier")
    product(ines, "A mast", state="idea", owner_unit=builders)
    text = b"".join(browser(ines).get(PAGE, {"format": "csv"})).decode()
    [hull] = [line for line in text.splitlines() if "A hull" in line]
    assert "Bateaux" in hull and "Karim Diallo" in hull and "likely on its day" in hull
    [mast] = [line for line in text.splitlines() if "A mast" in line]
    assert "Chantier" in mast and "9999" not in text


def test_the_page_keeps_to_its_budget(ines: User) -> None:
    boats = area("Bateaux")
    france = Market.objects.create(name="France", created_at=world.NOW)
    for number in range(12):
        planned(ines, f"Release {number}", area=boats, markets=[france])
        row = product(ines, f"Initiative {number}", state="started")
        Involvement.objects.create(initiative=row, area=boats)
    client = browser(ines)
    client.get(PAGE)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(PAGE).status_code == 200
    assert len(captured) <= 12, "\n".join(one["sql"][:150] for one in captured)


def test_nothing_in_design_teaches_the_next_step(ines: User) -> None:
    assert "Nothing is being designed" in browser(ines).get(PAGE).content.decode()


def test_every_certainty_has_its_words_and_a_tone() -> None:
    assert set(CERTAINTY_TONES) == set(Certainty.values)
