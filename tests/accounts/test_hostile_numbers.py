"""What a form never sends, but somebody may: it is no error of the server."""

import pytest
from django.test import Client

from tests import world

pytestmark = pytest.mark.django_db


def test_numbers_that_no_message_has_are_left_out() -> None:
    client = Client()
    client.force_login(world.ines())
    for number in ("9" * 30, "9" * 5000):
        assert client.post("/messages/read/", {"selected": [number]}).status_code == 302


def test_a_list_of_an_endless_name_keeps_no_view() -> None:
    client = Client()
    client.force_login(world.ines())
    kept = {"name": "Mine", "url": "/organisation/"}
    assert client.post(f"/account/views/new/{'x' * 80}/", kept).status_code == 404
    assert client.post(f"/account/views/new/{'x' * 60}/", kept).status_code == 302
