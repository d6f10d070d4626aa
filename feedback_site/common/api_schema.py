"""What the OpenAPI document says of every operation alike: how it can be refused, and in which shape."""

from typing import Any

_ERROR = {
    "type": "object",
    "description": "Why a request was refused: a sentence for people, and details for programs.",
    "properties": {"message": {"type": "string"}, "extra": {"type": "object", "additionalProperties": {}}},
    "required": ["message", "extra"],
}
_CONTENT = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
_FIRST_ERROR = 400
_METHODS = {"get", "post", "put", "patch", "delete"}


def document_errors(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:  # noqa: ARG001, FBT001 - drf-spectacular's signature
    """Add the refusals that each operation may answer with.

    Adds their shape where a view states only the status.
    """
    result["components"].setdefault("schemas", {})["Error"] = _ERROR
    for path in result["paths"].values():
        for method, operation in path.items():
            if method in _METHODS:
                _document(method, operation)
    return result


def _document(method: str, operation: dict[str, Any]) -> None:
    responses = operation["responses"]
    for status, sentence in _refusals(method, operation).items():
        responses.setdefault(status, {"description": sentence})
    for status, response in responses.items():
        if int(status) >= _FIRST_ERROR:
            response.setdefault("content", _CONTENT)


def _refusals(method: str, operation: dict[str, Any]) -> dict[str, str]:
    found = {
        "401": "The caller did not say who it is, or wrongly.",
        "406": "The caller accepts no form that there is.",
        "503": (
            "The database does not answer; the same request may be sent again after the seconds in "
            "`Retry-After`."
        ),
    }
    if {"ApiKey": []} in operation.get("security", []):
        found["403"] = "The key lacks the grant."
        found["429"] = (
            "The key made too many requests in this minute; `Retry-After` says for how many seconds to wait."
        )
    if operation.get("parameters") or "requestBody" in operation:
        found |= {
            "400": "Something sent is wrong.",
            "404": "What was named does not exist, or not within the caller's scope.",
        }
    if method != "get":
        found["409"] = "This contradicts what is on record."
    if "requestBody" in operation:
        found |= {"413": "The body is too long.", "415": "The body is no JSON."}
    return found
