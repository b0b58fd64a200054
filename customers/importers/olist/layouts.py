"""The files of the set, told apart by their columns. Reviews, sellers and places are known and passed over."""

from __future__ import annotations

from customers.importers.layouts import Layout

ORDERS = Layout(
    "orders",
    frozenset({"order_id", "customer_id", "order_status", "order_purchase_timestamp"}),
    frozenset(
        {
            "order_approved_at",
            "order_delivered_carrier_date",
            "order_delivered_customer_date",
            "order_estimated_delivery_date",
        }
    ),
)
ITEMS = Layout(
    "order items",
    frozenset({"order_id", "order_item_id", "product_id", "price", "freight_value"}),
    frozenset({"seller_id", "shipping_limit_date"}),
)
PAYMENTS = Layout(
    "order payments",
    frozenset({"order_id", "payment_sequential", "payment_type", "payment_installments", "payment_value"}),
)
CUSTOMERS = Layout(
    "customers",
    frozenset({"customer_id", "customer_unique_id"}),
    frozenset({"customer_zip_code_prefix", "customer_city", "customer_state"}),
)
PRODUCTS = Layout("products", frozenset({"product_id", "product_category_name"}))
PASSED_OVER = (
    Layout("reviews (not imported)", frozenset({"review_id", "order_id", "review_score"})),
    Layout("sellers (not imported)", frozenset({"seller_id", "seller_city"})),
    Layout("places (not imported)", frozenset({"geolocation_lat", "geolocation_lng"})),
    Layout("category names (not imported)", frozenset({"product_category_name", "product_category_name_english"})),
)
NEEDED = (ORDERS, ITEMS, PAYMENTS, CUSTOMERS)
ALL = (*NEEDED, PRODUCTS, *PASSED_OVER)
