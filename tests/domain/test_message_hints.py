"""A hint at what a buyer seems to ask for: it may miss, and it never acts (screens 1.11; S3-06)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sellerdesk.domain.message_hints import Hint, hint

CASES = [
    (Hint.CANCEL, "Please cancel my order"),
    (Hint.CANCEL, "I'd like to request a cancellation and a refund"),
    (Hint.CANCEL, "Please don't ship it, I ordered it twice"),
    (Hint.CANCEL, "I no longer need this"),
    (Hint.CANCEL, "我想取消订单"),
    (Hint.CANCEL, "不想要了，可以别发货吗"),
    (Hint.CANCEL, "我想取消訂單，謝謝"),
    (Hint.CANCEL, "買錯了"),
    (Hint.CANCEL, "注文をキャンセルしたいです"),
    (Hint.CANCEL, "Bitte stornieren Sie meine Bestellung"),
    (Hint.CANCEL, "Je voudrais annuler ma commande"),
    (Hint.CANCEL, "Quiero cancelar el pedido"),
    (Hint.CANCEL, "ＣＡＮＣＥＬ please"),
    (Hint.RETURN, "How can I return it?"),
    (Hint.RETURN, "The lantern arrived broken"),
    (Hint.RETURN, "I want my money back"),
    (Hint.RETURN, "我要退货"),
    (Hint.RETURN, "請問如何退貨"),
    (Hint.RETURN, "返品したいです"),
    (Hint.RETURN, "Ich möchte die Lampe zurücksenden"),
    (Hint.RETURN, "Je souhaite un remboursement"),
    (Hint.RETURN, "Quiero devolver la lámpara"),
    (None, "Where is my parcel?"),
    (None, "Please do not cancel my order!"),
    (None, "别取消我的订单"),
    (None, "不要取消訂單"),
    (None, "キャンセルしないでください"),
    (None, "When does it arrive? 什么时候到？"),
    (None, ""),
]


@pytest.mark.parametrize(("expected", "text"), CASES)
def test_hints(expected: Hint | None, text: str) -> None:
    assert hint(text) is expected


@given(st.text(max_size=200))
def test_any_text_is_looked_at(text: str) -> None:
    assert hint(text) in (None, *Hint)
