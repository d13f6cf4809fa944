"""The rows of the order list as HTML.

Fifty rows hold two thousand values. Django's template language takes longer over them than the database takes to find
them, so this one table body is written in Python; every text goes through `escape`, and a test feeds it hostile ones.
"""

from html import escape

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from sellerdesk.interfaces.web.order_rows import ActionView, RowView


class Cells:
    """Writes rows. `icons` is the address of the sprite; `selects` and `shows_money` say which columns there are."""

    def __init__(self, icons: str, *, selects: bool, shows_money: bool) -> None:
        self.icons = escape(icons)
        self.selects = selects
        self.shows_money = shows_money
        self.columns = 6 + selects + shows_money
        self.t_select, self.t_copy = escape(_("Select order")), escape(_("Copy"))
        self.t_copied, self.t_deliver = escape(_("Copied")), escape(_("deliver by"))

    def icon(self, name: str) -> str:
        """One symbol of the sprite."""
        return f'<svg class="icon" aria-hidden="true"><use href="{self.icons}#{name}"></use></svg>'

    def html(self, row: RowView) -> SafeString:
        """The row of an order, with the warning above it if there is one."""
        number = escape(row.number)
        parts = [self._banner(row, number) if row.warning else "", self._wish(row, number)]
        parts.append(f'<tr id="o-{number}" data-order-row{" class=dimmed" if row.dimmed else ""}>')
        if self.selects:
            parts.append(f'<td class="c-box">{self._box(number) if row.selectable else ""}</td>')
        parts += [
            self._order(row, number),
            self._items(row),
            self._buyer(row),
            self._due(row),
            self._status(row),
        ]
        if self.shows_money:
            parts.append(f'<td class="num c-total">{escape(row.total)}</td>')
        actions = "".join(self._action(action, number) for action in row.actions)
        parts.append(f'<td class="c-actions">{actions}{_sub(row.why)}</td></tr>\n')
        return mark_safe("".join(parts))  # noqa: S308  every text above is escaped

    def _banner(self, row: RowView, number: str) -> str:
        return (
            f'<tr class="banner"><td colspan="{self.columns}">{self.icon("triangle-alert")} '
            f'<span class="mono">{number}</span> {escape(row.warning)}</td></tr>\n'
        )

    def _wish(self, row: RowView, number: str) -> str:
        """The banner above an order whose buyer wants to cancel (S3-14)."""
        wish = row.wish
        if wish is None:
            return ""
        link = (
            f' <a class="btn small" href="{escape(wish.url)}" aria-label="{escape(wish.review)}, {number}">'
            f"{escape(wish.review)}</a>"
            if wish.url
            else ""
        )
        return (
            f'<tr class="banner wish {wish.tone}"><td colspan="{self.columns}"><div class="banner-line">'
            f'{self.icon(wish.icon)}<span><span class="mono">{number}</span> {escape(wish.text)}'
            f" <strong>{escape(wish.effect)}</strong></span>{link}</div></td></tr>\n"
        )

    def _box(self, number: str) -> str:
        return f'<input type="checkbox" name="order" value="{number}" data-row aria-label="{self.t_select} {number}">'

    def _order(self, row: RowView, number: str) -> str:
        link = (
            f'<a class="mono" href="{escape(row.url)}" data-open-order>{number}</a>'
            if row.url
            else f'<span class="mono">{number}</span>'
        )
        flags = " ".join(
            f'<span class="badge info">{self.icon(icon)}{escape(label)}</span>' for icon, label in row.flags
        )
        return (
            f'<th scope="row" class="c-order"><span class="id">{link}'
            f'<button type="button" class="copy" data-copy="{number}" data-copied="{self.t_copied}"'
            f' aria-label="{self.t_copy} {number}">{self.icon("copy")}</button></span>'
            f'<span class="sub" title="{escape(row.placed_title)}">{escape(row.placed)} · {escape(row.age)}</span>'
            f"{_sub(row.marketplace)}{flags}</th>"
        )

    def _items(self, row: RowView) -> str:
        items = "".join(
            f'<span class="item"><span class="title" title="{(title := escape(item.title))}">{title}</span>'
            f'<span class="sub">{"<b class=qty>" if item.quantity > 1 else ""}× {item.quantity}'
            f"{'</b>' if item.quantity > 1 else ''} · {escape(item.codes)}</span></span>"
            for item in row.items
        )
        return f'<td class="c-items">{items or "–"}{_sub(row.more_items)}</td>'

    def _buyer(self, row: RowView) -> str:
        country = f' <span class="sub inline">{escape(row.country)}</span>' if row.country else ""
        return f'<td class="c-buyer">{escape(row.buyer)}{country}{_sub(row.service)}</td>'

    def _due(self, row: RowView) -> str:
        due = ""
        if row.due:
            due = (
                f'<time class="strong {row.due.tone}" datetime="{row.due.iso}" data-due="{row.due.iso}">'
                f"{escape(row.due.words)}</time>{_sub(row.due.absolute)}{_sub(row.due.own)}"
            )
        deliver = _sub(f"{self.t_deliver} {row.deliver_by}") if row.deliver_by else ""
        return f'<td class="c-due">{due}{deliver}</td>'

    def _status(self, row: RowView) -> str:
        marks = "".join(f'<span class="sub {tone}">{escape(text)}</span>' for tone, text in row.marks)
        tracking = "".join(
            f'<span class="sub">{escape(carrier)} <span class="mono">{escape(number)}</span></span>'
            for carrier, number in row.tracking
        )
        badge = f'<span class="badge {row.tone}">{self.icon(row.icon)}{escape(row.status)}</span>'
        return f'<td class="c-status">{badge}{marks}{tracking}</td>'

    def _action(self, action: ActionView, number: str) -> str:
        primary = {"confirm_shipment": " primary", "cancel_order": " quiet", "cancel_rest": " quiet"}.get(
            action.name, ""
        )
        key = f' data-key="{action.key}"' if action.key else ""
        return (
            f'<a class="btn small{primary}" href="{escape(action.url)}"{key}'
            f' aria-label="{escape(action.label)}, {number}">{escape(action.label)}</a>'
        )


def _sub(text: str) -> str:
    """A second line, if there is anything to say."""
    return f'<span class="sub">{escape(text)}</span>' if text else ""
