"""Jobs of surveys: asking people, closing what has ended."""

from django.utils.translation import gettext_lazy as _

from vertebra.evidence import sending
from vertebra.evidence.actions.surveys import close_survey
from vertebra.evidence.labels import SurveyState
from vertebra.evidence.models import Survey
from vertebra.evidence.queries import flow_asked
from vertebra.kit import clock
from vertebra.kit.jobs import job


@job(words=_("Ask people for their answers"))
def send_due_invitations() -> dict[str, int]:
    """Ask those who have room for one more thing this week, and remind those who are to be reminded."""
    # How many are reminded would tell how many have answered, to whoever reads what jobs did.
    return {"sent": sending.send_due(clock.now())["sent"]}


def something_to_send() -> bool:
    """Whether somebody waits to be asked or reminded."""
    return sending.something_to_send(clock.now())


@job(words=_("Close surveys whose last day has passed"), apart=True)
def close_due_surveys() -> int:
    """Close what has ended."""
    now = clock.now()
    due = list(Survey.objects.filter(state=SurveyState.OPEN, closes_on__lt=clock.today(now)))
    for survey in due:
        close_survey(actor=None, survey=survey, now=now)
    return len(due)


def something_to_close() -> bool:
    """Whether a survey's last day has passed."""
    today = clock.today(clock.now())
    return Survey.objects.filter(state=SurveyState.OPEN, closes_on__lt=today).exists()


@job(words=_("Compute how work flows"), apart=True)
def figure_flow() -> dict[str, int]:
    """Compute the places of work, and the figures of those for whom flow is looked at."""
    from vertebra.evidence.trail.figuring import figure  # what reads columns is loaded when it runs

    return figure(clock.now())


def is_flow_due() -> bool:
    """Whether a trail, a mapping, a meaning or an opening changed since."""
    return flow_asked.is_due(clock.now())
