"""Redis or the database does not answer: one exception each, for whatever their client libraries raise then."""

import logging
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import ClassVar, TypeVar

from django.db import InterfaceError, OperationalError, connection
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

T = TypeVar("T")
PAUSE = 1.0  # seconds between two tries


class Unreachable(Exception):
    """Nothing is lost by it: whoever asked may ask again."""

    what: ClassVar[str]


class RedisUnreachable(Unreachable):
    """Rows decide, the sweep restores the queue, clients poll."""

    what = "Redis"


class DatabaseUnreachable(Unreachable):
    """It is away, locked, full or out of connections."""

    what = "The database"


@contextmanager
def redis_or_unreachable() -> Iterator[None]:
    """Raises RedisUnreachable where Redis does not answer within the block."""
    try:
        yield
    except (RedisError, OSError) as error:
        raise RedisUnreachable(str(error) or "no answer in time") from error


@contextmanager
def database_or_unreachable() -> Iterator[None]:
    """Raises DatabaseUnreachable where the database does not do its part of the block."""
    try:
        yield
    except (OperationalError, InterfaceError) as error:
        if not is_unreachable(error):
            raise
        give_back_connection()
        raise DatabaseUnreachable(str(error).strip()) from error


def is_unreachable(error: BaseException | None) -> bool:
    """Whether this is an outage, and not a defect of ours: SQLite calls a wrong statement by the same name."""
    is_wrong_statement = error and getattr(error.__cause__, "sqlite_errorcode", None) == sqlite3.SQLITE_ERROR
    return isinstance(error, (Unreachable, OperationalError, InterfaceError)) and not is_wrong_statement


def give_back_connection() -> None:
    """Hold no connection while there is nothing to say: PostgreSQL has about a hundred for everybody."""
    if not connection.in_atomic_block:
        connection.close()


def persist(verb: Callable[[], T], is_pointless: Callable[[], bool] = lambda: False) -> T:
    """The verb's answer, tried again for as long as the database is unreachable; its connection is given back.

    Raises DatabaseUnreachable once it `is_pointless` to go on.
    """
    told = False
    while True:
        try:
            with database_or_unreachable():
                answer = verb()
                give_back_connection()
                return answer
        except DatabaseUnreachable as error:
            if is_pointless():
                raise
            if not told:
                logger.warning("The database is unreachable, this is tried until it is back: %s", error)
                told = True
            time.sleep(PAUSE)
