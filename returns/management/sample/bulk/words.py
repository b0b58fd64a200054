"""What people write, for the large sample: short Chinese sentences put together from parts."""

from __future__ import annotations

import random
from itertools import accumulate

REASONS: tuple[tuple[str, int, tuple[str, ...]], ...] = (
    ("preference", 20, ("不太喜欢，想退掉。", "家人觉得用不上。", "和想象的不一样。")),
    ("wrong_choice.size", 18, ("尺码偏小。", "尺码偏大，穿着不合身。", "肩膀有点紧。")),
    ("wrong_choice.colour", 6, ("颜色不适合我。", "买错颜色了。")),
    ("flaw", 12, ("表面有划痕。", "拉链不顺。", "边上有一处污渍。")),
    ("not_working", 8, ("通电没反应。", "用了一次就不工作了。", "按键失灵。")),
    ("poor_workmanship", 6, ("线头很多，缝线歪了。", "鞋底开胶。")),
    ("not_as_described.material", 5, ("材质和页面写的不一样。",)),
    ("photo_mismatch", 6, ("颜色和图片差很多。",)),
    ("wrong_item.size", 5, ("订的 L，收到的是 M。",)),
    ("wrong_item.colour", 4, ("颜色发错了。",)),
    ("missing_accessory", 3, ("少了一个配件。",)),
    ("carrier_damage", 7, ("外箱压坏，里面也碎了。", "收到时已经破损。")),
)
REASON_WEIGHTS = tuple(accumulate(weight for _reason, weight, _stories in REASONS))
STORIES = {reason: stories for reason, _weight, stories in REASONS}
_ASKED = ("请问", "你好，", "想问一下，", "麻烦帮忙看看，", "")
_ABOUT = (
    "什么时候能发货", "快递到哪里了", "能开发票吗", "尺码怎么选", "可以改地址吗", "这个怎么清洗", "保修多久", "有没有赠品",
    "能不能换个颜色", "说明书找不到了", "可以周末送吗", "怎么还没有收到", "包装可以再厚一点吗", "还有别的尺寸吗",
)  # fmt: skip
_ENDS = ("？", "？谢谢。", "？着急用。", "，麻烦回复一下。")
_REPLIES = (
    "您好，已经为您查询，24 小时内给您答复。", "您好，今天可以发出，单号稍后给您。", "可以的，已经为您备注。",
    "您好，请按吊牌上的说明清洗，30 度以内。", "您好，保修一年，从签收那天算起。", "已经为您修改，请留意短信。",
)  # fmt: skip
_ADDED = (
    "还没有看到更新，请再帮我看一下。", "照片已经发过来了，麻烦核对。", "单号我填好了，昨天寄出的。", "我这边一直打不通电话。",
    "那大概什么时候能处理好？", "地址没有变，还是原来那个。", "包装盒还在，吊牌也没有拆。", "家里白天没有人，请晚上送。",
    "我再确认一下，是蓝色那一件。", "按您说的试过了，还是不行。",
)  # fmt: skip
_THANKS = ("好的，谢谢。", "收到，谢谢！", "知道了。")


def asked(chance: random.Random) -> str:
    return chance.choice(_ASKED) + chance.choice(_ABOUT) + chance.choice(_ENDS)


def added(chance: random.Random) -> str:
    """What a customer says in the middle of a conversation."""
    return chance.choice(_ADDED)


def replied(chance: random.Random) -> str:
    return chance.choice(_REPLIES)


def thanked(chance: random.Random) -> str:
    return chance.choice(_THANKS)
