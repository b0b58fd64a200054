"""Everything that is held of people is listed: every model, every column with words, how it is found and what becomes of it."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models

from aftersales.environment import BadEnvironment, periods
from aftersales.kernel import personal
from customers.models import Person

OURS = {"accounts", "customers", "files", "ledger", "notices", "returns", "search", "tickets"}
# What is the shop's own: settings, staff, and the machinery, which names nobody the shop sold to.
_OF_THE_SHOP = {
    "accounts": "ApiKey Handover Team User",
    "customers": "CarePlan Category Product Segment Shop Sku Tier TrackingService",
    "ledger": "Breaker DailyRun Delivery SelfCheck Stop SweepRun Timer",
    "notices": "TemplateVersion Webhook",
    "returns": "BacktestRun FactCoding KeptPack RuleApproval RuleEdit RuleEvidence RuleVersion",
    "search": "Rebuild Touched",
    "tickets": (
        "Absence BatchProblem BatchReply BulkRun CalendarVersion ChatSource Checklist ComplaintClass "
        "MailAccount Phrase PolicyMove PolicyVersion Queue SavedView Skill SlaPolicy Tag TicketField "
        "VisitPlan VisitQuestion VisitStep WordingTerm WorkCalendar WorkingDay"
    ),
}
OF_THE_SHOP = {f"{app}.{name}" for app, names in _OF_THE_SHOP.items() for name in names.split()}
_WORDS = (models.CharField, models.TextField, models.JSONField, models.BinaryField)
HELD = personal.held()
ids = [each.label for each in HELD]


def our_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model._meta.app_label in OURS]


def with_words(model: type[models.Model]) -> set[str]:
    """The columns that may hold words; codes of a closed list are none."""
    return {
        field.name
        for field in model._meta.local_fields
        if (isinstance(field, _WORDS) and not field.choices) or type(field).__name__ == "TokensField"
    }


def lead_to_a_person() -> set[str]:
    """Labels of the models from which foreign keys lead to a person, however far."""
    found: set[type[models.Model]] = {Person}
    while True:
        more = {
            model
            for model in our_models()
            if model not in found
            and any(
                field.related_model in found
                for field in (*model._meta.local_fields, *model._meta.local_many_to_many)
                if field.is_relation
            )
        }
        if not more:
            return {model._meta.label for model in found}
        found |= more


def test_every_model_is_listed() -> None:
    """A new model is either held of people, with its line in the app's `personal.py`, or the shop's own."""
    known = {each.label for each in HELD}
    assert {model._meta.label for model in our_models()} - known - OF_THE_SHOP == set()
    assert OF_THE_SHOP - {model._meta.label for model in our_models()} == set(), "there is no such model any more"


def test_what_leads_to_a_person_is_never_the_shops_own() -> None:
    assert lead_to_a_person() & OF_THE_SHOP == set()
    assert {"tickets.VisitTry", "returns.CodedCase", "customers.TrackingReport"} <= lead_to_a_person()


def test_the_walk_sees_columns_with_words() -> None:
    assert with_words(Person) == {"ref", "name", "nick", "locale", "external_id", "source"}


@pytest.mark.parametrize("each", HELD, ids=ids)
def test_every_column_with_words_is_settled(each: personal.Held) -> None:
    """In the person's copy or left out of it, blanked or staying for a reason: nothing is forgotten, nothing said twice."""
    words = with_words(each.model)
    names = {field.name for field in each.model._meta.local_fields}
    assert words - set(each.tells) - set(each.untold) == set(), "neither in the copy nor left out of it"
    assert set(each.tells) & set(each.untold) == set()
    if not each.gone and each.is_found:
        assert words - set(each.blanks) - set(each.stays) == set(), "neither blanked nor staying"
    assert set(each.blanks) & set(each.stays) == set()
    assert {*each.tells, *each.untold, *each.blanks, *each.stays} <= names, "there is no such column any more"


@pytest.mark.parametrize("each", [each for each in HELD if each.fades], ids=lambda each: each.label)
def test_what_fades_says_when(each: personal.Held) -> None:
    assert each.fades is not None
    assert settings.KEEP_DAYS[each.fades.setting] >= 1
    assert {each.fades.since, *(each.fades.blanks or {})} <= {field.name for field in each.model._meta.local_fields}


def test_every_period_is_of_something() -> None:
    assert {each.fades.setting for each in HELD if each.fades} == set(settings.KEEP_DAYS)


def test_periods_are_given_by_name() -> None:
    known = {"inbox": 30, "outbox": 30}
    assert periods("KEEP_DAYS", "inbox=7  outbox=400", known=known) == {"inbox": 7, "outbox": 400}
    assert periods("KEEP_DAYS", "", known=known) == {}
    for bad in ("inbox", "inbox=0", "inbox=a", "letters=3", "inbox=40000"):
        with pytest.raises(BadEnvironment, match="inbox, outbox"):
            periods("KEEP_DAYS", bad, known=known)


@pytest.mark.parametrize("each", [each for each in HELD if each.is_found], ids=lambda each: each.label)
@pytest.mark.django_db
def test_the_way_to_the_person_can_be_gone(each: personal.Held) -> None:
    """Of nobody there are no rows; the statement itself is what is tried."""
    assert list(each.rows(-1)) == []
