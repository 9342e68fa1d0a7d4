"""Redis does not answer: one exception for whatever its client libraries raise then."""

from collections.abc import Iterator
from contextlib import contextmanager

from redis.exceptions import RedisError


class RedisUnreachable(Exception):
    """Nothing is lost by it: rows decide, the sweep restores the queue, clients poll."""


@contextmanager
def redis_or_unreachable() -> Iterator[None]:
    """Raises RedisUnreachable where Redis does not answer within the block."""
    try:
        yield
    except (RedisError, OSError) as error:
        raise RedisUnreachable(str(error)) from error
