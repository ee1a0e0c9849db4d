"""Words of consultations, of what champions pass on, and of how sure what is being designed is."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Impact(TextChoices):
    """How much something changes for a trade."""

    NONE = "none", pgettext_lazy("impact on a trade", "nothing")
    LOW = "low", pgettext_lazy("impact on a trade", "a little")
    HIGH = "high", pgettext_lazy("impact on a trade", "much")


class ConsultationState(TextChoices):
    """How far a consultation is; due: nobody is asked any more, and those who answered wait to hear."""

    OPEN = "open", pgettext_lazy("consultation", "open")
    DUE = "due", pgettext_lazy("consultation", "outcome awaited")
    CLOSED = "closed", pgettext_lazy("consultation", "closed")


CONSULTATION_TONES = {"open": "accent", "due": "attention", "closed": "neutral"}


class AskState(TextChoices):
    """How far an ask is; held: the champion was asked for two things this week already, or no mail reaches them."""

    HELD = "held", pgettext_lazy("consultation", "waits for a free week")
    WAITING = "waiting", pgettext_lazy("consultation", "waiting")
    REMINDED = "reminded", pgettext_lazy("consultation", "reminded once")
    ANSWERED = "answered", pgettext_lazy("consultation", "answered")
    LAPSED = "lapsed", pgettext_lazy("consultation", "not answered in time")


# What an answer that is pressed in a chat tool begins with, and what it says.
PRESSED = "consultation:"
IMPACT_ANSWERS: dict[str, object] = {
    "none": _("It changes nothing for us"),
    "low": pgettext_lazy("it changes", "A little"),
    "high": pgettext_lazy("it changes", "Much"),
}
IMPACT_TONES = {"none": "neutral", "low": "accent", "high": "attention"}
ASK_TONES = {
    "held": "neutral",
    "waiting": "neutral",
    "reminded": "neutral",
    "answered": "good",
    "lapsed": "neutral",
}
# Minutes counted for an answer when the champion does not say, and for reading a heads-up.
USUAL_MINUTES = 2
READING_MINUTES = 1
# An answer, or passing something on, takes a day at most.
MOST_MINUTES = 480
# Who was asked and has not answered; with those who are to be asked.
ASKED = (AskState.WAITING, AskState.REMINDED)
OPEN_ASKS = (AskState.HELD, *ASKED)


class Certainty(IntegerChoices):
    """How sure it is that something comes, the least sure first: what the field may rely on, in words."""

    IDEA = 1, _("an idea: it may never come")
    WANTED = 2, _("wanted: nobody has begun")
    BEGUN = 3, _("begun: no day yet")
    SHAKY = 4, _("begun: its day may not hold")
    LIKELY = 5, _("likely on its day")
    SURE = 6, _("being checked: about to come out")


CERTAINTY_TONES = {1: "neutral", 2: "neutral", 3: "accent", 4: "attention", 5: "good", 6: "good"}
