"""Taobao and Tmall exports, old (CSV in GBK: orders, details) and new (XLSX: orders, sub-orders)."""

from customers.importers.taobao.source import TaobaoSource

__all__ = ["TaobaoSource"]
