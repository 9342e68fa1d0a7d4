"""HTTP and WebSocket entry points. Daphne serves `application`."""

import os

import django
from channels.routing import ProtocolTypeRouter, URLRouter
from django.urls import path, re_path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "compressor.settings")
django.setup(set_prefix=False)

from compressor.handler import Handler  # noqa: E402
from jobs.api.long_poll import LongPoll  # noqa: E402
from jobs.consumers import JobConsumer, Nowhere  # noqa: E402  (models need a loaded Django)
from jobs.middleware import OutageMiddleware  # noqa: E402
from jobs.uploads.streaming import Uploads  # noqa: E402

application = OutageMiddleware(
    ProtocolTypeRouter(
        {
            "http": LongPoll(Uploads(Handler())),
            "websocket": URLRouter(
                [
                    path("ws/jobs/<uuid:job_id>", JobConsumer.as_asgi(), name="events"),
                    re_path("", Nowhere.as_asgi()),
                ]
            ),
        }
    )
)
