"""Who buys there: names, towns and contacts, invented from a seed. Phones are of the form 1x0000xxxxx, which nobody has."""

from __future__ import annotations

import random
from dataclasses import dataclass

from customers.actions.importing.shapes import AddressFacts, BuyerFacts

_SURNAMES = "王李张刘陈杨黄赵周吴徐孙马朱胡林郭何高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈"
_GIVEN = [
    "伟",
    "芳",
    "娜",
    "敏",
    "静",
    "丽",
    "强",
    "磊",
    "军",
    "洋",
    "勇",
    "艳",
    "杰",
    "娟",
    "涛",
    "明",
    "超",
    "霞",
    "平",
    "刚",
    "桂英",
    "秀兰",
    "建华",
    "志强",
    "晓燕",
    "雨桐",
    "子涵",
    "浩然",
    "诗琪",
    "欣怡",
    "俊杰",
    "梓萱",
    "一诺",
    "宇航",
    "梦洁",
    "思远",
    "佳怡",
    "文博",
    "若曦",
    "家豪",
    "雅婷",
    "天宇",
    "海燕",
    "春梅",
    "国庆",
    "小雨",
    "新宇",
    "嘉宁",
    "书瑶",
]
_ENGLISH = ("Alex Chen", "Maria Silva", "James Carter", "Emma Wilson", "Daniel Kim", "Sofia Rossi")
_TOWNS = (
    ("浙江省", "杭州市", "西湖区", "文三路"),
    ("上海市", "上海市", "徐汇区", "漕溪北路"),
    ("北京市", "北京市", "海淀区", "中关村南路"),
    ("广东省", "深圳市", "南山区", "科苑路"),
    ("广东省", "广州市", "天河区", "体育东路"),
    ("四川省", "成都市", "武侯区", "人民南路"),
    ("湖北省", "武汉市", "洪山区", "珞喻路"),
    ("江苏省", "南京市", "鼓楼区", "中山北路"),
    ("陕西省", "西安市", "雁塔区", "小寨路"),
    ("山东省", "青岛市", "市南区", "香港中路"),
    ("福建省", "厦门市", "思明区", "湖滨南路"),
    ("湖南省", "长沙市", "岳麓区", "麓山南路"),
    ("重庆市", "重庆市", "渝中区", "中山三路"),
    ("辽宁省", "大连市", "中山区", "人民路"),
    ("云南省", "昆明市", "盘龙区", "北京路"),
)


@dataclass(frozen=True, slots=True)
class Somebody:
    buyer: BuyerFacts
    address: AddressFacts


def somebody(number: int, chance: random.Random) -> Somebody:
    """The buyer of that number: the same for the same seed. About one in twelve reads English."""
    english = chance.random() < 1 / 12
    name = chance.choice(_ENGLISH) if english else chance.choice(_SURNAMES) + chance.choice(_GIVEN)
    province, city, district, street = chance.choice(_TOWNS)
    # 1 3|5|8, four zeros that no number range has, five digits of our own: cannot be anybody's number.
    phone = f"+861{chance.choice('358')}0000{number % 100_000:05d}"
    buyer = BuyerFacts(
        key=f"sample:{number}",
        name=name,
        nick=f"sy_{number:06d}",
        locale="en" if english else "zh-hans",
        phones=(phone,),
        emails=(f"customer{number}@example.org",),
    )
    address = AddressFacts(
        recipient=name,
        phone=phone,
        province=province,
        city=city,
        district=district,
        line=f"{street} {chance.randint(1, 399)} 号 {chance.randint(1, 20)} 幢 {chance.randint(101, 2802)} 室",
    )
    return Somebody(buyer, address)
