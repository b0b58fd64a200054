"""The one table of who may do what. Every door asks `check`; a page asks `may` before it offers a button."""

from __future__ import annotations

from aftersales.kernel.actor import Actor, Role
from aftersales.kernel.errors import NotPermitted

_CUSTOMER = Role.CUSTOMER
_AGENT, _WAREHOUSE, _LEAD, _MANAGER, _AUDITOR = Role.AGENT, Role.WAREHOUSE, Role.LEAD, Role.MANAGER, Role.AUDITOR
_SYSTEM = Role.SYSTEM

_READERS = {_AGENT, _WAREHOUSE, _LEAD, _MANAGER, _AUDITOR}
_AGENTS = {_AGENT, _LEAD, _MANAGER}
_LEADS = {_LEAD, _MANAGER}

# verb -> roles. A verb that is not here is refused to everybody.
GRANTS: dict[str, frozenset[Role]] = {
    verb: frozenset(roles)
    for verb, roles in {
        # archive
        "order.view": _READERS | {_CUSTOMER},
        "order.import": _LEADS | {_SYSTEM},
        "order.export": _LEADS | {_SYSTEM},
        "order.note": _AGENTS | {_WAREHOUSE},
        "order.link": _AGENTS,
        "person.reveal": _AGENTS,
        "person.add": _AGENTS | {_SYSTEM},
        "person.change": _AGENTS,
        "person.merge": _LEADS,  # two entries of one customer; there is no way back
        "preference.choose": _AGENTS,  # by which channels a customer does not want to hear, as they said
        "person.export": _LEADS,  # a copy of everything that is held of somebody
        "person.erase": {_MANAGER},
        "consent.record": _AGENTS | {_SYSTEM},
        "referral.note": _AGENTS,
        "testimonial.keep": _AGENTS,
        "testimonial.publish": _LEADS,
        "gift.give": _AGENTS,
        "gift.approve": _LEADS,  # what costs more than the shop's limit for agents
        "promise.make": _AGENTS,
        "promise.settle": _AGENTS | {_SYSTEM},
        "shipment.track": _AGENTS | {_WAREHOUSE, _SYSTEM},  # take in what a carrier reports
        "review.view": _READERS,
        "review.add": _AGENTS | {_SYSTEM},
        "review.import": _LEADS | {_SYSTEM},
        "review.answer": _AGENTS | {_SYSTEM},  # the system: where a file says that it was
        # tickets
        "ticket.view": _READERS | {_CUSTOMER},
        "ticket.open": _AGENTS | {_CUSTOMER, _SYSTEM},
        "ticket.export": _LEADS,  # the list as a file, with the names of customers
        "ticket.reply": _AGENTS | {_CUSTOMER, _SYSTEM},
        "ticket.note": _AGENTS | {_WAREHOUSE},
        "phrase.use": _AGENTS | {_WAREHOUSE},
        "phrase.manage": _LEADS | {_SYSTEM},
        "ticket.assign": _AGENTS | {_SYSTEM},
        "ticket.close": _AGENTS | {_SYSTEM},
        "ticket.wait": _AGENTS | {_SYSTEM},
        "duty.set": _AGENTS | {_WAREHOUSE},
        "duty.set_others": _LEADS,
        "batch.handle": _AGENTS,
        "ticket.merge": _AGENTS,
        "ticket.change": _AGENTS | {_SYSTEM},
        "complaint.open": _AGENTS | {_CUSTOMER},
        "complaint.handle": _AGENTS,
        "complaint.rate": _AGENTS | {_CUSTOMER},
        "complaint.plan_large": _LEADS,  # goodwill above the shop's limit
        "report.view": _LEADS | {_AUDITOR},
        "complaint.export": _AGENTS,
        "sla.view": _LEADS | {_AUDITOR, _SYSTEM},
        "sla.change": {_MANAGER, _SYSTEM},
        "calendar.view": _LEADS | {_AUDITOR, _SYSTEM},
        "calendar.change": {_MANAGER, _SYSTEM},
        "view.save": _AGENTS | {_WAREHOUSE},
        "view.share": _LEADS,  # with any team; with one's own everybody may who may save one
        # visits
        "visit.view": _AGENTS | {_AUDITOR},
        "visit.plan": _AGENTS,  # give to somebody and call off
        "visit.record": _AGENTS,
        "visit.answer": {_CUSTOMER},  # behind the link in a message, for its own visit alone
        "visit.staff.view": _LEADS | {_AUDITOR},  # what customers say of the staff
        "mail.view": _AGENTS,
        "mail.place": _AGENTS | {_SYSTEM},
        "mail.block": _LEADS,
        "mail.fetch": {_SYSTEM},
        # returns
        "return.view": _READERS | {_CUSTOMER},
        "return.submit": _AGENTS | {_CUSTOMER},
        "return.ask": _AGENTS,
        "return.answer": _AGENTS | {_CUSTOMER},
        "return.approve": _AGENTS | {_SYSTEM},
        "return.refuse": _AGENTS,
        "return.ship": _AGENTS | {_CUSTOMER},
        "return.receive": {_WAREHOUSE, _LEAD, _MANAGER, _SYSTEM},
        "return.inspect": {_WAREHOUSE, _LEAD, _MANAGER},
        "return.withdraw": _AGENTS | {_CUSTOMER},
        "return.contest": _AGENTS | {_CUSTOMER},
        "return.settle_contest": _LEADS,
        "return.expire": {_SYSTEM},
        "return.close": _AGENTS | {_SYSTEM},
        "return.reship": {_WAREHOUSE, _LEAD, _MANAGER},
        "return.repair": {_WAREHOUSE, _LEAD, _MANAGER},
        "return.hand_back": {_WAREHOUSE, _LEAD, _MANAGER},
        "return.give_up": _LEADS,
        "refund.pay": _AGENTS | {_SYSTEM},
        "refund.pay_large": _LEADS,
        "refund.record_proof": _LEADS,
        "exchange.settle_difference": _AGENTS,
        "claim.view": _READERS,
        "claim.answer": _AGENTS,
        # rules: who wrote a text may not approve it, which the database sees to as well
        "rules.view": _READERS,
        "rules.draft": _LEADS,
        "rules.approve": _LEADS,
        "rules.publish": {_MANAGER},
        "rules.backtest": _LEADS | {_SYSTEM},
        # files
        "file.attach": _AGENTS | {_WAREHOUSE, _CUSTOMER, _SYSTEM},
        "file.view": _READERS | {_CUSTOMER},
        "file.hide": _AGENTS,
        # teams: without this verb somebody sees their own team's tickets, those of no team and those of open teams
        "teams.view": (_READERS - {_AGENT}) | {_SYSTEM},
        # faces
        "desk.enter": _READERS,
        "office.enter": _LEADS | {_AUDITOR},
        "office.change": {_MANAGER},
        "dashboard.view": _LEADS | {_AUDITOR},
        "mailbox.view": _READERS,
        "template.view": _LEADS | {_AUDITOR},
        "template.change": {_MANAGER},
        "key.manage": {_MANAGER},
        "user.manage": {_MANAGER},
        "work.repair": _LEADS,  # retry, cancel or reconcile a quarantined row
        "work.stop": _LEADS,  # stop and resume what leaves the house
        "work.reconcile": {_MANAGER},  # decide about a restored database
    }.items()
}


def may(actor: Actor, verb: str) -> bool:
    """Whether the actor's role has the verb. Scope (which rows) is asked of the queryset, not here."""
    return actor.role in GRANTS.get(verb, frozenset())


def check(actor: Actor, verb: str) -> None:
    """Let pass or raise `NotPermitted` (403)."""
    if not may(actor, verb):
        raise NotPermitted(verb=verb)
