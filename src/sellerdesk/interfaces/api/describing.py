"""What the OpenAPI document says of an operation beside its shapes: headers, parameters, and every refusal it knows."""

from collections.abc import Iterable
from typing import Any

from sellerdesk.domain.refusals import Code
from sellerdesk.interfaces.api.answer_shapes import ProblemAnswer
from sellerdesk.interfaces.api.problems import MEDIA_TYPE
from sellerdesk.interfaces.api.refusals import WORDINGS

KEYED = frozenset({Code.KEY_REUSED, Code.KEY_IN_USE})
WRITING = frozenset({Code.FORBIDDEN, Code.BUSY, Code.INVALID_VALUE, Code.ORDER_NOT_FOUND})


def described(codes: Iterable[Code], *parameters: dict[str, Any]) -> dict[str, Any]:
    """The `openapi_extra` of an operation: its parameters, and a problem answer for each status of its refusals.

    The codes of a status stand in the answer's schema as an enumeration and, with their meaning, in its description.
    """
    by_status: dict[int, list[Code]] = {}
    for code in sorted(set(codes)):
        by_status.setdefault(WORDINGS[code].status, []).append(code)
    responses = {str(status): _problem(by_status[status]) for status in sorted(by_status)}
    return {"responses": responses} | ({"parameters": list(parameters)} if parameters else {})


def listed_codes(responses: dict[str, Any], status: str) -> list[str]:
    """The codes that an operation of the document knows for a status; empty when it knows none."""
    content = responses.get(status, {}).get("content", {})
    schema = content.get(MEDIA_TYPE, {}).get("schema", {})
    return list(schema.get("properties", {}).get("code", {}).get("enum", ()))


def _problem(codes: list[Code]) -> dict[str, Any]:
    schema = ProblemAnswer.model_json_schema(by_alias=True)
    schema["properties"]["code"] = {"type": "string", "enum": [code.value for code in codes]}
    words = "; ".join(f"`{code.value}`: {_meaning(code)}" for code in codes)
    return {"description": words, "content": {MEDIA_TYPE: {"schema": schema}}}


def _meaning(code: Code) -> str:
    title = WORDINGS[code].title
    return title[:1].lower() + title[1:]
