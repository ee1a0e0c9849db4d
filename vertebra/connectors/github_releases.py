"""GitHub, or a server of the same kind: the releases of repositories, drafts as what is planned."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

from vertebra.connectors.asking import Asker
from vertebra.connectors.changelog_items import sections_of
from vertebra.connectors.contract import Choice, Page, Raw, Setting, Stream, in_pages, without
from vertebra.connectors.faults import Fault, Trouble
from vertebra.connectors.records import Origin
from vertebra.connectors.release_notes import LONGEST, ReleaseRecord, day_of, links_in
from vertebra.connectors.web_json import Reach

API = "https://api.github.com"
PAGE = 100
MOST_CHOICES = 500
# What GitHub gives of one repository at most.
MOST_PAGES = 100
_NEXT = re.compile(r'<([^<>]{1,2000})>;\s*rel="next"')
NAME = re.compile(r"[A-Za-z0-9._-]{1,100}/[A-Za-z0-9._-]{1,100}")


class GitHubReleases:
    """Releases of the chosen repositories."""

    code = "github"
    settings = (
        Setting("address", "address", is_required=False, default=API),
        Setting("token", "secret", is_required=False, max_length=500),
    )
    streams = (Stream("releases", is_incremental=False),)
    private = ("author", "assets", "reactions", "mentions_count", "discussion_url")

    def open(self, values: Mapping[str, str], reach: Reach) -> GitHubSession:
        """A session; public repositories need no token, but are asked less often without one."""
        headers = {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"}
        if token := values.get("token"):
            headers["Authorization"] = f"Bearer {token}"
        return GitHubSession(Asker(values.get("address") or API, reach, headers), bool(token), self.private)

    def normalise(self, stream: str, record: Raw) -> ReleaseRecord | None:
        """A release as its authors wrote it: its sections are those of its text."""
        number, tag = str(record.get("id") or ""), str(record.get("tag_name") or "").strip()
        if not number or not tag:
            return None
        text = str(record.get("body") or "").replace("\r\n", "\n").replace("\x00", "").strip()
        body = text[: LONGEST["body"]]
        title = str(record.get("name") or "").strip()
        is_draft = record.get("draft") is True
        return ReleaseRecord(
            external_id=number,
            name=tag[: LONGEST["name"]],
            title=(title or tag)[: LONGEST["title"]],
            on=None if is_draft else day_of(record.get("published_at") or record.get("created_at")),
            state="planned" if is_draft else "released",
            sections=sections_of(body),
            body=body,
            links=links_in(body),
            origin=Origin(str(record.get("repository") or ""), None, str(record.get("url") or "")),
            url=next(iter(links_in(str(record.get("html_url") or ""), 1)), ""),
            is_cut=len(text) > LONGEST["body"],
        )


class GitHubSession:
    """One GitHub, asked as one account or as nobody."""

    def __init__(self, asker: Asker, has_token: bool, private: Sequence[str]) -> None:
        self.asker = asker
        self.has_token = has_token
        self.private = private

    def hurry(self) -> None:
        """Ask everything once only."""
        self.asker.attempts = 1

    def check(self) -> str:
        """The name of the account that the token opens, or of the server where there is none."""
        if not self.has_token:
            self.asker.get_json("/rate_limit")
            return self.asker.host
        found = self.asker.get_json("/user")
        return str(found.get("login") or "") if isinstance(found, dict) else ""

    def choices(self) -> list[Choice]:
        """The repositories that the account may see; without an account, they are named by hand."""
        if not self.has_token:
            return []
        found = []
        for one in self.every("/user/repos", {"sort": "full_name"}, MOST_CHOICES // PAGE):
            found.append(Choice(str(one.get("full_name") or ""), str(one.get("full_name") or "")))
        return found

    def read(self, stream: str, since: str, chosen: Sequence[str]) -> Iterator[Page]:
        """Every release of the chosen repositories, the oldest of each first.

        They come newest first, and one may appear meanwhile: all are read before the first is given.
        """
        reached, _, cursor = since.partition("@")
        begun = list(chosen).index(reached) if reached in chosen else 0
        for name in list(chosen)[begun:]:
            if not NAME.fullmatch(name):
                raise Trouble(Fault.NOT_THERE, host=self.asker.host, status=404)
            once = {
                str(one.get("id")): {**without(one, self.private), "repository": name}
                for one in self.every(f"/repos/{quote(name)}/releases", {}, MOST_PAGES)
            }
            oldest_first = sorted(once.values(), key=_order)
            cursors = [f"{name}@{one.get('id')}" for one in oldest_first]
            yield from in_pages(oldest_first, cursors, since if name == reached and cursor else "")

    def every(self, path: str, query: Mapping[str, Any], most_pages: int) -> Iterator[Mapping[str, Any]]:
        """What a list holds, page after page."""
        asked = {**query, "per_page": PAGE}
        for _page in range(most_pages):
            answer = self.asker.get(path, asked)
            found = self.asker.json_of(answer)
            if not isinstance(found, list):
                raise Trouble(Fault.ANSWER_STRANGE, host=self.asker.host)
            yield from (one for one in found if isinstance(one, dict))
            following = _NEXT.search(answer.headers.get("link", ""))
            if following is None:
                return
            # Only what it asks of the same list is followed, never its address.
            asked = {name: values[0] for name, values in parse_qs(urlsplit(following[1]).query).items()}

    def close(self) -> None:
        """Let go of the connection."""
        self.asker.close()


def _order(record: Mapping[str, Any]) -> tuple[str, int]:
    number = str(record.get("id") or "0")
    return str(record.get("created_at") or ""), int(number) if number.isdecimal() else 0
