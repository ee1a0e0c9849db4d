"""Who calls the API: the token's owner, within the token's scopes and their own rights; and what a tool sends twice."""

import datetime as dt
import hashlib
import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import OperationalError, connection, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import activate
from ninja.security import HttpBearer

from vertebra.accounts import rate_limits
from vertebra.accounts.models import ApiToken, AuditEntry, KeptAnswer, User
from vertebra.accounts.pages.limits import who_asks
from vertebra.accounts.permissions import Right, View, may, requires
from vertebra.accounts.tokens import authenticate
from vertebra.kit import clock
from vertebra.kit.api import Problem, answer

KEY_HEADER = "Idempotency-Key"
REPLAYED_HEADER = "Idempotency-Replayed"
KEY_PATTERN = r"^[\x21-\x7E]{1,255}$"
# How long the second of two requests at the same time waits for the first (SQLite waits as for any writing).
WAIT_SECONDS = 5
WRITING = frozenset({"POST", "PUT", "PATCH", "DELETE"})


class ApiRequest(HttpRequest):
    """A request made with a token."""

    user: User
    token: ApiToken


class Bearer(HttpBearer):
    """Opens a route to tokens that have the scope and whose owner holds the right."""

    def __init__(self, right: Right, scope: str) -> None:
        super().__init__()
        self.right, self.scope = right, scope

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        found = authenticate(token, clock.now())
        if found is None:
            if not rate_limits.is_allowed("api_token", who_asks(request)):
                raise Problem(429, "too_often", "Too many tokens that do not open: try again in a minute.")
            return None
        if self.scope not in found.scopes:
            raise Problem(403, "scope", f"This token lacks the scope “{self.scope}”: make another one.")
        if not may(found.user, self.right):
            raise Problem(403, "right", "Your role does not allow this.")
        request.user = found.user
        request.token = found  # type: ignore[attr-defined]
        activate(found.user.language)
        return found


def made(entry: AuditEntry, status: int = 201) -> HttpResponse:
    """The answer to what was made or changed: its id, and the entry of the audit that can be undone."""
    return answer({"id": entry.object_id, "entry": entry.pk}, status)


def newly_made(kind: str, row_id: int) -> HttpResponse:
    """The same of an object that an action has just made."""
    return made(AuditEntry.objects.filter(kind=kind, object_id=row_id).latest("pk"))


def no_token() -> HttpResponse:
    """The answer to whoever calls without a token that opens."""
    response = Problem(401, "token", "Send a valid token: “Authorization: Bearer …”.").response()
    response["WWW-Authenticate"] = "Bearer"
    return response


def requires_session_or_token(right: Right, scope: str) -> Callable[[View], View]:
    """Open a page to people who are signed in and to tools that send a token, if they hold the right."""
    bearer = Bearer(right, scope)

    def decorate(view: View) -> View:
        by_session = requires(right)(view)

        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if "Authorization" not in request.headers:
                return by_session(request, *args, **kwargs)
            try:
                return view(request, *args, **kwargs) if bearer(request) else no_token()
            except Problem as problem:
                return problem.response()

        guarded.required_right = right  # type: ignore[attr-defined]
        return guarded

    return decorate


def carried_out_once(route: Callable[..., Any]) -> Callable[..., Any]:
    """Carry out a request with an idempotency key once: the same again within a day gets the same answer.

    What it does and what is answered are written in one transaction, so a crash leaves neither; whoever sends the
    same at the same time waits for the first. What was refused changed nothing, and may be sent again.
    """

    @wraps(route)
    def run(request: ApiRequest, *args: Any, **kwargs: Any) -> Any:
        key = request.headers.get(KEY_HEADER)
        if key is None or request.method not in WRITING:
            return route(request, *args, **kwargs)
        if not re.fullmatch(KEY_PATTERN, key):
            raise Problem(
                422, "bad_key", f"“{KEY_HEADER}” is 1 to 255 visible ASCII characters, without spaces."
            )
        try:
            with transaction.atomic():
                return _once(request, key, lambda: route(request, *args, **kwargs))
        except OperationalError as error:
            if "lock" not in str(error):
                raise
            detail = "The same request is still being carried out: try again."
            raise Problem(409, "still_running", detail, retry_after=1) from error

    return run


def _once(request: ApiRequest, key: str, carry_out: Callable[[], HttpResponse]) -> HttpResponse:
    """The kept answer of the key, or the answer of carrying the request out, which is kept unless it is a refusal."""
    asked = _digest(request)
    kept = _claim(request.token, key, asked, clock.machine())
    if kept.asked != asked:
        detail = f"This “{KEY_HEADER}” came with another request before: choose a new one for each request."
        raise Problem(422, "key_used", detail)
    if kept.status:
        return HttpResponse(
            kept.body,
            status=kept.status,
            content_type="application/json",
            headers={REPLAYED_HEADER: "true"},
        )
    response = carry_out()
    if response.status_code >= 300:
        transaction.set_rollback(True)
    else:
        kept.status, kept.body = response.status_code, response.content.decode()
        kept.save(update_fields=("status", "body"))
    return response


def _digest(request: HttpRequest) -> str:
    """What tells one request from another: its verb, its address and its body."""
    told = f"{request.method} {request.get_full_path()}\n".encode()
    return hashlib.sha256(told + request.body).hexdigest()


def _claim(token: ApiToken, key: str, asked: str, now: dt.datetime) -> KeptAnswer:
    """The row of the key, new if nobody used it within a day; waits for whoever is carrying out the same."""
    KeptAnswer.objects.filter(token=token, key=key, made_at__lte=now - KeptAnswer.LASTS).delete()
    _wait_at_most(f"{WAIT_SECONDS}s")
    kept, _made = KeptAnswer.objects.get_or_create(
        token=token, key=key, defaults={"asked": asked, "made_at": now}
    )
    _wait_at_most("0")
    return kept


def _wait_at_most(lasts: str) -> None:
    """How long this transaction waits for a lock, on PostgreSQL (0: for ever)."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, true)", [lasts])
