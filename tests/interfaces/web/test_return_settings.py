"""The page of what a seller sets about returns: shown, saved, refused with words, and only for who may."""

from django.test import Client
from tests.build import everything
from tests.interfaces.web.conftest import Staff, text

from sellerdesk.domain.return_facts import ReturnReason
from sellerdesk.domain.return_settings import Automatic, Effect
from sellerdesk.interfaces.web import return_setting_words as words
from sellerdesk.interfaces.web import return_words

PAGE = "/desk/returns/settings/"
ADDRESS = {
    "name": "Lantern & Loom",
    "line1": "5 Dock Street",
    "city": "Reno",
    "postal_code": "89501",
    "country": "US",
}


def test_everything_has_words() -> None:
    assert set(words.AUTOMATIC) == set(Automatic)
    assert set(words.EFFECTS) == set(Effect)
    assert set(return_words.REASONS) == set(ReturnReason)


def test_settings_are_saved_and_shown(owner: Client, seller: int) -> None:
    assert "No return address is given yet" in text(owner.get(PAGE))
    answer = owner.post(PAGE, {"do": "setting", "automatic": "all", **ADDRESS, "instructions": "<b>Hi</b>"})
    assert answer.status_code == 302
    page = text(owner.get(PAGE))
    assert 'value="5 Dock Street"' in page
    assert "&lt;b&gt;Hi&lt;/b&gt;" in page
    assert "No return address is given yet" not in page
    assert everything("SELECT automatic, address ->> 'country' FROM return_settings") == [("all", "US")]


def test_half_an_address_is_refused_where_it_is_missing(owner: Client, seller: int) -> None:
    answer = owner.post(PAGE, {"do": "setting", "automatic": "all", "name": "Only a name"})
    assert answer.status_code == 422
    assert "This is needed and was left empty." in text(answer)
    assert "Please correct:" in text(answer)
    assert "(optional)" not in text(answer)
    assert everything("SELECT 1 FROM return_settings") == []


def test_a_country_is_one_and_is_not_cut(owner: Client, seller: int) -> None:
    for wrong in ("Reno", "XX", "EU"):
        answer = owner.post(PAGE, {"do": "setting", "automatic": "all", **ADDRESS, "country": wrong})
        assert answer.status_code == 422
        assert 'href="#id_country"' in text(answer)
    assert everything("SELECT 1 FROM return_settings") == []


def test_rules_begin_and_end(owner: Client, seller: int) -> None:
    wrong = owner.post(PAGE, {"do": "add", "effect": "returnless", "price_to": "1e2"})
    assert wrong.status_code == 422
    careless = owner.post(PAGE, {"do": "add", "effect": "returnless"})
    assert careless.status_code == 422
    for much in ({"price_to": "25.00"}, {"reason": "defective"}):  # above the policy's limit, or without any
        asked = owner.post(PAGE, {"do": "add", "effect": "returnless"} | much)
        assert asked.status_code == 422
        assert "Tick this if you want the rule all the same." in text(asked)
    assert owner.post(PAGE, {"do": "add", "reason": "defective"}).status_code == 422  # no effect is chosen
    made = owner.post(
        PAGE, {"do": "add", "effect": "returnless", "reason": "defective", "price_to": "25.00", "sure": "1"}
    )
    assert made.status_code == 302
    page = text(owner.get(PAGE))
    assert "– 25.00 USD" in page
    assert "Defective or does not work" in page
    ((rule,),) = everything("SELECT id FROM return_rules")
    assert owner.post(PAGE, {"do": "end", "rule": str(rule)}).status_code == 302
    assert owner.post(PAGE, {"do": "end", "rule": str(rule)}).status_code == 404
    assert owner.post(PAGE, {"do": "end", "rule": "x"}).status_code == 404
    assert "End rule" not in text(owner.get(PAGE))


def test_only_who_may_sets(seller: int, staff: Staff) -> None:
    for role in ("shipper", "support", "readonly"):
        assert staff(seller, role=role).get(PAGE).status_code == 403
    manager = staff(seller, role="manager")
    assert manager.get(PAGE).status_code == 200
    assert manager.get(PAGE + "?marketplace=NOWHERE").status_code == 404


def test_three_languages(owner: Client, seller: int) -> None:
    for language, title in (("zh-hans", "退货设置"), ("zh-hant", "退貨設定")):
        owner.cookies["language"] = language
        assert title in text(owner.get(PAGE, headers={"accept-language": language}))
