"""Amazon's own models as JSON Schemas: what they call Swagger 2 definitions, checked by jsonschema."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft4Validator

MODELS = Path(__file__).parent.parent / "data" / "spapi" / "models"


@cache
def model(name: str) -> dict[str, Any]:
    """A model file, by its name without `.json`."""
    loaded: dict[str, Any] = json.loads((MODELS / f"{name}.json").read_text())
    return loaded


def response_schema(name: str, path: str, method: str, status: int) -> dict[str, Any]:
    """The schema of an answer; {} where the model has none (204)."""
    given: dict[str, Any] = model(name)["paths"][path][method.lower()]["responses"][str(status)].get(
        "schema", {}
    )
    return given


def violations(name: str, path: str, method: str, status: int, body: Any) -> list[str]:
    """Where a body breaks the model; every member that the model does not know counts too."""
    schema = response_schema(name, path, method, status)
    whole = {**schema, "definitions": _strict(model(name)["definitions"])}
    found = Draft4Validator(whole).iter_errors(body)
    return [f"{'/'.join(str(step) for step in one.absolute_path)}: {one.message[:200]}" for one in found]


def _strict(value: Any) -> Any:
    """The definitions with no room for members that are not in them."""
    if isinstance(value, list):
        return [_strict(one) for one in value]
    if not isinstance(value, dict):
        return value
    out = {key: _strict(member) for key, member in value.items()}
    if isinstance(value.get("properties"), dict) and "additionalProperties" not in value:
        out["additionalProperties"] = False
    return out
