"""The public order set of a Brazilian marketplace (Olist, 2016–2018): real orders to try the desk with.

It carries no names, phones or e-mail addresses and no article titles; titles are made of the category and the first
eight characters of the article's number.
"""

from customers.importers.olist.source import OlistSource

__all__ = ["OlistSource"]
