"""`sellerdesk claims …`: look at claims, answer and appeal as the seller, decide as the marketplace (rulebook 3.6)."""

import json
from dataclasses import asdict
from typing import Annotated, Any

import typer
from rich.table import Table

from sellerdesk.commands.claims import (
    answer_appeals,
    answer_claims,
    appeal_claims,
    decide_appeals,
    decide_claims,
)
from sellerdesk.config import clock
from sellerdesk.domain.claim_facts import APPEALING, ClaimState, Fault, Funding
from sellerdesk.domain.claims import AppealVerdict, ClaimStep, ClaimVerdict
from sellerdesk.domain.money import Money
from sellerdesk.domain.outcomes import Outcome
from sellerdesk.interfaces.cli.asking import acting_for, add_row, administrator, end, show_table, the_seller
from sellerdesk.interfaces.cli.refusals import printable, sentence
from sellerdesk.interfaces.cli.server import AsJson
from sellerdesk.queries.claims import ClaimDetail, ClaimLine, Tab, claim_detail, claims_page, preview_verdict

app = typer.Typer(no_args_is_help=True, help="A-to-z claims.")
SellerOption = Annotated[str, typer.Option("--seller", help="The seller's id.")]
Reference = Annotated[str, typer.Argument(help="The claim's reference, C-XXXX-XXXX.")]
Words = Annotated[str, typer.Option("--text", help="What is said.")]
_MOST = 200


@app.command("list")
def listing(
    seller: SellerOption,
    tab: Annotated[Tab, typer.Option(help="Which of them.", case_sensitive=False)] = Tab.ALL,
    limit: Annotated[int, typer.Option(min=1, max=_MOST)] = 50,
    as_json: AsJson = False,
) -> None:
    """Claims of a seller: those that wait for an answer by when it falls due, the others newest first."""
    found = claims_page(the_seller(seller).id, tab, now=clock.now(), size=limit)
    if as_json:
        for line in found.lines:
            typer.echo(json.dumps(_line(line), default=str))
        return
    table = Table("Claim", "Order", "Kind", "State", "Amount", "Filed", "Answer by", "Appeal until")
    for line in found.lines:
        amount = f"{Money(line.currency, line.amount).text()} {line.currency}"
        cells = (line.reference, line.order_number, line.kind.value, line.state.value, amount)
        add_row(table, *cells, *(_moment(at) for at in (line.filed_at, line.due_at, line.appeal_until)))
    show_table(table)


@app.command()
def show(reference: Reference, seller: SellerOption, as_json: AsJson = False) -> None:
    """One claim with its parcels, returns, refunds and what was written."""
    found = _found(the_seller(seller).id, reference)
    if as_json:
        typer.echo(json.dumps(_whole(found), default=str))
        return
    for name, value in _whole(found).items():
        if isinstance(value, list):
            for one in value:
                typer.echo(f"{name}: {printable('; '.join(str(part) for part in one.values()))}")
        else:
            typer.echo(f"{name}: {printable(value)}")


@app.command()
def answer(reference: Reference, seller: SellerOption, text: Words, as_json: AsJson = False) -> None:
    """Answer the marketplace's question about a claim or about its appeal, as the seller."""
    actor = acting_for(seller)
    claim = _found(actor.seller_id or 0, reference).claim
    command = answer_appeals if claim.state is ClaimState.APPEAL_INFO_REQUIRED else answer_claims
    step = ClaimStep(claim.order_number, claim.reference, text, claim.version)
    _tell(command(actor, [step], now=clock.now()), as_json=as_json)


@app.command()
def appeal(reference: Reference, seller: SellerOption, text: Words, as_json: AsJson = False) -> None:
    """Appeal against a granted claim, as the seller, once."""
    actor = acting_for(seller)
    claim = _found(actor.seller_id or 0, reference).claim
    step = ClaimStep(claim.order_number, claim.reference, text, claim.version)
    _tell(appeal_claims(actor, [step], now=clock.now()), as_json=as_json)


@app.command()
def decide(
    reference: Reference,
    seller: SellerOption,
    grant: Annotated[bool | None, typer.Option("--grant/--deny", help="The decision of a claim.")] = None,
    fault: Annotated[Fault, typer.Option(help="Whose it is.", case_sensitive=False)] = Fault.SELLER,
    funding: Annotated[Funding, typer.Option(help="Who pays.", case_sensitive=False)] = Funding.SELLER,
    money: Annotated[bool, typer.Option("--money", help="Of an appeal: the seller gets it back.")] = False,
    defect: Annotated[bool, typer.Option("--defect", help="Of an appeal: it counts no more.")] = False,
    text: Words = "",
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    as_json: AsJson = False,
) -> None:
    """Decide a claim, or its appeal, as the marketplace. Says first what the decision does, and asks.

    An appeal is decided by --money and --defect, each for itself; with neither it is denied.
    """
    if as_json and not yes:
        raise typer.BadParameter("needs --yes, because nobody is asked", param_hint="--json")
    actor, now = administrator(the_seller(seller).id), clock.now()
    claim = _found(actor.seller_id or 0, reference).claim
    if claim.state in APPEALING:
        verdict = AppealVerdict(claim.order_number, claim.reference, money, defect, text, claim.version)
        _agree(_effect(actor.seller_id or 0, verdict), yes=yes, silent=as_json)
        _tell(decide_appeals(actor, [verdict], now=now), as_json=as_json)
        return
    if grant is None:
        raise typer.BadParameter("say --grant or --deny", param_hint="--grant")
    judged = ClaimVerdict(
        claim.order_number, claim.reference, grant, fault, funding, text, version=claim.version
    )
    _agree(_effect(actor.seller_id or 0, judged), yes=yes, silent=as_json)
    _tell(decide_claims(actor, [judged], now=now), as_json=as_json)


def _effect(seller_id: int, verdict: ClaimVerdict | AppealVerdict) -> str:
    found = preview_verdict(seller_id, verdict, now=clock.now())
    if found.step is None:
        end(f"refused ({sentence(found.refusal)})." if found.refusal else "refused.")
    step, currency = found.step, found.step.claim.currency
    said = [f"{step.claim.reference} becomes {step.state.value}"]
    if step.grant is not None:
        paid, debit = (Money(currency, one).text() for one in (step.grant.paid, step.grant.debit))
        said.append(f"the buyer gets {paid} {currency}, the seller is debited {debit} {currency}")
        said.append("a defect" if step.grant.defect else "no defect")
    if step.money_back:
        said.append(f"the seller gets {Money(currency, step.claim.debited).text()} {currency} back")
    if step.defect_off:
        said.append("the defect is taken back")
    return "; ".join(said)


def _agree(effect: str, *, yes: bool, silent: bool) -> None:
    if not silent:
        typer.echo(effect)
    if not yes:
        typer.confirm("Decide so?", abort=True)


def _tell(outcomes: list[Outcome], *, as_json: bool) -> None:
    (one,) = outcomes
    if one.refusal is not None:
        said: dict[str, Any] = {"code": one.refusal.code.value, "sentence": sentence(one.refusal)}
        typer.echo(
            json.dumps({"order_number": one.order_number, "state": one.state, "refusal": said}, default=str)
            if as_json
            else f"{one.order_number}: refused ({sentence(one.refusal)})"
        )
        raise typer.Exit(1)
    whole = {"order_number": one.order_number, "state": one.state, "facts": one.facts}
    typer.echo(json.dumps(whole, default=str) if as_json else f"{one.facts['reference']}: {one.state}")


def _found(seller_id: int, reference: str) -> ClaimDetail:
    found = claim_detail(seller_id, printable(reference)[:40], now=clock.now(), personal=True)
    if found is None:
        end(f"there is no claim {printable(reference)}.")
    return found


def _line(line: ClaimLine) -> dict[str, Any]:
    return {name: value for name, value in asdict(line).items() if name not in ("id", "seller_id")}


def _whole(found: ClaimDetail) -> dict[str, Any]:
    claim = {name: value for name, value in asdict(found.claim).items() if name not in ("id", "order_id")}
    return claim | {
        "payout": found.payout,
        "left": found.left,
        "parcels": [
            {"reference": one.reference, "tracking": one.tracking, "kind": event.kind, "at": event.at}
            for one in found.order.packages
            for event in one.events
        ],
        "texts": [asdict(one) for one in found.texts],
        "returns": [{"rma": one.rma, "state": one.state} for one in found.returns],
        "refunds": [{"reference": one.reference, "state": one.state} for one in found.refunds],
    }


def _moment(at: Any) -> str:
    return at.strftime("%Y-%m-%d %H:%M UTC") if at else ""
