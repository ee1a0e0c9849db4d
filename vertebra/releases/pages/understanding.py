"""Writing the one question that checks whether a release is understood, begun from its lesson or its briefs."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from vertebra.accounts.permissions import PageRequest, Right, requires
from vertebra.kit import clock
from vertebra.org.pages.frame import Ask, answer
from vertebra.releases.actions.checks import set_check
from vertebra.releases.forms.understanding import UnderstandingForm, begun, shown
from vertebra.releases.labels.briefs import Trade
from vertebra.releases.models import Release
from vertebra.releases.pages.frame import FORM_PAGE, changeable
from vertebra.releases.queries.announcing import Texts
from vertebra.releases.queries.understanding import Worded, asked_elsewhere, check_asked


@require_http_methods(["GET", "POST"])
@requires(Right.TAKE_PART)
def check(request: PageRequest, release_id: int) -> HttpResponseBase:
    """Write the one question that checks that a release is understood."""
    row = changeable(request, release_id)
    held = check_asked(row)
    asked = {} if held else asked_elsewhere(row)
    initial = shown(held) if held else _begun(row, asked)
    form = UnderstandingForm(request.POST or None, initial=initial, language=row.language)
    back = reverse("releases:release-checks", args=(row.pk,))

    def act(_given: dict[str, Any]) -> Any:
        return set_check(
            actor=request.user, release=row, language=row.language, now=clock.now(), **form.given()
        )

    ask = Ask(
        form=form,
        act=act,
        heading=_("One question that checks it"),
        submit=_("Save"),
        done=_("%(name)s has its question."),
        cancel_url=back,
        back=lambda _entry: back,
        intro=_intro(is_of_lesson=bool(asked)),
        template=FORM_PAGE,
    )
    return answer(request, ask, row=row)


def _intro(*, is_of_lesson: bool) -> str:
    said = _(
        "Asked of whoever says that they understood, explained afterwards. Answers are counted without names. "
        "They are shown in the order of the alphabet."
    )
    begins = _("It begins with the question of its lesson: change it as you like.") if is_of_lesson else ""
    return f"{begins} {said}".strip()


def _begun(row: Release, asked: Mapping[str, Worded]) -> dict[str, str]:
    """The question as it may begin: that of the lesson, or else what changes, answered by the sentence of the brief."""
    told = begun(asked, row.language)
    return told if row.language in asked else _from_briefs(row) | told


def _from_briefs(row: Release) -> dict[str, str]:
    texts, found = Texts.of(row), dict[str, str]()
    for code, _name in settings.LANGUAGES:
        text = texts.best(Trade.EVERYONE, code)
        is_own = code == row.language
        if not is_own and (text.language != code or not text.version):
            continue
        ending = "" if is_own else f"_{code}"
        with translation.override(code):
            found[f"question{ending}"] = _("What changes with “%(title)s”?") % {"title": row.title}
        line = text.subject if text.version and text.language == code else row.summary
        found[f"right{ending}"] = line[:200]
    return found
