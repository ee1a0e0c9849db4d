"""The two tables of systems: those that releases are read from, those that work items are read from."""

from __future__ import annotations

from collections.abc import Mapping

from vertebra.connectors.contract import Connector, Setting, Tracker
from vertebra.connectors.github_releases import GitHubReleases
from vertebra.connectors.jira_versions import JiraVersions
from vertebra.connectors.linear_projects import LinearProjects
from vertebra.connectors.trackers.github import GitHubTracker
from vertebra.connectors.trackers.gitlab import GitLabTracker
from vertebra.connectors.trackers.jira import JiraTracker
from vertebra.connectors.trackers.linear import LinearTracker

CONNECTORS: Mapping[str, Connector] = {
    one.code: one for one in (JiraVersions(), GitHubReleases(), LinearProjects())
}
TRACKERS: Mapping[str, Tracker] = {
    one.code: one for one in (JiraTracker(), GitHubTracker(), GitLabTracker(), LinearTracker())
}
SYSTEMS = (*CONNECTORS, *(code for code in TRACKERS if code not in CONNECTORS))


def settings_of(code: str) -> tuple[Setting, ...]:
    """What has to be known before a system can be read."""
    return CONNECTORS[code].settings if code in CONNECTORS else TRACKERS[code].settings
