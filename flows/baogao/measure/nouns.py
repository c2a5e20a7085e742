"""Nouns behind numbers: 3000个行政村, 47亿元专项补助资金, 25万吨煤基乙烯聚合物项目.

In: the folded words that follow a number. Out: the noun and how many characters it takes, or None. Never: the words before the number, but for a verb handed in.
"""

from __future__ import annotations

import re

_AFTER = re.compile(r"^(?:的)?(?P<noun>[\u3400-\u9fffA-Za-z“”·]{1,24}?)(?=[,。;、!?:()]|$|\d)")
# 80个乡镇近300万群众: what begins the next number, or says how something was done, is no part of the noun.
_TAIL = re.compile(r"(?:近|约|超|逾|共|超过|和|及|与|全面|高效|首次|成功|率先|如期|同步|(?<=.)全|(?<=.)(?<![高初完])中)$")
# Where the predicate begins after a noun that follows its number: 9件民生实事 | 全部兑现. Those of the last lines begin nouns as well: 20个县 | 深化…一体化.
_PREDICATE = re.compile(
    r"分别|均|都|全部|实现|达到|完成|投入|建成|竣工|开工|落地|惠及|增长|通过|支撑|成为|得到|获|被|纳入|入选|新入|主体|顺利|已|正|加快|基本|超额|稳步|投产|启动|办结|兑现|就业|有"
    r"|通达|到位|荣获|签约|入驻|并网|接受|用于|亮相|列为|列入|上榜|跻身|落户|登陆|参与|参加|写入|揭牌|挂牌|运营|运行|立项|开放|启用|上市|享受|受益|脱贫|摘帽|退出|返乡|搬迁|投用|投运|贯通"
    r"|通车|通航|封顶|合龙|开馆|开园|开业|量产|下线|交付|首飞|达产|复工|开通|覆盖|跑出|走出|走向|发展|拥有|升级|转型|晋级|晋升|跃居|位居|提前|位列|入围|进入|获评|选择|提档|升规|开展|实施"
    r"|承担|建立|居全|突破|超过|增至"
    r"|(?<=.)(?:深化|细化|下放|进行|赴|前往|迈向|(?<!达)到(?!期|会|站|岗|位|户|村)|从事|担任|挂钩|包联|结对|受灾|动态清零|升格|增加(?!值)|减少|出台|施行|实行)"
)
# How far what is counted has come is part of its name: 3500个拟竣工投产项目.
_ADVERBS = frozenset({"稳定", "顺利", "全部", "首次", "成功", "如期", "整体", "直接", "就近", "就地"})
_STATE = re.compile(r"(?:计划)?[拟待已新在](?:[开竣完]工|[投达]产|建成|续建|建设|签约|入库|认定|获批)*")
# What is counted did or had done something, and its name follows: 47家升级建设的中心卫生院.
_RELATIVE = re.compile(r"[\u3400-\u9fff]{2,6}的(?=[\u3400-\u9fff]{2})")
_QUOTED = re.compile(r"“[^“”]*”")
# What is said of the noun in quotation marks: 187项高频政务服务事项“跨境通办”. After 级, 型 and the like they hold the noun itself.
_SAID_OF = re.compile(r"(?<=[^级型式批类个性的区市省县国])“[^“”]+”$")
# An amount of what is counted is of the next number: 7条重点产业链产值突破7000亿元.
_AMOUNT_OF = re.compile(r"(?<=[\u3400-\u9fff]{2})(?:总?产值|总投资|(?:主营业务|营业|销售)收入)$")
# What begins so is no noun: the clause goes on.
_GOES_ON = re.compile(
    r"(?:增加|减少|提[高升]|下降|降低|上升|扩大|缩[短小]|发展|同比|比|较|其中|总|年均|日均|人均|平均|一次性|次|创|新增|累计|来|从|由|在(?!建|校|册|园|职|岗|编|读)|为|将|被|与|和|及|并|或|全面|大关|以|按|经|共(?!建|享|同)"
    r"|分|使|让|给|向|对|不|再|也|还|才|仅|各|每|同|多|余|后|前|中|内|外|间|起|[千百万]*亿元?级?(?:台阶|大关))"
)
_MULTITUDE = re.compile(
    r"(?:的)?(?P<noun>[\u3400-\u9fff]{0,8}?(?:人口|群众|人民|居民|农民工?|职工|学生|在校生|毕业生|老年?人|儿童|妇女|劳动力|残疾人|农牧?户|牧户|家庭|干部|党员|市民|游客|人员|婴幼儿|患者|旅客|劳动者|师生|贫困户"
    r"|青年|教师|医生|用户|企业|个体工商户|市场主体|经营主体))"
)
_DOING = re.compile(r"^(?P<does>[\u3400-\u9fff]{2,8})(?=[,。;、!]|$)")
_ANY = re.compile(
    r"^(?:以上|左右)?(?:的)?(?P<noun>[\u3400-\u9fff]{2,12}?)(?=[赴在为到将被把从对向都已未没能可]|接受|解决|进行|参加|通过|降[至到]|升[至到]|超过|占|[,。;、!“\d])"
)
_SIZED = re.compile(r"^(?:的)?(?P<noun>[\u3400-\u9fffA-Za-z“”·]{2,24}?(?:项目|工程|装置|生产线|基地|电站|电厂|机组|码头|水库|产线|仓库|厂房))")
_KINDS_OF_MONEY = "国债|投资|贷款|债券|专项债|资金|税收|产值|订单|补贴|补助|奖励|消费券|授信|融资|预算"
_MONEY = re.compile(rf"^(?:的)?(?P<noun>{_KINDS_OF_MONEY})|^(?:的)?(?P<whole>[\u3400-\u9fff]{{2,8}}?(?:{_KINDS_OF_MONEY}))(?=用于|支持|重点|[,。;、!]|$)")


def of_count(name: str, following: str) -> tuple[str, int] | None:
    """The name that follows a count, and how many of the following characters it takes; `name` is the verb before (新建 of 新建3所学校)."""
    match = _AFTER.match(following)
    if not match:
        return None
    noun = match["noun"]
    # No verb of a quoted name is one of the clause.
    plain = _QUOTED.sub(lambda quoted: "“" + "_" * (len(quoted.group()) - 2) + "”", noun)
    state = _STATE.match(plain)
    begins = state or _RELATIVE.match(plain)
    if predicate := _PREDICATE.search(plain, begins.end() if begins else 0):
        noun = _AMOUNT_OF.sub("", noun[: predicate.start()])
    noun = _SAID_OF.sub("", _TAIL.sub("", noun))
    if noun in _ADVERBS:
        return None  # 29100人稳定脱贫
    return (name + noun, match.start("noun") + len(noun)) if noun else None


def of_begun_clause(following: str) -> tuple[str, int] | None:
    """The noun of a count whose own clause has begun already: 共建重点项目 of …领域320个共建重点项目完成投资. None where a predicate or the next number follows."""
    match = _AFTER.match(following)
    if not match or (following[match.end() : match.end() + 1].isdigit() and not (_PREDICATE.search(match["noun"]) or _TAIL.search(match["noun"]))):
        return None
    found = of_count("", following)
    return found if found and len(found[0]) > 1 and not _GOES_ON.match(found[0]) else None


def of_multitude(following: str) -> tuple[str, int] | None:
    """The people that a number without a unit counts: 下岗职工 of 600多万下岗职工实现了再就业."""
    match = _MULTITUDE.match(following)
    return (match["noun"], match.end()) if match else None


def of_people(following: str) -> tuple[str, int] | None:
    """What those that are counted do, where no noun says who they are: 进城落户 of 1600万人进城落户."""
    match = _DOING.match(following)
    return (match["does"], match.end()) if match else None


def of_any(following: str) -> str | None:
    """The noun that follows a number, whatever comes after it: 中小学生 of 8.6万余名中小学生赴疆外参加."""
    match = _ANY.match(following)
    return match["noun"] if match else None


def of_size(following: str) -> tuple[str, int] | None:
    """The project that a size is of: 煤基乙烯聚合物项目 of 25万吨煤基乙烯聚合物项目投产."""
    match = _SIZED.match(following)
    return (match["noun"], match.end()) if match else None


def of_money(name: str, following: str) -> tuple[str, int] | None:
    """The noun of money that completes a name, 投资 of 年度重点项目112亿元投资, or is one: 专项补助资金 of 47亿元专项补助资金."""
    match = _MONEY.match(following)
    return (match["whole"] or name + match["noun"], match.end()) if match else None
