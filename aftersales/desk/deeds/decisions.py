"""Decide on a request: approve, ask for proof, refuse, and hear and answer an objection."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from aftersales.desk.deeds.deed import Words
from aftersales.desk.deeds.subjects import ReturnDeed
from aftersales.kernel.actor import Actor
from aftersales.kernel.reader import reads_chinese
from returns.actions import decision, exchange, info, objections, verdicts
from returns.machine import S
from returns.models import Exchange, Return
from returns.rules import reasons


def sources_of(ret: Return) -> list[str]:
    """The sources the standing verdicts rest on, in the reader's language, once each: clauses a refusal may name."""
    chinese = reads_chinese()
    named = []
    for verdict in verdicts.standing(ret):
        for source in verdict.outcome.get("sources", []):
            named.append(str(source.get("zh" if chinese else "en") or source.get("title") or source.get("key")))
    return list(dict.fromkeys(named))


class Approval(ReturnDeed):
    noun, verb, icon, tone = "approval", "return.approve", "check", "primary"
    label = pgettext_lazy("deed", "Approve")
    done = _("Approved. The customer is told what happens next.")

    @classmethod
    def is_open(cls, target: Return, actor: Actor) -> bool:
        return target.status == S.SUBMITTED

    def act(self) -> object:
        return decision.approve_return(self.target.pk, actor=self.actor)


class ProofRequest(ReturnDeed):
    noun, verb, icon = "info-request", "return.ask", "question"
    label = pgettext_lazy("deed", "Ask for proof")
    done = _("Asked. The shop’s clock stands still until the customer answers, for seven days at most.")
    explains = _("The customer reads this text on the status page and answers there, with photos if they wish.")

    question = forms.CharField(
        label=_("What do you need to know?"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["question"].help_text = self._usual_proof()

    @classmethod
    def is_open(cls, target: Return, actor: Actor) -> bool:
        return target.status == S.SUBMITTED

    def act(self) -> object:
        return info.ask_info(self.target.pk, question=self.cleaned_data["question"], actor=self.actor)

    def _usual_proof(self) -> str:
        locale = get_language() or "zh"
        known = reasons.reasons()
        wanted = [known[line.reason].proof_label(locale) for line in self.target.lines.all() if line.reason in known]
        words = "、" if locale.startswith("zh") else ", "
        return str(_("Usual for this reason: %(proof)s")) % {"proof": words.join(dict.fromkeys(wanted))}


class ProofAnswer(ReturnDeed):
    noun, verb, icon, tone = "info-answer", "return.answer", "reply", "primary"
    label = pgettext_lazy("deed", "Enter the customer’s answer")
    done = _("Noted. The rules have judged again, and the shop’s clock runs on.")
    explains = _("For an answer that came by phone or chat.")

    answer = forms.CharField(
        label=_("What the customer answered"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )
    has_proof = forms.BooleanField(label=_("The proof asked for is there"), required=False)

    @classmethod
    def is_open(cls, target: Return, actor: Actor) -> bool:
        return target.status == S.NEED_INFO

    def act(self) -> object:
        return info.give_info(
            self.target.pk,
            answer=self.cleaned_data["answer"],
            has_proof=self.cleaned_data["has_proof"],
            actor=self.actor,
        )

    def question(self) -> str:
        """The open question, for the page."""
        asked = self.target.open_question
        return asked.question if asked else ""


class Refusal(ReturnDeed):
    noun, verb, icon, tone = "rejection", "return.refuse", "cross", "danger"
    label = pgettext_lazy("deed", "Refuse…")
    done = _("Refused. The customer is told why and may object within seven days.")
    explains = _("The customer reads reason, clause and offer word for word. Write to a person.")

    reason = forms.CharField(
        label=pgettext_lazy("refusal reason", "Why"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4})
    )
    clause = forms.CharField(
        label=_("Rule or clause it rests on"),
        max_length=200,
        help_text=_("The sources of the verdict are offered as one types."),
        widget=forms.TextInput(attrs={"list": "rejection-clause-list", "autocomplete": "off"}),
    )
    alternative = forms.CharField(
        label=_("What we offer instead"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("For example a repair at cost, or help with selling it on."),
    )

    @classmethod
    def is_open(cls, target: Return, actor: Actor) -> bool:
        return target.status == S.SUBMITTED

    def cautions(self) -> Words:
        """Said where the rules find the wish due: a refusal then needs what the rules were not told."""
        due = [each for each in verdicts.standing(self.target) if each.outcome["requested_due"]]
        if not due:
            return ""
        return _("By the rules, what the customer asks for is due. Refuse only for a reason the rules do not know,"
                 " and name it; the customer may object.")  # fmt: skip

    def suggestions(self) -> dict[str, dict[str, str]]:
        return {"rejection-clause-list": dict.fromkeys(sources_of(self.target), "")}

    def act(self) -> object:
        return decision.reject_return(self.target.pk, actor=self.actor, **self.cleaned_data)


class ChangeToRefund(ReturnDeed):
    noun, verb, icon = "refund-instead", "return.approve", "swap"
    label = pgettext_lazy("deed", "Change to a refund…")
    done = _("It goes on as a return with a refund. What was set aside as a replacement is back on the shelf.")
    warning = _(
        "Do this only with the customer’s consent. What became a refund cannot become an exchange or a repair again."
    )

    @classmethod
    def is_open(cls, target: Return, actor: Actor) -> bool:
        if target.kind == Return.Kind.RETURN or target.status not in exchange.changeable(target):
            return False
        held: Exchange | None = getattr(target, "exchange", None)
        paid = held is not None and held.difference_status == Exchange.Difference.SETTLED and held.difference_minor > 0
        return not paid

    def act(self) -> object:
        return exchange.change_to_refund(self.target.pk, actor=self.actor)


class Objection(ReturnDeed):
    noun, verb, icon = "contest", "return.contest", "flag"
    label = pgettext_lazy("deed", "Enter the customer’s objection")
    done = _("Noted. The clock of the refusal stands still until a lead has answered.")
    explains = _("For a customer who objects by phone or chat. A lead then looks at the case anew.")

    story = forms.CharField(
        label=_("What the customer says"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )

    @classmethod
    def is_open(cls, target: Return, actor: Actor) -> bool:
        refusal = target.standing_refusal
        if refusal is None or refusal.final_at is not None or target.status == S.CLOSED:
            return False
        return getattr(refusal, "contest", None) is None

    def act(self) -> object:
        return objections.contest_rejection(self.target.pk, story=self.cleaned_data["story"], actor=self.actor)


class ObjectionAnswer(ReturnDeed):
    noun, verb, icon, tone = "contest-answer", "return.settle_contest", "flag", "primary"
    label = pgettext_lazy("deed", "Answer the objection…")
    done = _("Answered. The customer is told.")
    warning = _(
        "An objection is answered once. Lifting the refusal lets the case go on at once: what was refused counts as"
        " accepted."
    )

    upheld = forms.TypedChoiceField(
        label=_("Decision"),
        choices=[("yes", _("The refusal stands")), ("no", _("The refusal is lifted"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(
        label=_("Answer to the customer"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4})
    )

    @classmethod
    def is_open(cls, target: Return, actor: Actor) -> bool:
        """Not offered to the one who refused: four eyes (`settle_contest` holds it)."""
        refusal = target.standing_refusal
        return target.is_contested and refusal is not None and refusal.by_id != actor.id

    def act(self) -> object:
        return objections.settle_contest(self.target.pk, actor=self.actor, **self.cleaned_data)
