#!/usr/bin/env python
"""Django's command line. `python manage.py floyd` lists Floyd's own commands."""

import os
import sys


def main() -> None:
    """Runs a management command; beside `make run` with that run's settings."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "floyd_site.settings")
    from django.core.management import execute_from_command_line

    from floyd_site.env import SettingError
    from floyd_site.supervision.home import adopt_running_environment

    adopt_running_environment()
    try:
        execute_from_command_line(sys.argv)
    except SettingError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
