"""What Jira answers to a search, read tolerantly: one odd value costs that value, one odd issue that issue."""

from __future__ import annotations

from typing import Any

import msgspec

from vertebra.connectors.asking import Asker
from vertebra.connectors.faults import Fault, Trouble
from vertebra.connectors.histories.jira_shape import (
    History,
    Issue,
    Strange,
    is_damaged,
    loaded,
    mended,
)
from vertebra.connectors.histories.noted import Noted
from vertebra.connectors.trail import FlawCode


class RawPage(msgspec.Struct):
    """One answer to a search, its issues not read yet."""

    issues: list[msgspec.Raw]
    nextPageToken: str | None = None
    startAt: int = 0
    total: int | None = None


class Page(msgspec.Struct):
    """One answer to a search that had to be read with more patience."""

    issues: list[Any]
    nextPageToken: str | None = None
    startAt: int = 0
    total: int | None = None


class _Log(msgspec.Struct):
    """One page of the history of an issue."""

    values: list[History] = []
    isLast: bool | None = None
    total: int | None = None


class _Whole(msgspec.Struct):
    """An issue asked for its history alone."""

    changelog: _Histories | None = None


class _Histories(msgspec.Struct):
    """The history of an issue, as the issue itself tells it."""

    histories: list[History] = []


def is_cut(issue: Issue) -> bool:
    """Whether only a part of the history of an issue was given."""
    log = issue.changelog
    return log is not None and (log.total or 0) > len(log.histories or ())


class Answers:
    """Reads answers into issues of one shape, and notes what is wrong with single ones."""

    def __init__(self, shape: type[Issue], noted: Noted) -> None:
        self.shape = shape
        self.noted = noted
        self._page = msgspec.json.Decoder(RawPage).decode
        self._issue = msgspec.json.Decoder(shape).decode

    def page(self, body: bytes, host: str) -> RawPage | Page:
        """One answer to a search; raises Trouble for what is none."""
        try:
            return self._page(body)
        except msgspec.ValidationError as error:
            raise Trouble(Fault.ANSWER_STRANGE, host=host) from error
        except (msgspec.DecodeError, RecursionError, UnicodeError):
            pass
        try:  # half a character in one issue is no reason to lose the others
            return msgspec.convert(loaded(body), Page)
        except msgspec.ValidationError as error:
            raise Trouble(Fault.ANSWER_STRANGE, host=host) from error
        except (ValueError, RecursionError) as error:
            raise Trouble(Fault.NOT_JSON, host=host) from error

    def issues(self, page: RawPage | Page) -> list[Issue]:
        """The issues of an answer."""
        read = self._of if isinstance(page, RawPage) else self._mended
        return [one for found in page.issues if (one := read(found)) is not None]

    def _of(self, raw: msgspec.Raw) -> Issue | None:
        text = bytes(raw)
        try:
            return self._mended(loaded(text)) if is_damaged(text) else self._issue(text)
        except (msgspec.MsgspecError, RecursionError, UnicodeError):
            pass
        try:
            return self._mended(loaded(text))
        except (ValueError, RecursionError):
            self.noted.add(FlawCode.NOT_AN_ITEM, 0)
            return None

    def _mended(self, value: Any) -> Issue | None:
        """The issue that a value is, without what is odd in it."""
        key = str(value.get("key") or value.get("id") or "")[:100] if isinstance(value, dict) else ""
        try:
            issue, odd = mended(value, self.shape)
        except Strange:
            self.noted.add(FlawCode.ITEM_UNREADABLE if key else FlawCode.NOT_AN_ITEM, 0, key=key)
            return None
        for field in odd:
            self.noted.add(FlawCode.VALUE_ODD, 0, key=key, field=field)
        return issue

    def history(self, asker: Asker, path: str, *, is_paged: bool, most: int) -> list[History]:
        """The whole history of an issue, oldest first or as the issue tells it."""
        if not is_paged:
            answer = asker.get(path, {"expand": "changelog", "fields": "created"})
            whole = self._decoded(answer.body, _Whole, asker.host)
            return list(whole.changelog.histories) if whole.changelog is not None else []
        found: list[History] = []
        for _page in range(most):
            answer = asker.get(f"{path}/changelog", {"startAt": len(found), "maxResults": 100})
            page = self._decoded(answer.body, _Log, asker.host)
            found += page.values
            if page.isLast is True or not page.values or len(found) >= (page.total or 0):
                break
        return found

    def _decoded(self, body: bytes, kind: Any, host: str) -> Any:
        try:
            return msgspec.json.decode(body, type=kind)
        except (msgspec.MsgspecError, RecursionError, UnicodeError) as error:
            raise Trouble(Fault.ANSWER_STRANGE, host=host) from error
