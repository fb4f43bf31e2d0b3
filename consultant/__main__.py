"""`consultant …`: the management commands of the house behind one name."""

import os
import sys

#: The commands that are ours, in the order of a newcomer's need; `consultant help` shows them, Django's own stay reachable.
OURS = (
    "demo",
    "up",
    "ask",
    "read",
    "lookup",
    "search",
    "codebook",
    "poll",
    "doors",
    "sending",
    "doctor",
    "replay",
    "quarantine",
    "audit",
    "purge",
    "rekey",
    "knowledge",
    "user",
)


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "consultant.settings")
    if len(sys.argv) < 2 or (sys.argv[1] in {"help", "--help", "-h"} and len(sys.argv) == 2):
        print_help()
        return
    if sys.argv[1] == "read":
        read()
        return
    from django.core.management import execute_from_command_line
    from django.db.utils import OperationalError, ProgrammingError

    if wrong := unreadable_setting():
        print(f"A setting can't be used: {wrong}", file=sys.stderr)
        sys.exit(1)
    try:
        execute_from_command_line(["consultant", *sys.argv[1:]])
    except (OperationalError, ProgrammingError) as trouble:
        print(f"The casebook can't be used: {trouble}. If it is new: consultant migrate", file=sys.stderr)
        sys.exit(2)
    except BrokenPipeError:  # whoever read our output has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def read() -> None:
    """`read` needs the settings and no models: without Django's set-up it answers in a third of the time."""
    from consultant.management.commands.read import Command

    try:
        Command().run_from_argv(["consultant", *sys.argv[1:]])
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def unreadable_setting() -> str:
    """What is wrong with a setting that can't even be read, such as a number or the file of a secret; "" when all can."""
    from django.conf import settings

    try:
        settings.INSTALLED_APPS  # noqa: B018  (reads them all)
    except (OSError, ValueError) as wrong:
        return str(wrong)
    return ""


def print_help() -> None:
    import django
    from django.core.management import load_command_class

    django.setup()
    print("consultant COMMAND [--help]\n")
    for name in OURS:
        print(f"  {name:<11} {load_command_class('consultant', name).help}")
    print("\nDjango's own commands (migrate, check, createsuperuser, …) work too: consultant check")


if __name__ == "__main__":
    main()
