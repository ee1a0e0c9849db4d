"""Addresses of readers: with their account, by the link that they were sent; of who knows, and of what they ask."""

from django.urls import URLPattern, path

from vertebra.releases.pages import awareness, questions, reading, reading_links, reading_list

ONE = "releases/<int:release_id>/"
LINK = "releases/r/<str:token>/"

urlpatterns: list[URLPattern] = [
    path("releases/news/", reading_list.news, name="news"),
    path(f"{ONE}read/", reading.release_read, name="release-read"),
    path(f"{ONE}read/word/", reading.release_word, name="release-word"),
    path(f"{ONE}read/question/", reading.release_ask, name="release-ask"),
    path(f"{ONE}read/check/", reading.release_understanding, name="release-understanding"),
    path(f"{ONE}who-knows/", awareness.release_awareness, name="release-awareness"),
    path(f"{ONE}who-knows/reminder/", awareness.release_reminder, name="release-reminder"),
    path(f"{ONE}asked/", questions.release_questions, name="release-questions"),
    path(f"{ONE}asked/merging/", questions.release_merging, name="release-merging"),
    path(LINK, reading_links.read_by_link, name="read-by-link"),
    path(f"{LINK}word/", reading_links.word_by_link, name="word-by-link"),
    path(f"{LINK}question/", reading_links.ask_by_link, name="ask-by-link"),
    path(f"{LINK}check/", reading_links.understanding_by_link, name="understanding-by-link"),
]
