"""What the shop sells: categories, products, and the variants (SKUs) that orders and exchanges name."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Category(models.Model):
    """A group of products. `goods_class` is a value of the rule engine's fact `goods`."""

    code = models.CharField(_("code"), max_length=60, unique=True)
    name_zh = models.CharField(_("name (Chinese)"), max_length=80)
    name_en = models.CharField(_("name (English)"), max_length=80, blank=True)
    goods_class = models.CharField(_("goods class"), max_length=40, default="general")
    warranty_days = models.PositiveIntegerField(_("warranty in days"), default=0)
    # Whether a customer may say that it is past its date. Yes until somebody knows better: no reason is hidden by a gap.
    dated = models.BooleanField(_("bears a date"), default=True)

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")

    def __str__(self) -> str:
        return self.name_zh or self.code


class Product(models.Model):
    """One article, in all its variants."""

    code = models.CharField(_("code"), max_length=64, unique=True)
    title = models.CharField(_("title"), max_length=200)
    category = models.ForeignKey(
        Category, models.PROTECT, related_name="products", null=True, blank=True, verbose_name=_("category")
    )
    # A value of the rule engine's fact `exclusion`. Whether the buyer confirmed it is asked per purchase: R-33,
    # `OrderLine.exclusion_confirmed`.
    exclusion = models.CharField(_("excluded from no-reason return"), max_length=30, default="none")

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")

    def __str__(self) -> str:
        return self.title


class Sku(models.Model):
    """One variant that can be picked from a shelf. `on_hand` minus `reserved` may be promised to an exchange."""

    product = models.ForeignKey(Product, models.PROTECT, related_name="skus", verbose_name=_("product"))
    code = models.CharField(_("SKU"), max_length=64, unique=True)
    variant = models.CharField(_("variant"), max_length=120, blank=True)
    price_minor = models.BigIntegerField(_("price"), default=0)
    currency = models.CharField(_("currency"), max_length=3, default="CNY")
    on_hand = models.PositiveIntegerField(_("on hand"), default=0)
    reserved = models.PositiveIntegerField(_("reserved"), default=0)

    class Meta:
        verbose_name = _("SKU")
        verbose_name_plural = _("SKUs")
        constraints = [
            models.CheckConstraint(condition=Q(reserved__lte=models.F("on_hand")), name="reserved_is_on_the_shelf"),
            models.CheckConstraint(condition=Q(price_minor__gte=0), name="price_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.product} {self.variant}".strip()
