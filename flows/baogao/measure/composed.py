"""Composed names: what a value is of where no stretch of the text names it alone.

In: folded words around a number, and what the sentence has named so far. Out: a name out of two parts, or None. Never: a canonical identifier.
"""

from __future__ import annotations

import re

# What projects and places have: their name stands before, or after with 的.
_ATTRIBUTE = re.compile(r"(?:计划|概算)?(?:总投资额?|总?产值|(?:主营业务|营业|销售)收入|投资额|总规模|总面积|总?建筑面积|占地面积|占地|总长度?|全长|总里程|年产值|设计产能)")
_OWNER = re.compile(r"(?:项目|工程|产业链?|集群|基地|园区|中心|产业园|公路|铁路|高速|医院|学校|水库|电站|企业)$")
# What is done with them is no part of their name.
_ACTED = re.compile(r"^(?:(?:谋划|储备|引进|签约|实施|推进|开工|建设|新开工|新建|续建|落地|完成|安排)+)(?=[\u3400-\u9fff]{3})")
_OF_NOUN = re.compile(
    r"^的(?P<noun>[\u3400-\u9fffA-Za-z“”·()]{2,30}?)(?=主体|竣工|开工|建成|落地|签约|投产|启动|完工|正式|顺利|全面|加快|基本|成功|相继|正在|实现|完成|[,。;、!]|$)"
)
# What is done with investment and the like is part of its name where the one that does it stands before: 省级重点项目完成投资.
_DONE = re.compile(r"^(?P<name>(?:完成|实现)(?:投资|产值|税收|利润|营业收入|销售收入|销售额|交易额|主营业务收入))(?:额)?$")
# The noun that a part is of, and what the part does or has: 三分之二以上的乡镇 | 通达四级公路, 98%以上事项 | 实现“最多跑一次”.
_PART = re.compile(
    r"^\s?(?:及?以上|左右|多)?的?(?P<noun>[\u3400-\u9fffA-Za-z“”·]{0,16}?)"
    r"(?P<does>(?:实现|达到|完成|通达|用于|投入|投向|惠及|享受|纳入|建成|参加|接入|覆盖|来自|使用|采用|拥有|配备|开展|通过|集中|获得|享有|建立|设立|就读|升入|设有|建有|有(?!效|望|力|序|所|关|机|限|色|用))[^,。;!?:]{2,24})(?=[,。;!?]|$)"
)
_ACHIEVED = re.compile(r"^(?:实现|达到|完成)(?:了)?")
_SPENDING = re.compile(r"^(?:用于|投入|投向)(?:保障和改善|保障|改善)?(?P<on>[\u3400-\u9fff]{2,8}?)(?:领域|事业|方面|改善)?$")
_AMONG = re.compile(r"(?P<whole>[\u3400-\u9fff]{2,16})中$")


def of_following(name: str, following: str) -> tuple[str, int] | None:
    """The name with its owner behind the number, and how many characters of what follows belong to it.

    >>> of_following("总投资", "的人民医院整体搬迁项目主体完工,")
    ('人民医院整体搬迁项目总投资', 11)
    """
    found = _OF_NOUN.match(following) if _ATTRIBUTE.fullmatch(name) else None
    return (found["noun"] + name, found.end("noun")) if found else None


def of_owner(name: str, stretch: str, owner: str) -> str | None:
    """The name with its owner before it in the sentence; `stretch` is the name as written.

    >>> of_owner("总投资", "总投资", "重点项目"), of_owner("投资", "完成投资", "省级重点项目"), of_owner("投资", "投资", "省级重点项目")
    ('重点项目总投资', '省级重点项目完成投资', None)
    """
    if not _OWNER.search(owner):
        return None
    done, owner = _DONE.match(stretch), _ACTED.sub("", owner)
    return owner + (done["name"] if done else name) if done or _ATTRIBUTE.fullmatch(name) else None


def part_of(following: str) -> tuple[str, int] | None:
    """What a share without a name before it is the share of, out of the noun behind it and what that does.

    >>> part_of("以上的乡镇通达四级公路,"), part_of("以上行政村实现集中供水,"), part_of("财政支出用于民生。")
    (('通达四级公路乡镇占比', 11), ('集中供水行政村占比', 11), ('民生支出占财政支出比重', 8))
    >>> part_of("以上惠及民营企业。")
    ('惠及民营企业占比', 8)
    """
    found = _PART.match(following)
    if not found:
        return None
    noun, does = found["noun"], found["does"]
    spent = _SPENDING.match(does) if re.search(r"支出|财力|资金|收入$", noun) else None
    return (f"{spent['on']}支出占{noun}比重" if spent else f"{_ACHIEVED.sub('', does)}{noun}占比"), found.end()


def share_among(name: str, clause: str) -> str | None:
    """The share of one thing in another that the clause before names.

    >>> share_among("制造业贷款占比", "新增贷款中")
    '制造业贷款占新增贷款比重'
    """
    found = _AMONG.search(clause) if name.endswith("占比") else None
    return f"{name.removesuffix('占比')}占{found['whole']}比重" if found else None
