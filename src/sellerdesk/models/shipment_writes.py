"""Writing shipments by set: one statement for all parcels of a batch, whatever its size."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sellerdesk.domain.actors import Actor
from sellerdesk.domain.facts import OrderFacts
from sellerdesk.domain.identifiers import tracking_key
from sellerdesk.domain.shipments import ChargeMove, EditDecision, PackedParcel, ShipmentDecision
from sellerdesk.models import journal_writes
from sellerdesk.models.sql import record_set, run

# Parts that confirming and editing share. Every UPDATE gets one record per row: the caller sums beforehand.
_ITEMS_AND_MONEY = """
moved_items AS (
  UPDATE order_items i SET shipped = i.shipped + m.quantity
    FROM jsonb_to_recordset(%(items)s::jsonb) AS m(item_id bigint, quantity int)
   WHERE i.seller_id = %(seller)s AND i.id = m.item_id),
moved_charges AS (
  UPDATE charges c SET charged = c.charged + m.amount
    FROM jsonb_to_recordset(%(charges)s::jsonb) AS m(item_id bigint, component text, amount bigint)
   WHERE c.seller_id = %(seller)s AND c.item_id = m.item_id AND c.component = m.component),
movements AS (
  INSERT INTO ledger_transactions (seller_id, order_id, kind, at, cause)
  SELECT %(seller)s, t.order_id, 'charge', %(now)s, t.cause
    FROM jsonb_to_recordset(%(movements)s::jsonb) AS t(order_id bigint, cause text)
  RETURNING id, cause),
sides AS (
  INSERT INTO ledger_entries (seller_id, transaction_id, account, item_id, component, currency, amount)
  SELECT %(seller)s, t.id, side.account, e.item_id, e.component, e.currency, side.sign * e.amount
    FROM jsonb_to_recordset(%(entries)s::jsonb)
           AS e(cause text, item_id bigint, component text, currency text, amount bigint)
    JOIN movements t ON t.cause = e.cause
   CROSS JOIN (VALUES ('buyer', 1), ('seller', -1)) AS side(account, sign)),
closed_deadlines AS (
  UPDATE deadlines d SET state = 'void', closed_at = %(now)s
    FROM jsonb_to_recordset(%(orders)s::jsonb) AS m(id bigint, is_done boolean)
   WHERE d.seller_id = %(seller)s AND d.order_id = m.id AND m.is_done AND d.state = 'open'
     AND d.kind <> 'message_answer' AND d.subject = 0),
moved_orders AS (
  UPDATE orders o SET status = m.status, units_shipped = o.units_shipped + m.units, updated_at = %(now)s,
         version = m.version, payment_state = 'authorized', pending_reason = '',
         confirmed_at = m.confirmed_at, is_late = m.is_late
    FROM jsonb_to_recordset(%(orders)s::jsonb)
           AS m(id bigint, status text, units int, version int, confirmed_at timestamptz, is_late boolean)
   WHERE o.seller_id = %(seller)s AND o.id = m.id)"""

_CONFIRM = f"""
WITH parcels AS (
  INSERT INTO packages (seller_id, order_id, reference, version, carrier_code, carrier_name, service, tracking,
                        tracking_key, shipped_at, confirmed_at, is_late, status, detailed_status, memo, ship_from,
                        published)
  SELECT %(seller)s, p.order_id, p.reference, 1, p.carrier_code, p.carrier_name, p.service, p.tracking,
         p.tracking_key, p.shipped_at, %(now)s, p.is_late, 'IN_TRANSIT', '', p.memo, p.ship_from, '{{}}'
    FROM jsonb_to_recordset(%(parcels)s::jsonb)
           AS p(order_id bigint, reference text, carrier_code text, carrier_name text, service text, tracking text,
                tracking_key text, shipped_at timestamptz, is_late boolean, memo text, ship_from jsonb)
  RETURNING id, order_id, reference),
versions AS (
  INSERT INTO package_versions (seller_id, package_id, version, at, by, facts)
  SELECT %(seller)s, p.id, 1, %(now)s, %(actor)s, v.facts
    FROM jsonb_to_recordset(%(versions)s::jsonb) AS v(order_id bigint, reference text, facts jsonb)
    JOIN parcels p USING (order_id, reference)),
contents AS (
  INSERT INTO package_items (seller_id, package_id, item_id, quantity, transparency_codes)
  SELECT %(seller)s, p.id, l.item_id, l.quantity, l.codes
    FROM jsonb_to_recordset(%(lines)s::jsonb)
           AS l(order_id bigint, reference text, item_id bigint, quantity int, codes jsonb)
    JOIN parcels p USING (order_id, reference)),
{_ITEMS_AND_MONEY}
{journal_writes.INSERT}"""

_EDIT = f"""
WITH edited AS (
  UPDATE packages p SET version = e.version, carrier_code = e.carrier_code, carrier_name = e.carrier_name,
         service = e.service, tracking = e.tracking, tracking_key = e.tracking_key, shipped_at = e.shipped_at,
         memo = e.memo
    FROM jsonb_to_recordset(%(parcels)s::jsonb)
           AS e(id bigint, version int, carrier_code text, carrier_name text, service text, tracking text,
                tracking_key text, shipped_at timestamptz, memo text)
   WHERE p.seller_id = %(seller)s AND p.id = e.id),
versions AS (
  INSERT INTO package_versions (seller_id, package_id, version, at, by, facts)
  SELECT %(seller)s, v.id, v.version, %(now)s, %(actor)s, v.facts
    FROM jsonb_to_recordset(%(versions)s::jsonb) AS v(id bigint, version int, facts jsonb)),
contents AS (
  INSERT INTO package_items (seller_id, package_id, item_id, quantity, transparency_codes)
  SELECT %(seller)s, l.package_id, l.item_id, l.quantity, l.codes
    FROM jsonb_to_recordset(%(lines)s::jsonb) AS l(package_id bigint, item_id bigint, quantity int, codes jsonb)
  ON CONFLICT (seller_id, package_id, item_id)
  DO UPDATE SET quantity = excluded.quantity, transparency_codes = excluded.transparency_codes),
{_ITEMS_AND_MONEY}
{journal_writes.INSERT}"""


def write_shipments(
    actor: Actor, seller_id: int, decisions: Sequence[ShipmentDecision], now: datetime
) -> None:
    """Write accepted confirmations, and journal them, in one statement. Several decisions may concern one order."""
    parcels, versions, lines, entries = [], [], [], []
    items: dict[int, int] = {}
    moves: list[tuple[OrderFacts, str, ChargeMove]] = []
    for decision in decisions:
        facts = decision.facts
        for parcel in decision.parcels:
            parcels.append(_parcel_record(facts.id, parcel, decision.is_late))
            versions.append(_version_record(facts, parcel))
            lines += _line_records(facts, parcel)
            for item_id, quantity in parcel.lines.items():
                items[item_id] = items.get(item_id, 0) + quantity
            moves += [(facts, f"package:{facts.id}:{parcel.reference}:1", move) for move in parcel.moves]
        entries.append(journal_writes.Entry(facts.id, _kind(decision), _journal_facts(decision)))
    run(
        _CONFIRM,
        journal_writes.params(actor, seller_id, entries, now)
        | _money(items, moves)
        | _orders([(decision.facts, decision.after) for decision in decisions])
        | {"parcels": record_set(parcels), "versions": record_set(versions), "lines": record_set(lines)},
    )


def _kind(decision: ShipmentDecision) -> str:
    return "shipment_confirmed" if decision.facts.channel == "MFN" else "warehouse_shipped"


def _parcel_record(order_id: int, parcel: PackedParcel, is_late: bool) -> dict[str, Any]:
    request = parcel.request
    return {
        "order_id": order_id,
        "reference": parcel.reference,
        "carrier_code": request.carrier_code,
        "carrier_name": request.carrier_name,
        "service": request.service,
        "tracking": request.tracking,
        "tracking_key": tracking_key(request.tracking),
        "shipped_at": request.shipped_at,
        "is_late": is_late,
        "memo": request.memo,
        "ship_from": dict(request.ship_from),
    }


def _version_record(facts: OrderFacts, parcel: PackedParcel) -> dict[str, Any]:
    numbers = {item.id: item.item_number for item in facts.items}
    request = parcel.request
    said = {
        "carrier_code": request.carrier_code,
        "carrier_name": request.carrier_name,
        "service": request.service,
        "tracking": request.tracking,
        "shipped_at": request.shipped_at,
        "memo": request.memo,
        "lines": {numbers[item_id]: quantity for item_id, quantity in parcel.lines.items()},
    }
    return {"order_id": facts.id, "reference": parcel.reference, "facts": said}


def _line_records(facts: OrderFacts, parcel: PackedParcel) -> list[dict[str, Any]]:
    numbers = {item.id: item.item_number for item in facts.items}
    codes = parcel.request.transparency_codes
    return [
        {
            "order_id": facts.id,
            "reference": parcel.reference,
            "item_id": item_id,
            "quantity": quantity,
            "codes": list(codes.get(numbers[item_id], ())),
        }
        for item_id, quantity in parcel.lines.items()
    ]


def _journal_facts(decision: ShipmentDecision) -> dict[str, Any]:
    return {
        "packages": [
            {
                "reference": parcel.reference,
                "carrier": parcel.request.carrier_name or parcel.request.carrier_code,
                "tracking": parcel.request.tracking,
                "units": sum(parcel.lines.values()),
            }
            for parcel in decision.parcels
        ],
        "status": decision.status.value,
        "late": decision.is_late,
        "charged": decision.charged,
        "currency": decision.facts.currency,
    }


def _money(items: dict[int, int], moves: list[tuple[OrderFacts, str, ChargeMove]]) -> dict[str, Any]:
    charges: dict[tuple[int, str], int] = {}
    movements: dict[str, int] = {}
    entries = []
    for facts, cause, move in moves:
        key = (move.item_id, move.component)
        charges[key] = charges.get(key, 0) + move.amount
        movements[cause] = facts.id
        entries.append(
            {
                "cause": cause,
                "item_id": move.item_id,
                "component": move.component,
                "currency": facts.currency,
                "amount": move.amount,
            }
        )
    return {
        "items": record_set([{"item_id": item, "quantity": quantity} for item, quantity in items.items()]),
        "charges": record_set(
            [
                {"item_id": item, "component": component, "amount": amount}
                for (item, component), amount in charges.items()
            ]
        ),
        "movements": record_set([{"cause": cause, "order_id": order} for cause, order in movements.items()]),
        "entries": record_set(entries),
    }


def _orders(pairs: list[tuple[OrderFacts, OrderFacts]]) -> dict[str, Any]:
    first: dict[int, OrderFacts] = {}
    last: dict[int, OrderFacts] = {}
    for before, after in pairs:
        first.setdefault(before.id, before)
        last[before.id] = after
    records = [
        {
            "id": order_id,
            "status": after.status.value,
            "units": _shipped(after) - _shipped(first[order_id]),
            "version": after.version,
            "confirmed_at": after.confirmed_at,
            "is_late": after.is_late,
            "is_done": not any(item.left for item in after.items),
        }
        for order_id, after in last.items()
    ]
    return {"orders": record_set(records)}


def _shipped(facts: OrderFacts) -> int:
    return sum(item.shipped for item in facts.items)


def write_edits(actor: Actor, seller_id: int, decisions: Sequence[EditDecision], now: datetime) -> None:
    """Write accepted edits, keeping every version, and journal them, in one statement.

    A batch holds at most one edit of a parcel.
    """
    items: dict[int, int] = {}
    moves: list[tuple[OrderFacts, str, ChargeMove]] = []
    entries, versions = [], []
    for decision in decisions:
        package = decision.edited
        for item_id, quantity in decision.line_moves.items():
            items[item_id] = items.get(item_id, 0) + quantity
        cause = f"package:{decision.facts.id}:{package.reference}:{package.version}"
        moves += [(decision.facts, cause, move) for move in decision.moves]
        said = {name: _plain(getattr(package, name)) for name in _SAID}
        versions.append({"id": package.id, "version": package.version, "facts": said})
        entries.append(journal_writes.Entry(decision.facts.id, "shipment_edited", _edit_facts(decision)))
    run(
        _EDIT,
        journal_writes.params(actor, seller_id, entries, now)
        | _money(items, moves)
        | _orders([(decision.facts, decision.after) for decision in decisions])
        | {
            "parcels": record_set([_edited_record(decision) for decision in decisions]),
            "versions": record_set(versions),
            "lines": record_set([line for decision in decisions for line in _edited_lines(decision)]),
        },
    )


_SAID = ("carrier_code", "carrier_name", "service", "tracking", "shipped_at", "memo", "lines")


def _plain(value: Any) -> Any:
    return dict(value) if hasattr(value, "items") else value


def _edited_record(decision: EditDecision) -> dict[str, Any]:
    package = decision.edited
    record = {name: getattr(package, name) for name in _SAID if name != "lines"}
    return record | {
        "id": package.id,
        "version": package.version,
        "tracking_key": tracking_key(package.tracking),
    }


def _edited_lines(decision: EditDecision) -> list[dict[str, Any]]:
    codes = decision.edited.transparency_codes
    return [
        {
            "package_id": decision.package.id,
            "item_id": decision.facts.item(number).id,
            "quantity": quantity,
            "codes": list(codes.get(number, ())),
        }
        for number, quantity in decision.edited.lines.items()
    ]


def _edit_facts(decision: EditDecision) -> dict[str, Any]:
    # A memo is private and free text; the journal says only that it changed.
    changes = {
        name: (None if name == "memo" else [_plain(old), _plain(new)])
        for name, (old, new) in decision.changes.items()
    }
    return {"reference": decision.package.reference, "version": decision.edited.version, "changes": changes}
