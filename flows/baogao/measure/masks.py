"""Masks: spans that hold digits or numerals and are no values.

In: folded text. Out: spans. Never: a period; those are found first, by periods.
"""

from __future__ import annotations

import re

_CN = "一二三四五六七八九十百千万两〇零"
# Each pattern with what it is for. The order does not matter: every match is masked.
_PATTERNS: tuple[str, ...] = (
    r"[a-z]+://[^\s,。;]+|www\.[^\s,。;]+|/[\w/.-]+\.s?html?",  # addresses
    r"(?:^|(?<=[\n。;:!?]))\s*[(\[]?\d{1,2}(?:[)\]]\s*[.、]?|、|\.(?!\d)|\.(?=\d{4}年))",  # list marks: 1. (1) 3、 1.2024年
    r"[①-⑳⑴-⒇⒈-⒛]|\[\d{1,3}\]",  # circled numbers, notes
    r"“[^“”]{1,12}”(?=\S{0,6})",  # code names: “543”, “三比三争”, “四上”
    r"《[^》]{1,60}》",  # titles of documents
    r"PM\s?(?:2\.5|10)|R&D|C919|[A-Za-z]+[-—]?\d+(?:\.\d+)?(?:[A-Za-z]+)?(?![\d.]*[%亿万])",  # names with digits: PM2.5, M2, G108, C919
    r"\d[GDAaVB](?![A-Za-z])(?!W)|\d{2,3}[A-Z](?![A-Za-z])",  # 5G, 4A, 3D
    r"\d+·\d+(?!\s?(?:[%‰倍元人吨亩万亿]|个百分点|公里))|\d+(?:\+[\dNnXx]+)+|\d+\s?[×xX]\s?\d+(?:\s?小时)?|(?<![\d.:])\d{1,2}:\d{2}(?![\d.:])",  # 11·15, 1+2+4+N, 7×24, 9:30
    r"(?<!\d)(?:12345|12315|12333|8890|110|119|120|122|996|985|211)(?=热线|平台|报警|工程|高校|大学|服务)",
    rf"第[{_CN}\d]++(?!位|名)(?:届|次|期|批|轮|季度|季|产业|个|代|条|章|方阵|梯队|档次|档|阶段|书记|时间|部分|三方|一|二|三|四|五|)",  # ordinals
    rf"[{_CN}\d]+(?:周年|届|中全会|国道|省道|本(?=以上|达线)|类(?=水|(?<!\d类)以上|地|城市|县)|线(?=城市)|级(?=公路|医院|甲等|地震|以上|景区|响应|书记|联动|网络|干部|政府|党委)|产(?=增加|融合|业)|号线|号楼|时代|分法|维|农(?!户|民|村|牧|业|机|产|田|作|技)|牌(?!子))",
    rf"[二三四五]甲|[ⅠⅡⅢⅣⅤ]+类|[{_CN}](?:二|三)产",
    rf"(?:为期|历时|连续|持续|今后|未来|未来的|过去|过去的|近|前|后|头|用|经过)?[{_CN}\d]+(?:个)?年(?:行动|计划|规划|攻坚|目标|任务|方案|大提升|提升|倍增|整治|磨一剑|如一日|大庆|老|期|制|一遇|禁渔|以上)",
    rf"[{_CN}\d]++年内",
    r"\d+分钟(?=.{0,6}(?:圈|城市|生活|通勤|便民|健身|医疗|应急|救援|出行))|\d+小时(?=.{0,4}(?:圈|经济|达|服务|营业|在线|不打烊|通勤))",
    r"(?:连续|持续)\d+(?:[—-]\d+)?(?:个)?(?:年|届|次|季度|月|个月)|(?:连续|持续)[一二两三四五六七八九十]+(?:个)?(?:年|届|次|季度|月)",  # durations
    # Thresholds inside names: 亿元以上项目, 产值超10亿元企业, 千亿级产业, 4600元以下贫困人口.
    rf"(?:超|过|达)?(?:\d+(?:\.\d+)?|[{_CN}]*)(?:万|千万|百万|亿|十亿|百亿|千亿|万亿)元?(?:级|以上|以下)(?:的)?(?=[^\d,。;、%]{{0,12}}(?:项目|企业|产业|集群|园区|工程|镇|村|县|街|楼宇|单位|订单|税收|商圈|市场|平台|人口|工厂|基金|投资|俱乐部|大市|强|重大|城市|板块|链))",
    rf"(?:超|过)(?:\d+(?:\.\d+)?|[{_CN}]+)(?:万|千万|百万|亿|十亿|百亿|千亿)?元(?:的)?(?=企业|项目|产业|园区|村|镇|集群|楼宇)",
    r"\d+(?:\.\d+)?万?元以[上下](?=(?:的|且)?(?:贫困|低收入|有劳动能力|脱贫))|\d+(?:\.\d+)?(?:公里|米)(?:范围)?(?:以内|之内|内)(?=换乘|[^,。;、]{0,8}(?:半径|覆盖率))|(?<=时速)\d+公里|\d+年(?=过渡期)",
    # 30户以上自然村, 35蒸吨以下燃煤锅炉, 海拔5000米以上; 百万吨级工程, 20万吨级码头, 百万吨乙烯, 240小时过境免签.
    r"满\d+周?岁|\d+[—-]\d+周?岁|\d+周?岁(?=(?:及?以[上下])?的?(?:婴|幼|儿童|老|高龄|少年|妇女|人群))|\d+个[十百千万亿]+元?级?(?:新?台阶|大关)",
    r"\d+(?:户|人|蒸吨|周?岁|层|米)及?以[上下](?=的?(?:自然村|村寨|村庄|村组|屯|农村|燃煤|锅炉|老人|老年|高龄|儿童|建筑|桥梁|大桥))|(?<=海拔)\d+(?:\.\d+)?(?:多|余)?米(?:以[上下])?",
    rf"(?:\d+(?:\.\d+)?|[{_CN}]*[十百千万亿])万?(?:吨|千瓦|兆瓦|平方米|立方米|亩|人|公里|辆|台套?|大?卡|千?伏|米|元)级",
    rf"(?<![近超约达破过逾上几数\d{_CN}])[十百千]万(?:吨|千瓦|亩|头|辆)(?=[\u3400-\u9fff]{{2}})(?!以上|左右|以内|大关|产能)|\d+小时(?=过境免签)",
    r"(?<=规模)以上|(?<=限额)以上",
    rf"[{_CN}]+(?:级|强)(?=产业|集群|企业|园区|县|镇|项目|城市|区)|[{_CN}\d]+强(?=县|区|镇|市|企业|榜|$|[,。;、])",
    r"\d+(?:线|号|#|路|次列车|型|版|时|点(?!\d)|分(?=[,。;]|$))(?=[^\d]|$)(?<!分之)",
    r"(?<![\d.])[12]\d{3}(?:[—-][12]\d{3})?(?=年|—)",  # years that are no period
    r"\d+(?:\.\d+)?千伏(?:安)?(?:及以上|以上)?(?=[^,。;]{0,14}(?:电网|变电|输变电|线路|工程|输电|通道|站))",  # voltages in names
    r"用\d+(?:[—-]\d+)?年(?:左右)?的?时间|(?<=满)\d+年|(?<=参保|缴费)\d+年|(?<=沿[线岸江河海])\d+公里(?=[^,。;\d]{4})|\d+个多月|(?<=[放摆]在)第[一1]位|102项重大工程",
    r"延长\d+年|\d+亿多?人口?(?=大国)",
    r"56个(?:兄弟)?民族|亿万(?=人民|群众|农民|职工|中华|干部|同胞|家庭|网民|儿女)",
    r"前\d+(?:\.\d+)?[%‰]",  # 进入全球前1%
    r"\d+(?:\.\d+)?(?=[a-z]{3,})",
)
# The characters that a mask may begin with: most others need not be tried with every pattern.
_BEGINS = r"(?=[\da-zA-Z/\s(\[①-⑳⑴-⒇⒈-⒛“《第ⅠⅡⅢⅣⅤ为满历连持今未过近前后头用经超达以延亿" + _CN + "])"
_MASK = re.compile(_BEGINS + "(?:" + "|".join(f"(?:{pattern})" for pattern in _PATTERNS) + ")", re.MULTILINE)
# A quotation that holds a value all the same.
_VALUE_INSIDE = re.compile(r"\d+(?:\.\d+)?\s*(?:%|‰|万|亿|元|个百分点|倍)")
_ORDINAL = re.compile(rf"第[{_CN}\d]+")
# Before an ordinal that is a rank, the first one of a list or a later one: 居全国第四, 分别居全国第二、第七和第九.
_RANKED = re.compile(rf"[居列](?:全[省国市区县州])?(?:第[{_CN}\d]+[、和])*$")
_HELD = re.compile(r"全[国省市区县州球]$")
_ENDS = ",。;、)"


def find_masks(text: str) -> list[tuple[int, int]]:
    """Spans of the folded text that no value may touch.

    >>> text = "“543”矩阵、PM2.5平均浓度降至32微克/立方米,第三产业增加值增长5.2%,亿元以上项目32个"
    >>> [text[start:end] for start, end in find_masks(text)]
    ['“543”', 'PM2.5', '第三产业', '亿元以上']
    """
    return [match.span() for match in _MASK.finditer(text) if match.end() > match.start() and not _holds_value(match, text)]


def _holds_value(match: re.Match[str], text: str) -> bool:
    """Whether what looks like a name or an ordinal holds a value: a quotation with a figure, a rank."""
    said = match.group()
    if said[0] == "“":
        return _VALUE_INSIDE.search(said) is not None
    before, after = text[: match.start()], text[match.end() : match.end() + 1]
    return bool(_ORDINAL.fullmatch(said) and (_RANKED.search(before) or (_HELD.search(before) and after in _ENDS)))
