"""A hint at what a buyer seems to ask for, by keywords (screens 1.11). It shows a banner and never acts.

Missing a wish costs a hint; seeing one that is not there costs a glance. Words therefore stand close to an order or a
wish, and plain negations ("do not cancel") are left out.
"""

import re
import unicodedata
from enum import StrEnum


class Hint(StrEnum):
    """What the buyer seems to ask for. When a text speaks of both, cancelling goes first: it is the more urgent."""

    CANCEL = "cancel"
    RETURN = "return"


_CANCEL = re.compile(
    # English
    r"\bcancel(?:l?ation|l?ing)?\b|\bstop (?:the|my|this) (?:order|shipment)\b|\b(?:do not|don't"
    r"|dont) (?:ship|send)\b"
    r"|\b(?:don't|do not|dont|no longer) (?:want|need) (?:it|this|the|my)\b|\bordered (?:it "
    r"|this )?(?:by mistake|twice|by accident)\b"
    # 简体, 繁體
    r"|取消|不想要了|不要了|不需要了|别发货|先别发|不用发|拍错|买错|下错单|重复下单|撤单"
    r"|別出貨|先別寄|不用寄|不用出貨|買錯|下錯單|重複下單|撤單"
    # 日本語
    r"|キャンセル|取り消し|取消し|間違えて(?:注文|購入)|発送しないで|注文をやめ"
    # Deutsch, français, español
    r"|\bstorn(?:ieren|o|iert|ierung)\b|\bnicht (?:versenden|verschicken|abschicken)\b"
    r"|\bbestellung widerrufen\b|\bversehentlich bestellt\b"
    r"|\bannul(?:er|ez|ation|é|ée)\b|\bne pas (?:expédier|envoyer)\b|\bcommandé par erreur\b"
    r"|\bcancel(?:ar|en|e|ación|acion|ado)\b|\banular\b|\bno (?:lo )?(?:envíen|envien|quiero)\b|\bpor error\b"
)
_RETURN = re.compile(
    r"\b(?:return|send) (?:it|this|them|the|my|these)\b|\breturn (?:label|request|policy)\b|\bto return\b"
    r"|\bmoney back\b"
    r"|\brefund\b|\bexchange (?:it|this|for)\b|\bdoes(?: not|n't) (?:fit|work)\b|\b(?:defective|broken"
    r"|damaged|wrong (?:item|size|colou?r))\b"
    r"|退货|退款|换货|退换|质量(?:问题|不好)|坏了|破损|发错|尺码不[对合]|退貨|換貨|退換|品質問題|壞了|破損"
    r"|寄錯|尺寸不[對合]"
    r"|返品|返金|交換して|壊れて|不良品|サイズが合わ"
    r"|\b(?:zurück(?:senden|schicken|geben)|rücksendung|rückgabe|retoure|umtausch(?:en)?|erstattung|defekt"
    r"|beschädigt|kaputt)\b"
    r"|\b(?:retourner|retour|rembours(?:er|ement|ez)|échang(?:er|e)|défectueux|cassé|abîmé)\b"
    r"|\b(?:devolver|devolución|devolucion|reembolso|cambiar(?:lo|la)?|defectuos[oa]|rot[oa]|dañad[oa])\b"
)
_NOT = re.compile(
    r"\b(?:do not|don't|dont|not|never|please no|without|nicht|kein|ne pas|no)\s+(?:\w+\s+){0,2}\Z"
    r"|(?:不要|别|別|不想|请勿|請勿|不用|没有|沒有|不必|未)\Z"
)
_NOT_AFTER = re.compile(r"しないで|せずに|ではなく|\s+(?:bitte )?nicht\b")


def hint(text: str) -> Hint | None:
    """What a buyer's text seems to ask for, or None."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace("’", "'")
    for pattern, found in ((_CANCEL, Hint.CANCEL), (_RETURN, Hint.RETURN)):
        if any(not _negated(folded, match) for match in pattern.finditer(folded)):
            return found
    return None


def _negated(text: str, match: re.Match[str]) -> bool:
    before, after = text[max(0, match.start() - 30) : match.start()], text[match.end() : match.end() + 12]
    return bool(_NOT.search(before) or _NOT_AFTER.match(after))
