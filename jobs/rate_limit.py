"""Requests a minute of one owner: far above what any page or polite client asks, far below what wears a server out.

A user counts as one, whatever the tokens; of those who did not sign in, a network does. Counted in Redis by a window
that slides, so that the web processes count together; each of them tells Redis of a few requests at once, so that a
request costs next to nothing. Where Redis is away nothing is limited: better than that nobody gets in.
"""

import functools
import logging
import math
import time
from collections import Counter
from collections.abc import Callable

import redis
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import RedisStorage
from limits.strategies import SlidingWindowCounterRateLimiter

from jobs import errors, problems
from jobs.addresses import address_of, fingerprint_of
from jobs.models import Owner
from jobs.unreachable import RedisUnreachable, redis_or_unreachable

logger = logging.getLogger(__name__)

UNCOUNTED = {"/healthz"}  # what a supervisor asks must not depend on what others ask
PATIENCE = 0.5  # seconds that a request waits for Redis
PAUSE = 5  # seconds without asking after Redis was found unreachable
LONGEST = 60  # seconds until a window of a minute is over

STEPS = 100  # in how many steps a limit is counted: so much it may be off, for each web process
REMEMBERED = 10_000  # owners of whom this process knows something; then it begins anew

_asked_again_at = 0.0
_untold: Counter[str] = Counter()  # requests of which Redis does not know yet
_refused_until: dict[str, float] = {}


class RateLimitMiddleware:
    """Asks before anything else is done for the request; stands below the middleware that knows its user."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path not in UNCOUNTED:
            try:
                count_request(request)
            except errors.TooManyRequests as problem:
                return problems.response(request, problem)
        return self.get_response(request)


def count_request(request: HttpRequest) -> None:
    """One more request of whoever asks, as the middleware does. Raises TooManyRequests."""
    count(_asker(request))


def count(owner: Owner) -> None:
    """One more request of this owner. Raises TooManyRequests."""
    global _asked_again_at
    if not settings.MAX_REQUESTS_PER_MINUTE or time.monotonic() < _asked_again_at:
        return
    name = f"user:{owner.user.pk}" if owner.user else f"network:{owner.network}"
    try:
        with redis_or_unreachable():
            seconds = _seconds_left(name) or _count(name)
    except RedisUnreachable as error:
        _asked_again_at = time.monotonic() + PAUSE
        logger.warning("Redis is unreachable, requests are not counted for %s s: %s", PAUSE, error)
        return
    if seconds:
        raise errors.TooManyRequests(retry_after=seconds)


def forget() -> None:
    """What this process alone knows."""
    _untold.clear()
    _refused_until.clear()


def _count(name: str) -> int:
    """Seconds to wait; 0 where the request is within the limit."""
    if len(_untold) + len(_refused_until) > REMEMBERED:
        forget()
    step = max(1, settings.MAX_REQUESTS_PER_MINUTE // STEPS)
    _untold[name] += 1
    if _untold[name] < step:
        return 0
    del _untold[name]
    seconds = _seconds_to_wait(RateLimitItemPerMinute(settings.MAX_REQUESTS_PER_MINUTE), name, step)
    if seconds:
        _refused_until[name] = time.monotonic() + seconds
    return seconds


def _seconds_left(name: str) -> int:
    """Of a refusal that was told before."""
    until = _refused_until.get(name)
    if until is None or (left := until - time.monotonic()) <= 0:
        _refused_until.pop(name, None)
        return 0
    return math.ceil(left)


def _seconds_to_wait(limit: RateLimitItem, name: str, requests: int) -> int:
    if _limiter().hit(limit, name, cost=requests):
        return 0
    window = _limiter().get_window_stats(limit, name)
    return min(max(math.ceil(window.reset_time - time.time()), 1), LONGEST)


@functools.cache
def _limiter() -> SlidingWindowCounterRateLimiter:
    pool = redis.ConnectionPool.from_url(settings.REDIS_URL, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE)
    return SlidingWindowCounterRateLimiter(RedisStorage("redis://", connection_pool=pool, key_prefix="requests"))


def _asker(request: HttpRequest) -> Owner:
    if request.user.is_authenticated:
        return Owner(user=request.user)
    return Owner(network=fingerprint_of(address_of(request)))
