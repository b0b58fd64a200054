"""What a review complains of, in its own words. Decides with the stars whether a review is a bad one, and which draft fits."""

from __future__ import annotations

import re
from enum import StrEnum


class Topic(StrEnum):
    """What a reply speaks to. The order is that of precedence where a review complains of several things."""

    SERVICE = "service"
    DELIVERY = "delivery"
    DESCRIPTION = "description"
    QUALITY = "quality"
    PRICE = "price"
    OTHER = "other"
    PRAISE = "praise"


# Words that complain by themselves, by topic. Ordinary words (慢, 小, 贵) are not here: they need their company below.
_WORDS: dict[Topic, tuple[str, ...]] = {
    Topic.SERVICE: (
        "态度差", "态度恶劣", "态度极差", "服务差", "服务态度不好", "不理人", "没人理", "爱理不理", "不搭理", "推卸", "推诿",
        "踢皮球", "敷衍",
        "不给退", "不给换", "不退款", "不肯退", "拒绝退", "拒不", "售后差", "售后太差", "没有售后", "不处理", "不解决",
        "联系不上", "骂人",
        "rude", "no reply", "never replied", "ignored me", "refused to refund", "bad service", "terrible service",
    ),
    Topic.DELIVERY: (
        "物流太慢", "物流慢", "快递太慢", "快递慢", "发货太慢", "发货慢", "迟迟不发货", "一直不发货", "不发货", "丢件",
        "送错", "发错", "少发",
        "漏发", "压坏", "挤坏", "摔坏", "摔碎", "包装破", "包装差", "包装太差", "外箱破", "没送上门",
        "arrived late", "arrived broken", "arrived damaged", "never arrived", "wrong item", "late delivery",
    ),
    Topic.DESCRIPTION: (
        "与描述不符", "描述不符", "和描述不一样", "图片不符", "与图不符", "实物不符", "色差大", "色差太大", "色差严重",
        "货不对板", "假货", "假的",
        "不是正品", "盗版", "翻新", "虚假宣传", "欺骗", "骗人", "骗子", "上当", "坑人", "太坑", "坑爹",
        "not as described", "fake", "counterfeit", "misleading", "scam", "second-hand", "second hand",
    ),
    Topic.QUALITY: (
        "质量差", "质量太差", "质量很差", "质量不好", "质量不行", "质量有问题", "质量问题", "做工差", "做工粗糙", "粗糙",
        "坏了", "是坏的", "坏掉", "不能用",
        "没法用", "无法使用", "开不了机", "死机", "黑屏", "漏水", "漏电", "漏液", "异味", "味道很重", "气味很大", "难闻",
        "刺鼻", "掉色", "褪色",
        "开线", "脱线", "起球", "破洞", "有洞", "瑕疵", "裂开", "裂缝", "断了", "碎了", "变质", "发霉", "过期", "烂了",
        "过敏", "生锈",
        "难吃", "不新鲜", "劣质", "次品", "垃圾", "很差", "太差", "差劲", "极差",
        "broken", "broke after", "does not work", "doesn't work", "stopped working", "poor quality", "bad quality",
        "defective", "awful",
        "terrible", "horrible", "rubbish", "garbage", "useless",
    ),
    Topic.PRICE: (
        "买贵了", "不值这个价", "不值这个钱", "不值得买", "性价比低", "性价比不高", "overpriced", "waste of money",
        "price dropped",
    ),
    Topic.OTHER: (
        "失望", "后悔", "差评", "一星", "不推荐", "不会再买", "再也不", "别买", "不要买", "不建议", "气死", "退货", "想退",
        "不满意", "disappoint", "regret", "do not buy", "don't buy", "never again", "waste", "not recommend", "refund",
        "returned it",
    ),
}  # fmt: skip
# What turns the word right behind it into its opposite: 没有瑕疵, 不会掉色, not broken.
_DENIED = re.compile(
    r"(?:没有?|不是|不会|不|无|未|从未|没发现|没出现|不存在|无任何|没有任何|毫无|并非|避免|怕|担心|以为|高兴|开心|乐|累|忙|急|吓|不让|没让|没有让|不会让)(?:什么|任何|过|有|一点|再|发现|出现|被|我|人|您|大家)?$"
    r"|(?:not|no|never|n['’]t|without(?: any)?)\s+(?:\w+\s+)?$",
    re.IGNORECASE,
)
_LOOKED_AT = 14  # characters before a word in which a denial counts


def complaints_in(text: str) -> dict[Topic, list[str]]:
    """The complaining words by topic, none that the sentence denies. Empty for a content customer."""
    found: dict[Topic, list[str]] = {}
    taken: set[int] = set()  # places that a word of an earlier topic has: 压坏 and 坏了 in 压坏了 are one
    for topic, pattern in _PATTERNS.items():
        for match in pattern.finditer(text):
            if taken.intersection(range(*match.span())):
                continue
            if not _DENIED.search(text[max(0, match.start() - _LOOKED_AT) : match.start()]):
                taken.update(range(*match.span()))
                words = found.setdefault(topic, [])
                if match[0] not in words:
                    words.append(match[0])
    return found


def topic_of(text: str, *, stars: int) -> Topic:
    """What a reply should speak to. Words count before stars: five stars with a broken cup are about the cup."""
    found = complaints_in(text)
    if found:
        return next(topic for topic in Topic if topic in found)
    return Topic.PRAISE if stars >= 4 else Topic.OTHER


def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    ordered = sorted(words, key=len, reverse=True)
    return re.compile(
        "|".join(rf"\b{re.escape(word)}" if word.isascii() else re.escape(word) for word in ordered), re.I
    )


_PATTERNS = {topic: _pattern(words) for topic, words in _WORDS.items()}
