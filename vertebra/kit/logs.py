"""Structured logs: one line per event, with the request it belongs to, and never a secret."""

import logging.config
import re
import sys
import time
import uuid
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

# structlog loads rich to colour tracebacks, which we write as plain text: a tenth of a second of every start.
if "rich" not in sys.modules:
    sys.modules["rich"] = None  # type: ignore[assignment]
    import structlog

    del sys.modules["rich"]
import structlog
from structlog.typing import EventDict, Processor

log = structlog.get_logger("vertebra.requests")
SAFE_REQUEST_ID = re.compile(r"[A-Za-z0-9_.-]{8,40}\Z")
SECRET_NAMES = re.compile(
    r"password|passwd|secret|token|authorization|cookie|csrf|api_?key|digest|recovery", re.I
)
UUID = re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b")
# What an address, a key or a one-time link carries: long runs of letters and digits that no word has.
LONG_CODE = re.compile(r"(?<![\w.-])(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[\w-]{20,}(?![\w.-])")
CREDENTIALS = re.compile(r"(\b\w+://[^/\s:@]*):[^/\s@]+@")
HIDDEN = "[hidden]"


def hide_secrets(logger: Any, method: str, event: EventDict) -> EventDict:
    """Blank what is named like a secret or looks like one, at any depth."""
    return {name: _hidden(name, value) for name, value in event.items()}


def _hidden(name: str, value: Any) -> Any:
    if SECRET_NAMES.search(name):
        return HIDDEN
    if isinstance(value, dict):
        return {key: _hidden(str(key), inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_hidden("", inner) for inner in value]
    return without_secrets(value) if isinstance(value, str) else value


def without_secrets(text: str) -> str:
    """The text without passwords in addresses and without long codes (identifiers of jobs stay)."""
    kept = {f"\0{index}\0": found for index, found in enumerate(UUID.findall(text))}
    for mark, found in kept.items():
        text = text.replace(found, mark, 1)
    text = LONG_CODE.sub(HIDDEN, CREDENTIALS.sub(rf"\1:{HIDDEN}@", text))
    for mark, found in kept.items():
        text = text.replace(mark, found)
    return text


SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def configure(options: dict[str, str]) -> None:
    """Set logging up: `format` is json or console, `level` the least grave event of ours to write."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *SHARED,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": SHARED,
        "processors": _written_by(options["format"]),
    }
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"ours": formatter},
            "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "ours"}},
            "root": {"handlers": ["stderr"], "level": "WARNING"},
            "loggers": {"vertebra": {"level": options["level"]}, "django.request": {"level": "ERROR"}},
        }
    )


def _written_by(form: str) -> list[Processor]:
    """The last steps of a line; the text of an exception is hidden like the rest, so it comes before secrets."""
    return [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        structlog.processors.format_exc_info,
        hide_secrets,
        structlog.processors.JSONRenderer()
        if form == "json"
        else structlog.dev.ConsoleRenderer(colors=False),
    ]


class RequestLog:
    """Gives each request an identifier, and writes one line about it: the address's form, never its contents."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        request_id = given if SAFE_REQUEST_ID.match(given) else uuid.uuid4().hex
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        started = time.perf_counter()
        response = self.get_response(request)
        response["X-Request-ID"] = request_id
        self._write(request, response, time.perf_counter() - started)
        return response

    @staticmethod
    def _write(request: HttpRequest, response: HttpResponse, seconds: float) -> None:
        from vertebra.kit import metrics

        found = request.resolver_match
        view = (found.view_name or found.route) if found else ""
        metrics.count_request(view or "(none)", request.method or "", response.status_code, seconds)
        log.info(
            "request",
            method=request.method,
            view=view,
            status=response.status_code,
            ms=round(seconds * 1000, 1),
            user=getattr(getattr(request, "user", None), "pk", None) if _was_asked(request) else None,
        )


def _was_asked(request: HttpRequest) -> bool:
    """Whether somebody looked at who is signed in: the log alone must not cause a query."""
    return hasattr(request, "_cached_user")
