"""The address of “whom do I tell?”, and those by which chat tools ask it and bring what is pressed there."""

from django.urls import URLPattern, path

from vertebra.releases.pages import chat_presses, telling, telling_command

urlpatterns: list[URLPattern] = [
    path("releases/whom-to-tell/", telling.telling, name="telling"),
    path("chats/<int:chat_id>/whom-to-tell/", telling_command.ask, name="telling-command"),
    path("chats/<int:chat_id>/pressed/", chat_presses.press, name="chat-press"),
]
