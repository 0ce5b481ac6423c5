"""The one ASGI application, served by web and media alike."""

import os
import warnings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "floyd_site.settings")

from django.conf import settings
from django.core.asgi import get_asgi_application

from floyd_site.health import Health
from floyd_site.lifespan import Lifespan, hooks_of, roles

# Until collectstatic was run, static files come from the apps themselves.
warnings.filterwarnings("ignore", message="No directory at", category=UserWarning)
# WhiteNoise serves files with synchronous iterators; they are small, and cached by the browser.
warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous iterators", category=Warning)


def make_application() -> Health:
    """Pages, sockets, health and life of this process."""
    pages = get_asgi_application()  # loads the apps: what is imported from here on may use models
    from floyd_site.body_limit import BodyLimit
    from floyd_site.request_connections import RequestConnections
    from floyd_site.sockets import make_router

    wanted = roles(settings.PROCESS_NAME, public_url=settings.PUBLIC_URL, media_node=settings.MEDIA_NODE)
    return Health(
        Lifespan(make_router(RequestConnections(BodyLimit(pages)), process=settings.PROCESS_NAME), lambda: hooks_of(wanted)),
        process=settings.PROCESS_NAME,
    )


application = make_application()
