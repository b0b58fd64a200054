"""The plans a shop starts with. Managers change them in the office; what they changed stays as they left it."""

from __future__ import annotations

from dataclasses import dataclass

from tickets.models import VisitPlan, VisitQuestion, VisitStep

_O, _C, _K = VisitPlan.Occasion, VisitStep.Channel, VisitQuestion.Kind
_STAFF_ZH, _STAFF_EN = "我们的客服态度和专业程度怎么样？", "How friendly and competent was our staff?"


@dataclass(frozen=True, slots=True)
class Shipped:
    """A plan as it ships: `steps` are days and channel, `questions` kind, Chinese, English, and whether only leads read it."""

    code: str
    names: tuple[str, str]
    purpose: tuple[str, str]
    steps: tuple[tuple[int, str], ...]
    questions: tuple[tuple[str, str, str, bool], ...]
    occasion: str = _O.SIGNED
    goods_class: str = ""
    until_proficient: bool = False


PLANS = (
    Shipped(
        "after-signing", ("签收回访", "After delivery"),
        ("了解商品是否满意，及时发现问题。", "Learn whether the goods please, and find problems early."),
        ((3, _C.MESSAGE),),
        (
            (_K.YES_NO, "商品和描述一致吗？", "Are the goods as described?", False),
            (_K.TEXT, "有没有哪里不满意？", "Is there anything you are not content with?", False),
            (_K.SCORE, _STAFF_ZH, _STAFF_EN, True),
        ),
    ),
    Shipped(
        "appliances", ("电器使用回访", "Using an appliance"),
        ("帮助顾客用熟为止，提醒保养和配件更换。", "Help until the customer copes; remind of care and spare parts."),
        ((3, _C.CALL), (14, _C.HOME)),
        (
            (_K.YES_NO, "安装和第一次使用顺利吗？", "Did setting up and the first use go well?", False),
            (_K.TEXT, "多久用一次？主要用来做什么？", "How often is it used, and mainly for what?", False),
            (_K.YES_NO, "保养和清洁的方法清楚吗？", "Is it clear how to clean it and care for it?", False),
            (_K.SCORE, _STAFF_ZH, _STAFF_EN, True),
        ),
        goods_class="three_guarantees", until_proficient=True,
    ),
    Shipped(
        "food", ("食品回访", "Food"),
        ("了解口味、保存和食用情况。", "Learn about taste, storage and use."),
        ((10, _C.MESSAGE),),
        (
            (_K.SCORE, "口味打几分？", "How do you like the taste?", False),
            (_K.TEXT, "大约多久能吃完？", "About how long does it last you?", False),
        ),
        goods_class="food",
    ),
    Shipped(
        "durables", ("耐用品回访", "Durable goods"),
        ("了解使用一段时间后是否耐用。", "Learn how the goods hold up."),
        ((7, _C.CALL), (60, _C.MESSAGE)),
        (
            (_K.TEXT, "用了这段时间，有没有磨损或松动？", "After this time, is anything worn or loose?", False),
            (_K.YES_NO, "愿意推荐给朋友吗？", "Would you recommend it to friends?", False),
        ),
        goods_class="durable",
    ),
    Shipped(
        "after-late", ("迟到致歉", "Apology for a late parcel"),
        ("为迟到道歉，了解是否误了事，商量补救。", "Say sorry for the delay, learn what it spoiled, find a remedy."),
        ((1, _C.CALL),),
        (
            (_K.YES_NO, "晚到有没有耽误您的使用？", "Did the delay spoil anything for you?", False),
            (_K.TEXT, "您希望我们怎样弥补？", "How may we make up for it?", False),
        ),
        occasion=_O.LATE,
    ),
    Shipped(
        "after-complaint", ("投诉后回访", "After a complaint"),
        ("确认问题真的解决了，顾客满意。", "Make sure that the problem is solved and the customer content."),
        ((3, _C.CALL),),
        (
            (_K.YES_NO, "问题彻底解决了吗？", "Is the problem solved for good?", False),
            (_K.TEXT, "我们哪里可以做得更好？", "What could we have done better?", False),
            (_K.SCORE, _STAFF_ZH, _STAFF_EN, True),
        ),
        occasion=_O.COMPLAINT,
    ),
    Shipped(
        "after-return", ("退换后回访", "After a return"),
        ("确认退换货办得顺利，钱货两清。", "Make sure that the return went well and nothing is owed."),
        ((2, _C.MESSAGE),),
        (
            (_K.YES_NO, "退款或换的货收到了吗？", "Have you received the refund or the replacement?", False),
            (_K.TEXT, "退换过程中哪一步最麻烦？", "Which step of the return was the most trouble?", False),
        ),
        occasion=_O.RETURN,
    ),
)  # fmt: skip


def seed_plans() -> None:
    """Put in whole plans that are missing. Called after every migration."""
    there = set(VisitPlan.objects.values_list("code", flat=True))
    for each in PLANS:
        if each.code in there:
            continue
        plan = VisitPlan.objects.create(
            code=each.code, name_zh=each.names[0], name_en=each.names[1], purpose_zh=each.purpose[0],
            purpose_en=each.purpose[1], occasion=each.occasion, goods_class=each.goods_class,
            until_proficient=each.until_proficient,
        )  # fmt: skip
        VisitStep.objects.bulk_create(
            VisitStep(plan=plan, number=number, days=days, channel=channel)
            for number, (days, channel) in enumerate(each.steps, start=1)
        )
        VisitQuestion.objects.bulk_create(
            VisitQuestion(plan=plan, number=number, kind=kind, text_zh=zh, text_en=en, for_leads=for_leads)
            for number, (kind, zh, en, for_leads) in enumerate(each.questions, start=1)
        )
