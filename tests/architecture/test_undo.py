"""What hangs on a person goes along with an undo only where somebody said why it may."""

from django.apps import apps
from django.conf import settings
from django.db import models
from django.utils.module_loading import import_string

from vertebra.accounts.audit.undoing import OF_PEOPLE
from vertebra.kit.personal import Kept

WRITTEN = "written by an entry of its own, which is then undone first"
SENT = "who was asked or told: the mail has left, which no undo takes back, and the answer is kept by itself"
DERIVED = "worked out again from what is there"
OF_AN_ACCOUNT = "of an account, none of which is created or undone by an entry"
EXCUSED = {
    "accounts.apitoken": OF_AN_ACCOUNT,
    "accounts.channelchoice": OF_AN_ACCOUNT,
    "accounts.chataddress": OF_AN_ACCOUNT,
    "accounts.message": OF_AN_ACCOUNT,
    "accounts.onetimelink": OF_AN_ACCOUNT,
    "accounts.rhythm": OF_AN_ACCOUNT,
    "accounts.savedview": WRITTEN,
    "accounts.watch": OF_AN_ACCOUNT,
    "discovery.followup": SENT,
    "discovery.stance": WRITTEN,
    "discovery.tohear": WRITTEN,
    "evidence.ask": SENT,
    "measures.alert": DERIVED,
    "org.gap": DERIVED,
    "org.mandate": WRITTEN,
    "org.membership": WRITTEN,
    "practices.adoptioncard": SENT,
    "practices.coauthor": WRITTEN,
    "practices.participant": WRITTEN,
    "releases.consultationask": WRITTEN,
    "releases.headsupto": SENT,
    "releases.recipient": SENT,
    "roadmap.involvement": WRITTEN,
    "roadmap.readinessask": SENT,
    "roadmap.voice": WRITTEN,
    "roadmap.wordask": SENT,
}


def of_somebody() -> set[str]:
    """The models of ours whose rows are deleted with a person, or cannot be without one."""
    own = {one._meta.label_lower: one for one in apps.get_models() if one.__module__.startswith("vertebra.")}
    held = [import_string(path).models for path in settings.PERSONAL_DATA]
    found = {name for one in held for name, kept in one.items() if kept == Kept.DELETED and name in own}
    for name, model in own.items():
        for key in model._meta.concrete_fields:
            if isinstance(key, models.ForeignKey) and key.related_model._meta.label_lower == "org.person":
                found |= {name} if key.remote_field.on_delete is models.CASCADE else set()
    return found


def test_what_people_said_is_kept_from_every_undo_or_excused_by_name() -> None:
    assert sorted(of_somebody() - OF_PEOPLE - EXCUSED.keys()) == []
    assert {"learning.completion", "releases.receipt", "releases.consultationask"} <= of_somebody()


def test_what_is_kept_and_what_is_excused_exists_and_is_one_or_the_other() -> None:
    assert OF_PEOPLE.isdisjoint(EXCUSED)
    assert sorted(EXCUSED.keys() - of_somebody()) == []
    for name in OF_PEOPLE:
        assert apps.get_model(name)
