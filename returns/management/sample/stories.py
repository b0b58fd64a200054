"""Thirty cases, one in every state the desk knows. Each step says how many hours ago it happened.

The order matters only for the numbers: story n is about order n. Steps later than a timer would have fired are left to
the timer, as in life.
"""

from __future__ import annotations

from dataclasses import dataclass

from customers.models.shipment import TrackingStatus
from returns.management.sample.case import (
    Step,
    answers,
    answers_with,
    approved,
    arrived,
    asks,
    asks_manager,
    awaits,
    begins,
    contested,
    counted,
    done,
    filled_in,
    first_release,
    freight_proof,
    gives,
    inspected,
    keeps_promises,
    notes,
    notes_order,
    of_a_batch,
    paid,
    promises,
    question,
    refused,
    repaired,
    replaced,
    reshipped,
    says,
    sent_back,
    submit,
    tagged,
    taken,
    ticks,
    titled,
    topped_up,
    withdrawn,
)
from returns.management.sample.chat import chats
from returns.management.sample.complaints import (
    at_fault,
    complains,
    content,
    decided_above,
    handed_up,
    heard,
    helped,
    kept,
    learnt,
    planned,
    sorry_by_phone,
)
from returns.management.sample.mail import writes
from returns.management.sample.orders import Bought
from returns.management.sample.papers import answers_with_report


@dataclass(frozen=True, slots=True)
class Story:
    bought: Bought
    steps: tuple[tuple[float, Step], ...]


STORIES: tuple[Story, ...] = (
    # --- Waiting for the shop's decision ---
    Story(
        Bought((("SY-SHIRT-01", 1), ("SY-SOCK-01", 2)), 60, discount=2000),
        ((3, submit("wrong_choice.size", "平时穿 M，这件肩膀有点紧，想换大一码或者退。")),),
    ),
    Story(
        Bought((("SY-KETTLE-01", 1),), 100),
        (
            (26, submit("not_working", "插电后底座灯亮，但水壶不加热，换了插座也一样。", proof=True)),
            (25, taken()),
            (24, notes("同批次本周第二例，已提醒仓库留样。")),
            (23, tagged("同批次", "待留样")),
            (22.6, ticks("请顾客换插座再试")),
            (22.5, filled_in(fault="no_heat", serial="SY2610-0427")),
            (22, of_a_batch("恒温电水壶插电不加热", "2026-10 批次")),
        ),
    ),
    Story(
        Bought((("SY-KNIT-01", 1),), 30),
        ((1, submit("photo_mismatch", "实物颜色比页面深很多，像咖啡色。", proof=True)),),
    ),
    Story(
        Bought((("SY-TEASET-01", 1),), 20),
        ((5, submit("carrier_damage", "打开时两个杯子已经碎了，外箱有一角凹进去。", proof=True)), (4, taken())),
    ),
    # --- Waiting for the customer ---
    Story(
        Bought((("SY-BOOT-02", 1),), 200),
        (
            (50, submit("poor_workmanship", "鞋底有点开胶。")),
            (49, taken()),
            (48, asks("麻烦拍两张照片：一张鞋底开胶的地方，一张鞋盒标签。收到后我们马上处理。")),
        ),
    ),
    Story(
        Bought((("SY-DOWN-02", 1),), 120),
        ((70, submit("preference", "家人觉得款式不适合。")), (66, approved())),
    ),
    Story(
        Bought((("SY-LAMP-01", 1),), 150),
        (
            (100, submit("flaw", "灯臂上有一道划痕。")),
            (98, asks("请补一张划痕的照片。")),
            (90, gives("照片已上传，在灯臂靠近底座的位置。")),
            (80, approved()),
        ),
    ),
    # --- On the way, and in the warehouse ---
    Story(
        Bought((("SY-WALK-02", 1),), 140),
        ((96, submit("wrong_choice.size", "41 偏大。")), (92, approved()), (40, sent_back())),
    ),
    Story(
        Bought((("SY-SHEET-01", 1),), 160),
        ((120, submit("preference")), (118, approved()), (80, sent_back()), (10, arrived())),
    ),
    Story(
        Bought((("SY-PACK-01", 1),), 180),
        (
            (140, submit("flaw", "侧袋拉链拉到一半就卡住。", proof=True)),
            (136, approved()),
            (90, sent_back(1500)),
            (20, arrived()),
            (6, counted()),
        ),
    ),
    # --- Money ---
    Story(
        Bought((("SY-SHIRT-03", 2),), 190, discount=1000),
        (
            (150, submit("wrong_choice.colour", quantity=1)),
            (146, approved()),
            (100, sent_back()),
            (30, arrived()),
            (26, counted()),
            (4, inspected()),
        ),
    ),
    Story(
        Bought((("SY-QUILT-02", 1),), 220),
        (
            (170, submit("not_as_described.material", "吊牌写的蚕丝含量和页面不一样。", proof=True)),
            (160, taken()),
            (158, approved()),
            (120, sent_back(2600)),
            (50, arrived()),
            (40, counted()),
            (28, inspected("opened", "supplier", note="吊牌含量与详情页不一致，属实。")),
            (5, first_release()),
        ),
    ),
    # A repair, in the shop's own workshop
    Story(
        Bought((("SY-KETTLE-02", 1),), 800),
        (
            (330, submit("fault_in_use", "用了三周，温控不准，烧到一半就跳。想修好继续用。", kind="repair", proof=True)),
            (326, approved()),
            (280, sent_back(1400)),
            (220, arrived()),
            (216, counted()),
            (200, inspected("damaged", "repair", note="通电两分钟即跳断，与描述相符。", cause="manufacturer")),
            (100, repaired("温控器触点氧化，已更换并试机三次。", "温控器 T-125")),
            (60, reshipped()),
        ),
    ),
    Story(
        Bought((("SY-HUMID-01", 1),), 520),
        (
            (500, submit("not_working", "开机有异响，不出雾。", proof=True)),
            (498, approved()),
            (450, sent_back(1800)),
            (400, arrived()),
            (395, counted()),
            (390, inspected("damaged", "supplier", note="雾化片不工作，非人为。", cause="shop")),
            (388, paid()),
            (380, freight_proof()),
        ),
    ),
    Story(
        Bought((("SY-NUT-01", 2),), None, "shipped", TrackingStatus.LOST_SUSPECTED),
        (
            (75, submit("carrier_loss", "物流一周没动，快递说可能丢了。", quantity=2)),
            (72, taken()),
            (70, approved()),
            (66, paid()),
        ),
    ),
    # --- Exchanges ---
    Story(
        Bought((("SY-BOOT-01", 1),), 90),
        ((20, submit("wrong_choice.size", "想换 39 码。", kind="exchange", wanted="SY-BOOT-02")), (16, approved())),
    ),
    Story(
        Bought((("SY-SHIRT-02", 1),), 200),
        (
            (160, submit("wrong_item.size", "订的是 L，收到的是 M。", kind="exchange", wanted="SY-SHIRT-02", proof=True)),
            (158, approved()),
            (120, sent_back(1200)),
            (40, arrived()),
            (36, counted()),
            (8, inspected(note="吊牌为 M，发货错误。", cause="shop")),
        ),
    ),
    Story(
        Bought((("SY-KETTLE-02", 1),), 210),
        (
            (170, submit("preference", "想换成台灯，差价我补。", kind="exchange", wanted="SY-LAMP-02")),
            (168, approved()),
            (130, sent_back()),
            (60, arrived()),
            (56, counted()),
            (50, inspected()),
        ),
    ),
    Story(
        Bought((("SY-WALK-01", 1),), 480),
        (
            (450, submit("wrong_choice.size", kind="exchange", wanted="SY-WALK-02")),
            (447, approved()),
            (400, sent_back()),
            (350, arrived()),
            (346, counted()),
            (340, inspected()),
            (320, reshipped()),
            (260, replaced()),
        ),
    ),
    Story(
        Bought((("SY-TEASET-02", 1),), 230),
        (
            (190, submit("preference", "换成龙井，差价补给你们。", kind="exchange", wanted="SY-TEA-01")),
            (188, approved()),
            (150, sent_back()),
            (80, arrived()),
            (76, counted()),
            (70, inspected()),
            (66, topped_up()),
            (30, reshipped()),
        ),
    ),
    # --- Refused, contested, ended ---
    Story(
        Bought((("SY-CREAM-01", 1),), 700),
        (
            (120, submit("preference", "味道不喜欢，已经用了一支。")),
            (110, taken()),
            (
                100,
                refused(
                    "签收已超过七天，且礼盒已开封使用，不在无理由退货范围内。",
                    "《消费者权益保护法》第二十五条",
                    "可以为您申请一张 20 元优惠券，下次购买可用。",
                ),
            ),
            (60, contested("页面没有写开封不能退，我要求重新处理。")),
        ),
    ),
    Story(
        Bought((("SY-CASE-01", 1),), 260),
        (
            (220, submit("flaw", "箱角有磕碰。", proof=True)),
            (215, approved()),
            (170, sent_back()),
            (100, arrived()),
            (96, counted()),
            (
                48,
                inspected(
                    "used",
                    "send_back",
                    note="轮子有明显使用磨损，箱体贴有托运行李条，不是到货时的状态。",
                    accepted=False,
                    clause="《网络购买商品七日无理由退货暂行办法》第八条",
                ),
            ),
        ),
    ),
    Story(
        Bought((("SY-WOK-01", 1),), 130),
        ((110, submit("preference")), (105, approved()), (90, withdrawn())),
    ),
    # --- Questions ---
    Story(
        Bought((("SY-TEA-01", 1),), 50),
        (
            (30, question("茶叶保质期到什么时候？想送人。")),
            (29, taken()),
            (28, answers("您好，这一批是今年 4 月 2 日生产的，保质期 18 个月，罐底有日期。送礼可以放心。")),
            (27, says("好的，谢谢！能发一份质检报告吗？")),
            (26.9, promises("今天内把这一批的质检报告发到邮箱", hours=6)),
            (26.5, answers_with_report("您好，质检报告在附件里，请查收。")),
            (26.4, keeps_promises()),
            (26, done()),
        ),
    ),
    # --- By mail ---
    Story(
        Bought((("SY-KNIT-01", 1),), 70),
        (
            (22, writes("毛衣起球", "您好，订单 {number} 的毛衣穿了两次袖口就起球了，能处理一下吗？")),
            (21, taken()),
            (20, answers("您好，给您添麻烦了，对不起。请问洗过几次、怎么洗的？直接回复本邮件就可以，我们今天内给您方案。")),
            (19.9, promises("当天给出起球的处理方案", hours=8)),
            (
                4,
                writes(
                    "Re: 毛衣起球",
                    "只洗过一次，手洗的，没有甩干。\n\n2026年11月27日 山野生活 写道：\n> 请问洗过几次、怎么洗的？",
                    goes_on=True,
                ),
            ),
        ),
    ),
    Story(
        Bought((("SY-HUMID-01", 1), ("SY-TOWEL-02", 1)), None, "shipped", TrackingStatus.OUT_FOR_DELIVERY),
        (
            (
                6,
                chats(
                    "能改成周六送吗？工作日家里没人。小区的收货时间发您看一下。",
                    file="小区收货时间.txt",
                    holds="工作日 18:30 以后，周末全天。快递柜已停用，大件请先打电话。\n",
                ),
            ),
            (5.5, answers_with("same-day")),
            (5, notes_order("客户希望周六送货。")),
            (4.9, asks_manager("快递说最早周日，能不能先答应顾客周日上午？")),
            (4, titled("改约周六送货", 2)),
            (3.5, chats("好的，那我等您消息。周日上午也可以。")),
            (3, awaits("carrier", "已联系网点改约，等回复", days=1)),
            (2.5, promises("周日上午送到；送不到当天退运费", hours=30)),
            (2, begins("您好，让您久等了，网点回复周日上午可以送，")),
        ),
    ),
    # --- Complaints, one in each class ---
    Story(
        Bought((("SY-KETTLE-01", 1),), 150),
        (
            (
                120,
                complains(
                    "guarantee-refused",
                    "水壶用了两个月不加热，你们客服让我自己找厂家，厂家又说找你们，来回三次没人管。",
                    "换一个能用的，别再推来推去。",
                ),
            ),
            (119.9, content("before", 1)),
            (119.5, taken()),
            (119, sorry_by_phone("先生您好，让您来回折腾，我先代表店铺向您道歉。")),
            (
                118,
                heard(
                    "水壶用了两个月不加热。第一次问客服让找厂家，厂家说找经销商，第二次客服没回，第三次说过了七天。",
                    problem="三次都被推走，没有人认账",
                    aim="当场换新，并且有一个人负责到底",
                ),
            ),
            (117, at_fault("shop", "客服三次答复均未按保修政策处理")),
            (116.5, planned("保修换新，由本店承担来回运费", promise="两天内寄出新水壶并承担来回运费", days=2, cost=2000)),
            (116, answers("再次向您道歉。新水壶两天内寄出，来回运费我们承担，由我负责到底。")),
            (90, kept()),
            (60, content("after", 5)),
            (58, learnt("保修问题没有标准答复，客服习惯让顾客找厂家", "保修问题统一由本店受理，答复模板已更新并培训", days=10)),
            (57, done()),
        ),
    ),
    Story(
        Bought((("SY-TEASET-01", 1),), 40),
        (
            (30, complains("damaged-in-transit", "茶具是送长辈的，打开碎了三个杯子，后天就要用！", "后天之前给我一套好的。")),
            (29.9, content("before", 2)),
            (29.5, taken()),
            (29, answers("非常抱歉，让您在要紧的时候遇到这种事。我们马上核实，今天就给您答复。")),
            (
                28,
                heard(
                    "茶具碎了三个杯子，外箱有压痕。后天长辈生日要送。",
                    problem="担心赶不上后天的生日",
                    aim="后天之前收到完整的一套",
                ),
            ),
            (27.5, at_fault("carrier", "外箱有明显压痕，签收照片可见；已向快递公司索赔")),
            (27, helped("今天先从门店寄出一套全新茶具，不等快递索赔结果")),
            (26.5, planned("补寄全新一套，碎的不用寄回", promise="明天内送达一套全新茶具", days=2)),
        ),
    ),
    Story(
        Bought((("SY-DOWN-02", 1),), 90),
        (
            (50, complains("service-attitude", "问尺码问了三遍，客服回我“自己看详情页”，什么态度！")),
            (49, sorry_by_phone("对不起，是我们的回复让您不舒服了。")),
            (
                48,
                heard(
                    "问尺码三遍被回“自己看详情页”。要求赔十倍，否则给差评。",
                    problem="觉得被轻视",
                    aim="要求赔付十倍货款",
                ),
            ),
            (47, at_fault("shop", "聊天记录属实，语气生硬")),
            (46.8, handed_up("lead", "顾客要求十倍赔付，超出客服权限", days=1)),
            (46.4, decided_above("已电话致歉，可补 30 元优惠券；顾客不接受，同意提交平台")),
            (46, handed_up("platform", "已致歉并提出补偿，顾客坚持十倍赔付并以差评相要挟", days=4)),
        ),
    ),
    Story(
        Bought((("SY-KNIT-01", 1),), 20),
        (
            (2, complains("not-as-described", "页面写的是羊毛，水洗标写的是腈纶，这不是骗人吗？", "给个说法，退货运费你们出。")),
            (1.5, handed_up("lead", "同款在售二十多件，页面成分是否下架需要主管定", days=1)),
        ),
    ),
)  # fmt: skip
