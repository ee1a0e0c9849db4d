"""Templates of a practice: shown, copied in one step, taken as a file, written, put away."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vertebra.accounts.permissions import PageRequest, Right, requires
from vertebra.kit import clock, markdown
from vertebra.org.empty_spaces import language_now
from vertebra.org.pages.frame import Ask, answer, do
from vertebra.practices.actions import templates as actions
from vertebra.practices.actions.copying import count_copy
from vertebra.practices.forms.practices import TemplateForm
from vertebra.practices.models import Template
from vertebra.practices.pages.frame import FORM_PAGE, changeable, page_of
from vertebra.practices.queries.rights import may_change
from vertebra.roadmap.pages.table_frame import ask


def _template(request: PageRequest, template_id: int, *, to_change: bool = False) -> Template:
    row = get_object_or_404(Template.objects.select_related("practice"), pk=template_id, archived_at=None)
    if to_change and not may_change(request.user, row.practice):
        raise PermissionDenied
    return row


@require_GET
@requires(Right.READ)
def template_page(request: PageRequest, template_id: int) -> HttpResponseBase:
    """Show a template, ready to be copied."""
    one = _template(request, template_id)
    context = {
        "one": one,
        "row": one.practice,
        "body": markdown.render(one.body) if one.body else "",
        "can_change": may_change(request.user, one.practice),
    }
    return render(request, "practices/template.html", context)


@require_http_methods(["GET", "POST"])
@requires(Right.TAKE_PART)
def template_create(request: PageRequest, practice_id: int) -> HttpResponseBase:
    """Add a template."""
    row = changeable(request, practice_id)

    def create(given: dict[str, Any]) -> str:
        actions.add_template(actor=request.user, practice=row, now=clock.now(), **given)
        return f"{page_of(row)}#templates"

    return ask(
        request, TemplateForm(request.POST or None, initial={"language": language_now()}), create,
        heading=_("Add a template"), submit=_("Add it"), done=_("Added."), cancel_url=page_of(row),
        template=FORM_PAGE, row=row, draft="practice-template",
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@requires(Right.TAKE_PART)
def template_edit(request: PageRequest, template_id: int) -> HttpResponseBase:
    """Change a template."""
    one = _template(request, template_id, to_change=True)
    url = reverse("practices:template-show", args=(one.pk,))
    wanted = Ask(
        form=TemplateForm(
            request.POST or None, initial={name: getattr(one, name) for name in actions.EDITABLE}
        ),
        act=lambda given: actions.change_template(
            actor=request.user, template=one, changes=given, now=clock.now()
        ),
        heading=_("Change the template"),
        submit=_("Save"),
        done=_("%(name)s: the template is changed."),
        cancel_url=url,
        back=lambda _entry: url,
        template=FORM_PAGE,
    )
    return answer(request, wanted, row=one.practice)


@require_POST
@requires(Right.READ)
def template_copy(request: PageRequest, template_id: int) -> HttpResponseBase:
    """Count a copy; without scripts, show the text to be copied by hand."""
    one = _template(request, template_id)
    count_copy(one)
    return HttpResponse(status=204) if request.htmx else redirect("practices:template-show", one.pk)


@require_GET
@requires(Right.READ)
def template_file(request: PageRequest, template_id: int) -> HttpResponseBase:
    """The text of a template as a Markdown file."""
    one = _template(request, template_id)
    response = HttpResponse(f"# {one.title}\n\n{one.body}\n", content_type="text/markdown; charset=utf-8")
    name = slugify(one.title) or f"template-{one.pk}"
    response["Content-Disposition"] = f'attachment; filename="{name}.md"'
    return response


@require_POST
@requires(Right.TAKE_PART)
def template_archiving(request: PageRequest, template_id: int) -> HttpResponseBase:
    """Take a template away."""
    one = _template(request, template_id, to_change=True)
    return do(
        request,
        lambda: actions.archive_template(actor=request.user, template=one, now=clock.now()),
        _("%(name)s: the template is taken away."),
        f"{page_of(one.practice)}#templates",
    )
