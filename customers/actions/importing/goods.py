"""Find or make categories, products and SKUs that imported lines name. Existing ones are staff's and stay as they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from customers.actions.importing.shapes import ArticleFacts, CategoryFacts, OrderFacts
from customers.models import Category, Product, Sku


def skus_of(batch: Sequence[OrderFacts]) -> dict[str, Sku]:
    """The SKU of every line by code."""
    articles: dict[str, ArticleFacts] = {}
    prices: dict[str, tuple[int, str]] = {}
    for facts in batch:
        for line in facts.lines:
            articles.setdefault(line.article.sku, line.article)
            prices.setdefault(line.article.sku, (line.unit_price_minor, facts.currency))
    return skus_for(articles, prices)


def skus_for(articles: Mapping[str, ArticleFacts], prices: Mapping[str, tuple[int, str]]) -> dict[str, Sku]:
    """The SKU of each article by code, made with its price (minor units and currency) where it is missing."""
    skus = {sku.code: sku for sku in Sku.objects.filter(code__in=list(articles))}
    missing = [article for code, article in articles.items() if code not in skus]
    if not missing:
        return skus
    products = _products_of(missing)
    new = [
        Sku(
            product=products[article.product],
            code=article.sku,
            variant=article.variant,
            price_minor=prices[article.sku][0],
            currency=prices[article.sku][1],
        )
        for article in missing
    ]
    # Two imports of different shops may meet at the same article: the second takes the first one's row.
    Sku.objects.bulk_create(new, ignore_conflicts=True)
    skus.update({sku.code: sku for sku in Sku.objects.filter(code__in=[article.sku for article in missing])})
    return skus


def _products_of(articles: Sequence[ArticleFacts]) -> dict[str, Product]:
    wanted = {article.product: article for article in articles}
    known = set(Product.objects.filter(code__in=list(wanted)).values_list("code", flat=True))
    categories = _categories_of([article.category for article in articles if article.category])
    Product.objects.bulk_create(
        [
            Product(
                code=code,
                title=article.title,
                exclusion=article.exclusion,
                category=categories[article.category.code] if article.category else None,
            )
            for code, article in wanted.items()
            if code not in known
        ],
        ignore_conflicts=True,
    )
    return {product.code: product for product in Product.objects.filter(code__in=list(wanted))}


def _categories_of(wanted: Sequence[CategoryFacts]) -> dict[str, Category]:
    by_code = {facts.code: facts for facts in wanted}
    known = set(Category.objects.filter(code__in=list(by_code)).values_list("code", flat=True))
    Category.objects.bulk_create(
        [
            Category(
                code=facts.code,
                name_zh=facts.name_zh,
                name_en=facts.name_en,
                goods_class=facts.goods_class,
                dated=facts.dated,
                warranty_days=facts.warranty_days,
            )
            for code, facts in by_code.items()
            if code not in known
        ],
        ignore_conflicts=True,
    )
    return {category.code: category for category in Category.objects.filter(code__in=list(by_code))}
