"""Everything that may happen to a return, each as a noun that is posted. One action behind each; see `returns.actions`."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from rest_framework.request import Request
from rest_framework.response import Response

from aftersales.api.doors import Change
from aftersales.api.serializers import bodies
from aftersales.api.serializers.returns import ReturnAnswer
from aftersales.api.serializers.shape import read_amount
from aftersales.api.views.returns import whole
from aftersales.files.models import Attachment
from aftersales.kernel.errors import NotFound
from returns.actions import decision, ending, exchange, info, objections, receiving, refusals, repair, shipping
from returns.models import Return


class ReturnChange(Change):
    """Finds the return within the caller's scope, changes it, answers with the whole of it."""

    answer = ReturnAnswer

    def post(self, request: Request, **names: Any) -> Response:
        """What is out of scope does not exist, before anybody says what is wrong with the body."""
        self.find_return(names["ref"])
        return super().post(request, **names)

    def act(self, data: dict[str, Any], **names: Any) -> Return:
        ret = self.find_return(names["ref"])
        self.change(ret, data, **names)
        return whole(ret.pk)

    def change(self, ret: Return, data: dict[str, Any], **names: Any) -> None:
        raise NotImplementedError


class ApprovalNoun(ReturnChange):
    """Let the goods come back. Approving twice changes nothing."""

    verbs = {"POST": "return.approve"}
    says = "Approve"

    def change(self, ret: Return, data: dict[str, Any], **names: Any) -> None:
        decision.approve_return(ret.pk, actor=self.actor)


class RejectionNoun(ReturnChange):
    """Refuse, with the reason, the clause and what is offered instead. The customer may contest it for seven days."""

    verbs = {"POST": "return.refuse"}
    says = "Refuse"
    body = bodies.RejectionBody

    def change(self, ret: Return, data: dict[str, Any], **names: Any) -> None:
        decision.reject_return(ret.pk, actor=self.actor, **data)


class InfoRequestNoun(ReturnChange):
    """Ask the customer for proof. The shop's clock stands still meanwhile."""

    verbs = {"POST": "return.ask"}
    says = "Ask for proof"
    body = bodies.QuestionBody

    def change(self, ret: Return, data: dict[str, Any], **names: Any) -> None:
        info.ask_info(ret.pk, question=data["question"], actor=self.actor)


class InfoAnswerNoun(ReturnChange):
    """Answer what was asked; the rules speak again."""

    verbs = {"POST": "return.answer"}
    says = "Answer a request for proof"
    body = bodies.AnswerBody

    def change(self, ret: Return, data: dict[str, Any], **names: Any) -> None:
        # A customer gives proof by photos, not by saying so.
        has_proof = Attachment.objects.of(ret).exists() if self.actor.is_customer else data["has_proof"]
        info.give_info(ret.pk, answer=data["answer"], has_proof=has_proof, actor=self.actor)


class ContestNoun(ReturnChange):
    """Object to a refusal."""

    verbs = {"POST": "return.contest"}
    says = "Contest a refusal"
    body = bodies.StoryBody

    def change(self, ret: Return, data: dict[str, Any], **names: Any) -> None:
        objections.contest_rejection(ret.pk, story=data["story"], actor=self.actor)


class ContestSettlementNoun(ReturnChange):
    """Answer an objection. Whoever refused cannot be the one."""

    verbs = {"POST": "return.settle_contest"}
    says = "Settle an objection"
    body = bodies.SettlementBody

    def change(self, ret: Return, data: dict[str, Any], **names: Any) -> None:
        objections.settle_contest(ret.pk, upheld=data["upheld"], answer=data["answer"], actor=self.actor)


class WithdrawalNoun(ReturnChange):
    """The customer does not want it any more."""

    verbs = {"POST": "return.withdraw"}
    says = "Withdraw"

    def change(self, ret: Return, data: dict[str, Any], **names: Any) -> None:
        ending.withdraw_return(ret.pk, actor=self.actor)


class ReopeningNoun(ReturnChange):
    """Bring an expired request back, once."""

    verbs = {"POST": "return.submit"}
    says = "Reopen"

    def change(self, ret: Return, data: dict[str, Any], **names: Any) -> None:
        ending.reopen_return(ret.pk, actor=self.actor)


class ClosingNoun(ReturnChange):
    """A refusal is final."""

    verbs = {"POST": "return.close"}
    says = "Close a refused return"

    def change(self, ret: Return, data: dict[str, Any], **names: Any) -> None:
        refusals.make_final(ret.pk, actor=self.actor)


class ParcelsNoun(ReturnChange):
    """The goods are on their way back. The same number again changes nothing."""

    verbs = {"POST": "return.ship"}
    says = "Enter a tracking number"
    body = bodies.ParcelBody

    def change(self, ret: Return, data: dict[str, Any], **names: Any) -> None:
        paid = read_amount(data["freight_paid"], ret.currency, "freight_paid")
        shipping.enter_tracking(
            ret.pk, carrier=data["carrier"], number=data["number"], freight_told_minor=paid, actor=self.actor
        )


class ArrivalNoun(ReturnChange):
    """The carrier has our signature for a parcel."""

    verbs = {"POST": "return.receive"}
    says = "A parcel arrived"
    body = bodies.ArrivalBody

    def change(self, ret: Return, data: dict[str, Any], **names: Any) -> None:
        parcel = ret.parcels.filter(pk=names["parcel_id"]).first()
        if parcel is None:
            raise NotFound
        shipping.mark_delivered(parcel.pk, signed_at=data["signed_at"], actor=self.actor)


class ReceiptsNoun(ReturnChange):
    """Count units out of a parcel. Several counts add up; with an idempotency key a repeated one counts once."""

    verbs = {"POST": "return.receive"}
    says = "Count goods"
    body = bodies.ReceiptBody

    def change(self, ret: Return, data: dict[str, Any], **names: Any) -> None:
        counts: dict[int, int] = {}
        for each in data["counts"]:
            counts[each["line"]] = counts.get(each["line"], 0) + each["quantity"]
        if set(counts) - set(ret.lines.values_list("pk", flat=True)):
            raise NotFound
        receiving.receive_goods(ret.pk, counts, key=f"api:{uuid4().hex}", actor=self.actor)


class InspectionNoun(ReturnChange):
    """Judge every counted unit. What is accepted becomes a refund or a replacement."""

    verbs = {"POST": "return.inspect"}
    says = "Inspect goods"
    body = bodies.InspectionBody

    def change(self, ret: Return, data: dict[str, Any], **names: Any) -> None:
        findings = [
            receiving.Finding(line_id=each.pop("line"), **each) for each in (dict(found) for found in data["findings"])
        ]
        receiving.inspect_goods(ret.pk, findings, clause=data["clause"], actor=self.actor)


class RefundInsteadNoun(ReturnChange):
    """Go on as a refund: the replacement cannot be sent, or the customer prefers the money."""

    verbs = {"POST": "return.approve"}
    says = "Change an exchange to a refund"

    def change(self, ret: Return, data: dict[str, Any], **names: Any) -> None:
        exchange.change_to_refund(ret.pk, actor=self.actor)


class DifferenceNoun(ReturnChange):
    """The customer's top-up came in, or it is waived."""

    verbs = {"POST": "exchange.settle_difference"}
    says = "Settle a price difference"
    body = bodies.DifferenceBody

    def change(self, ret: Return, data: dict[str, Any], **names: Any) -> None:
        exchange.settle_difference(ret.pk, payment_ref=data["payment_ref"], waive=data["waive"], actor=self.actor)


class ReplacementNoun(ReturnChange):
    """The replacement leaves the house. One per return."""

    verbs = {"POST": "return.reship"}
    says = "Send a replacement"
    body = bodies.ReplacementBody

    def change(self, ret: Return, data: dict[str, Any], **names: Any) -> None:
        exchange.ship_replacement(ret.pk, carrier=data["carrier"], number=data["number"], actor=self.actor)


class ReplacementArrivalNoun(ReturnChange):
    """The customer has the replacement."""

    verbs = {"POST": "return.close"}
    says = "A replacement arrived"

    def change(self, ret: Return, data: dict[str, Any], **names: Any) -> None:
        exchange.replacement_delivered(ret.pk, actor=self.actor)


class RepairNoun(ReturnChange):
    """The goods are mended and may go back; the customer reads what was wrong and what was replaced."""

    verbs = {"POST": "return.repair"}
    says = "Record a repair"
    body = bodies.RepairBody

    def change(self, ret: Return, data: dict[str, Any], **names: Any) -> None:
        repair.record_repair(ret.pk, actor=self.actor, **data)


class RepairEndNoun(ReturnChange):
    """The goods cannot be mended: the same new from the shelf, or the money, as the customer wishes."""

    verbs = {"POST": "return.approve"}
    says = "Give up a repair"
    body = bodies.RepairEndBody

    def change(self, ret: Return, data: dict[str, Any], **names: Any) -> None:
        repair.give_up_repair(ret.pk, actor=self.actor, **data)
