"""Addresses of topics, of the links that raise them, of the load they make."""

from django.urls import URLPattern, path

from vertebra.roadmap.pages import load, topic_links, topic_verbs, topics

ALL = "roadmap/topics/"
ONE = f"{ALL}<int:topic_id>/"

urlpatterns: list[URLPattern] = [
    path(ALL, topics.topic_list, name="topic-list"),
    path(f"{ALL}new/", topics.topic_create, name="topic-create"),
    path(f"{ALL}alike/", topics.alike_part, name="topic-alike"),
    path(f"{ALL}gathering/", topic_verbs.gather, name="topic-gather"),
    path(f"{ALL}table/", topic_verbs.put, name="topic-put"),
    path(f"{ALL}links/", topic_links.link_list, name="topic-link-list"),
    path(f"{ALL}links/<int:link_id>/revocation/", topic_links.link_revocation, name="topic-link-revocation"),
    path("roadmap/raise/<str:token>/", topic_links.topic_by_link, name="topic-by-link"),
    path(ONE, topics.topic_page, name="topic-show"),
    path(f"{ONE}edit/", topic_verbs.topic_edit, name="topic-edit"),
    path(f"{ONE}voice/", topic_verbs.voice, name="topic-voice"),
    path(f"{ONE}voice/removal/", topic_verbs.voice_removal, name="topic-voice-removal"),
    path(f"{ONE}join/", topic_verbs.join, name="topic-join"),
    path(f"{ONE}archiving/", topic_verbs.archiving, name="topic-archiving"),
    path("roadmap/load/", load.load_page, name="load"),
]
