"""Reports that write themselves when their period is over."""

from django.utils.translation import gettext_lazy as _

from vertebra.kit import clock
from vertebra.kit.jobs import job
from vertebra.roadmap.actions.reports import AlreadyThere, begin_report, skip_period
from vertebra.roadmap.exports import files
from vertebra.roadmap.models import Report
from vertebra.roadmap.queries.reports import due


@job(words=_("Let the reports that are due write themselves"), apart=True)
def draft_due_reports() -> dict[str, int]:
    """Assemble each report whose period is over, and ask its author once for three sentences."""
    now, begun = clock.now(), 0
    for template in due(clock.today(now)):
        try:
            begin_report(actor=None, template=template, until_on=template.next_on, now=now)
            begun += 1
        except AlreadyThere:
            skip_period(actor=None, template=template, now=now)
    return {"begun": begun}


def something_to_write() -> bool:
    """Whether a report is due."""
    return due(clock.today()).exists()


@job(words=_("Make the files of a report"), apart=True)
def make_report_files(report_id: int) -> dict[str, int]:
    """Write the PDF and the slides of a frozen report where readers find them."""
    report = Report.objects.filter(pk=report_id, frozen_at__isnull=False).first()
    if report is None:
        return {"made": 0}
    for form in files.HEAVY:
        files.make(report, form)
    return {"made": len(files.HEAVY)}
