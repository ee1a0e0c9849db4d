"""Who reads what champions answer by name, and what is left for a curious reader: counts in steps of five."""

import re
from typing import Any

import pytest
from django.urls import reverse

from tests import world
from tests.org.company import area
from tests.releases.made import champion, planned
from tests.releases.test_consultations import asked, said
from tests.roadmap.undertaken import browser
from vertebra.accounts.labels import Kind, Role
from vertebra.accounts.models import AuditEntry, User, Watch
from vertebra.org.models import Person
from vertebra.releases.actions.consultation_answers import answer_consultation
from vertebra.releases.models import Consultation
from vertebra.web.home import followed_changes

pytestmark = pytest.mark.django_db


@pytest.fixture
def curious() -> User:
    """A contributor, champion of nothing, who asks nothing."""
    return world.english(world.account("Omar Field", Role.CONTRIBUTOR))


@pytest.fixture
def seven() -> list[Person]:
    """Seven champions, the first with an account."""
    boats = area("Bateaux")
    lea = {"user": world.lea()}
    given: list[dict[str, Any]] = [lea, *({"email": f"p{at}@field.example"} for at in range(1, 7))]
    return [champion(f"Bo {at}", "sales", area=boats, **fields) for at, fields in enumerate(given)]


def page(user: User, row: Consultation) -> str:
    return str(browser(user).get(reverse("releases:consultation-show", args=(row.pk,))).content.decode())


def answered(row: Consultation, who: Person) -> None:
    """A champion answers under their own account."""
    answer_consultation(
        actor=who.user, ask=row.asks.get(person=who), impact="high", language="en", now=world.NOW
    )


def _told(page: bytes) -> str:
    """What a page says, without what is new in each: what forms carry against forgery, the nonce of its styles."""
    told = page.decode().split("<main", 1)[-1].split("</main>")[0]
    return re.sub(r'(name="(csrfmiddlewaretoken|once)" value=|nonce=)"[^"]*"', "", told)


def test_answers_are_read_by_who_asks_by_those_asked_and_by_product_ops(
    karim: User, curious: User, seven: list[Person]
) -> None:
    row = asked(karim, *seven)
    said(seven[1], "high", readiness="Two macros first.", words="Our dealers will not like it.")
    lea = seven[0].user
    assert lea is not None
    for user in (karim, lea, world.ines()):
        shown = page(user, row)
        assert "Two macros first." in shown and "will not like it" in shown and "Bo 3" in shown
        assert "1 of 7" in shown
    for user in (curious, world.ada()):
        shown = page(user, row)
        assert "Two macros" not in shown and "will not like it" not in shown and "Bo " not in shown
        assert "it changes much" not in shown and "of 7" not in shown


def test_a_curious_reader_learns_nothing_by_looking_before_and_after_each_answer(
    karim: User, curious: User, seven: list[Person]
) -> None:
    release = planned(karim, "Hull")
    row = asked(karim, *seven, release=release)
    around = reverse("releases:release-consultations", args=(release.pk,))
    addresses = [
        reverse("releases:consultation-show", args=(row.pk,)),
        reverse("releases:consultation-list") + "?columns=title,state,answered,asked,high",
        reverse("releases:consultation-list") + "?format=csv&columns=title,state,answered,asked,high",
        around,
    ]
    client = browser(curious)

    def looked() -> list[str]:
        found = [client.get(address) for address in addresses]
        return [_told(b"".join(one) if one.streaming else one.content) for one in found]

    seen = [looked()]
    for one in seven:
        said(one, "high")
        seen.append(looked())
    assert seen[0] == seen[4] != seen[5] == seen[7]
    assert "at least 5 answered" in seen[5][3] and "it changes much" not in seen[7][3]


def test_the_order_of_the_list_tells_a_curious_reader_nothing(
    karim: User, curious: User, seven: list[Person]
) -> None:
    rows = [asked(karim, *seven, title=title) for title in ("One", "Two")]
    answered(rows[0], seven[0])
    for key in ("answered", "high"):
        found = browser(curious).get(reverse("releases:consultation-list"), {"sort": f"-{key}"})
        assert [row.pk for row in found.context["listing"].rows] == [rows[1].pk, rows[0].pk]
        assert found.context["counts"].waiting == 0
    found = browser(karim).get(reverse("releases:consultation-list"))
    assert found.context["counts"].waiting == 13


def test_who_answered_and_when_is_told_by_no_history_and_on_no_home(
    karim: User, curious: User, seven: list[Person]
) -> None:
    row = asked(karim, *seven)
    Watch.objects.create(user=curious, kind=Kind.CONSULTATION, object_id=row.pk, since_at=world.NOW)
    before = page(curious, row)
    answered(row, seven[0])
    assert page(curious, row).count("Lea") == before.count("Lea") == 0
    assert not [entry for entry in followed_changes(curious) if entry.verb == "answer"]
    assert [entry for entry in followed_changes(karim) if entry.verb == "answer"]
    assert "answered the consultation" in page(karim, row)


def test_who_answered_and_at_which_minute_is_told_to_no_administrator_by_the_audit(
    karim: User, seven: list[Person]
) -> None:
    row = asked(karim, *seven)
    own = reverse("releases:consultation-answer", args=(row.pk,))
    lea = seven[0].user
    assert lea is not None and browser(lea).post(own, {"impact": "high"}).status_code == 302
    entry = AuditEntry.objects.get(kind=Kind.CONSULTATION, verb="answer")
    assert entry.actor is None and row.asks.get(person=seven[0]).answer.impact == "high"
    ada = browser(world.ada())
    found = ada.get(reverse("accounts:audit-list"), {"verb": "answer"}).content.decode()
    one = ada.get(reverse("accounts:entry-page", args=(entry.pk,))).content.decode()
    for name in (seven[0].name, str(lea)):
        assert row.title in found and name not in found.split("<main")[1]
        assert row.title in one and name not in one.split("<main")[1]


def test_a_consultation_is_led_by_who_asks_and_product_ops(
    karim: User, curious: User, seven: list[Person]
) -> None:
    row, ines = asked(karim, *seven), world.ines()
    for name in ("consultation-people", "consultation-edit", "consultation-closing"):
        url = reverse(f"releases:{name}", args=(row.pk,))
        assert browser(curious).get(url).status_code == 403
        assert browser(ines).get(url).status_code == 200
