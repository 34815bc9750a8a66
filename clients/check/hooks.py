"""What schemathesis does not know by itself."""

import schemathesis


@schemathesis.serializer("application/x-ndjson")
def lines(ctx, value):
    """The contract describes the lines of a batch as one text."""
    return value.encode("utf-8") if isinstance(value, str) else value
