"""Who calls the API: the token's owner, within the token's scopes and their own rights."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import activate
from ninja.security import HttpBearer

from vertebra.accounts import rate_limits
from vertebra.accounts.models import ApiToken, User
from vertebra.accounts.pages.limits import who_asks
from vertebra.accounts.permissions import Right, may
from vertebra.accounts.tokens import authenticate
from vertebra.kit import clock
from vertebra.kit.api import Problem


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
