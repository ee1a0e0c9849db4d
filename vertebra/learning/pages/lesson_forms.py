"""Writing lessons: what they are about, what they say in each language, publishing, saying that they hold no more."""

from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from vertebra.accounts.permissions import PageRequest, Right, requires
from vertebra.kit import clock
from vertebra.kit.languages import language_said
from vertebra.kit.numbers import whole_number
from vertebra.learning.actions import lessons as actions
from vertebra.learning.forms.lessons import ExpiryForm, LessonForm, TextForm
from vertebra.learning.pages.frame import FORM_PAGE, changeable, found, language_now, page_of
from vertebra.learning.queries.images import keep_image
from vertebra.learning.queries.lessons import may_change, versions_of
from vertebra.org.empty_spaces import person_of
from vertebra.org.forms.together import remember_shown
from vertebra.org.pages.frame import Ask, answer, do
from vertebra.org.queries.care import Areas
from vertebra.releases.models import Release
from vertebra.releases.pages.frame import creation
from vertebra.releases.pages.frame import page_of as release_page
from vertebra.releases.queries.rights import may_change as may_change_release

LANGUAGES = dict(settings.LANGUAGES)


@require_http_methods(["GET", "POST"])
@requires(Right.EDIT_ORGANISATION)
def lesson_create(request: PageRequest) -> HttpResponseBase:
    """Begin a lesson, of a release or of anything else."""
    now = clock.now()
    initial = {
        "language": language_now(),
        "owner": person_of(request.user),
        **{name: request.GET.get(name, "")[:200] for name in ("title", "release", "area")},
    }
    form = LessonForm(request.POST or None, areas=Areas.as_of(clock.today(now)), initial=initial)

    def create(given: dict[str, Any]) -> str:
        return page_of(actions.create_lesson(actor=request.user, now=now, **given))

    return creation(
        request,
        form,
        create,
        template=FORM_PAGE,
        heading=_("Something to learn"),
        submit_label=_("Begin it"),
        intro=_(
            "A few minutes about one thing, with one question. The lesson of a release begins with its briefs."
        ),
        cancel_url=reverse("learning:lesson-list"),
        draft="lesson",
    )


@require_http_methods(["GET", "POST"])
@requires(Right.TAKE_PART)
def lesson_edit(request: PageRequest, lesson_id: int) -> HttpResponseBase:
    """Change what is known of a lesson."""
    now = clock.now()
    row = changeable(request, lesson_id)
    names = ("title", "minutes", "owner", "language", "feature")
    initial = {name: getattr(row, name) for name in names} | {"area": row.area_id}
    form = LessonForm(
        request.POST or None, areas=Areas.as_of(clock.today(now)), is_new=False, initial=initial
    )
    remember_shown(form)
    if form.is_bound and "whole" not in request.POST:
        form.keep_given()
    ask = Ask(
        form=form,
        act=lambda given: actions.change_lesson(actor=request.user, lesson=row, changes=given, now=now),
        heading=_("Change the lesson"),
        submit=_("Save"),
        done=_("%(name)s is changed."),
        cancel_url=page_of(row),
        back=lambda _entry: page_of(row),
        template=FORM_PAGE,
    )
    return answer(request, ask, row=row, is_whole=True)


@require_http_methods(["GET", "POST"])
@requires(Right.TAKE_PART)
def text_edit(request: PageRequest, lesson_id: int, language: str) -> HttpResponseBase:
    """Write what a lesson says in a language, beside what it says in the other."""
    now = clock.now()
    row = changeable(request, lesson_id)
    if language not in LANGUAGES:
        raise Http404
    known = versions_of(row)
    version = known.draft or known.latest
    texts = {one.language: one for one in version.texts.all()} if version else {}
    text = texts.get(language)
    form = TextForm(
        request.POST or None, request.FILES or None, initial=_initial(text, row.title), has_image=bool(text and text.image)
    )  # fmt: skip

    def act(given: dict[str, Any]) -> Any:
        values = {name: value for name, value in given.items() if not name.startswith("choice_")}
        image = values.pop("image", None)
        if image:
            values["image"] = keep_image(image)
        elif values.pop("no_image", False):
            values["image"] = values["image_words"] = ""
        return actions.write_text(actor=request.user, lesson=row, language=language, changes=values, now=now)

    ask = Ask(
        form=form,
        act=act,
        heading=_("What it says in %(language)s") % {"language": language_said(language)},
        submit=_("Save"),
        done=_("Written. Nobody else reads it before it is published."),
        cancel_url=page_of(row),
        back=lambda _entry: page_of(row),
        template="learning/text_form.html",
    )
    others = [one for code, one in texts.items() if code != language]
    return answer(request, ask, row=row, others=others)


def _initial(text: Any, title: str) -> dict[str, Any]:
    if text is None:
        return {"title": title}
    names = ("title", "body", "video_address", "image_words", "question", "right", "explanation")
    choices = {f"choice_{at}": choice for at, choice in enumerate(text.choices)}
    return {name: getattr(text, name) for name in names} | choices


@require_POST
@requires(Right.TAKE_PART)
def publication(request: PageRequest, lesson_id: int) -> HttpResponseBase:
    """Publish what is written."""
    row = changeable(request, lesson_id)
    is_same = "same" in request.POST
    said = (
        _("%(name)s is published: whoever took it has taken it.")
        if is_same
        else _("%(name)s is published: those whom it is for are told, two things a week at most.")
    )
    return do(
        request,
        lambda: actions.publish_lesson(actor=request.user, lesson=row, is_same=is_same, now=clock.now()),
        said,
        page_of(row),
    )


@require_http_methods(["GET", "POST"])
@requires(Right.TAKE_PART)
def expiry(request: PageRequest, lesson_id: int) -> HttpResponseBase:
    """Say that what a lesson tells holds no more."""
    row = changeable(request, lesson_id)
    ask = Ask(
        form=ExpiryForm(request.POST or None),
        act=lambda given: actions.expire_lesson(
            actor=request.user, lesson=row, note=given["note"], now=clock.now()
        ),
        heading=_("It holds no more"),
        submit=_("Let it expire"),
        done=_("%(name)s has expired: whoever took it takes the next version."),
        cancel_url=page_of(row),
        back=lambda _entry: page_of(row),
        template=FORM_PAGE,
    )
    return answer(request, ask, row=row)


@require_POST
@requires(Right.TAKE_PART)
def changed_by(request: PageRequest, lesson_id: int) -> HttpResponseBase:
    """Say that a release changes what a lesson tells, or not after all: whoever writes either of them may."""
    row = found(lesson_id)
    number = whole_number(str(request.POST.get("release", ""))) or 0
    release = get_object_or_404(Release.objects.select_related("lead"), pk=number)
    if not (may_change(request.user, row) or may_change_release(request.user, release)):
        raise PermissionDenied
    say, said = actions.say_changed_by, _("%(name)s: noted. It expires by itself once that release is out.")
    if "not" in request.POST:
        say, said = actions.say_unchanged_by, _("%(name)s: noted. That release leaves it as it is.")
    return do(
        request,
        lambda: say(actor=request.user, lesson=row, release=release, now=clock.now()),
        said,
        release_page(release) if request.POST.get("from") == "release" else page_of(row),
    )


@require_POST
@requires(Right.TAKE_PART)
def archiving(request: PageRequest, lesson_id: int) -> HttpResponseBase:
    """Take a lesson out of the lists."""
    row = changeable(request, lesson_id)
    return do(
        request,
        lambda: actions.archive_lesson(actor=request.user, lesson=row, now=clock.now()),
        _("%(name)s is archived."),
        reverse("learning:lesson-list"),
    )


@require_POST
@requires(Right.TAKE_PART)
def restoration(request: PageRequest, lesson_id: int) -> HttpResponseBase:
    """Bring a lesson back that was put away."""
    row = changeable(request, lesson_id)
    return do(
        request,
        lambda: actions.restore_lesson(actor=request.user, lesson=row, now=clock.now()),
        _("%(name)s is back."),
        page_of(row),
    )
