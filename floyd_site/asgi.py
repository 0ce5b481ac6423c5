"""The one ASGI application, served by web and media alike."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "floyd_site.settings")

from channels.routing import ProtocolTypeRouter
from django.core.asgi import get_asgi_application

application = ProtocolTypeRouter({"http": get_asgi_application()})
