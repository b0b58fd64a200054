"""The classes of complaints a shop starts with: the four of the handbook, each with its kinds. Managers change them."""

from __future__ import annotations

from tickets.models import ComplaintClass

_G = ComplaintClass.Group
SHIPPED: tuple[tuple[str, str, str, str], ...] = (
    ("not-as-described", _G.GOODS, "与描述不符", "not as described"),
    ("quality", _G.GOODS, "质量问题", "quality"),
    ("price", _G.GOODS, "价格争议", "price"),
    ("wrong-item", _G.GOODS, "发错货", "wrong item"),
    ("damaged-in-transit", _G.LOGISTICS, "运输破损", "damaged on the way"),
    ("lost-in-transit", _G.LOGISTICS, "运输丢失", "lost on the way"),
    ("courier-attitude", _G.LOGISTICS, "快递员态度差", "courier’s bad attitude"),
    ("late-delivery", _G.LOGISTICS, "派送太慢", "late delivery"),
    ("late-dispatch", _G.LOGISTICS, "发货太慢", "late dispatch"),
    ("no-dispatch", _G.LOGISTICS, "一直没发货", "no dispatch"),
    ("phone-unanswered", _G.COMMUNICATION, "电话没人接", "phone not answered"),
    ("no-result", _G.COMMUNICATION, "沟通没有结果", "talks without result"),
    ("service-attitude", _G.COMMUNICATION, "服务态度差", "bad service attitude"),
    ("wrong-advice", _G.COMMUNICATION, "推荐不当", "wrong advice"),
    ("unprofessional", _G.COMMUNICATION, "不够专业", "not professional"),
    ("overselling", _G.COMMUNICATION, "过度推销", "overselling"),
    ("review-pressure", _G.COMMUNICATION, "催改评价", "pressed for a review"),
    ("privacy", _G.COMMUNICATION, "隐私泄露", "privacy"),
    ("return-standard", _G.AFTERSALES, "退换标准", "return or exchange standard"),
    ("freight", _G.AFTERSALES, "运费承担", "freight"),
    ("shop-notice", _G.AFTERSALES, "店铺公告限制退换", "shop notice that limits returns"),
    ("unjust-fee", _G.AFTERSALES, "不合理收费", "unjust fee"),
    ("guarantee-refused", _G.AFTERSALES, "拒绝保修", "guarantee refused"),
    ("refund-overdue", _G.AFTERSALES, "退款逾期", "refund overdue"),
    ("promise-not-kept", _G.AFTERSALES, "承诺未兑现", "promise not kept"),
)


def seed_classes() -> None:
    """Put in what is missing; what managers renamed or retired stays as they left it. Called after every migration."""
    there = set(ComplaintClass.objects.values_list("code", flat=True))
    ComplaintClass.objects.bulk_create(
        ComplaintClass(code=code, group=group, name_zh=zh, name_en=en, position=number)
        for number, (code, group, zh, en) in enumerate(SHIPPED, start=1)
        if code not in there
    )
