"""The API: one description, the routes of every module, problem documents for every error."""

from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI, Swagger
from ninja.errors import AuthenticationError, HttpError
from ninja.errors import ValidationError as BadRequest
from ninja.openapi.schema import OpenAPISchema

from vertebra.accounts.api import (
    KEY_HEADER,
    KEY_PATTERN,
    WRITING,
    carried_out_once,
    no_token,
    requires_session_or_token,
)
from vertebra.accounts.audit import Refusal
from vertebra.accounts.permissions import Right
from vertebra.evidence.api import router as evidence
from vertebra.kit.api import PROBLEM_JSON, PerCaller, Problem, problem_response, too_large
from vertebra.learning.api import router as learning
from vertebra.measures.api import router as measures
from vertebra.org.api import router as org
from vertebra.practices.api import router as practices
from vertebra.releases.api import router as releases
from vertebra.roadmap.api import router as roadmap
from vertebra.web.api.common import router as common

PER_MINUTE = 6000
KEY_PARAMETER = {
    "in": "header",
    "name": KEY_HEADER,
    "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": KEY_PATTERN},
    "description": (
        "Chosen by the caller for this request alone (a UUID, say). The same request with the same key within 24 hours "
        "is not carried out again: it gets the same answer, marked `Idempotency-Replayed: true`. The same key with "
        "another request is refused (422); while the first is being carried out the second waits, or gets 409 with "
        "`Retry-After`. What was refused changed nothing and may be sent again with its key."
    ),
}


class DescribedApi(NinjaAPI):
    """Describes errors as what they are, problem documents, and the key that makes writing safe to repeat."""

    def get_openapi_schema(self, *args: Any, **kwargs: Any) -> OpenAPISchema:
        """The OpenAPI description."""
        schema = super().get_openapi_schema(*args, **kwargs)
        for operations in schema["paths"].values():
            for verb, operation in operations.items():
                if verb.upper() in WRITING:
                    operation.setdefault("parameters", []).append(KEY_PARAMETER)
                for status, response in operation["responses"].items():
                    if int(status) >= 400 and "application/json" in response.get("content", {}):
                        response["content"] = {PROBLEM_JSON: response["content"].pop("application/json")}
        return schema


api = DescribedApi(
    title="Vertebra",
    version=settings.VERSION,
    description=(
        "The organisation, its measures and incidents, its roadmap and what came of it, its ways of working, its releases and to whom they "
        "are told, with the rights of the token's owner."
    ),
    urls_namespace="api",
    docs=Swagger(),
    docs_decorator=requires_session_or_token(Right.READ, "read"),
    throttle=[PerCaller(PER_MINUTE)],
)
api.add_decorator(carried_out_once, mode="operation")
api.add_router("", common)
api.add_router("", org)
api.add_router("", measures)
api.add_router("", evidence)
api.add_router("", roadmap)
api.add_router("", practices)
api.add_router("", releases)
api.add_router("", learning)


@api.exception_handler(Problem)
def _problem(request: HttpRequest, error: Problem) -> HttpResponse:
    return error.response()


@api.exception_handler(Refusal)
def _refused(request: HttpRequest, error: Refusal) -> HttpResponse:
    return problem_response(409, "refused", str(error))


@api.exception_handler(ValidationError)
def _not_valid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    errors = [{"field": name, "message": " ".join(words)} for name, words in _by_field(error).items()]
    return problem_response(422, "not_valid", " ".join(error.messages), errors)


def _by_field(error: ValidationError) -> dict[str, list[str]]:
    return error.message_dict if hasattr(error, "error_dict") else {"": error.messages}


@api.exception_handler(BadRequest)
def _bad_request(request: HttpRequest, error: BadRequest) -> HttpResponse:
    errors: list[dict[str, Any]] = [
        {"field": _field_at(each["loc"]), "message": each["msg"]} for each in error.errors
    ]
    return problem_response(422, "not_valid", "Some of what was sent cannot be read: see errors.", errors)


def _field_at(place: tuple[str | int, ...]) -> str:
    """What was sent, as the description of the API calls it: neither our names for all filters nor for types."""
    parts = [str(part) for part in place if "[" not in str(part)]
    return ".".join(parts[2:] if parts[:2] == ["query", "asked"] else parts)


@api.exception_handler(AuthenticationError)
def _nobody(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    return no_token()


@api.exception_handler(RequestDataTooBig)
def _too_large(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    return too_large()


@api.exception_handler(Http404)
def _not_found(request: HttpRequest, error: Http404) -> HttpResponse:
    return problem_response(404, "not_found", "There is nothing at this address, or it is not open to you.")


@api.exception_handler(HttpError)
def _http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    code = "too_often" if error.status_code == 429 else "http"
    return problem_response(error.status_code, code, str(error))
