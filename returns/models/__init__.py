from returns.models.backtest import BacktestRun
from returns.models.carrier_claim import CarrierClaim
from returns.models.coded import CodedCase, FactCoding
from returns.models.decision import Approval, Contest, InfoRequest, Rejection
from returns.models.draft import ReturnDraft
from returns.models.exchange import Exchange, Reshipment
from returns.models.handback import Handback
from returns.models.pack import KeptPack
from returns.models.parcel import Inspection, Receipt, ReturnParcel
from returns.models.refund import FreightEntry, Refund, RefundComponent
from returns.models.repair import Repair
from returns.models.request import Return, ReturnLine
from returns.models.rulebook import RuleApproval, RuleEdit, RuleEvidence, RuleVersion
from returns.models.verdict import Verdict

__all__ = [
    "Approval",
    "BacktestRun",
    "CarrierClaim",
    "CodedCase",
    "Contest",
    "Exchange",
    "FactCoding",
    "FreightEntry",
    "Handback",
    "InfoRequest",
    "Inspection",
    "KeptPack",
    "Receipt",
    "Refund",
    "RefundComponent",
    "Rejection",
    "Repair",
    "Reshipment",
    "Return",
    "ReturnDraft",
    "ReturnLine",
    "ReturnParcel",
    "RuleApproval",
    "RuleEdit",
    "RuleEvidence",
    "RuleVersion",
    "Verdict",
]
