"""The pages of releases: who may do what, what each shows, the calendar and its file."""

import datetime as dt
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from icalendar import Calendar

from tests import world
from tests.org.company import area, person
from tests.releases.made import champion, major, planned
from tests.releases.told import say, tell
from tests.roadmap.undertaken import browser, undertaken
from tests.waiting import needs_of
from vertebra.accounts.models import User
from vertebra.org.models import Person
from vertebra.releases.actions import gates, states
from vertebra.releases.actions.briefs import ask_question, write_brief
from vertebra.releases.home import part
from vertebra.releases.models import Release, Tier
from vertebra.releases.queries.brief_links import links_to_look_at

pytestmark = pytest.mark.django_db
NOW, TODAY = world.NOW, world.TODAY


@pytest.fixture
def client(karim: User) -> Client:
    return browser(karim)


def later(days: int) -> dt.date:
    return TODAY + dt.timedelta(days=days)


def read(client: Client, name: str, *args: object, query: str = "") -> str:
    response = client.get(reverse(f"releases:{name}", args=args) + query)
    assert response.status_code == 200
    return response.content.decode()


def someone(user: User, **fields: Any) -> Person:
    return person(user.name, user=user, **fields)


class TestList:
    def test_it_filters_sorts_and_is_taken_away(self, client: Client, karim: User) -> None:
        payments = area("Payments")
        planned(karim, "Soon", planned_on=later(3), area=area("Cards", payments))
        planned(karim, "Some day")
        states.release_it(actor=karim, release=planned(karim, "Out"), now=NOW)
        assert "<b>" not in read(client, "release-list", query="?q=zzz")[:0]
        assert [
            name in read(client, "release-list", query="?when=soon")
            for name in ("Soon<", "Some day<", "Out<")
        ] == [True, False, False]
        assert [
            name in read(client, "release-list", query="?state=coming")
            for name in ("Soon<", "Some day<", "Out<")
        ] == [True, True, False]
        assert "Soon<" in read(client, "release-list", query=f"?area={payments.pk}")
        page = read(client, "release-list", query="?sort=on")
        assert page.index(">Out<") < page.index(">Soon<") < page.index(">Some day<")
        csv = client.get(reverse("releases:release-list") + "?format=csv")
        assert b"Some day" in b"".join(csv) if csv.streaming else csv.content

    def test_thousands_of_releases_cost_no_more_queries(self, client: Client, karim: User) -> None:
        row = planned(karim, area=area("Payments"), planned_on=later(3))
        Release.objects.bulk_create(
            Release(
                title=f"R{at}", language="en", tier=row.tier, area=row.area, created_at=NOW, changed_at=NOW
            )
            for at in range(300)
        )
        read(client, "release-list")
        with CaptureQueriesContext(
            connection,
        ) as found:
            page = read(client, "release-list")
        assert len(found) <= 12, [one["sql"][:120] for one in found]
        assert len(page) <= 150_000


class TestPage:
    def test_it_says_when_what_is_missing_and_for_whom(self, client: Client, karim: User) -> None:
        row = major(karim, summary="Pay in the app.", body="It *works* <script>alert(1)</script>")
        page = read(client, "release-show", row.pk)
        assert "in 30 days" in page and "<em>works</em>" in page
        assert "<script>alert" not in page
        assert "<b>21</b> things of 21" in page
        checks = read(client, "release-checks", row.pk)
        assert "Brief for Sales, in English" in checks and "Agreed to by Product Ops" in checks

    def test_a_page_asks_the_database_little(self, client: Client, karim: User) -> None:
        row = major(karim, area=area("Payments"), lead=person("Lena"))
        for name in ("release-show", "release-checks", "release-around", "brief-list", "release-reach"):
            read(client, name, row.pk)
            with CaptureQueriesContext(connection) as found:
                page = read(client, name, row.pk)
            assert len(found) <= 12, (name, [one["sql"][:140] for one in found])
            assert len(page) <= 150_000

    def test_it_says_what_it_answers_and_how_its_day_moved(self, client: Client, karim: User) -> None:
        row, initiative = planned(karim, planned_on=later(9)), undertaken(karim, "One invoice")
        client.post(
            reverse("releases:release-tie", args=(row.pk,)), {"kind": "initiative", "number": initiative.pk}
        )
        states.move_release(actor=karim, release=row, planned_on=later(12), why="Tests.", now=NOW)
        page = read(client, "release-around", row.pk)
        assert "One invoice" in page and "Tests." in page
        client.post(
            reverse("releases:release-tie", args=(row.pk,)), {"kind": "initiative", "number": "99999"}
        )
        assert read(client, "release-around", row.pk).count("carries out") == page.count("carries out")

    def test_a_large_one_is_written_down_in_one_form(self, client: Client, karim: User) -> None:
        payments = area("Payments")
        client.get(reverse("releases:release-create"))
        given = {
            "title": "Invoices in the app", "tier": Tier.objects.get(slug="major").pk, "summary": "Pay.",
            "body": "Text.", "planned_on": later(20).isoformat(), "area": payments.pk, "language": "en",
        }  # fmt: skip
        response = client.post(reverse("releases:release-create"), given)
        row = Release.objects.get()
        assert response["Location"] == reverse("releases:release-show", args=(row.pk,))
        assert (row.area, row.planned_on, row.briefs.count()) == (payments, later(20), 10)
        wrong = client.post(
            reverse("releases:release-create"), {**given, "planned_on": later(-3).isoformat()}
        )
        assert wrong.status_code == 422 and b"That day is over" in wrong.content

    def test_the_title_is_changed_in_place(self, client: Client, karim: User) -> None:
        row = planned(karim, area=area("Payments"))
        client.post(
            reverse("releases:release-edit", args=(row.pk,)), {"title": "Another", "initial-title": row.title}
        )
        row.refresh_from_db()
        assert (row.title, row.area is not None) == ("Another", True)


class TestRights:
    def test_a_reader_reads_and_changes_nothing(self, karim: User) -> None:
        lea = world.lea()
        client, row = browser(lea), major(karim)
        read(client, "release-show", row.pk)
        for name in ("release-edit", "release-move", "release-released", "release-withdrawal", "release-go"):
            assert client.post(reverse(f"releases:{name}", args=(row.pk,)), {}).status_code == 403
        brief = row.briefs.all()[0]
        assert (
            client.post(
                reverse("releases:brief-edit", args=(brief.pk,)), {"line": "x", "body": "y"}
            ).status_code
            == 403
        )
        assert client.post(reverse("releases:freeze-create"), {}).status_code == 403

    def test_whoever_leads_it_may_change_it_and_agree(self, karim: User) -> None:
        lea = world.lea()
        row = major(karim, lead=someone(lea))
        client = browser(lea)
        assert client.get(reverse("releases:release-edit", args=(row.pk,))).status_code == 200
        url = reverse("releases:release-validation", args=(row.pk,))
        client.post(url, {"part": "lead", "is_agreed": "yes"})
        assert row.validations.get().said_by.name == lea.name  # type: ignore[union-attr]
        assert client.post(url, {"part": "product_ops", "is_agreed": "yes"}).status_code == 403

    def test_a_champion_writes_the_brief_of_their_trade_only_and_says_whether_it_is_ready(
        self, karim: User
    ) -> None:
        lea = world.lea()
        champion(lea.name, "sales", area=area("Payments"), user=lea)
        row, client = major(karim), browser(lea)
        sales, support = (row.briefs.get(trade=trade, language="en") for trade in ("sales", "support"))
        url = "releases:brief-edit"
        given = {"line": "Sell it.", "body": "Words."}
        assert client.post(reverse(url, args=(sales.pk,)), given).status_code == 302
        assert client.post(reverse(url, args=(support.pk,)), given).status_code == 403
        ready = reverse("releases:release-readiness", args=(row.pk,))
        assert client.post(ready, {"function": "sales", "state": "ready"}).status_code == 302
        assert client.post(ready, {"function": "support", "state": "ready"}).status_code == 403
        sales.refresh_from_db()
        assert (sales.line, row.readiness.get().function) == ("Sell it.", "sales")


class TestBriefPages:
    def test_languages_stand_side_by_side_with_what_is_missing(self, client: Client, karim: User) -> None:
        row = major(karim, summary="Pay.", body="Text. [A page](/nowhere/at/all/) [Ours](/releases/)")
        page = read(client, "brief-list", row.pk, query="?trade=sales")
        assert "Français" in page and "English" in page
        assert "not written yet" in page
        assert (
            "/nowhere/at/all/" in page and "leads nowhere" in page and "<code>/releases/</code>" not in page
        )

    def test_a_preview_speaks_the_language_of_its_reader(self, client: Client, karim: User) -> None:
        row = major(karim)
        french = row.briefs.get(trade="sales", language="fr")
        write_brief(
            actor=karim, brief=french, line="Payez dans l’application.", body="## Objections", now=NOW
        )
        page = read(client, "brief-preview", french.pk)
        assert "Payez dans l’application." in page and 'lang="fr"' in page

    def test_a_form_says_that_somebody_else_saved_meanwhile(self, client: Client, karim: User) -> None:
        brief = major(karim).briefs.get(trade="sales", language="en")
        write_brief(actor=karim, brief=brief, line="First.", body="First.", now=NOW)
        url = reverse("releases:brief-edit", args=(brief.pk,))
        response = client.post(url, {"line": "Second.", "body": "Second.", "version": "1"})
        assert response.status_code == 422 and b"Somebody saved this brief" in response.content

    @pytest.mark.parametrize(
        ("text", "trouble"),
        [
            ("[x](https://example.org/a)", "not_checked"), ("[x](javascript:alert(1))", "not_safe"), ("[x]()", "not_written"),
            ("[x](/releases/)", None), ("[x](/no/such/page/)", "nowhere"), ("<https://intranet/>", "nowhere"),
            ("[x](mailto:nobody)", "nowhere"), ("[x](mailto:a@example.org)", None), ("no link", None),
            ("[x](/releases/987654/)", "nowhere"), ("![x](https://intranet/a.png)", "nowhere"),
            ("[x][r]\n\n[r]: /no/such/", "nowhere"), ("`[x](/no/such/)`", None), ("[x](https://[)", "nowhere"),
        ],
    )  # fmt: skip
    def test_links_are_looked_at(self, text: str, trouble: str | None) -> None:
        assert [one.trouble for one in links_to_look_at(text)] == ([trouble] if trouble else [])

    def test_links_that_lead_nowhere_are_named_whole_at_once(self, client: Client, karim: User) -> None:
        brief = major(karim).briefs.get(trade="sales", language="en")
        url = reverse("releases:brief-edit", args=(brief.pk,))
        body = f"[a](javascript:alert(1)) [b](/releases/{brief.release_id}/) [c](https://e.org/c)"
        sent = {"line": "First.", "body": body, "version": str(brief.version)}
        page = client.post(url, sent, follow=True).content.decode()
        assert "Links to look at: javascript:alert(1) (" in page
        assert "<code>javascript:alert(1)</code>" in page
        assert f"<code>/releases/{brief.release_id}/</code>" not in page
        assert "Not checked, for they are on other sites: <code>https://e.org/c</code>" in page

    def test_a_question_is_answered_for_all(self, client: Client, karim: User) -> None:
        row = planned(karim)
        client.post(reverse("releases:question-create", args=(row.pk,)), {"question": "Also in Spain?"})
        question = row.questions.get()
        client.post(reverse("releases:question-answer", args=(question.pk,)), {"answer": "In May."})
        page = read(client, "release-around", row.pk)
        assert "Also in Spain?" in page and "In May." in page


class TestCalendar:
    def test_a_month_shows_what_comes_out_and_the_days_kept_free(self, client: Client, karim: User) -> None:
        planned(karim, "In time", planned_on=TODAY.replace(day=20))
        gates.add_freeze(
            actor=karim,
            title="Black Friday",
            from_on=TODAY.replace(day=26),
            until_on=TODAY.replace(day=30),
            now=NOW,
        )
        page = read(client, "calendar")
        assert page.count("In time") == 2 and page.count("Black Friday") == 1 + 5
        assert "In time" not in read(client, "calendar", query="?month=2027-03")
        for wrong in ("?month=x", "?month=0000-00", "?month=99999-01"):
            read(client, "calendar", query=wrong)

    def test_its_file_is_read_by_calendars(self, client: Client, karim: User) -> None:
        row = planned(karim, "Réglages; plus, vite", planned_on=later(5))
        planned(karim, "No day")
        gates.add_freeze(actor=karim, title="Sales", from_on=later(8), until_on=later(9), now=NOW)
        found: Any = Calendar.from_ical(client.get(reverse("releases:calendar-file")).content)
        first, second = found.walk("VEVENT")
        if "Réglages" not in str(first["summary"]):
            first, second = second, first
        assert str(first["url"]).endswith(reverse("releases:release-read", args=(row.pk,)))
        assert str(first["summary"]).startswith("Réglages; plus, vite")
        assert (first["dtstart"].dt, first["dtend"].dt) == (later(5), later(6))
        assert (second["dtstart"].dt, second["dtend"].dt) == (later(8), later(10))


class TestHome:
    def test_it_asks_for_briefs_questions_and_days_that_passed(self, karim: User) -> None:
        me = someone(karim)
        row = major(karim, lead=me, planned_on=later(10))
        ask_question(actor=karim, release=row, question="Also in Spain?", language="en", person=None, now=NOW)
        said = [need.sentence for need in needs_of([part(karim, NOW)])]
        assert sum("should know of “Invoices in the app”" in one for one in said) == 3
        assert any("Also in Spain?" in one for one in said)
        after = NOW + dt.timedelta(days=11)
        assert any("has passed its day" in need.sentence for need in needs_of([part(karim, after)]))

    def test_it_tells_what_is_new_and_what_comes(self, karim: User) -> None:
        states.release_it(actor=karim, release=planned(karim, "Out"), now=NOW)
        planned(karim, "Near", planned_on=later(4))
        planned(karim, "Far", planned_on=later(80))
        [block] = part(karim, NOW).blocks()
        assert [line.title for line in block.lines] == ["Out", "Near"]

    def test_what_i_was_told_and_what_is_new_are_two_lists_of_one_question(self, karim: User) -> None:
        me = someone(karim)
        days = {"Long out": -40, "Out": -3, "Next": 10, "Next week": 7, "Far": 60}
        rows = {name: planned(karim, name, planned_on=later(abs(day))) for name, day in days.items()}
        for name in ("Long out", "Out"):
            states.release_it(actor=karim, release=rows[name], now=NOW + dt.timedelta(days=days[name]))
        for name in ("Next", "Long out", "Far"):
            tell(rows[name], [me])
        say(rows["Far"], [me])
        tell(rows["Out"], [someone(world.lea())])
        with CaptureQueriesContext(connection) as found:
            told, new = part(karim, NOW).blocks()
        assert [line.title for line in told.lines] == ["Long out", "Next", "Far"], "what is read comes last"
        assert [line.title for line in new.lines] == ["Out", "Next week", "Next"]
        assert len(found) == 2, "who I am, and the releases"


def test_the_first_thing_to_do_with_what_comes_out_later_is_to_announce_it(
    client: Client, karim: User
) -> None:
    def first(row: Release) -> list[str]:
        page = read(client, "release-show", row.pk)
        verbs = re.findall(r'<(?:a|button) class="button is-primary"[^>]*>(.*?)</(?:a|button)>', page)
        said = [re.sub(r"<svg.*?</svg>", "", one).strip() for one in verbs]
        return [one for one in said if one != "Save"]

    assert first(planned(karim, planned_on=later(10))) == ["Announce it"]
    assert first(planned(karim, "No day")) == ["Announce it"]
    assert first(planned(karim, "Today", planned_on=TODAY)) == ["It is out"]
