"""HTTP and WebSocket entry points. Daphne serves `application`."""

import os

from channels.auth import AuthMiddlewareStack
from channels.routing import ProtocolTypeRouter, URLRouter
from django.core.asgi import get_asgi_application
from django.urls import path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "compressor.settings")
django_application = get_asgi_application()

from jobs.api.long_poll import LongPoll  # noqa: E402
from jobs.consumers import JobConsumer  # noqa: E402  (models need a loaded Django)
from jobs.uploads.streaming import Uploads  # noqa: E402

application = ProtocolTypeRouter(
    {
        "http": LongPoll(Uploads(django_application)),
        "websocket": AuthMiddlewareStack(
            URLRouter([path("ws/jobs/<uuid:job_id>", JobConsumer.as_asgi(), name="events")])
        ),
    }
)
