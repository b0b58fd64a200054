"""The four files the seller centre has exported over the years, in one vocabulary: the old column names.

Positions differ between years (支付交易号 came later), some headers end in spaces, so only names count.
"""

from __future__ import annotations

from customers.importers.layouts import Layout

_SAME = {
    "买家实付金额": "买家实际支付金额",
    "商品标题": "宝贝标题",
    "支付单号": "支付交易号",
    "支付宝交易号": "支付交易号",
    "商家备注": "订单备注",
    "备注标签": "订单备注标签",
    "商品属性sku": "商品属性",
    "主订单状态": "订单状态",
}
_ORDER_OPTIONAL = frozenset(
    {
        "买家支付宝账号", "支付交易号", "买家应付货款", "买家应付邮费", "买家留言", "收货人姓名", "收货地址", "运送方式",
        "联系电话", "联系手机", "订单付款时间", "宝贝标题", "宝贝种类", "物流单号", "物流公司", "订单备注", "宝贝总数量",
        "店铺名称", "订单关闭原因", "修改后的收货地址", "商品属性", "发货时间", "确认收货时间", "退款金额",
    }
)  # fmt: skip
OLD_ORDERS = Layout(
    "taobao orders (old)",
    frozenset({"订单编号", "买家会员名", "总金额", "买家实际支付金额", "订单状态", "订单创建时间"}),
    _ORDER_OPTIONAL,
    names=_SAME,
    summed=("买家实际支付金额",),
)
NEW_ORDERS = Layout(
    "taobao orders (new)",
    frozenset({"订单编号", "总金额", "买家实际支付金额", "订单状态", "订单创建时间"}),
    _ORDER_OPTIONAL,
    names=_SAME,
    summed=("买家实际支付金额",),
)
_SAME_LINE = {
    "商品标题": "标题",
    "宝贝标题": "标题",
    "商品价格": "价格",
    "外部系统编号": "外部系统编号",
    "商家编码": "商家编码",
    "买家实付金额": "买家实际支付金额",
    "主订单编号": "订单编号",
}
OLD_DETAILS = Layout(
    "taobao order details (old)",
    frozenset({"订单编号", "标题", "价格", "购买数量"}),
    frozenset({"外部系统编号", "商品属性", "套餐信息", "备注", "订单状态", "商家编码"}),
    names=_SAME_LINE,
)
NEW_DETAILS = Layout(
    "taobao sub-orders (new)",
    frozenset({"子订单编号", "订单编号", "标题", "价格", "购买数量"}),
    frozenset({"商品属性", "订单状态", "买家实际支付金额", "退款状态", "退款金额", "商品id", "商家编码", "发货时间"}),
    names=_SAME_LINE,
)
ORDERS = (OLD_ORDERS, NEW_ORDERS)
DETAILS = (OLD_DETAILS, NEW_DETAILS)
