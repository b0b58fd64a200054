"""Carry out an inspection from its form: the photos and the judgement together, once for each page. Called by its view."""

from __future__ import annotations

from aftersales.desk.forms.receiving import InspectionForm
from aftersales.files.actions.attaching import attach_all
from aftersales.kernel.actor import Actor
from aftersales.kernel.errors import NotFound, NotPermitted, Refusal
from aftersales.ledger.once import once
from returns.actions.receiving import inspect_goods


def inspect(form: InspectionForm, actor: Actor) -> bool:
    """True when it is done. A refusal becomes an error of the form: nothing is written then, and nothing typed is lost."""
    if not form.is_valid():
        form.status = 422
        return False
    findings = form.findings()

    def work() -> tuple[int, dict[str, str]]:
        # The judgement first: its lock makes a second inspector wait, and its refusal leaves no photos behind.
        ret = inspect_goods(form.ret.pk, findings, clause=form.cleaned_data["clause"], actor=actor)
        if form.cleaned_data["photos"]:
            attach_all(form.cleaned_data["photos"], on=ret, actor=actor)
        return 200, {"status": ret.status}

    try:
        once(
            principal=str(actor),
            endpoint="desk.inspection",
            key=form.cleaned_data["key"],
            request={"ret": form.ret.ref, "findings": [repr(each) for each in findings]},
            work=work,
        )
    except (NotFound, NotPermitted):
        raise
    except Refusal as refusal:
        form.refuse(refusal)
        return False
    return True
