"""The keys under which a transfer is tried."""

from sellerdesk.domain.transfers import next_try, tries


def test_each_try_has_a_key_of_its_own_and_knows_those_before() -> None:
    key = "claim-SELLER-C-7K2M-9QXD"
    assert tries(key) == (key,)
    for n in (2, 3):
        key = next_try(key)
        assert key == f"claim-SELLER-C-7K2M-9QXD-try{n}"
        assert len(tries(key)) == n
        assert tries(key)[-1] == key
    assert len(set(tries(key))) == 3
