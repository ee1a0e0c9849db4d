"""Audits for the walk: a draft in its room and read by somebody, one published in two versions and shared, a quick win."""

import datetime as dt

from tests import world
from tests.architecture.addresses import Address
from vertebra.accounts.models import User
from vertebra.accounts.tokens import digest_of
from vertebra.discovery.actions import audit_publishing as publishing
from vertebra.discovery.actions.audit_rooms import open_room
from vertebra.discovery.actions.audits import add_item, create_audit
from vertebra.discovery.actions.pain_points import EvidenceDraft, raise_pain_point
from vertebra.discovery.actions.pain_states import confirm_pain_points
from vertebra.discovery.actions.quick_wins import propose_quick_win, start_quick_win
from vertebra.discovery.models import Audit, AuditOpinion, AuditReading, FollowUp
from vertebra.org.models import Person

PAGES = ("discovery:audit-", "discovery:quick-win-", "discovery:follow-up")
SECRETS = {"read": "5" * 64, "heard": "6" * 64}


class SampleAudits:
    """What the addresses of audits and quick wins name."""

    def __init__(self, actor: User) -> None:
        self.pain_point = raise_pain_point(
            actor=actor, title="What the walk hurts", language="en", now=world.NOW,
            evidence=[EvidenceDraft(kind="unit", object_id=1)],
        )  # fmt: skip
        confirm_pain_points(actor=actor, pain_points=[self.pain_point], now=world.NOW)
        self.published, self.draft = self._audit(actor), self._audit(actor)
        self.link, self.shared = self._publish(actor)
        _room, self.room = open_room(actor=actor, audit=self.draft, now=world.NOW)
        self.reading = self._reading()
        self.win = propose_quick_win(
            actor=actor, pain_point=self.pain_point, title="Walk less", days=1, language="en", now=world.NOW
        )
        start_quick_win(actor=actor, quick_win=self.win, now=world.NOW)

    def _audit(self, actor: User) -> Audit:
        audit = create_audit(actor=actor, title="The walk", language="fr", now=world.NOW)
        if not audit.items.filter(pain_point=self.pain_point).exists():
            add_item(actor=actor, audit=audit, pain_point=self.pain_point, now=world.NOW)
        return audit

    def _publish(self, actor: User) -> tuple[int, str]:
        publishing.freeze_audit(actor=actor, audit=self.published, now=world.NOW)
        publishing.publish_audit(actor=actor, audit=self.published, now=world.NOW)
        publishing.correct_audit(actor=actor, audit=self.published, now=world.NOW)
        publishing.publish_correction(actor=actor, audit=self.published, note="Walked", now=world.NOW)
        entry, secret = publishing.share_audit(
            actor=actor, audit=self.published, name="The walk", days=9, now=world.NOW
        )
        return entry.object_id or 0, secret

    def _reading(self) -> AuditReading:
        Audit.objects.filter(pk=self.draft.pk).update(
            state="reading", reading_until=world.TODAY + dt.timedelta(days=9)
        )
        person = Person.objects.order_by("pk")[0]
        FollowUp.objects.create(
            person=person, digest=digest_of(SECRETS["heard"]), sent_at=world.NOW,
            expires_at=world.NOW + dt.timedelta(days=9),
        )  # fmt: skip
        self.opinion = AuditOpinion.objects.create(audit=self.draft, key="0" * 64, verdict="missing")
        return AuditReading.objects.create(
            audit=self.draft, person=person, digest=digest_of(SECRETS["read"]), invited_at=world.NOW
        )

    def of(self, address: Address, name: str) -> object:
        """The sample for one parameter of one of these addresses."""
        if name == "audit_id":
            is_of_published = address.right == "read" or "link" in address.name.removesuffix("reading-link")
            return (self.published if is_of_published else self.draft).pk
        if name == "token":
            if "room" in address.name:
                return self.room
            if address.name == "discovery:audit-read":
                return SECRETS["read"]
            return SECRETS["heard"] if "follow-up" in address.name else self.shared
        return {
            "item_id": self.draft.items.all()[0].pk,
            "opinion_id": self.opinion.pk,
            "reader_id": self.reading.person_id,
            "link_id": self.link,
            "quick_win_id": self.win.pk,
            "version": 1,
            "form": "pdf" if "state" in address.name else "md",
        }[name]
