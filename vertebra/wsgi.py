"""What a WSGI server calls."""

import os

from django.core.wsgi import get_wsgi_application

from vertebra.kit.depth import with_room

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vertebra.settings")
application = with_room(get_wsgi_application())
