"""What the sample shop sells: a small household shop with clothes, appliances and food, in the classes the rules know."""

from __future__ import annotations

from dataclasses import dataclass

from aftersales.kernel.money import Money
from customers.actions.importing.shapes import ArticleFacts, CategoryFacts


@dataclass(frozen=True, slots=True)
class Article:
    """One SKU with its price in fen and how many stand on the shelf."""

    facts: ArticleFacts
    price: int
    on_hand: int

    @property
    def sku(self) -> str:
        return self.facts.sku


CLOTHES = CategoryFacts("sample-clothes", "服饰", "Clothing", dated=False)
SHOES = CategoryFacts("sample-shoes", "鞋靴", "Shoes", goods_class="durable", warranty_days=90, dated=False)
BEDDING = CategoryFacts("sample-bedding", "家纺", "Home textiles", dated=False)
KITCHEN = CategoryFacts("sample-kitchen", "厨具", "Kitchenware", dated=False)
APPLIANCES = CategoryFacts("sample-appliances", "小家电", "Small appliances", "three_guarantees", 365, dated=False)
BAGS = CategoryFacts("sample-bags", "箱包", "Bags and luggage", goods_class="durable", warranty_days=180, dated=False)
FOOD = CategoryFacts("sample-food", "食品茶饮", "Food and tea", goods_class="food")
CARE = CategoryFacts("sample-care", "个人护理", "Personal care")


def _article(
    category: CategoryFacts,
    code: str,
    title: str,
    price: str,
    *variants: str | tuple[str, str],
    exclusion: str = "none",
) -> list[Article]:
    """All variants of one product; prices in yuan. A variant that costs otherwise brings its own price."""
    priced = [(variant, price) if isinstance(variant, str) else variant for variant in variants]
    return [
        Article(
            ArticleFacts(f"{code}-{number:02d}", code, title, variant, category, exclusion),
            Money.parse(yuan, "CNY").minor,
            on_hand=12 + 7 * number,
        )
        for number, (variant, yuan) in enumerate(priced, start=1)
    ]


ARTICLES: tuple[Article, ...] = tuple(
    article
    for product in (
        _article(
            CLOTHES,
            "SY-SHIRT",
            "亚麻长袖衬衫",
            "199.00",
            "米白 M",
            "米白 L",
            ("雾蓝 M", "219.00"),
            ("雾蓝 L", "219.00"),
        ),
        _article(CLOTHES, "SY-KNIT", "山羊绒圆领毛衣", "699.00", "燕麦色 M", "燕麦色 L", "墨绿 M"),
        _article(CLOTHES, "SY-DOWN", "轻薄羽绒背心", "329.00", "藏青 M", "藏青 L", "藏青 XL"),
        _article(CLOTHES, "SY-SOCK", "精梳棉中筒袜 三双装", "49.00", "灰", "黑"),
        _article(SHOES, "SY-BOOT", "牛皮短靴", "559.00", "棕 38", "棕 39", "棕 40", "黑 42"),
        _article(SHOES, "SY-WALK", "轻便健步鞋", "269.00", "白 39", "白 41", "灰 43"),
        _article(BEDDING, "SY-QUILT", "桑蚕丝春秋被", "899.00", "1.5 米床", ("1.8 米床", "1049.00")),
        _article(BEDDING, "SY-SHEET", "长绒棉四件套", "459.00", "月白 1.8 米", ("浅灰 1.5 米", "399.00")),
        _article(BEDDING, "SY-TOWEL", "加厚浴巾", "79.90", "米色", "浅灰"),
        _article(KITCHEN, "SY-WOK", "手工铁锅 32 厘米", "299.00", "无涂层"),
        _article(KITCHEN, "SY-TEASET", "白瓷茶具 六件套", "188.00", "白瓷", "青瓷"),
        _article(KITCHEN, "SY-KNIFE", "不锈钢厨刀", "128.00", "18 厘米"),
        _article(APPLIANCES, "SY-KETTLE", "恒温电水壶 1.7 升", "239.00", "白", ("墨绿", "259.00")),
        _article(APPLIANCES, "SY-HUMID", "静音加湿器", "319.00", "白"),
        _article(APPLIANCES, "SY-LAMP", "护眼台灯", "269.00", "白", "黑"),
        _article(BAGS, "SY-PACK", "通勤双肩包 20 升", "329.00", "黑", "卡其"),
        _article(BAGS, "SY-CASE", "铝框拉杆箱 20 寸", "799.00", "银", "黑"),
        _article(FOOD, "SY-TEA", "明前龙井 100 克", "268.00", "罐装"),
        _article(FOOD, "SY-NUT", "每日坚果 30 袋", "139.00", "混合"),
        _article(CARE, "SY-CREAM", "手霜礼盒", "99.00", "三支装", exclusion="unsealed_hygiene"),
    )
    for article in product
)
BY_SKU = {article.sku: article for article in ARTICLES}
