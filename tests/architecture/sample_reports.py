"""Reports for the walk: a draft, one published and shared, a template."""

import datetime as dt

from tests import world
from tests.architecture.addresses import Address
from vertebra.accounts.models import User
from vertebra.roadmap.actions import reports as actions

PAGES = ("roadmap:report-", "roadmap:pm-time")
EVERY = ["headline", "roadmap", "updates", "metrics", "risks", "decisions", "results", "incidents", "next"]
# What changes a draft is walked on the draft, the rest on the published one.
ON_DRAFT = ("roadmap:report-assembling", "roadmap:report-freezing")


class SampleReports:
    """What the addresses of reports name."""

    def __init__(self, actor: User, initiative: int) -> None:
        values = {"name": "The walk", "language": "fr", "sections": EVERY, "every_months": 1}
        self.template = actions.set_template(actor=actor, values=values, now=world.NOW)
        self.draft = actions.begin_report(
            actor=actor, template=self.template, until_on=dt.date(2026, 10, 1), now=world.NOW
        )
        self.report = actions.begin_report(actor=actor, template=self.template, now=world.NOW)
        actions.freeze_report(actor=actor, report=self.report, now=world.NOW)
        actions.publish_report(actor=actor, report=self.report, now=world.NOW)
        self.report.refresh_from_db()
        entry, self.secret = actions.share_report(
            actor=actor, report=self.report, name="The walk", days=9, now=world.NOW
        )
        self.link = next(int(row.row_id) for row in entry.rows.all() if row.row_id)
        self.initiative = initiative

    def of(self, address: Address, name: str) -> object:
        """The sample for one parameter of one of these addresses."""
        report = self.draft if address.name in ON_DRAFT else self.report
        return {
            "report_id": report.pk,
            "template_id": self.template.pk,
            "form": "md",
            "link_id": self.link,
            "token": self.secret,
            "initiative_id": self.initiative,
        }[name]
