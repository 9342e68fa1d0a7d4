"""How the database is connected to: SQLite so that it waits, PostgreSQL so that it is neither hung on nor used up."""

from typing import Any

# IMMEDIATE takes the write lock when a transaction begins, so that it waits instead of failing half-way.
SQLITE = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
}
SQLITE_SECONDS = 5  # for which the next requests use one again: opened anew, it would read the whole schema each time
# Seconds; milliseconds in the last (libpq). A server that vanished without a word is noticed, instead of being waited
# for by the hour: by the keepalives while nothing is asked, by the last where a question was never acknowledged.
POSTGRESQL = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 25_000,
}
POOL = {
    "min_size": 1,
    "timeout": 3,  # seconds that a request waits for its turn; then it is answered 503
    "max_idle": 60,
    "reconnect_timeout": 1,  # the next request tries again; a pool that tries by itself pauses ever longer
}


def with_options(database: dict[str, Any]) -> dict[str, Any]:
    """What of `DATABASE_URL` was said goes before what is said here."""
    is_sqlite = database["ENGINE"] == "django.db.backends.sqlite3"
    is_postgresql = database["ENGINE"] == "django.db.backends.postgresql"
    options = SQLITE if is_sqlite else POSTGRESQL if is_postgresql else {}
    return {**database, "OPTIONS": {**options, **database.get("OPTIONS", {})}}


def share_connections(database: dict[str, Any], most: int) -> None:
    """Let the requests of a web process use connections again: so many of PostgreSQL, one a thread of SQLite.

    For the web alone: a worker forks, which no pool survives, and holds its connection only while it has something
    to say.
    """
    if database["ENGINE"] == "django.db.backends.sqlite3":
        database["CONN_MAX_AGE"] = SQLITE_SECONDS
    if database["ENGINE"] == "django.db.backends.postgresql":
        database |= {"CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": True}
        database["OPTIONS"]["pool"] = {**POOL, "max_size": most, "connection_class": _impatient_connection()}


def _impatient_connection() -> type:
    from compressor.postgresql import Connection  # noqa: PLC0415  who has SQLite need not load it

    return Connection
