"""Batch problems: a ticket goes in or out, all are answered at once, the cause is named, everything is closed."""

from __future__ import annotations

import secrets
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from aftersales.desk.batches import left_of
from aftersales.desk.deeds.deed import Deed
from aftersales.desk.deeds.subjects import TicketDeed
from aftersales.desk.forms.lookingover import LooksOver
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import NotFound
from customers.models import Product
from tickets.actions import batches
from tickets.actions.bulk.running import do_now
from tickets.actions.conversation.signing import signature_of
from tickets.actions.details import LONGEST_TITLE
from tickets.actions.looking_over import findings_in_many
from tickets.models import BatchProblem, BulkRow, BulkRun, Ticket


class Batched(TicketDeed):
    noun, verb, icon = "batch", "batch.handle", "box-open"
    label = pgettext_lazy("deed", "Part of a batch problem…")
    done = _("It belongs to the batch problem.")
    explains = _("For one cause behind many tickets. Each customer keeps a conversation of their own.")

    problem = forms.ModelChoiceField(
        label=_("Batch problem"), queryset=BatchProblem.objects.none(), required=False,
        empty_label=_("a new one, as described below"), to_field_name="ref",
    )  # fmt: skip
    title = forms.CharField(label=_("Title"), max_length=LONGEST_TITLE, required=False)
    about = forms.ChoiceField(label=_("Kind of problem"), choices=BatchProblem.About.choices, required=False)
    product = forms.ModelChoiceField(
        label=_("Product"), queryset=Product.objects.none(), required=False, empty_label=_("none in particular")
    )
    mark = forms.CharField(label=_("Lot number or event"), max_length=100, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        problem, field = self.fields["problem"], self.fields["product"]
        assert isinstance(problem, forms.ModelChoiceField)
        assert isinstance(field, forms.ModelChoiceField)
        problem.queryset = BatchProblem.objects.visible_to(self.actor).filter(closed_at=None)
        field.queryset = Product.objects.filter(skus__orderline__order=self.target.order_id or 0).distinct()

    @classmethod
    def is_open(cls, target: Ticket, actor: Actor) -> bool:
        return target.status != Ticket.Status.CLOSED

    def act(self) -> object:
        given = self.cleaned_data
        if given["problem"]:
            return batches.add_ticket(given["problem"].pk, self.target.pk, actor=self.actor)
        return batches.open_batch(
            self.target.pk, title=given["title"], about=given["about"], actor=self.actor, mark=given["mark"],
            product_id=given["product"].pk if given["product"] else None,
        )  # fmt: skip


class Unbatched(TicketDeed):
    noun, verb, icon = "unbatching", "batch.handle", "cross"
    label = pgettext_lazy("deed", "Take it out of the batch problem")
    done = _("Taken out.")

    @classmethod
    def is_open(cls, target: Ticket, actor: Actor) -> bool:
        return True  # offered beside the batch problem, where there is one

    def act(self) -> object:
        return batches.take_out(self.target.pk, actor=self.actor)


class BatchDeed(Deed[BatchProblem]):
    """Something done to a batch problem; addressed by its reference."""

    subject, verb = "batches", "batch.handle"

    @classmethod
    def find(cls, key: str, actor: Actor) -> BatchProblem:
        found: BatchProblem | None = BatchProblem.objects.visible_to(actor).filter(ref=key).first()
        if found is None:
            raise NotFound
        return found

    @classmethod
    def key_of(cls, target: BatchProblem) -> str:
        return target.ref

    @classmethod
    def back(cls, target: BatchProblem) -> str:
        return reverse("desk:batch", args=[target.ref])

    @classmethod
    def is_open(cls, target: BatchProblem, actor: Actor) -> bool:
        return target.closed_at is None


class ForAll(BatchDeed):
    """A bulk run over its tickets, whose report says what came of each. `key` is made with the page: sent twice is once."""

    key = forms.CharField(max_length=32, min_length=16, widget=forms.HiddenInput)
    run: BulkRun | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["key"].initial = secrets.token_hex(16)

    def begin(self) -> BulkRun | None:
        """Call the one action, with `cleaned_data`. None where there was no ticket to do it to."""
        raise NotImplementedError

    def act(self) -> object:
        if (run := self.begin()) is not None:
            do_now(run)
            run.refresh_from_db()
        self.run, self.said = run, self.told(run)
        return run

    def told(self, run: BulkRun | None) -> object:
        """What is said of it when the page comes back."""
        if run is not None and run.done_at is None:
            return _("It goes on in the background. Here you see how far it is.")
        return self.done

    def onward(self) -> str:
        return reverse("desk:bulk", args=[self.run.pk]) if self.run is not None else ""


class ReplyToAll(LooksOver, ForAll):
    noun, icon, tone = "reply", "send", "primary"
    label = pgettext_lazy("deed", "Answer all…")
    done = _("Sent, to each by itself.")
    explains = _("Every open ticket gets these words as a message of its own. No customer learns of another.")

    text = forms.CharField(label=_("Message"), max_length=5000, widget=forms.Textarea(attrs={"rows": 6}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.signature = signature_of(self.actor)

    def begin(self) -> BulkRun:
        text, seen = self.cleaned_data["text"], Ticket.objects.visible_to(self.actor)
        answered = seen.open().of_batch(self.target.pk)
        self.think_over(text, findings_in_many(list(answered.values_list("pk", flat=True)), text))
        return batches.reply_to_all(self.target.pk, actor=self.actor, **self.cleaned_data)

    def told(self, run: BulkRun | None) -> object:
        if run is not None and run.rows.filter(outcome=BulkRow.Outcome.REFUSED).exists():
            return _("Not everybody was answered; the table says who was not, and why.")
        return super().told(run)


class RootCause(BatchDeed):
    noun, icon = "root-cause", "question"
    label = pgettext_lazy("deed", "Root cause…")
    done = _("Written down.")

    root_cause = forms.CharField(label=_("Why it happened"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["root_cause"].initial = self.target.root_cause

    def act(self) -> object:
        return batches.name_root_cause(self.target.pk, text=self.cleaned_data["root_cause"], actor=self.actor)


class BatchClosing(ForAll):
    noun, icon = "closing", "check"
    label = pgettext_lazy("deed", "Close all…")
    done = _("Closed.")
    warning = _("Every ticket that may close is closed. Running requests and complaints end by themselves; the problem"
                " stays open until they have. A ticket from elsewhere into which one of these was merged is not closed"
                " with them: close it yourself, or put it into the problem first.")  # fmt: skip

    def begin(self) -> BulkRun | None:
        return batches.close_batch(self.target.pk, key=self.cleaned_data["key"], actor=self.actor)

    def told(self, run: BulkRun | None) -> object:
        if run is not None and run.done_at is None:
            return super().told(run)
        closed = run.rows.filter(outcome=BulkRow.Outcome.DONE).count() if run is not None else 0
        said = [ngettext("%(count)d ticket closed.", "%(count)d tickets closed.", closed) % {"count": closed}]
        left = left_of(self.target, self.actor)
        if left.refs:
            said.append(_now("Still running: %(refs)s") % {"refs": " ".join(left.refs)})
        if left.elsewhere:
            said.append(ngettext(
                "%(count)d ticket of another team is still open.", "%(count)d tickets of other teams are still open.",
                left.elsewhere,
            ) % {"count": left.elsewhere})  # fmt: skip
        return " ".join(said)
