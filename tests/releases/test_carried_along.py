"""What briefs say in the words of the release goes along with it, ready or not; what people wrote stays."""

import datetime as dt
from typing import Any

import pytest
from django.core import mail
from django.urls import reverse

from tests import world
from tests.org.company import person, unit
from tests.releases.announced import NOW, SOON, announce, audience, carry, outsider, someone
from tests.releases.made import planned
from tests.roadmap.undertaken import browser
from vertebra.accounts import outbox
from vertebra.accounts.audit import NothingChanges, undo
from vertebra.accounts.models import User
from vertebra.releases.actions.announcing import correct_announcements
from vertebra.releases.actions.briefs import add_brief, move_brief, write_brief
from vertebra.releases.actions.releases import change_release
from vertebra.releases.actions.states import move_release, release_it, withdraw_release
from vertebra.releases.models import Brief, Release
from vertebra.releases.queries.announcement_states import no_longer_true
from vertebra.releases.queries.announcing import Texts
from vertebra.releases.queries.brief_ages import older_than_release

pytestmark = pytest.mark.django_db


@pytest.fixture
def row(karim: User) -> Release:
    return planned(karim, planned_on=SOON, summary="Split a bill in three.", body="At the till.")


def ready(karim: User, row: Release, trade: str = "everyone", language: str = "en", body: str = "") -> Brief:
    """A brief that somebody said is ready, as it was pre-filled unless something is written in it."""
    add_brief(actor=karim, release=row, trade=trade, language=language, now=NOW)
    brief = row.briefs.get(trade=trade, language=language)
    if body:
        write_brief(actor=karim, brief=brief, line=brief.line or "Partager.", body=body, now=NOW)
    move_brief(actor=karim, brief=brief, state="ready", person=None, now=NOW)
    brief.refresh_from_db()
    return brief


def reworded(karim: User, row: Release, **given: Any) -> Any:
    changes = given or {"summary": "Split a bill in three or four."}
    return change_release(actor=karim, release=row, changes=changes, now=NOW)


def test_a_correction_after_the_sentence_changed_says_the_new_one(karim: User, row: Release) -> None:
    person("By Stander", unit("Kitchen"), "operations")
    ready(karim, row)
    reader = outsider("First Roy", "sales")
    announce(karim, row, audience(karim))
    carry()
    outbox.deliver(NOW)
    reworded(karim, row)
    untrue = no_longer_true(row, row.announcements.all(), Texts.of(row))
    assert untrue and untrue.texts == ("everyone/en",), "whoever leads it is told that a text changed"
    correct_announcements(actor=karim, release=row, words="Four too.", now=NOW)
    carry()
    outbox.deliver(NOW)
    assert mail.outbox[-1].to == [reader.email] and "three or four" in mail.outbox[-1].subject


def test_it_stays_ready_has_one_version_more_and_undo_takes_it_back(karim: User, row: Release) -> None:
    brief = ready(karim, row)
    entry = reworded(karim, row, summary="Split a bill in four.", body="At every till.")
    brief.refresh_from_db()
    assert (brief.line, brief.body) == ("Split a bill in four.", "At every till.")
    assert (brief.state, brief.version) == ("ready", 2)
    undo(actor=karim, entry=entry, now=NOW)
    brief.refresh_from_db()
    assert (brief.line, brief.version) == ("Split a bill in three.", 1)


def test_what_somebody_wrote_or_has_another_language_stays_as_it_is(karim: User, row: Release) -> None:
    written = ready(karim, row, "sales", body="What you may promise.")
    french = ready(karim, row, "everyone", "fr", body="À la caisse.")
    source = ready(karim, row)
    reworded(karim, row, language="fr", summary="Partager à quatre.")
    told = {(one.trade, one.language): (one.body, one.state) for one in row.briefs.all()}
    assert told == {
        ("sales", "en"): ("What you may promise.", "ready"),
        ("everyone", "fr"): ("À la caisse.", "ready"),
        ("everyone", "en"): ("At the till.", "ready"),
    }
    assert (written.version, french.version, source.version) == tuple(
        Brief.objects.get(pk=one.pk).version for one in (written, french, source)
    )


def test_a_sentence_that_was_kept_goes_along_where_the_text_was_written_anew(
    karim: User, row: Release
) -> None:
    brief = ready(karim, row, "sales", body="What you may promise.")
    reworded(karim, row, summary="Split a bill in four.", body="")
    brief.refresh_from_db()
    assert (brief.line, brief.body) == ("Split a bill in four.", "What you may promise.")


def test_a_text_that_is_taken_away_stays_in_what_is_ready(karim: User, row: Release) -> None:
    brief = ready(karim, row)
    reworded(karim, row, body="")
    brief.refresh_from_db()
    assert (brief.body, brief.state, brief.version) == ("At the till.", "ready", 1)


def test_what_is_out_is_followed_too_and_what_is_withdrawn_stays_as_it_was(karim: User, row: Release) -> None:
    brief = ready(karim, row)
    release_it(actor=karim, release=row, why="Now.", now=NOW)
    reworded(karim, row)
    brief.refresh_from_db()
    assert brief.line == "Split a bill in three or four."
    withdraw_release(actor=karim, release=row, reason="It leaks.", now=NOW)
    reworded(karim, row, summary="Split a bill in five.")
    brief.refresh_from_db()
    assert brief.line == "Split a bill in three or four."


LATER = NOW + dt.timedelta(hours=1)
LATEST = NOW + dt.timedelta(hours=2)


def older(row: Release) -> set[str]:
    """The briefs that are said to be older than their release."""
    row.refresh_from_db()
    found = older_than_release(row, row.briefs.all())
    return {f"{one.trade}/{one.language}" for one in row.briefs.all() if one.pk in found}


class TestOlderThanItsRelease:
    def test_what_was_written_by_hand_is_and_what_went_along_is_not(self, karim: User, row: Release) -> None:
        ready(karim, row, "sales", body="What you may promise.")
        ready(karim, row, "everyone", "fr", body="À la caisse.")
        ready(karim, row)
        assert older(row) == set()
        changes = {"summary": "Split a bill in four."}
        change_release(actor=karim, release=row, changes=changes, now=LATER)
        assert older(row) == {"sales/en", "everyone/fr"}

    def test_what_is_not_ready_or_is_ready_since_is_not(self, karim: User, row: Release) -> None:
        brief = ready(karim, row, "sales", body="What you may promise.")
        change_release(actor=karim, release=row, changes={"body": "At every till."}, now=LATER)
        write_brief(actor=karim, brief=brief, line="Four.", body="Promise four.", now=LATEST)
        assert older(row) == set(), "it is to be checked again"
        move_brief(actor=karim, brief=brief, state="ready", person=None, now=LATEST)
        assert older(row) == set()

    def test_a_day_that_moves_makes_nothing_older(self, karim: User, row: Release) -> None:
        ready(karim, row, "sales", body="What you may promise.")
        change_release(actor=karim, release=row, changes={"version": "2.1"}, now=LATER)
        move_release(actor=karim, release=row, planned_on=SOON + dt.timedelta(days=3), now=LATER)
        assert older(row) == set()

    def test_a_release_that_says_again_what_it_said_is_not_ahead_of_it(
        self, karim: User, row: Release
    ) -> None:
        ready(karim, row, "sales", body="What you may promise.")
        entry = change_release(actor=karim, release=row, changes={"body": "At every till."}, now=LATER)
        undo(actor=karim, entry=entry, now=LATEST)
        assert older(row) == set()
        ready(karim, row, "support", body="How it is done.")
        change_release(actor=karim, release=row, changes={"body": "At every till."}, now=LATER)
        change_release(actor=karim, release=row, changes={"body": "At the till."}, now=LATEST)
        assert older(row) == set()

    def test_a_change_that_is_taken_back_after_it_was_ready_makes_it_older(
        self, karim: User, row: Release
    ) -> None:
        entry = change_release(actor=karim, release=row, changes={"body": "At every till."}, now=NOW)
        ready(karim, row, "sales", body="What you may promise.")
        undo(actor=karim, entry=entry, now=LATEST)
        assert older(row) == {"sales/en"}

    def test_it_is_said_on_its_pages_until_somebody_says_that_it_holds(
        self, karim: User, row: Release
    ) -> None:
        brief, said = ready(karim, row, "sales", body="What you may promise."), "older than its release"
        change_release(actor=karim, release=row, changes={"body": "At every till."}, now=LATER)
        client, seller = browser(world.english(karim)), someone("Sal Roy", "sales")
        field = audience(karim)
        pages = [
            reverse("releases:brief-list", args=(row.pk,)) + "?trade=sales",
            reverse("releases:brief-preview", args=(brief.pk,)),
            reverse("releases:announcement-plan", args=(row.pk,)) + f"?audiences={field.pk}",
        ]
        for page in pages:
            assert said in client.get(page).content.decode(), page
        with pytest.raises(NothingChanges):
            move_brief(actor=karim, brief=ready(karim, row), state="ready", person=None, now=LATEST)
        client.post(reverse("releases:brief-state", args=(brief.pk,)), {"state": "ready"})
        brief.refresh_from_db()
        assert (brief.state, brief.version) == ("ready", 2) and brief.ready_at
        move_brief(actor=karim, brief=brief, state="draft", person=None, now=LATEST)
        move_brief(actor=karim, brief=brief, state="ready", person=None, now=LATEST)
        for page in pages:
            assert said not in client.get(page).content.decode(), page
        assert seller.pk
