"""What sellers set about returns: checked, dated, and only by who may."""

from dataclasses import replace
from datetime import timedelta

import pytest
from tests import build
from tests.build import PLACED, an_actor, everything
from tests.commands.test_returns import NOW, WAREHOUSE, a_delivered_order, asked, nothing_is_wrong

from sellerdesk.commands.return_settings import SettingDraft, add_rule, end_rule, save_setting
from sellerdesk.domain.actors import PERMISSIONS, Actor, Door, Party, Role
from sellerdesk.domain.marketplaces import by_country
from sellerdesk.domain.refusals import Code, Refusal
from sellerdesk.domain.return_settings import Automatic, Effect, RuleDraft
from sellerdesk.queries.return_settings import rules_of, settings_of

pytestmark = pytest.mark.usefixtures("committed")
US, JP = by_country("US").id, by_country("JP").id


def test_what_is_set_holds_and_is_shown() -> None:
    seller = build.a_seller()
    (before,) = settings_of(seller)
    assert (before.automatic, before.address) == (Automatic.IN_POLICY, {})
    draft = SettingDraft(
        US, Automatic.MANUAL, WAREHOUSE | {"line2": " ", "country": "us"}, " Say the number. "
    )
    for _ in range(2):
        save_setting(an_actor(seller), draft, now=NOW)
    (held,) = settings_of(seller)
    assert (held.automatic, held.address, held.instructions) == (
        Automatic.MANUAL,
        WAREHOUSE,
        "Say the number.",
    )
    number, item = a_delivered_order(seller)
    assert asked(seller, number, item).state == "requested"
    assert settings_of(build.a_seller("Other"))[0].address == {}


@pytest.mark.parametrize(
    ("draft", "code"),
    [
        (SettingDraft(JP), Code.NOT_PARTICIPATING),
        (SettingDraft(US, address={"name": "Only a name"}), Code.MISSING_VALUE),
        (SettingDraft(US, address=WAREHOUSE | {"country": "Utopia"}), Code.INVALID_VALUE),
        (SettingDraft(US, instructions="x" * 2001), Code.INVALID_VALUE),
    ],
)
def test_settings_that_make_no_sense(draft: SettingDraft, code: Code) -> None:
    seller = build.a_seller()
    with pytest.raises(Refusal) as caught:
        save_setting(an_actor(seller), draft, now=NOW)
    assert caught.value.code is code
    assert everything("SELECT 1 FROM return_settings") == []


@pytest.mark.parametrize(
    ("draft", "place"),
    [
        (RuleDraft(Effect.RETURNLESS, US), "price_to"),
        (RuleDraft(Effect.RETURNLESS, US, price_to=100), "currency"),
        (RuleDraft(Effect.RETURNLESS, US, price_from=-1, currency="USD"), "price_from"),
        (RuleDraft(Effect.RETURNLESS, US, price_from=2, price_to=1, currency="USD"), "price_to"),
        (RuleDraft(Effect.MANUAL, US, reason="because"), "reason"),
        (RuleDraft(Effect.MANUAL, US, sku="x" * 101), "sku"),
    ],
)
def test_rules_that_make_no_sense(draft: RuleDraft, place: str) -> None:
    with pytest.raises(Refusal) as caught:
        add_rule(an_actor(build.a_seller()), draft, now=NOW)
    assert caught.value.facts["place"] == place


@pytest.mark.parametrize(
    "draft",
    [
        RuleDraft(Effect.RETURNLESS, US, reason="defective"),
        RuleDraft(Effect.RETURNLESS, US, sku="LAMP"),
        RuleDraft(Effect.RETURNLESS, US, price_to=1001, currency="USD"),
        RuleDraft(Effect.RETURNLESS, price_to=1001, currency="USD"),
        RuleDraft(Effect.RETURNLESS, price_to=1, currency="EUR"),  # sold nowhere in euros: nothing advises it
    ],
)
def test_what_gives_much_away_wants_a_second_yes(draft: RuleDraft) -> None:
    boss = an_actor(build.a_seller())
    with pytest.raises(Refusal) as caught:
        add_rule(boss, draft, now=NOW)
    assert caught.value.code is Code.RULE_TOO_WIDE
    assert caught.value.facts["place"] == "confirm_wide"
    assert everything("SELECT 1 FROM return_rules") == []
    add_rule(boss, replace(draft, confirm_wide=True), now=NOW)


@pytest.mark.parametrize(
    "draft",
    [
        RuleDraft(Effect.RETURNLESS, US, price_to=1000, currency="USD"),
        RuleDraft(Effect.RETURNLESS, price_to=1000, currency="USD"),
        RuleDraft(Effect.AUTHORIZE, US),
        RuleDraft(Effect.MANUAL),
    ],
)
def test_what_the_policy_advises_wants_none(draft: RuleDraft) -> None:
    add_rule(an_actor(build.a_seller()), draft, now=NOW)


def test_a_rule_holds_for_orders_of_its_time_also_after_it_ended() -> None:
    seller = build.a_seller()
    boss = an_actor(seller)
    early, early_item = a_delivered_order(seller, at=PLACED)
    draft = RuleDraft(Effect.RETURNLESS, US, sku="SKU-1", price_to=2500, currency="USD", confirm_wide=True)
    rule = add_rule(boss, draft, now=PLACED + timedelta(minutes=1))
    between, between_item = a_delivered_order(seller, at=PLACED + timedelta(minutes=2))
    assert end_rule(boss, rule, now=PLACED + timedelta(minutes=3))
    assert not end_rule(boss, rule, now=PLACED + timedelta(minutes=4))
    assert not end_rule(an_actor(build.a_seller("Other")), rule, now=NOW)
    late, late_item = a_delivered_order(seller, at=PLACED + timedelta(minutes=5))
    pairs = ((early, early_item), (between, between_item), (late, late_item))
    assert [asked(seller, number, item).state for number, item in pairs] == [
        "authorized",
        "refunded",
        "authorized",
    ]
    (shown,) = rules_of(seller)
    assert (shown.effect, shown.active_until) == (Effect.RETURNLESS, PLACED + timedelta(minutes=3))
    nothing_is_wrong()


def test_only_who_may_sets_anything() -> None:
    seller = build.a_seller()
    rule = add_rule(an_actor(seller), RuleDraft(Effect.MANUAL, US), now=NOW)
    for role in Role:
        staff = Actor(Party.SELLER, "Test", Door.WEB, seller, PERMISSIONS[role])
        may = role in (Role.OWNER, Role.MANAGER)
        for call in (
            lambda who=staff: save_setting(who, SettingDraft(US), now=NOW),
            lambda who=staff: add_rule(who, RuleDraft(Effect.MANUAL, US), now=NOW),
            lambda who=staff: end_rule(who, rule, now=NOW),
        ):
            if may:
                call()
                continue
            with pytest.raises(Refusal) as caught:
                call()
            assert caught.value.code is Code.FORBIDDEN
