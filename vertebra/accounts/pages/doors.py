"""Coming in for the first time: the first administrator, people invited, the demo's cast."""

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from vertebra.accounts import demo_sign_in, rate_limits
from vertebra.accounts.actions.doors import EmailTaken, use_link
from vertebra.accounts.forms import AcceptForm, OwnerForm
from vertebra.accounts.labels import Kind, Purpose, Role
from vertebra.accounts.models import OneTimeLink, SearchEntry, User
from vertebra.accounts.pages.limits import limited, too_often, who_asks
from vertebra.accounts.pages.sessions import back_to, open_session
from vertebra.accounts.permissions import open_by_secret, open_to_anyone
from vertebra.accounts.tokens import LinkNotUsable, usable_link
from vertebra.kit import clock

SHOWN_AT_MOST = 60


@open_by_secret("opened by the secret printed in the terminal")
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
@limited("one_time_link")
def owner_accept(request: HttpRequest, secret: str) -> HttpResponseBase:
    """The first administrator opens their account."""
    remedy = _("For another link, type vertebra user owner-link in the terminal of the server.")
    return _accept(request, Purpose.OWNER, secret, remedy)


@open_by_secret("opened by the secret sent to the person invited")
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
@limited("one_time_link")
def invitation_accept(request: HttpRequest, secret: str) -> HttpResponseBase:
    """Somebody invited opens their account."""
    return _accept(request, Purpose.INVITATION, secret, _("Ask whoever invited you to send it again."))


@sensitive_variables("secret")
def _accept(request: HttpRequest, purpose: Purpose, secret: str, remedy: str) -> HttpResponseBase:
    now = clock.now()
    try:
        link = usable_link(purpose, secret, now)
    except LinkNotUsable as reason:
        return _refused(request, str(reason), remedy)
    start = {"name": link.name, "language": link.language or get_language(), "email": link.email}
    kind = OwnerForm if purpose == Purpose.OWNER else AcceptForm
    form = kind(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            return _come_in(request, link, form)
        except LinkNotUsable as reason:
            return _refused(request, str(reason), remedy)
        except EmailTaken as reason:
            form.add_error(None, str(reason))
    context = {
        "form": form,
        "link": link,
        "role": Role(link.role).label,
        "is_owner": purpose == Purpose.OWNER,
    }
    return render(request, "accounts/accept.html", context, status=422 if form.errors else 200)


def _come_in(request: HttpRequest, link: OneTimeLink, form: AcceptForm) -> HttpResponseBase:
    user = use_link(
        actor=None,
        link=link,
        email=form.email() or link.email,
        name=form.cleaned_data["name"],
        language=form.cleaned_data["language"],
        password=form.cleaned_data["password"],
        now=clock.now(),
    )
    open_session(request, user, "link")
    return HttpResponseRedirect("/")


def _refused(request: HttpRequest, reason: str, remedy: str) -> HttpResponse:
    if not rate_limits.is_allowed("one_time_link", who_asks(request)):
        return too_often(request)
    return render(request, "accounts/link_refused.html", {"reason": reason, "remedy": remedy}, status=410)


@open_to_anyone("only in an instance of the demo company, from this machine")
@never_cache
def demo(request: HttpRequest) -> HttpResponseBase:
    """Choose a member of the demo's cast to sign in as."""
    if not demo_sign_in.is_open(request):
        raise Http404
    cast = User.objects.filter(is_cast=True, is_active=True)
    query = request.GET.get("q", "").strip()[:100]
    if query:
        cast = cast.filter(Q(name__icontains=query) | Q(email__icontains=query))
    people = list(cast.order_by("pk")[: SHOWN_AT_MOST + 1])
    context = {
        "people": _with_work(people[:SHOWN_AT_MOST]),
        "has_more": len(people) > SHOWN_AT_MOST,
        "query": query,
        "next": request.GET.get("next", ""),
    }
    return render(request, "accounts/demo.html", context)


def _with_work(people: list[User]) -> list[tuple[User, str]]:
    """Each with the job that search knows of somebody by that name, when it knows only one."""
    names = [person.name for person in people]
    known: dict[str, set[str]] = {}
    entries = SearchEntry.objects.filter(kind=Kind.PERSON, title__in=names)
    for title, detail in entries.values_list("title", "detail"):
        known.setdefault(title, set()).add(detail)
    return [(one, "".join(known[one.name]) if len(known.get(one.name, ())) == 1 else "") for one in people]


@open_to_anyone("only in an instance of the demo company, from this machine")
@require_POST
@limited("demo_sign_in")
def demo_enter(request: HttpRequest, user_id: int) -> HttpResponseBase:
    """Sign in as a member of the demo's cast."""
    if not demo_sign_in.is_open(request):
        raise PermissionDenied
    user = get_object_or_404(User, pk=user_id, is_cast=True, is_active=True)
    open_session(request, user, "demo")
    return back_to(request)
