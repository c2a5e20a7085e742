"""Names: the words before a number become the name of what it is of, or several names.

In: folded words around a number. Out: names as written, without the words that lead in or lead over. Never: a canonical identifier.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from baogao.measure.lexicon import Lexicon

# Words that lead in to a name: they introduce, promise, or carry out, and are no part of it.
_LEAD = re.compile(
    r"^(?:其中|净增(?=.)|安排(?=专项|国债|地方)|同时|那么|此外|特别是|尤其是|截至目前|目前|预计全年|预计|经?初步核算|初步统计|据统计|据测算|据快报数|力争|确保|努力|争取|推动|促进|带动(?=[^就])"
    r"|累计|合计|总共|共计?|已|将|拟|建议|计划(?!总|投)|要|再|并|以及|和(?![美谐平])|与|及|、|,|—+|-+|全(?:年|市|省|县|区|州|盟|旗|疆|域|镇|乡)|我[市省县区]|本市|今年|去年|当年|年内|当前|截至|至|到"
    r"|使|让|把|将|对|向(?!日葵|导)|给|按照|按|完成(?=.)|实现(?=.)|达成(?=.)|成功|共同|先后|新增加|每[年月天]|年均|[一二三四五六七八九十]+年累计|实际工作中?|(?:验资|同|可比|新|老|全)口径"
    r"|了|的|其|约|超(?!出|额|声|市|导|算|高|大|低)|近(?![岸海零郊视])|达到?|力争实现|可(?=实现|新增|带动|创造|形成)|[一二三四五六七八九十]+是|首次|双双|虽然|虽|略|但|[一二两三四五六七八九十]+年(?:来|间)?(?=新增|累计|共|新建|完成)|\([一二三四五六七八九十\d]+\)|\d+[.、](?!\d)|[①-⑳]|”|“(?![^“]*”))"
)
_TRAIL = re.compile(
    r"(?:的|了|也|(?<![人户亩地村])均|都|已|又|再|约|为|达|由|从|自|至|到|在|以|按|超|近|、|,|:|—+|\s|其中|同比|同步|稳定|(?<!拥)有|共|分别|各|且|并|和|与|(?<![惠普涉触遍])及"
    r"|突破|完成|实现|保持|达到|控制|目标设定|设定|双双|拟安排|(?<=投资)安排|(?<=资金)安排)+$"
)
# What stands before the end of a name, or is left there, and is no part of it.
_WITHIN = re.compile(r"(?<=..)累计(?:开行|建成并网|建成|并网|发放|完成|实现)?$|的(?=(?:比重|比例)$)|的?(?:调控|预期|增长|奋斗)?目标定$")
_SECTOR, _SECTOR_ALONE = re.compile(r"第[一二三四](?P<head>.+)$"), re.compile(r"第[一二三四]")
_SECTORS = re.compile(r"(?P<all>[一二三四]{2,4})产(?:业)?(?P<head>.*)$")
_LIST_MARK = re.compile(r"、|以及|和(?![谐平解睦田县林])|与(?![会时其])|(?<![普涉以惠触遍顾])及(?!其|时|格|率|以上)")
# A stretch that only acts, and names nothing: what is acted upon follows the number.
VERB_ONLY = re.compile(
    r"^(?:和|新建|新?改建|改造|建成|建设|新?开工|竣工|完成|实施|推进|推出|落实|新增|引进|签约|落地|培育|打造|创建|整治|修复|治理|发放|兑现|办理|办好|办结|化解|处置|查处|举办|开展"
    r"|组织|招引|盘活|争取|安排|投入|投资|新培育|新认定|获评|入选|获批|拥有|累计|共|新|达|有|扩建|新改扩建|改扩建|完工|投产|开通|开行|帮助|解决|惠及|惠|带动|吸纳|服务|清理|清退"
    r"|关闭|淘汰|退出|压减|种?植|栽植|抢抓|优化|优化调整|提升|提升改造|出台|制定|修订|取消|下放|承接|调整|选派|招聘|引育|引进培育|发布|确定|谋划|储备|设立|增设|布局|建立|启动|支持|扶持|资助|救助|全面|加快|再|扎实|深入|大力|持续|积极|稳步|有序|全力|着力|切实|统筹|精准|全国|全省|首批|首个|首家|一批|新一批|改造提升|做优做强|做强做优|做大做强|做优|做强|做大|攻坚|攻克|突破|转化|承办|主办|签订|打通|疏通|拆除|腾退|回收|回购|收储|供应|筹集|配租|配售|交付|保交|改善|更新|加装|安装|架设|铺设|敷设|检修|加固|除险加固)*$"
)
_ACTS = re.compile(r"力争|确保|实现|完成|推动|带动|促进|使得|达成|争取|引领|开展|组织|发放|惠及")
# The heads that members of a list share, and the ends of members that lack one: 制造业、数字经济核心产业增加值, 高中阶段和高等教育毛入学率.
_HEAD = re.compile(
    r"(?:增加值|(?:全产业链|总)?产值|营业?收入?|销售额|投资额?|产量|面积|排放量|人数|数量|占比|比重|存量|余额|用电量|交易额|(?:毛|净)?[\u3400-\u9fff]{2}率)$"
)
_BARE = re.compile(r"(?:业|产业|阶段|教育|居民|人口|地区|城镇|农村|设施|户厕|污水|垃圾|企业|旅游|消费|作物)$")
# 发电量、用电量占比: a share or a pace is of each amount before it.
_SHARE_HEAD, _AMOUNT = re.compile(r"(?:占比|比重|增速|增幅)$"), re.compile(r"[量额值产]$|(?:收入|支出|余额|投资)$")
# What is told of in an earlier member of a list is no part of the name of the last: 累计建成“40桥24隧”、城市道路突破7000公里.
_BUILT = re.compile(r"投产|竣工|通车|启动|落地|签约|开工|实施|建成|新建|打响|打造|新增|完成|开通|培育|改造")
_LONG, _PIECE = 16, 3


class Names:
    """Reads names with the aliases of one lexicon. `place` is the place whose own name only says where."""

    def __init__(self, lexicon: Lexicon, place: str | None = None) -> None:
        self.lexicon = lexicon
        self.place = place

    def known(self, name: str) -> str | None:
        """The canonical indicator of a name."""
        return self.lexicon.indicator(name, self.place)

    def trim(self, words_before: str) -> str:
        """The name in a stretch of words: none that lead in, none that lead over to the number."""
        said = words_before.replace("\u3000", "").strip()
        while True:
            shorter = _TRAIL.sub("", said)
            if shorter not in self.lexicon.aliases:
                shorter = _LEAD.sub("", shorter)
            if shorter == said:
                break
            said = shorter
        said = _WITHIN.sub("", said)
        return self._last_name(said) if len(said) > _LONG and not self._is_list(said) else said

    def split(self, name: str) -> list[str]:
        """Names joined by 、 or 和, each with the head that they share.

        城镇和农村居民人均可支配收入, 化学需氧量、氨氮排放量, 第一、第二、第三产业增加值, 一二三产增加值.
        """
        if match := _SECTORS.match(name):
            return [f"第{one}产业{match['head']}" for one in match["all"]]
        if "存贷款" in name:
            return [name.replace("存贷款", "存款"), name.replace("存贷款", "贷款")]
        pieces = [] if self.known(name) else [trimmed for piece in _LIST_MARK.split(name) if (trimmed := self.trim(piece))]
        if len(pieces) < 2:
            return [name]
        return [*(self._with_head(piece, pieces[-1]) for piece in pieces[:-1]), pieces[-1]]

    def all_known(self, names: Sequence[str]) -> bool:
        """Whether every name is a canonical indicator."""
        return all(self.known(name) for name in names)

    def known_start(self, words_before: str) -> str | None:
        """A known name that a clause begins with: 规上工业企业利润总额 of 规上工业企业利润总额由盈转亏."""
        longest = min(len(words_before), self.lexicon.longest_alias + 6)
        return next((words_before[:end] for end in range(longest, 2, -1) if self.known(words_before[:end])), None)

    def _is_list(self, said: str) -> bool:
        """Whether a long stretch is a list of known names: 二氧化硫、化学需氧量、氨氮和氮氧化物排放量."""
        return bool(_LIST_MARK.search(said)) and self.all_known(self.split(said))

    def _with_head(self, piece: str, last: str) -> str:
        """A member of a list with the head of the last member, where it lacks one."""
        if (sector := _SECTOR.match(last)) and _SECTOR_ALONE.fullmatch(piece):
            return piece + sector["head"]
        if (share := _SHARE_HEAD.search(last)) and _AMOUNT.search(piece):
            return piece + share.group()
        heads = (last[cut:] for cut in range(1, len(last) - 1))
        known = next((piece + head for head in heads if self.known(piece + head)), None)
        shared = None if known or _HEAD.search(piece) or not _BARE.search(piece) else _HEAD.search(last)
        return known or (piece + shared.group() if shared else piece)

    def _last_name(self, said: str) -> str:
        """The end of a long stretch that is a name: a known one, else what follows the last verb."""
        for start in range(max(0, len(said) - self.lexicon.longest_alias), len(said) - 1):
            if said[start:] in self.lexicon.aliases:
                return said[start:]
        listed, _, piece = said.rpartition("、")
        if len(piece) >= _PIECE and (_ACTS.search(listed) or _BUILT.search(listed)):
            return self.trim(piece)
        last = max((match.end() for match in _ACTS.finditer(said)), default=0)
        return said[last:] if len(said) - last >= 2 else said
