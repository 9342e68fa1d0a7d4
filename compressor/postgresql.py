"""A PostgreSQL that takes connections and says nothing, as on a frozen machine: no keep-alive finds that out."""

from typing import Any

import psycopg
from psycopg.pq import TransactionStatus

PATIENCE = 8  # seconds for the answer to one statement


class Connection(psycopg.Connection[Any]):
    """Raises OperationalError, and is lost, where an answer does not come in time."""

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        try:
            return super().wait(gen, interval, timeout or PATIENCE)
        except psycopg.OperationalError:
            if self.pgconn.transaction_status == TransactionStatus.ACTIVE:  # whatever came now would be a late answer
                self.pgconn.finish()
            raise
