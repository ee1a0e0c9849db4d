"""Pages of ways of working: empty and full, as every role, in both languages; what each verb does and refuses."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests import world
from tests.architecture.samples import browser
from tests.org.company import person, unit
from tests.practices.made import NOW, TODAY, built, director, idea, somebody, validated
from vertebra.accounts.models import User
from vertebra.org.models import Membership
from vertebra.practices.actions import practices, reach
from vertebra.practices.actions.contributions import contribute
from vertebra.practices.actions.life import start_trial
from vertebra.practices.actions.templates import add_template
from vertebra.practices.actions.versions import write_text
from vertebra.practices.labels.practices import ContributionKind, PracticeState, Reach
from vertebra.practices.models import Practice
from vertebra.practices.queries.listing import counts
from vertebra.practices.queries.standards import standing
from vertebra.practices.shipped import CODES, LANGUAGES, shipped_practices

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(settings: Any) -> None:
    settings.FIXED_NOW = NOW


def english(user: User) -> Client:
    return browser(world.english(user))


def text_of(answer: Any) -> str:
    said = " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())
    return re.sub(r" ([,:;.])", r"\1", said)


def url(name: str, *args: Any) -> str:
    return reverse(f"practices:{name}", args=args)


def test_an_empty_list_says_how_to_begin() -> None:
    page = english(world.ines()).get(url("practice-list"))
    said = text_of(page)
    assert "Start from 11 ready practices" in said and "Register what you live already" in said
    assert "Register what you live already" not in text_of(english(world.lea()).get(url("practice-list")))


def test_the_list_says_what_there_is_and_filters() -> None:
    karim, carrier = somebody("Karim")
    diane, _one = director()
    tribe = unit("Payments", None, "tribe")
    row = validated(karim, diane, carrier, unit("Billing", tribe))
    idea(karim)
    practices.register_practice(
        actor=karim, name="Weekly", language="en", units=[tribe], carrier=carrier, now=NOW
    )
    client = english(karim)
    said = text_of(client.get(url("practice-list")))
    assert "3 ways of working: 1 standard somewhere, 1 on trial, 0 waiting for validation" in said
    for asked, found in (
        ({"state": "validated"}, 1), ({"reach": "standard"}, 1), ({"trial": "yes"}, 1), ({"carrier": carrier.pk}, 2),
        ({"carrier": "none"}, 1), ({"unit": tribe.pk}, 2), ({"q": "friday"}, 2),
    ):  # fmt: skip
        assert client.get(url("practice-list"), asked).context["listing"].total == found, asked
    assert counts(TODAY)["owed"] == 1
    table = client.get(url("practice-list"), {"format": "csv"})
    body = table.getvalue()
    assert row.name in body.decode("utf-8-sig") and "standard: Payments" in body.decode("utf-8-sig")


def test_the_library_is_whole_in_both_languages_and_begins_an_idea() -> None:
    for language in LANGUAGES:
        for one in shipped_practices(language).values():
            assert (
                one.why
                and one.for_whom
                and one.when
                and one.inputs
                and one.outputs
                and one.steps
                and one.tools
            )
            assert 1 <= len(one.templates) <= 3 and one.costs
    assert [len(m.templates) for m in shipped_practices("en").values()] == [
        len(m.templates) for m in shipped_practices("fr").values()
    ]
    assert len(CODES) == 11
    client = english(world.lea())
    assert client.get(url("library")).status_code == 200
    assert client.get(url("library-practice", "qa-process")).status_code == 200
    assert client.get(url("library-practice", "nothing")).status_code == 404
    answer = client.post(url("library-beginning", "qa-process"))
    row = Practice.objects.get(shipped="qa-process")
    assert answer["Location"] == url("practice-show", row.pk)
    version = row.versions.get()
    assert {text.language for text in version.texts.all()} == {"en", "fr"}
    assert row.state == PracticeState.IDEA and version.costs.count() == 4 and row.templates.count() == 6
    assert "begun" in text_of(client.get(url("library")))


@pytest.mark.parametrize("who", ["reader", "ops", "carrier", "director"])
def test_one_practice_is_read_by_everyone_and_changed_by_those_who_build_it(who: str) -> None:
    ines, (karim, carrier), (diane, _one) = world.ines(), somebody("Karim"), director()
    row = built(karim, carrier)
    user = {"reader": world.lea(), "ops": ines, "carrier": karim, "director": diane}[who]
    client = english(user)
    page = client.get(url("practice-show", row.pk))
    said = text_of(page)
    assert page.status_code == 200 and "It is being built together" in said
    assert ("Change the text" in said) == (who in {"ops", "carrier"})
    assert ("Validate it" in said) == (who in {"carrier", "director"})
    assert client.get(url("practice-edit", row.pk)).status_code == (200 if who in {"ops", "carrier"} else 403)
    assert client.get(url("practice-validation", row.pk)).status_code == (
        200 if who in {"carrier", "director"} else 302
    )
    assert client.get(url("contribution-create", row.pk)).status_code == 200
    assert client.get(url("version-list", row.pk)).status_code == 200


def test_a_missing_language_is_said_and_falls_back() -> None:
    karim, carrier = somebody("Karim")
    row = built(karim, carrier)
    karim.language = "fr"
    karim.save()
    page = browser(karim).get(url("practice-show", row.pk))
    assert page.context["is_missing"] and page.context["text"].language == "en"
    write_text(
        actor=karim, practice=row, language="fr", changes={"name": "Démos", "why": "Pour voir."}, now=NOW
    )
    page = browser(karim).get(url("version-list", row.pk))
    assert page.status_code == 200


def test_what_somebody_else_wrote_meanwhile_is_not_written_over() -> None:
    karim, carrier = somebody("Karim")
    row, client = built(karim, carrier), english(karim)
    address = url("practice-text", row.pk, "en")
    shown = client.get(address).context["form"]
    given = {name: shown[name].value() or "" for name in shown.fields}
    given |= {f"initial-{name}": value for name, value in given.items()}
    assert client.post(address, {**given, "why": "First."}).status_code == 302
    refused = client.post(address, {**given, "why": "Second."})
    assert refused.status_code == 422 and "changed this meanwhile" in text_of(refused)
    assert client.post(address, {**given, "when": "Each Friday."}).status_code == 302
    text = row.versions.order_by("number").last().texts.get(language="en")  # type: ignore[union-attr]
    assert (text.why, text.when) == ("First.", "Each Friday.")


def test_the_whole_life_by_its_forms() -> None:
    karim, carrier = somebody("Karim")
    diane, _one = director()
    lea, _lea = somebody("Lea")
    client, team = english(karim), unit("Billing")
    client.post(url("practice-create"), {"name": "Demos", "why": "To see."})
    row = Practice.objects.get()
    client.post(url("practice-text", row.pk, "en"), {"name": "Demos", "why": "To see.", "steps": "1. Show"})
    client.post(url("practice-costs", row.pk), {"product": "45"})
    client.post(url("practice-edit", row.pk), {"carrier": "karim@example.org", "next_review_on": ""})
    client.post(url("trial-create", row.pk), {"unit": team.pk})
    client.post(url("practice-proposal", row.pk))
    english(lea).post(url("contribution-create", row.pk), {"kind": "objection", "words": "Not on Fridays."})
    held = row.contributions.get()
    refused = english(diane).post(url("practice-validation", row.pk), {"words": "Good."})
    assert refused.status_code == 422 and "objection" in text_of(refused)
    assert english(lea).get(url("contribution-answer", held.pk)).status_code == 403
    client.post(url("contribution-answer", held.pk), {"answer": "On Thursdays.", "is_taken_up": "yes"})
    client.post(url("co-author-create", row.pk), {"person": "lea@example.org"})
    english(diane).post(url("practice-validation", row.pk), {"words": "Good."})
    row.refresh_from_db()
    assert row.state == PracticeState.VALIDATED and row.carrier == carrier
    answer = english(diane).post(
        url("reach-create", row.pk), {"unit": team.pk, "reach": "standard", "starts_on": ""}
    )
    assert answer.status_code == 302
    trial = row.trials.get()
    client.post(url("trial-end", trial.pk), {"learnt": "Ten minutes."})
    assert "announced for" in text_of(client.get(url("practice-show", row.pk)))
    around = text_of(client.get(url("practice-around", row.pk)))
    assert "Ten minutes." in around and "Taken up." in around
    coming = text_of(english(world.ada()).get(url("change-list")))
    assert "1 change is announced" in coming
    client.post(url("reach-withdrawal", row.reaches.get().pk))
    assert row.reaches.get().ends_on == row.reaches.get().starts_on
    client.post(url("practice-retirement", row.pk), {"reason": "Nobody comes."})
    row.refresh_from_db()
    assert row.state == PracticeState.RETIRED
    assert "Nobody comes." in text_of(client.get(url("change-list")))


def test_one_line_registers_what_is_lived() -> None:
    ines = world.ines()
    _karim, carrier = somebody("Karim")
    tribe = unit("Payments", None, "tribe")
    given = {"name": "Weekly", "unit": tribe.pk, "carrier": carrier.email, "reach": "standard"}
    assert english(ines).post(url("practice-register"), given).status_code == 302
    row = Practice.objects.get()
    assert row.state == PracticeState.IN_FORCE and row.reaches.get().unit == tribe
    assert "was lived before" in text_of(english(ines).get(url("practice-list")))
    assert english(world.lea()).get(url("practice-register")).status_code == 403


def test_a_template_is_copied_counted_and_taken_as_a_file() -> None:
    karim, carrier = somebody("Karim")
    row = idea(karim, carrier=carrier)
    one = add_template(
        actor=karim, practice=row, title="Agenda of the demo", language="en", body="1. Hello", now=NOW
    )
    client = english(world.lea())
    assert client.post(url("template-copy", one.pk), headers={"HX-Request": "true"}).status_code == 204
    assert client.post(url("template-copy", one.pk))["Location"] == url("template-show", one.pk)
    assert "copied 2 times" in text_of(client.get(url("template-show", one.pk)))
    taken = client.get(url("template-file", one.pk))
    assert taken["Content-Disposition"] == 'attachment; filename="agenda-of-the-demo.md"'
    assert taken.content.decode() == "# Agenda of the demo\n\n1. Hello\n"
    assert client.get(url("template-edit", one.pk)).status_code == 403


def test_differences_of_versions_are_shown() -> None:
    karim, carrier = somebody("Karim")
    row = built(karim, carrier)
    write_text(actor=karim, practice=row, language="en", changes={"why": "To be seen."}, now=NOW)
    page = english(karim).get(url("version-list", row.pk))
    lines = [line for part in page.context["parts"] for line in part.lines]
    assert ("out", "Nobody saw what was done.") in lines and ("in", "To be seen.") in lines
    client = english(karim)
    client.post(url("practice-publication", row.pk), {"what_changed": "Shorter."})
    assert "Shorter." in text_of(client.get(url("version-list", row.pk)))


def test_a_recommendation_reaches_the_units_under_it() -> None:
    karim, carrier = somebody("Karim")
    diane, _one = director()
    row = validated(karim, diane, carrier)
    reach.set_reach(actor=karim, practice=row, unit=None, reach=Reach.RECOMMENDED, now=NOW)
    assert "announced for" in text_of(english(karim).get(url("practice-show", row.pk)))


def test_a_feed_tells_what_changes() -> None:
    karim, carrier = somebody("Karim")
    diane, _one = director()
    row = validated(karim, diane, carrier)
    reach.set_reach(actor=karim, practice=row, unit=None, reach=Reach.RECOMMENDED, now=NOW)
    from vertebra.practices.feeds import CHANGES

    entry = CHANGES.entries(karim, 0, NOW)[0]
    assert row.name in entry.title and entry.on == row.reaches.get().starts_on


@pytest.mark.parametrize("who", ["carrier", "member", "elsewhere"])
def test_what_came_to_a_practice_loads_by_itself_and_a_team_says_what_it_learnt(who: str) -> None:
    (karim, carrier), (lea, member), (omar, _one) = somebody("Karim"), somebody("Lea"), somebody("Omar")
    row, team = idea(karim, carrier=carrier), unit("Billing")
    Membership.objects.create(person=member, unit=team, starts_on=TODAY)
    start_trial(actor=karim, practice=row, unit=team, language="en", now=NOW)
    client = english({"carrier": karim, "member": lea, "elsewhere": omar}[who])
    around = url("practice-around", row.pk)
    page = client.get(url("practice-show", row.pk)).content.decode()
    assert f'hx-get="{around}"' in page and f'href="{around}"' in page
    assert "tries it, freely" in page
    said = text_of(client.get(around))
    assert "Billing" in said and ("Say what we learnt" in said) == (who != "elsewhere")


def test_where_a_practice_stands_is_read_with_it() -> None:
    karim, carrier = somebody("Karim")
    row = idea(karim)
    carrier_of_ops = person("Ines", email=world.ines().email.upper())
    for who, is_ops in ((None, False), (carrier, False), (carrier_of_ops, True)):
        Practice.objects.filter(pk=row.pk).update(carrier=who)
        found = standing(TODAY).get(pk=row.pk)
        assert (found.is_carried_by_ops, found.trying, found.waiting, found.has_pilot) == (
            is_ops,
            0,
            0,
            False,
        )
    start_trial(actor=karim, practice=row, unit=unit("Billing"), language="en", now=NOW)
    contribute(
        actor=karim,
        practice=row,
        person=carrier,
        kind=ContributionKind.OBJECTION,
        words="Why?",
        language="en",
        now=NOW,
    )
    found = standing(TODAY).get(pk=row.pk)
    assert (found.trying, found.waiting, found.has_pilot) == (1, 1, True)
