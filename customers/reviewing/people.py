"""Names of people in a text: the customer's own, and whoever is addressed by a surname."""

from __future__ import annotations

import re
from collections.abc import Iterator

from customers.reviewing.digits import plain
from customers.reviewing.finding import Finding, Kind
from customers.reviewing.known import Known

_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范"
    "廖石韦贾夏付邹熊孟秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁"
    "岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷曲盛翁冉骆蓝路游辛靳管柴蒙鲍华喻祁房滕屈饶"
)
# Two letters long, or letters that also are other words in front of 女士.
_WITH_CARE = {"于": r"(?<![对关由至属等])", "向": r"(?<![方一])", "白": r"(?<![黑纯雪])", "方": r"(?<![男女对官])"}
_SURNAME = (
    f"(?:欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|慕容|令狐|[{_SURNAMES}]|"
    + "|".join(f"{before}{letter}" for letter, before in _WITH_CARE.items())
    + ")"
)
_TITLE = r"(?:先生|女士|小姐|太太|阿姨|大姐|大哥|同学|老师)"
_FORMAL = r"(?:先生|女士|小姐)"  # behind a whole name; 高校老师 and 单是太太 are none
# 安女士款、高小姐姐 are no names; 晚安先生 is a greeting.
_ADDRESSED = re.compile(
    rf"(?<![晚早平])(?P<who>{_SURNAME}(?:{_TITLE}|[\u4e00-\u9fff]{{1,2}}{_FORMAL}))(?![们款鞋包装手表香衬外姐傅])"
)
_GREETED = re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Mister|Madam|Dr)\.?\s+(?!Customer\b|Buyer\b)[A-Z][a-z]+(?:\s[A-Z][a-z]+)?")
_NO_NAME = re.compile(r"(?:亲爱的|尊敬的|这位|每位|各位|女|男)$")
_BETWEEN = r"[\s·.*＊_-]{0,2}"
_AFTER_GIVEN = rf"(?={_TITLE}|您|你|[,，:：!！]|亲|的(?:订单|包裹|评价|地址))"


def find(text: str, known: Known) -> Iterator[Finding]:
    """The customer's name in full or in part, and any surname with a title."""
    common = plain(text)
    patterns = [_ADDRESSED, _GREETED, *(pattern for name in known.names for pattern in _patterns(plain(name).strip()))]
    for pattern in patterns:
        for match in pattern.finditer(common):
            if pattern is _ADDRESSED and _NO_NAME.search(common[: match.start()]) and match["who"][0] in "小老":
                continue
            yield Finding(Kind.NAME, *match.span(), text[match.start() : match.end()])
    for nick in known.nicks:  # the platform shows t**8; the archive has it whole
        if len(nick) >= 3 and "*" not in nick and nick not in known.said:
            for match in re.finditer(rf"(?<![A-Za-z0-9]){re.escape(plain(nick))}(?![A-Za-z0-9])", common):
                yield Finding(Kind.NAME, *match.span(), text[match.start() : match.end()])


def _patterns(name: str) -> Iterator[re.Pattern[str]]:
    """A name and what it is called by: 王小明, 王 小 明, 小明您好, 王先生; Ada Lin, Ada, Ms Lin."""
    if re.fullmatch(r"[\u4e00-\u9fff·]{2,8}", name):
        yield re.compile(_BETWEEN.join(map(re.escape, name)))
        given = name[1:] if len(name) <= 3 else name[2:]
        if len(given) >= 2:
            yield re.compile(re.escape(given) + _AFTER_GIVEN)
        yield re.compile(rf"{name[0]}{_TITLE}")
    elif name and re.match(r"[\u4e00-\u9fff][*＊]", name):  # the platform left the surname
        yield re.compile(rf"{name[0]}{_TITLE}")
    elif re.fullmatch(r"[A-Za-zÀ-ɏ' .-]{2,80}", name):
        parts = [part for part in re.split(r"[\s.]+", name) if len(part) >= 3]
        if len(parts) > 1:
            yield re.compile(r"\b" + r"\s+".join(map(re.escape, name.split())) + r"\b", re.IGNORECASE)
        for part in parts:  # as a name is written: "will" in a sentence is no Will
            yield re.compile(rf"\b{re.escape(part[0].upper() + part[1:])}\b")
