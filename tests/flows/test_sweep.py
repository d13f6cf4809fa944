"""The sweep: what is due fires in order, once, whoever else is at work, and whatever is wrong with one order."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction
from tests import build

from sellerdesk.commands import deadlines
from sellerdesk.commands.deadlines import KINDS, DueOrder, fire_deadlines
from sellerdesk.domain.actors import Actor, Door, Party
from sellerdesk.domain.deadlines import DeadlineKind
from sellerdesk.flows import sweep as flow
from sellerdesk.flows.sweep import sweep
from sellerdesk.models.tenancy import scope_transaction
from sellerdesk.queries.due import due_deadlines
from sellerdesk.queries.verify import verify

LATE = build.PLACED + timedelta(days=40)
Parallel = Callable[[int, Callable[[int], Any]], list[Any]]


def states() -> list[tuple[Any, ...]]:
    return build.everything("SELECT state, count(*) FROM deadlines GROUP BY 1 ORDER BY 1")


def clock(seller: int) -> Actor:
    return Actor(Party.SYSTEM, "clock", Door.JOBS, seller)


def order_ids() -> dict[str, int]:
    return dict(build.everything("SELECT order_number, id FROM orders"))


def test_nothing_due_does_nothing(committed: None) -> None:
    build.a_paid_order(build.a_seller())
    report = sweep(build.PLACED + timedelta(minutes=10))
    assert (report.done, report.skipped, report.failed) == (0, 0, 0)


def test_a_look_when_nothing_is_due_reads_the_index_of_open_deadlines(committed: None) -> None:
    """L10: however many deadlines there are, a look touches only those that are due."""
    seller = build.a_seller()
    number = build.a_paid_order(seller)
    build.change(
        "INSERT INTO orders SELECT (jsonb_populate_record(o, jsonb_build_object('id', o.id + n, 'order_number',"
        " 'x' || n))).* FROM orders o, generate_series(1, 3000) n WHERE o.order_number = %s",
        [number],
    )
    build.change(
        "INSERT INTO deadlines (seller_id, order_id, kind, due_at, policy_key, state, was_late)"
        " SELECT seller_id, id, 'ship_by', placed_at + interval '5 days', '', 'open', false FROM orders"
        " WHERE order_number LIKE 'x%%'"
    )
    build.analyze()
    from sellerdesk.queries.due import _SELLERS

    plan = build.everything("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) " + _SELLERS, [build.PLACED])[0][0]
    assert "deadline_due" in str(plan)
    assert plan_buffers(plan) < 20


def plan_buffers(plan: Any) -> int:
    import json

    top = (json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]
    return int(top["Shared Hit Blocks"]) + int(top["Shared Read Blocks"])


def test_a_sweep_needs_a_constant_number_of_statements(committed: None) -> None:
    seller = build.a_seller()
    counts = []
    for size in (2, 40):
        build.paid_orders(seller, [build.a_document() for _ in range(size)])
        statements: list[str] = []

        def count(
            execute: Any, sql: str, params: Any, many: bool, context: Any, kept: Any = statements
        ) -> Any:
            kept.append(sql)
            return execute(sql, params, many, context)

        with connection.execute_wrapper(count):
            assert sweep(LATE).done == 4 * size
        counts.append(len(statements))
    assert counts[0] == counts[1]


def test_chunks_keep_the_order_of_each_orders_deadlines(
    committed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flow, "CHUNK", 3)
    for name in ("Ours", "Theirs"):
        build.paid_orders(build.a_seller(name), [build.a_document() for _ in range(5)])
    assert sweep(LATE).fired == {kind.value: 10 for kind in KINDS[:4]}
    early = "SELECT count(*) FROM journal a JOIN journal b ON a.order_id = b.order_id AND a.id < b.id"
    assert build.everything(early + " WHERE a.kind = 'order_auto_cancelled'") == [(0,)]
    assert [finding.rule.name for finding in verify() if finding.count] == []


def test_it_stops_after_a_bounded_amount(committed: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flow, "CHUNK", 4)
    build.paid_orders(build.a_seller(), [build.a_document() for _ in range(5)])
    assert 4 <= sweep(LATE, most=4).done < 20
    assert sweep(LATE).done > 0
    assert states() == [("fired", 20)]


def test_an_order_that_somebody_holds_is_left_for_the_next_time(run_parallel: Parallel) -> None:
    import threading

    seller = build.a_seller()
    held, free = build.paid_orders(seller, [build.a_document(), build.a_document()])
    is_held, may_go = threading.Event(), threading.Event()

    def work(number: int) -> Any:
        if number == 0:
            with transaction.atomic():
                scope_transaction(seller)
                connection.cursor().execute("SELECT 1 FROM orders WHERE order_number = %s FOR UPDATE", [held])
                is_held.set()
                assert may_go.wait(30)
            return None
        assert is_held.wait(30)
        report = sweep(LATE)
        may_go.set()
        return report

    report = run_parallel(2, work)[1]
    assert (report.done, report.skipped) == (4, 4)
    assert build.everything("SELECT order_number FROM orders WHERE status = 'Canceled'") == [(free,)]
    assert sweep(LATE).done == 4
    assert states() == [("fired", 8)]


def test_an_earlier_deadline_must_fire_first(committed: None) -> None:
    """I12, guarded by the command itself: whoever calls it in the wrong order gets "skipped"."""
    seller = build.a_seller()
    number = build.a_paid_order(seller)
    order = [DueOrder(order_ids()[number], number)]
    assert fire_deadlines(clock(seller), DeadlineKind.AUTO_CANCEL, order, now=LATE)[0].state == "skipped"
    for kind in (one.kind for one in due_deadlines(seller, LATE, KINDS, limit=9)):
        assert fire_deadlines(clock(seller), kind, order, now=LATE)[0].state == "fired"
        assert fire_deadlines(clock(seller), kind, order, now=LATE)[0].state == "skipped"


def test_never_before_its_instant(committed: None) -> None:
    seller = build.a_seller()
    number = build.a_paid_order(seller)
    ((instant,),) = build.everything("SELECT min(due_at) FROM deadlines")
    order = [DueOrder(order_ids()[number], number)]
    early = fire_deadlines(
        clock(seller), DeadlineKind.SHIP_BY_REMINDER, order, now=instant - timedelta(microseconds=1)
    )
    assert early[0].state == "skipped"
    assert sweep(instant - timedelta(microseconds=1)).done == 0
    assert sweep(instant).fired == {"ship_by_reminder": 1}


def test_deadlines_of_an_order_that_is_past_them_become_void(committed: None) -> None:
    """They must not be put on record as fired, nor cancel or warn anything."""
    seller = build.a_seller()
    build.a_paid_order(seller)
    build.change("UPDATE orders SET status = 'Pending'")
    report = sweep(LATE)
    assert (report.void, report.fired.total()) == (4, 0)
    assert states() == [("void", 4)]
    assert build.everything("SELECT kind FROM journal ORDER BY id") == [
        ("order_placed",),
        ("payment_authorized",),
    ]


def test_one_order_that_cannot_be_done_does_not_stop_the_others(
    committed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """P6."""
    numbers = build.paid_orders(build.a_seller(), [build.a_document() for _ in range(7)])
    poisoned = order_ids()[numbers[3]]
    write = deadlines.write_firings

    def hurt(actor: Any, seller: int, firings: Any, now: Any) -> None:
        if any(one.due.order_id == poisoned for one in firings):
            raise IntegrityError("planted")
        write(actor, seller, firings, now)

    monkeypatch.setattr(deadlines, "write_firings", hurt)
    report = sweep(LATE)
    assert (report.done, report.failed, report.skipped) == (24, 1, 3)
    monkeypatch.undo()
    assert sweep(LATE).done == 4


def test_a_database_that_goes_away_is_not_mistaken_for_a_poisoned_order(
    committed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    build.a_paid_order(build.a_seller())

    def gone(*_args: Any) -> None:
        raise OperationalError("gone")

    monkeypatch.setattr(deadlines, "write_firings", gone)
    with pytest.raises(OperationalError):
        sweep(LATE)


@pytest.mark.serial
def test_many_sweeps_at_once_fire_everything_once(run_parallel: Parallel) -> None:
    for name in ("Ours", "Theirs"):
        build.paid_orders(build.a_seller(name), [build.a_document() for _ in range(60)])
    reports = run_parallel(8, lambda _: sweep(LATE))
    reports.append(sweep(LATE))
    assert sum(report.done for report in reports) == 480
    assert states() == [("fired", 480)]
    assert [finding.rule.name for finding in verify() if finding.count] == []
