"""`manage.py makemessages`, which also collects what is kept in English and said later: `noop("…")` (see `context.kept_words`)."""

from __future__ import annotations

from django.core.management.commands import makemessages


class Command(makemessages.Command):
    """Django's, with shorter names for `gettext_noop` and `gettext_lazy`."""

    xgettext_options = [*makemessages.Command.xgettext_options, "--keyword=noop", "--keyword=lazy"]
