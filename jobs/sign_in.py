"""Signing in by name and password: attempts are counted, limited and logged, whichever page they come by.

Counted per name at an address, and per address; what was right starts the name's count anew. A name alone is
never shut: a stranger could then keep its owner out.
"""

import logging
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.contrib.auth.signals import user_logged_in, user_login_failed
from django.core.cache import cache
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from jobs import errors, lifecycle
from jobs.addresses import address_of, network_of
from jobs.owners import visitor_of
from jobs.unreachable import RedisUnreachable, redis_or_unreachable

logger = logging.getLogger(__name__)

WINDOW = 15 * 60  # seconds in which attempts add up
MOST_PER_NAME = 10
MOST_PER_ADDRESS = 50


class Limit:
    """An authentication backend that knows nobody, before the one that does. Raises TooManyAttempts."""

    def authenticate(self, request: HttpRequest | None, username: str | None = None, **credentials: Any) -> None:
        if request is None:  # not from outside
            return
        address = address_of(request)
        counts = {_key(address): MOST_PER_ADDRESS, _key(address, username): MOST_PER_NAME}
        try:
            with redis_or_unreachable():
                too_many = [key for key, most in counts.items() if _count(key) > most]
        except RedisUnreachable as error:  # better than that nobody gets in
            logger.warning("Redis is unreachable, attempts to sign in are not limited: %s", error)
            return
        if too_many:
            logger.warning("Too many attempts to sign in as %r from %s", username, address)
            raise errors.TooManyAttempts(retry_after=WINDOW)


@receiver(user_login_failed)
def _failed(sender: Any, credentials: dict[str, Any], request: HttpRequest | None = None, **_: Any) -> None:
    if request is not None:
        logger.warning("Failed attempt to sign in as %r from %s", credentials.get("username"), address_of(request))


@receiver(user_logged_in)
def _succeeded(sender: Any, request: HttpRequest, user: User, **_: Any) -> None:
    address = address_of(request)
    logger.info("%r signed in from %s", user.get_username(), address)
    _adopt(request, user)
    try:
        with redis_or_unreachable():
            cache.delete(_key(address, user.get_username()))
    except RedisUnreachable as error:
        logger.warning("Redis is unreachable, attempts to sign in are not limited: %s", error)


def _adopt(request: HttpRequest, user: User) -> None:
    """What this browser submitted before it signed in would be out of sight, so it goes along into the account."""
    visitor = visitor_of(request)
    if visitor and (count := lifecycle.adopt(visitor, user)):
        what, belong = ("The video", "belongs") if count == 1 else (f"The {count} videos", "belong")
        messages.info(request, f"{what} that you sent before you signed in now {belong} to your account.")


def _key(address: str, name: str | None = None) -> str:
    """Where attempts are counted. A name may be anything, even a password, so only its hash is kept."""
    network = network_of(address)
    return f"sign-in:{network if name is None else salted_hmac('sign-in', f'{network} {name}').hexdigest()}"


def _count(key: str) -> int:
    """One more; how many there are now."""
    if cache.add(key, 1, WINDOW):
        return 1
    try:
        return cache.incr(key)
    except ValueError:  # the window has just ended
        return 1
