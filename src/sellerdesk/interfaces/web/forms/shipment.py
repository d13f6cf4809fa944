"""The confirm-shipment form: packages, kept exactly as typed until they are accepted (S4-09, screens 1.4)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sellerdesk.domain.carriers import CARRIERS, find_carrier
from sellerdesk.domain.facts import OrderFacts
from sellerdesk.domain.refusals import Code, Refusal, refuse
from sellerdesk.domain.shipments import PackageRequest, ShipmentRequest, check_parcel_words
from sellerdesk.interfaces.web.forms.typed import FieldError, ship_moment, tidy, typed, whole_number

MOST_PACKAGES = 20  # of one form; more go in several
LONGEST = {"tracking": 100, "service": 100, "carrier_name": 60, "memo": 255}


@dataclass(frozen=True, slots=True)
class PackageDraft:
    """One package as typed. `quantities` maps item number → text."""

    ship_date: str = ""
    carrier: str = ""
    carrier_name: str = ""
    service: str = ""
    tracking: str = ""
    untracked: bool = False
    memo: str = ""
    quantities: Mapping[str, str] | None = None

    def quantity(self, item_number: str) -> str:
        return (self.quantities or {}).get(item_number, "")


@dataclass(frozen=True, slots=True)
class ShipmentDraft:
    """The whole form as typed. `version` and `seen` say which state of the order was on the screen."""

    version: str
    seen: str
    packages: tuple[PackageDraft, ...]


def first_draft(facts: OrderFacts, *, seen: int, zone: ZoneInfo, now: datetime) -> ShipmentDraft:
    """The form before anything is typed: everything that is left, in one package, shipped today."""
    today = now.astimezone(zone).date().isoformat()
    everything = {item.item_number: str(item.left) for item in facts.items if item.left}
    package = PackageDraft(ship_date=today, carrier=_last_carrier(facts), quantities=everything)
    return ShipmentDraft(str(facts.version), str(seen), (package,))


def _last_carrier(facts: OrderFacts) -> str:
    """The carrier of the order's last package: the rest usually goes the same way."""
    codes = [package.carrier_code for package in facts.packages if package.carrier_code in CARRIERS]
    return codes[-1] if codes else ""


def read_draft(data: Mapping[str, Any], facts: OrderFacts) -> ShipmentDraft:
    """What was typed, unchecked."""
    count = typed(data, "packages")
    number = int(count) if count.isascii() and count.isdigit() and len(count) < 4 else 1
    indices = range(min(max(number, 1), MOST_PACKAGES))
    packages = tuple(_read_package(data, f"p{index}", facts) for index in indices)
    return ShipmentDraft(typed(data, "version"), typed(data, "seen"), packages)


def _read_package(data: Mapping[str, Any], prefix: str, facts: OrderFacts) -> PackageDraft:
    return PackageDraft(
        ship_date=typed(data, f"{prefix}-ship_date"),
        carrier=typed(data, f"{prefix}-carrier"),
        carrier_name=typed(data, f"{prefix}-carrier_name"),
        service=typed(data, f"{prefix}-service"),
        tracking=typed(data, f"{prefix}-tracking"),
        untracked=bool(typed(data, f"{prefix}-untracked")),
        memo=typed(data, f"{prefix}-memo"),
        quantities={
            item.item_number: typed(data, f"{prefix}-qty-{item.item_number}") for item in facts.items
        },
    )


def with_package(draft: ShipmentDraft, facts: OrderFacts) -> ShipmentDraft:
    """One package more, with the units that no package has yet; date, carrier and service go on from the last."""
    if len(draft.packages) >= MOST_PACKAGES:
        return draft
    last = draft.packages[-1]
    rest = {}
    for item in facts.items:
        packed = sum(_units(package, item.item_number) for package in draft.packages)
        rest[item.item_number] = str(max(item.left - packed, 0))
    added = replace(last, tracking="", memo="", untracked=False, quantities=rest)
    return replace(draft, packages=(*draft.packages, added))


def without_package(draft: ShipmentDraft, index: int) -> ShipmentDraft:
    """The form without one package; its units go back to the first of the others that holds the item, or the first."""
    if len(draft.packages) < 2 or not 0 <= index < len(draft.packages):
        return draft
    removed = draft.packages[index]
    kept = [package for position, package in enumerate(draft.packages) if position != index]
    for item_number in removed.quantities or {}:
        units = _units(removed, item_number)
        home = next((n for n, package in enumerate(kept) if _units(package, item_number)), 0)
        total = _units(kept[home], item_number) + units
        if units:
            kept[home] = replace(
                kept[home], quantities={**(kept[home].quantities or {}), item_number: str(total)}
            )
    return replace(draft, packages=tuple(kept))


def with_carrier(draft: ShipmentDraft, index: int, carrier: str) -> ShipmentDraft:
    """The form with a suggested carrier taken over."""
    if not 0 <= index < len(draft.packages) or carrier not in CARRIERS:
        return draft
    packages = list(draft.packages)
    packages[index] = replace(packages[index], carrier=carrier)
    return replace(draft, packages=tuple(packages))


def _units(package: PackageDraft, item_number: str) -> int:
    try:
        return whole_number(package.quantity(item_number), place="")
    except Refusal:
        return 0


@dataclass(frozen=True, slots=True)
class Reading:
    """A form that was understood as far as possible. `request` is None while a field cannot be."""

    request: ShipmentRequest | None
    errors: tuple[FieldError, ...]


def understand(draft: ShipmentDraft, facts: OrderFacts, *, zone: ZoneInfo, now: datetime) -> Reading:
    """Turn what was typed into a request; every field that is wrong is named, not only the first."""
    errors: list[FieldError] = []
    packages: list[PackageRequest] = []
    for index, package in enumerate(draft.packages):
        read = PackageReader(package, f"p{index}", facts, zone, now)
        packages.append(read.request())
        errors += read.errors
    if draft.version == str(facts.version):  # of an old form the command says what is wrong: its age
        errors += _too_many(draft, facts)
    version = int(draft.version) if draft.version.isascii() and draft.version.isdigit() else None
    if errors:
        return Reading(None, tuple(errors))
    # Without a version nobody would notice that a colleague was faster: a form that lost it counts as old.
    return Reading(ShipmentRequest(facts.order_number, tuple(packages), version=version or 0), ())


def error_of(refusal: Refusal) -> FieldError:
    """The field that a rule's refusal concerns; "" for the whole form."""
    place = str(refusal.facts.get("place", ""))
    return FieldError(place.replace(".", "-"), refusal)


def _too_many(draft: ShipmentDraft, facts: OrderFacts) -> Iterator[FieldError]:
    """More units than are left, over all packages: named at the last package that holds some."""
    for item in facts.items:
        amounts = [_units(package, item.item_number) for package in draft.packages]
        if sum(amounts) > item.left:
            last = max(index for index, amount in enumerate(amounts) if amount)
            facts_of = {"order_number": facts.order_number, "item_number": item.item_number}
            refusal = refuse(Code.QUANTITY_EXCEEDED, **facts_of, asked=sum(amounts), left=item.left)
            yield FieldError(f"p{last}-qty-{item.item_number}", refusal)


class PackageReader:
    """Reads one package and gathers what is wrong with it."""

    def __init__(
        self,
        draft: PackageDraft,
        prefix: str,
        facts: OrderFacts,
        zone: ZoneInfo,
        now: datetime,
        *,
        kept_carrier: str = "",
        kept_date: bool = False,
    ) -> None:
        self.draft = draft
        self.kept_carrier = kept_carrier  # of an edit: a carrier that need not be in our list
        self.kept_date = kept_date  # of an edit: the day is not asked for again
        self.prefix = prefix
        self.facts = facts
        self.zone = zone
        self.now = now
        self.errors: list[FieldError] = []

    def request(self) -> PackageRequest:
        draft = self.draft
        request = PackageRequest(
            carrier_code=self._carrier(),
            carrier_name=self._text("carrier_name") if draft.carrier == "Other" else "",
            service=self._text("service"),
            tracking=self._text("tracking"),
            memo=self._text("memo"),
            shipped_at=self._date(),
            lines=self._lines(),
            untracked=draft.untracked,
            place=self.prefix,
        )
        self._words(request)
        return request

    def _words(self, request: PackageRequest) -> None:
        """All that is missing at once, although the rule stops at the first thing."""
        stand_ins = (
            replace(request, tracking=request.tracking or "1"),
            replace(
                request, carrier_code=request.carrier_code or "UPS", carrier_name=request.carrier_name or "x"
            ),
        )
        named = {error.field for error in self.errors}
        for one in stand_ins:
            try:
                check_parcel_words(one)
            except Refusal as refusal:
                error = error_of(refusal)
                if error.field not in named:
                    self.errors.append(error)

    def _carrier(self) -> str:
        text = self.draft.carrier.strip()
        if not text or text == self.kept_carrier:
            return text
        carrier = CARRIERS.get(text) or find_carrier(text)
        if carrier is None:
            self._wrong(
                "carrier", refuse(Code.INVALID_VALUE, value=text[:40], expected="a carrier of the list")
            )
            return "Other"
        return carrier.code

    def _text(self, name: str) -> str:
        place = f"{self.prefix}.{name}"
        try:
            return tidy(getattr(self.draft, name), place=place, longest=LONGEST[name])
        except Refusal as refusal:
            self.errors.append(error_of(refusal))
            return "?"

    def _date(self) -> datetime:
        if self.kept_date:
            return self.now
        place = f"{self.prefix}.ship_date"
        try:
            return ship_moment(
                self.draft.ship_date, self.zone, placed_at=self.facts.placed_at, now=self.now, place=place
            )
        except Refusal as refusal:
            self.errors.append(error_of(refusal))
            return self.now

    def _lines(self) -> dict[str, int]:
        lines: dict[str, int] = {}
        wrong = False
        for item_number, text in (self.draft.quantities or {}).items():
            place = f"{self.prefix}.qty-{item_number}"
            try:
                units = whole_number(text, place=place)
            except Refusal as refusal:
                self.errors.append(error_of(refusal))
                wrong = True
                continue
            if units:
                lines[item_number] = units
        if not lines and not wrong:
            self._wrong("items", refuse(Code.MISSING_VALUE))
        return lines

    def _wrong(self, name: str, refusal: Refusal) -> None:
        refusal.facts["place"] = f"{self.prefix}.{name}"
        self.errors.append(error_of(refusal))


def carriers_for_choice(used: Sequence[str]) -> list[tuple[str, list[tuple[str, str]]]]:
    """The carriers as groups for a select: those used before, then by home country; "Other" stands last.

    Answers (group code, [(carrier code, what it is called)]); a group code is "used", an ISO country, "world" or
    "other".
    """
    groups: dict[str, list[tuple[str, str]]] = {"used": [], "CN": [], "US": [], "world": []}
    for code in dict.fromkeys(used):
        if code in CARRIERS and code != "Other":
            groups["used"].append((code, _called(code)))
    for code, carrier in CARRIERS.items():
        if code == "Other" or code in used:
            continue
        groups.setdefault(carrier.country or "world", []).append((code, _called(code)))
    groups["other"] = [("Other", _called("Other"))]
    return [(group, choices) for group, choices in groups.items() if choices]


def _called(code: str) -> str:
    carrier = CARRIERS[code]
    return f"{carrier.name} · {carrier.chinese}" if carrier.chinese else carrier.name


def preview_request(
    draft: ShipmentDraft, facts: OrderFacts, *, zone: ZoneInfo, now: datetime
) -> ShipmentRequest | None:
    """The request as far as it goes, for saying what it would do while somebody still types.

    What is missing of carrier and number is stood in for; packages without a unit are left out. None without any unit.
    """
    packages = []
    for index, package in enumerate(draft.packages):
        request = PackageReader(package, f"p{index}", facts, zone, now).request()
        if request.lines:
            code = request.carrier_code or "Other"
            name = request.carrier_name or "-"
            packages.append(replace(request, carrier_code=code, carrier_name=name, untracked=True))
    return ShipmentRequest(facts.order_number, tuple(packages)) if packages else None
