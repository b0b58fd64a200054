"""The columns of the shop's own list, and the words its cells may hold. docs/importing.md explains them to people."""

from __future__ import annotations

from customers.importers.layouts import Layout
from customers.models import Order, Payment

# Every column: its name, and how Chinese sheets call it.
COLUMNS = {
    "order_number": "订单编号", "ordered_at": "下单时间", "title": "商品名称", "quantity": "数量", "unit_price": "单价",
    "line_number": "行号", "sku": "商家编码", "product_code": "商品编码", "variant": "规格", "category": "类目",
    "line_discount": "行优惠", "is_gift": "赠品",
    "exclusion_confirmed": "已确认不支持无理由退货", "currency": "币种", "status": "状态", "paid": "实付金额",
    "order_discount": "订单优惠", "freight": "运费", "payment_method": "支付方式", "payment_reference": "支付单号",
    "paid_at": "付款时间", "shipped_at": "发货时间", "delivered_at": "签收时间", "promised_at": "承诺送达时间",
    "completed_at": "完成时间", "carrier": "快递公司", "tracking_number": "快递单号", "customer_id": "客户编号",
    "customer_name": "客户姓名", "nick": "昵称", "phone": "手机", "email": "邮箱", "language": "语言",
    "recipient": "收货人", "recipient_phone": "收货电话", "country": "国家", "province": "省份", "city": "城市",
    "district": "区县", "address": "详细地址", "postcode": "邮编", "buyer_message": "买家留言", "seller_memo": "商家备注",
}  # fmt: skip
REQUIRED = ("order_number", "ordered_at", "title", "quantity", "unit_price")
_OF_LINE = ("title", "quantity", "unit_price", "line_number", "sku", "product_code", "variant", "category",
            "line_discount", "is_gift", "exclusion_confirmed")  # fmt: skip
# What is said once per order: rows of one order that differ here contradict each other.
OF_ORDER = tuple(name for name in COLUMNS if name not in _OF_LINE and name != "order_number")

LINES = Layout(
    "order lines",
    frozenset(REQUIRED),
    frozenset(COLUMNS) - frozenset(REQUIRED),
    names={**{chinese: name for name, chinese in COLUMNS.items()}, "订单号": "order_number", "手机号": "phone"},
)

STATUS = {
    **{status.value: status.value for status in Order.Status},
    "未付款": "unpaid", "待付款": "unpaid", "已付款": "paid", "待发货": "paid", "已发货": "shipped", "待收货": "shipped",
    "已签收": "delivered", "已完成": "completed", "交易成功": "completed", "已取消": "cancelled", "已关闭": "cancelled",
    "缺货": "unavailable",
}  # fmt: skip
METHODS = {
    **{method.value: method.value for method in Payment.Method},
    "支付宝": "alipay", "微信": "wechat", "微信支付": "wechat", "银行转账": "bank_transfer", "信用卡": "credit_card",
    "优惠券": "voucher", "积分": "points",
}  # fmt: skip
LANGUAGES = {"": "zh-hans", "zh": "zh-hans", "zh-hans": "zh-hans", "中文": "zh-hans", "en": "en", "英文": "en"}
