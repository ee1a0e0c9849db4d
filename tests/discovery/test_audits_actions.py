"""An audit is assembled, ranked, frozen, published, corrected; small counts are kept back; withdrawn words go."""

import json

import pytest

from tests import world
from tests.discovery.audited import Heard, audited, heard
from vertebra.accounts.audit import Refusal
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, AuditRow, SearchEntry
from vertebra.discovery.actions import audit_publishing as publishing
from vertebra.discovery.actions import audits as actions
from vertebra.discovery.jobs.audits import withdraw_quotes
from vertebra.discovery.models import Audit, AuditVersion, Interview
from vertebra.discovery.queries.audit_document import document
from vertebra.discovery.queries.audits import edition_of, latest_edition, open_to, quotes_withdrawn

pytestmark = pytest.mark.django_db


@pytest.fixture
def found() -> Heard:
    return heard()


def test_an_audit_is_assembled_in_one_step(found: Heard) -> None:
    audit = audited(found)
    titles = [item.pain_point.title for item in audit.items.all()]
    assert titles[0] == "Le terrain apprend les nouveautés par les clients"
    assert len(titles) == 3
    assert audit.figures["people"] == 20
    assert audit.figures["guides"] == ["Chefs de produit"]
    assert "20" in audit.method
    first = audit.items.first()
    assert first is not None
    assert first.verbatims.count() == 3
    sides = {verbatim.shown_function for verbatim in first.verbatims.all()}
    assert len(sides) == 3, "quotes come from as many sides as there are"


def test_points_can_be_added_up_again(found: Heard) -> None:
    audit = audited(found)
    figures = audit.items.order_by("rank")[0].figures
    assert figures["people"] == 12
    assert figures["parts"] == {
        "people": 12,
        "functions": 6,
        "severity": 6.0,
        "trend": figures["parts"]["trend"],
    }
    assert figures["points"] == pytest.approx(sum(figures["parts"].values()))


def test_what_was_not_heard_is_said(found: Heard) -> None:
    Interview.objects.filter(function="support").update(archived_at=world.NOW)
    audit = audited(found)
    assert "Magasins" in audit.not_heard
    assert "Ligne" in audit.not_heard
    assert audit.not_heard.count("5") == 2


def test_small_counts_are_kept_back_in_the_document(found: Heard) -> None:
    audit = audited(found)
    content = document(audit, world.TODAY)
    people = [item["people"] for item in content["items"]]
    assert people == [10, 5, None], "in steps of five, and nothing under five"
    assert content["items"][2]["functions"] is None
    told = [(item["functions"], item["teams"]) for item in content["items"][:2]]
    assert told == [(None, None), (None, None)], "four functions and two teams are fewer than five"
    item = audit.items.get(rank=1)
    item.figures |= {"functions": 7, "teams": 13}
    item.save()
    first = document(audit, world.TODAY)["items"][0]
    assert (first["functions"], first["teams"]) == (5, 10)
    assert all(side["people"] is None for side in content["items"][2]["sides"])
    assert [part["people"] for part in content["heard"]["functions"]] == [5, 5, 5, 5]


def test_functions_too_small_to_be_shown_take_others_with_them() -> None:
    found = heard(14)  # 4, 4, 3 and 3 of the four functions
    audit = audited(found, title="Quatorze")
    parts = document(audit, world.TODAY)["heard"]["functions"]
    assert {part["people"] for part in parts} == {None}


def test_what_is_frozen_never_changes(found: Heard) -> None:
    audit = audited(found)
    publishing.freeze_audit(actor=found.ines, audit=audit, now=world.NOW)
    audit.refresh_from_db()
    before = json.dumps(audit.content)
    pain = found.pains[0]
    pain.title = "Autre chose"
    pain.save()
    with pytest.raises(actions.AuditClosed):
        actions.change_audit(actor=found.ines, audit=audit, changes={"title": "Non"}, now=world.NOW)
    with pytest.raises(actions.AuditClosed):
        actions.remove_item(actor=found.ines, item=audit.items.all()[0], now=world.NOW)
    publishing.publish_audit(actor=found.ines, audit=audit, now=world.NOW)
    audit.refresh_from_db()
    assert json.dumps(audit.content) == before
    assert SearchEntry.objects.get(kind=Kind.AUDIT).right == "read"


def published(found: Heard, **fields: object) -> Audit:
    audit = audited(found, **fields)
    publishing.freeze_audit(actor=found.ines, audit=audit, now=world.NOW)
    publishing.publish_audit(actor=found.ines, audit=audit, now=world.NOW)
    audit.refresh_from_db()
    return audit


def test_readers_find_what_is_published_only(found: Heard) -> None:
    lea = world.lea()
    draft = audited(found)
    assert not open_to(lea).exists()
    assert list(open_to(found.ines)) == [draft]
    publishing.freeze_audit(actor=found.ines, audit=draft, now=world.NOW)
    assert not open_to(lea).exists()
    publishing.publish_audit(actor=found.ines, audit=draft, now=world.NOW)
    assert list(open_to(lea)) == [draft]


def test_a_correction_makes_a_version_and_keeps_the_old_one(found: Heard) -> None:
    audit = published(found)
    publishing.correct_audit(actor=found.ines, audit=audit, now=world.NOW)
    audit.refresh_from_db()
    actions.change_audit(actor=found.ines, audit=audit, changes={"introduction": "Mieux dit."}, now=world.NOW)
    shown = latest_edition(Audit.objects.get(pk=audit.pk))
    assert shown is not None
    assert shown.content["introduction"] == "", "readers see what was published until it is published again"
    with pytest.raises(actions.AuditClosed):
        actions.refresh_audit(actor=found.ines, audit=audit, now=world.NOW)
    with pytest.raises(Refusal):
        publishing.publish_correction(actor=found.ines, audit=audit, note=" ", now=world.NOW)
    publishing.publish_correction(actor=found.ines, audit=audit, note="L’introduction", now=world.NOW)
    audit.refresh_from_db()
    assert (audit.version, audit.content["introduction"]) == (2, "Mieux dit.")
    old = edition_of(audit, 1)
    assert old is not None
    assert (old.content["introduction"], old.note, old.is_latest) == ("", "L’introduction", False)


def test_words_taken_back_are_gone_at_once_and_then_for_good(found: Heard) -> None:
    audit = published(found)
    publishing.correct_audit(actor=found.ines, audit=audit, now=world.NOW)
    publishing.publish_correction(actor=found.ines, audit=audit, note="Rien", now=world.NOW)
    audit.refresh_from_db()
    quoted = audit.content["quoted"][0]
    words = next(
        quote["text"]
        for item in audit.content["items"]
        for side in item["sides"]
        for quote in side["quotes"]
        if quote["id"] == quoted
    )
    verbatim = audit.items.all()[0].verbatims.model.objects.get(pk=quoted)
    verbatim.withdrawn_at = world.NOW
    verbatim.save()

    shown = latest_edition(audit)
    assert shown is not None
    assert words not in json.dumps(shown.content, ensure_ascii=False), "gone before any job ran"
    assert quotes_withdrawn() == [(audit.pk, {quoted})]

    assert withdraw_quotes.func() == 1
    audit.refresh_from_db()
    assert audit.version == 3
    assert words not in json.dumps(audit.content, ensure_ascii=False)
    assert '"is_withdrawn": true' in json.dumps(audit.content)
    for row in AuditVersion.objects.filter(audit=audit):
        assert words not in json.dumps(row.content, ensure_ascii=False), (
            "older versions no longer say it either"
        )
    assert AuditVersion.objects.get(audit=audit, version=2).reason == "withdrawal"
    assert AuditEntry.objects.filter(kind=Kind.AUDIT, verb="withdraw", object_id=audit.pk).count() == 1
    rows = json.dumps(list(AuditRow.objects.filter(model="discovery.audit").values("before", "after")))
    assert words not in rows, "nor does the audit trail"
    assert quotes_withdrawn() == []
    assert withdraw_quotes.func() == 0


def test_words_of_somebody_erased_are_withdrawn_too(found: Heard) -> None:
    audit = published(found)
    quoted = audit.content["quoted"][0]
    audit.items.all()[0].verbatims.model.objects.filter(pk=quoted).delete()
    assert quotes_withdrawn() == [(audit.pk, {quoted})]


def test_two_audits_are_compared_by_pain_point(found: Heard) -> None:
    published(found)
    found.pain("Trop de réunions le lundi", *range(8, 20), severity=3)
    second = audited(found, title="Six mois plus tard")
    content = document(second, world.TODAY)
    changes = {row["title"]: row["change"] for row in content["comparison"]["changes"]}
    assert changes == {
        "Trop de réunions le lundi": "new",
        "Le terrain apprend les nouveautés par les clients": "down"
        if content["items"][0]["title"] == "Trop de réunions le lundi"
        else "same",
        "Personne ne sait qui décide": "down",
        "La recette prend trois jours": "down",
    }
    actions.remove_item(actor=found.ines, item=second.items.order_by("-rank")[0], now=world.NOW)
    content = document(Audit.objects.get(pk=second.pk), world.TODAY)
    assert "gone" in {row["change"] for row in content["comparison"]["changes"]}


def test_the_order_is_changed_whole_or_one_by_one(found: Heard) -> None:
    audit = audited(found)
    ids = list(audit.items.values_list("pk", flat=True))
    actions.order_items(actor=found.ines, audit=audit, order=ids[::-1], now=world.NOW)
    assert list(audit.items.values_list("pk", flat=True)) == ids[::-1]
    with pytest.raises(Refusal):
        actions.order_items(actor=found.ines, audit=audit, order=ids[:2], now=world.NOW)
    actions.move_item(actor=found.ines, item=audit.items.all()[2], by=-1, now=world.NOW)
    assert list(audit.items.values_list("pk", flat=True)) == [ids[2], ids[0], ids[1]]


def test_only_quotes_that_may_be_shown_are_chosen(found: Heard) -> None:
    audit = audited(found)
    item = audit.items.all()[1]
    private = found.verbatim(7, "Ceci est à moi")
    with pytest.raises(actions.TooManyQuotes):
        actions.choose_quotes(actor=found.ines, item=item, verbatims=[private], now=world.NOW)
    own = list(item.verbatims.all())[:1]
    actions.choose_quotes(actor=found.ines, item=item, verbatims=own, now=world.NOW)
    assert list(item.verbatims.all()) == own
