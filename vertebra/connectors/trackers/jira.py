"""Jira, Cloud or Data Center, as a tracker: its issues with their history, its sprints, what is deleted there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from vertebra.connectors.asking import Asker
from vertebra.connectors.jira_versions import JiraVersions, opening
from vertebra.connectors.web_json import Reach

if TYPE_CHECKING:
    from vertebra.connectors.trackers.jira_session import JiraWorkSession


class JiraTracker:
    """Issues of the chosen projects."""

    code = JiraVersions.code
    settings = JiraVersions.settings

    def open(self, values: Mapping[str, str], reach: Reach) -> JiraWorkSession:
        """A session: an e-mail and an API token in the Cloud, a personal access token elsewhere."""
        from vertebra.connectors.trackers.jira_session import JiraWorkSession

        headers, version = opening(values)
        return JiraWorkSession(Asker(values["address"], reach, headers), version)
