"""What the id of a batch may be: something that stands in an address as it is."""


class BatchId:
    """A converter for Django's paths. Who is not signed in must use a UUID besides (`jobs/submission/batch.py`)."""

    regex = "[A-Za-z0-9][A-Za-z0-9._~-]{0,254}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value
