#!/usr/bin/env python
"""Runs Django's commands and the shop's own, e.g. `manage.py up` and `manage.py import_orders`."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aftersales.settings")
    try:
        from django.core.management import execute_from_command_line

        from aftersales.environment import BadEnvironment
    except ImportError as error:
        sys.exit(f"{error.name} is not installed for this Python. Run `make env`, then .venv/bin/python manage.py …")
    try:
        execute_from_command_line(sys.argv)
    except BadEnvironment as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
