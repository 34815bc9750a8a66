"""What schemathesis does not know by itself."""

import json

import schemathesis


@schemathesis.hook
def before_load_schema(context, raw_schema):
    """OpenAPI 3.1 can't describe single events, so the contract calls a stream a text. Each is a JobEvent."""
    stream = raw_schema["paths"]["/v1/jobs/{id}/events"]["get"]["responses"]["200"]["content"]["text/event-stream"]
    stream["schema"] = {
        "type": "object",
        "required": ["id", "event", "data"],
        "properties": {
            "data": {
                "type": "string",
                "contentMediaType": "application/json",
                "contentSchema": {"$ref": "#/components/schemas/JobEvent"},
            }
        },
    }


@schemathesis.serializer("application/x-ndjson")
def lines(ctx, value):
    """The contract describes the lines of a batch as one text."""
    return (value if isinstance(value, str) else json.dumps(value)).encode("utf-8", "replace")
