"""A body too large is refused before it is read, wherever it is sent."""

import pytest
from django.conf import settings
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("address", "length"),
    [
        ("/accounts/login/", str(settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 2 * 1024 * 1024)),
        ("/imports/new/", str(settings.MAX_UPLOAD_BYTES + 2 * 1024 * 1024)),
        ("/accounts/login/", "9" * 400),
    ],
)
def test_a_body_too_large_is_refused(address: str, length: str) -> None:
    response = Client().post(
        address, b"", content_type="multipart/form-data; boundary=x", CONTENT_LENGTH=length
    )
    assert response.status_code == 413


def test_an_ordinary_body_is_taken() -> None:
    assert Client().post("/accounts/login/", {"login": "a@example.org", "password": "x"}).status_code != 413
