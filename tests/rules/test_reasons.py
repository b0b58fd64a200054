"""The two-level list of reasons: complete, in both languages, and of one mind with the cause table."""

from returns.rules.pack import load_pack
from returns.rules.reasons import PROOFS, TRAITS, groups, offered, reasons
from returns.rules.verdict import FAULTS


def test_codes_are_unique_and_every_leaf_is_written_in_both_languages() -> None:
    leaves = [leaf for group in groups() for leaf in group.reasons]
    assert len(leaves) == len({leaf.code for leaf in leaves}) == len(reasons())
    for leaf in leaves:
        assert leaf.label("zh-hans") != leaf.label("en")
        assert leaf.example("zh-hans") != leaf.example("en")
        assert leaf.proof in PROOFS
        assert leaf.cause in FAULTS
        assert leaf.proof_label("zh") != leaf.proof_label("en")
    assert all(group.label("zh") != group.label("en") for group in groups())


def test_the_default_cause_of_a_reason_is_the_one_the_tables_give() -> None:
    for leaf in reasons().values():
        verdict = load_pack("cn").decide({"reason": leaf.code, "days_since_receipt": 3})
        assert verdict.fault == leaf.cause, leaf.code


def test_customers_are_offered_what_makes_sense_at_their_stage() -> None:
    codes = {
        stage: {leaf.code for group in offered(stage) for leaf in group.reasons} for stage in ("unshipped", "delivered")
    }
    assert "flaw" in codes["delivered"]
    assert "flaw" not in codes["unshipped"]
    assert "cancel_order" in codes["unshipped"]
    assert "misuse_damage" not in codes["delivered"] | codes["unshipped"]
    assert all(group.reasons for group in offered("delivered"))


def test_a_reason_for_some_goods_only_is_offered_for_them_and_wherever_nobody_knows() -> None:
    def codes(traits: frozenset[str]) -> set[str]:
        return {leaf.code for group in offered("delivered", traits) for leaf in group.reasons}

    assert {leaf.only_for for leaf in reasons().values()} <= TRAITS | {""}
    assert codes(TRAITS) - codes(frozenset()) == {"expired"}
    assert codes(TRAITS) == {leaf.code for group in offered("delivered") for leaf in group.reasons}


def test_the_cause_parties_of_the_taxonomy() -> None:
    causes = {code: leaf.cause for code, leaf in reasons().items()}
    assert {causes[f"wrong_item.{kind}"] for kind in ("size", "colour", "model", "spec")} == {"shop"}
    assert {causes[f"wrong_choice.{kind}"] for kind in ("size", "colour", "model")} == {"buyer"}
    assert causes["carrier_damage"] == causes["carrier_loss"] == causes["delivered_without_consent"] == "carrier"
    assert causes["misuse_damage"] == causes["wrong_address"] == causes["refused_without_reason"] == "buyer"
    assert causes["unclear"] == "undetermined"
