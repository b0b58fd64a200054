"""Who agreed to what in the sample, care plans, gifts, a referral, a tier above the regulars, and what came of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from aftersales.kernel import clock
from aftersales.kernel.money import Money
from customers.actions.birthdays import note_birthday
from customers.actions.care.counting import count_standings
from customers.actions.care.planning import HOUR, plan_care
from customers.actions.care.scoring import score_people
from customers.actions.consents import give_consent, withdraw_consent
from customers.actions.gifts import give_gift, send_gift
from customers.actions.referrals import note_referral
from customers.actions.testimonials import keep_testimonial, publish_testimonial
from customers.actions.tiers.counting import count_tiers
from customers.models import CarePlan, Order, Person, Review, Segment, Tier
from returns.management.sample.cast import Cast

_DAY = dt.timedelta(days=1)
_PLANS = (
    (
        "生日问候", "birthday", 0,
        "{name}，生日快乐", "{name}您好：\n今天是您的生日，{shop}全体同事祝您身体健康、万事顺意。不必回复。",
        "Happy birthday, {name}", "Dear {name},\nall of us wish you a happy birthday and a good year. No need to answer.",
    ),
    (
        "首单周年致谢", "anniversary", 0,
        "一年了，谢谢您", "{name}您好：\n{date}是您第一次在{shop}下单的日子，谢谢您一路信任。有任何不顺手，随时告诉我们。",
        "Thank you for another year", "Dear {name},\n{date} was the day of your first order with us. Thank you for your trust.",
    ),
    (
        "质保到期前提醒", "warranty", -14,
        "质保快到期了", "{name}您好：\n您的{goods}（订单 {order}）质保将于{date}到期。若有毛病，请在到期前告诉我们。",
        "A warranty ends soon", "Dear {name},\nthe warranty of {goods} (order {order}) ends on {date}.",
    ),
    (
        "久未购买的问候", "silence", 180,
        "好久不见，{name}", "{name}您好：\n半年没见您来了，之前买的还好用吗？有不满意的地方请直接告诉我们。",
        "It has been a while, {name}", "Dear {name},\nis what you bought still serving you well? If not, tell us.",
    ),
    (
        "老主顾走远前的问候", "silence", 60,
        "{name}，最近还好吗", "{name}您好：\n您是我们的老主顾，两个月没见您了。若有哪里让您不满意，请直接告诉我们，我们一定改。",
        "How have you been, {name}?", "Dear {name},\nyou have bought from us often. If anything displeased you, tell us.",
    ),
    (
        "推荐致谢", "referral", 0,
        "谢谢您推荐我们", "{name}您好：\n您推荐的朋友来{shop}买东西了，谢谢您的信任。我们一定好好招待。",
        "Thank you for recommending us", "Dear {name},\nsomebody came to us because of you. Thank you for your trust.",
    ),
)  # fmt: skip
_SMS = {
    "生日问候": (
        "生日快乐，祝您身体健康、万事顺意。拒收请回复R",
        "Happy birthday, and a good year to you. Reply R to stop",
    )
}
_OF_SEGMENTS = {"老主顾走远前的问候": ("at-risk", "cannot-lose")}


def make_keeping(orders: list[Order], cast: Cast, now: dt.datetime, do_due: Callable[[dt.datetime], None]) -> None:
    """Consents with their proof, birthdays around today, and the nights of the last four days as they would have been."""
    today, people = clock.shop_date(now), list({order.person_id: order.person for order in orders}.values())[:12]
    with clock.fixed(now - 20 * _DAY):
        for name, occasion, days, subject_zh, text_zh, subject_en, text_en in _PLANS:
            sms_zh, sms_en = _SMS.get(name, ("", ""))
            plan = CarePlan.objects.create(
                name=name, occasion=occasion, days=days, subject_zh=subject_zh, text_zh=text_zh,
                subject_en=subject_en, text_en=text_en, sms_zh=sms_zh, sms_en=sms_en, active=True,
            )  # fmt: skip
            plan.segments.set(Segment.objects.filter(key__in=_OF_SEGMENTS.get(name, ())))
        for number, person in enumerate(people):
            birthday = today + (number - 3) * _DAY  # three have just had theirs, the others have it soon
            note_birthday(
                person.pk, month=birthday.month, day=birthday.day, source="旺旺聊天，顾客自己说的", actor=cast.agent
            )
            for purpose in ("occasions", "goods", "news")[: 1 + number % 3]:
                give_consent(person.pk, purpose=purpose, proof="旺旺聊天：可以，发吧", actor=cast.agent)
    _make_gold()
    with clock.fixed(now - 3 * _DAY):
        _make_gifts(people, cast)
        if len(people) > 6:
            source = "旺旺聊天：朋友介绍来的，报了编号"
            note_referral(people[6].pk, by_ref=people[5].ref, how="code", source=source, actor=cast.agent)
            _make_testimonial(people[6], cast)
    if len(people) > 4:
        with clock.fixed(now - 5 * _DAY):  # somebody has thought better of it
            withdraw_consent(people[2].pk, purpose="occasions", proof="来电：不要再发了", actor=cast.agent)
    for day in (today - number * _DAY for number in reversed(range(4))):
        if day == today - _DAY:  # the manager has lowered what it takes, so that somebody rises in the night
            Tier.objects.filter(key="gold").update(spent_from_minor=60_000)
        for hour in (dt.time(3), HOUR):
            at = dt.datetime.combine(day, hour, clock.shop_zone()).astimezone(dt.UTC)
            if at > now:
                continue
            with clock.fixed(at):
                if hour != HOUR:
                    count_standings(at)
                    score_people(at)
                    count_tiers(at)
                    plan_care(at)
                do_due(at)


def _make_gold() -> None:
    """A tier above the regulars."""
    Tier.objects.create(
        key="gold", name_zh="金卡会员", name_en="Gold", level=2, spent_from_minor=120_000, within_days=365, is_first=True,
        gives_zh="优先处理；上门取件免运费", gives_en="Handled first; free collection at home",
    )  # fmt: skip


def _make_testimonial(person: Person, cast: Cast) -> None:
    """Somebody likes to be quoted, and the manager has put the words on the shop's page."""
    said = "电话回访，顾客同意引用"
    give_consent(person.pk, purpose="quoted", proof=said, actor=cast.agent)
    kept = keep_testimonial(
        person.pk,
        text="爬了三座山，鞋底还像新的；有问题客服当天就回。",
        shown_as="一位爬山的老师",
        source=said,
        actor=cast.agent,
    )
    publish_testimonial(kept.pk, place="店铺首页“顾客说”", actor=cast.manager)


def _make_gifts(people: list[Person], cast: Cast) -> None:
    """One that was sent with a card, one that waits for the manager; to nobody whose review is unanswered."""
    writers = set(Review.objects.to_settle().values_list("person_id", flat=True))
    thanked = [person for person in people if person.pk not in writers][3:5]
    if len(thanked) < 2:
        return
    card = give_gift(
        thanked[0].pk, what="手写感谢卡和一包茶", why="维修多等了一周，一直很体谅", cost=Money(1_500), way="parcel",
        actor=cast.agent,
    )  # fmt: skip
    send_gift(card.pk, actor=cast.agent)
    give_gift(
        thanked[1].pk, what="登山杖一副", why="反馈搭扣设计问题，下一批已改进", cost=Money(16_800), way="parcel",
        actor=cast.agent,
    )  # fmt: skip
