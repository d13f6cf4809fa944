"""The cards of Manage Returns as HTML.

Like the rows of the order list they are written in Python: a page holds a thousand values, and Django's template
language takes longer over them than the database takes to find them. Every text goes through `escape`; a test feeds
hostile ones.
"""

from html import escape

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from sellerdesk.interfaces.web.return_rows import Button, Card, Item


class ReturnCells:
    """Writes cards. `icons` is the address of the sprite; `selects`: whether cards have boxes; `sees_words`: whether
    the reader may see what buyers write.
    """

    def __init__(self, icons: str, *, selects: bool, sees_words: bool) -> None:
        self.icons = escape(icons)
        self.selects = selects
        self.t_select, self.t_order = escape(_("Select return")), escape(_("Order"))
        self.t_reason, self.t_comment = escape(_("Return reason")), escape(_("Buyer comment"))
        self.t_none, self.t_more = escape(_("The buyer wrote nothing.")), escape(_("Read all of it"))
        if not sees_words:
            self.t_none = self.icon("lock") + " " + escape(_("Your role does not see what buyers write."))
        self.t_asked = escape(_("requested"))
        self.t_waiting, self.t_sugg = escape(_("open for")), escape(_("suggested"))
        self.t_talked, self.t_silent = escape(_("You wrote to the buyer")), escape(_("No message sent yet"))
        self.t_photo = escape(_("Photo"))
        self.t_actions = escape(_("Actions"))

    def icon(self, name: str) -> str:
        """One symbol of the sprite."""
        return f'<svg class="icon" aria-hidden="true"><use href="{self.icons}#{name}"></use></svg>'

    def html(self, card: Card) -> SafeString:
        """One card."""
        rma = escape(card.rma)
        text = (
            f'<article class="return-card" id="r-{card.id}" data-order-row aria-labelledby="t-{card.id}">'
            f"{self._head(card, rma)}"
            f'<div class="return-main"><div class="return-what">{"".join(map(self._item, card.items))}</div>'
            f"{self._words(card)}{self._photos(card)}{self._facts(card)}</div>"
            f"{self._side(card, rma)}</article>\n"
        )
        return mark_safe(text)  # noqa: S308  every text is escaped where it is put in

    def _head(self, card: Card, rma: str) -> str:
        box = ""
        if self.selects:
            tick = (
                f'<input type="checkbox" name="row" value="{escape(card.bulk)}" data-row'
                f' aria-label="{self.t_select} {rma}">'
                if card.bulk
                else ""
            )
            box = f'<span class="return-box">{tick}</span>'
        badges = "".join(self._badge(*one) for one in card.badges)
        place = f' <span class="small muted">{escape(card.marketplace)}</span>' if card.marketplace else ""
        return (
            f'<header class="return-head">{box}'
            f'<h2 id="t-{card.id}"><a class="mono" href="{escape(card.url)}" data-open-order><bdi>{rma}</bdi></a></h2>'
            f"{self._badge(card.tone, card.icon, card.state)}{badges}"
            f'<span class="return-order"><span class="small muted">{self.t_order}</span> '
            f'<a class="mono" href="{escape(card.order_url)}">{escape(card.order_number)}</a>{place}</span>'
            f"{self._due(card)}</header>"
        )

    def _due(self, card: Card) -> str:
        due = card.due
        if due is None:
            return ""
        return (
            f'<span class="countdown {due.tone}" title="{escape(due.absolute)}">{self.icon("clock")}'
            f"{escape(due.label)} "
            f'<time datetime="{due.iso}" data-due="{due.iso}">{escape(due.text)}</time></span>'
        )

    def _badge(self, tone: str, icon: str, text: str) -> str:
        return f'<span class="badge {tone}">{self.icon(icon)}{escape(text)}</span>'

    def _item(self, item: Item) -> str:
        grade = f'<span class="badge">{escape(item.grade)}</span>' if item.grade else ""
        return (
            f'<div class="return-item"><span class="tile">{self.icon("package")}</span><div>'
            f'<bdi class="strong clamp">{escape(item.title)}</bdi>'
            f'<span class="small muted"><b class="many">× {item.quantity}</b> · <bdi>{escape(item.codes)}</bdi></span>'
            f"{grade}</div></div>"
        )

    def _words(self, card: Card) -> str:
        """What the buyer says, large: it drives the answer (S2-04)."""
        raw = f' <bdi class="small muted mono">{escape(card.raw_reason)}</bdi>' if card.raw_reason else ""
        wish = f'<span class="badge info">{escape(card.wish)}</span>' if card.wish else ""
        if card.comment:
            more = f'… <a href="{escape(card.url)}">{self.t_more}</a>' if card.is_cut else ""
            said = f"<bdi>{escape(card.comment)}</bdi>{more}"
            words = f'<blockquote class="comment"><p dir="auto">{said}</p></blockquote>'
        else:
            words = f'<p class="muted">{self.t_none}</p>'
        return (
            f'<div class="return-words"><div class="reason-line"><span class="small muted">{self.t_reason}</span>'
            f'<strong class="reason-big">{escape(card.reason)}</strong>{raw}{wish}</div>'
            f'<div><span class="small muted">{self.t_comment}</span>{words}</div></div>'
        )

    def _photos(self, card: Card) -> str:
        pictures = "".join(
            f'<li><a href="{escape(url)}"><img src="{escape(url)}" loading="lazy" width="72" height="72"'
            f' alt="{self.t_photo} {number}"></a></li>'
            for number, url in enumerate(card.photos, 1)
        )
        return f'<ul class="return-photos">{pictures}</ul>' if pictures else ""

    def _facts(self, card: Card) -> str:
        asked = card.requested
        parts = [
            self._badge(card.verdict_tone, card.verdict_icon, card.verdict),
            f'<span>{self.t_asked} <time datetime="{asked.iso}" title="{escape(asked.market)}">'
            f"{escape(asked.away)}</time></span>",
        ]
        if card.payer:
            parts.append(f"<span>{escape(card.payer)}</span>")
        if card.tracking:
            number = f'<bdi class="mono">{escape(card.tracking)}</bdi>'
            if card.tracking_url:
                number = f'<a href="{escape(card.tracking_url)}" rel="noopener noreferrer" target="_blank">{number}</a>'
            parts.append(f"<span>{self.icon('truck')} {escape(card.carrier)} {number}</span>")
        elif card.label:
            parts.append(f"<span>{escape(card.label)}</span>")
        parts += [
            f'<span class="badge {tone}">{self.icon("banknote")}{escape(text)} {escape(amount)}</span>'
            for tone, text, amount in card.refunds
        ]
        if card.closed:
            parts.append(f"<span>{escape(card.closed)}</span>")
        return f'<div class="return-facts small">{"".join(parts)}</div>'

    def _side(self, card: Card, rma: str) -> str:
        buttons = "".join(self._button(one, rma) for one in card.buttons)
        advice = ""
        if card.advice:
            numbers = (
                f' <span class="muted">{escape(card.advice.numbers)}</span>' if card.advice.numbers else ""
            )
            risk = f' <strong class="warn">{escape(card.advice.risk)}</strong>' if card.advice.risk else ""
            said = f"<span>{escape(card.advice.text)}{numbers}{risk}</span>"
            advice = f'<p class="small advice">{self.icon("info")}{said}</p>'
        talked = ""
        if card.is_open:
            talked = (
                f'<span class="small ok">{self.icon("check")} {self.t_talked}</span>'
                if card.contacted
                else f'<span class="small muted">{self.icon("mail")} {self.t_silent}</span>'
            )
        waiting = (
            f'<span class="small muted">{self.t_waiting} {escape(card.waiting)}</span>'
            if card.waiting
            else ""
        )
        return (
            f'<div class="return-side"><div class="return-actions" role="group" aria-label="{self.t_actions}, {rma}">'
            f'{buttons}</div>{advice}<div class="return-state">{waiting}{talked}</div></div>'
        )

    def _button(self, one: Button, rma: str) -> str:
        kind = " primary" if one.suggested else " danger" if one.name == "close" else ""
        key = f' data-key="{one.key}"' if one.key else ""
        told = f'<span class="sr"> ({self.t_sugg})</span>' if one.suggested else ""
        return (
            f'<a class="btn{kind}" href="{escape(one.url)}"{key}>{self.icon(one.icon)}{escape(one.label)}{told}'
            f'<span class="sr"> {rma}</span></a>'
        )
