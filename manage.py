"""Django's own command line, for developers (`vertebra` is the product's)."""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vertebra.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
