"""Context: what the words before a number say of it - predicate, adverbs, comparison, subject.

In: the folded words between the value before and this one. Out: a `Context`. Never: the number itself.
Read from the right: qualifiers first (they are taken off by link), then adverbs and the predicate, then the subject.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from baogao.measure.lexicon import Lexicon, words

_ADVERBS = (
    "同比 环比 按可比价 按可比价格 可比 同口径 可比口径 实际 名义 现价 分别 均 都 各 也 再 又 已 已经 只 仅 累计 合计 共 一共 总共 总计 年均 平均 平均每年 "
    "每年 普遍 稳步 进一步 大幅 大幅度 持续 实现 连续 逐年 逐步 继续 率先 首次 历史性 成功 全部 力争 确保 争取 努力 努力达到 务必 保证 必保 预计 预计可 有望 将 可 拟 拟按 按 "
    "保持 稳定 奋斗目标 目标 冲刺 要 达 总额 总量 左右 全年 预期 建议 安排 相应 约 就 即 还 并 合 折合人民币 折合 相当于 累计达 最终 一举 主动 有效 直接 间接 同步 "
    "转为 由负转正 每人每月 每人每年 每月 由 从 了 着 的 则 而 比重 分 依次 且 提前 提速 较快 快速 稳中有升 全市 全省 全县 全区"
).split()
# Of these only the ones that end a stripped tail are adverbs; 率, 比重 and 总额 end names far more often.
_ADVERBS = [word for word in _ADVERBS if word not in {"比重", "总额", "总量", "分", "目标", "预期", "安排"}]
_VERBS_OF_SEQUENCE = r"(?:位居|居|稳居|排名|排|位列|列|名列|跃居|跻身|位次|居于|排在|排全|上升到|升至|保持)"
_PAST = (
    r"(?:上年|去年|前年|年初|年末|上年末|去年末|去年底|上年底|上年同期|去年同期|上月|上季度|同期|期初|计划|预期|预算|原来|过去|“?十[一二三四]五”?(?:时期|期)?(?:末|期间)?|常年(?:同期)?|往年(?:同期)?"
    r"|(?:[12]\d{3}|[一二][〇零一二三四五六七八九]{3})年?(?:底|末|初)?(?:同期)?|[一二两三四五六七八九十]+年前|五年前|三年前|改革前|建国初|解放初)"
)
# Before a verb, any time or state may be what is compared with: 较禁捕之初增加47种.
_COMPARED_WITH = re.compile(r"(?<!对)(?:较|比(?!重|例|率|值|较|如|亚))(?P<past>[\u3400-\u9fff]{2,8}(?:前|初|时|后|期|年|末|底))\s*$")
# A short head before a colon names what its clauses are of: 粮食:达到三千八百五十六亿斤,增长…
_HEAD = re.compile(r"(?:^|[;。,\n])(?P<head>[\u3400-\u9fff]{2,10})(?<![是为])(?<!目标)(?<!如下)(?<!任务)(?<!工作)(?<!指出)(?<!提出)$")
_GREW = re.compile(r"(?<=[\u3400-\u9fff])(?:[量额值程款积话能]|能力|规模|余额|投资|贷款|存款)$")
_COMPARED_JUST = re.compile(r"[比较][\u3400-\u9fff\d]{1,8}$")


@dataclass(frozen=True, slots=True)
class Context:
    """What stands before a number: the subject's words, the predicate, and what the number is compared with."""

    subject: str
    """Words of the subject's clause, folded, trimmed of predicate and adverbs."""
    subject_at: int
    """Offset of the subject's words in the text that was read."""
    verb: str | None = None
    adverbs: frozenset[str] = frozenset()
    compared: str | None = None
    """What growth or change is over: the words after 比 or 较."""
    reference: str | None = None
    """What a gap or a completion refers to."""
    relation: str | None = None
    """gap, completion, multiple, rank or share, where a phrase before the number says so."""
    qualifier: str | None = None
    clauses: tuple[str, ...] = field(default=())
    """Earlier clauses of the same stretch, nearest first."""


class ContextReader:
    """Reads contexts with the predicates of one lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.rise, self.fall, self.reach = lexicon.rise, lexicon.fall, lexicon.reach
        verbs = words([*lexicon.rise, *lexicon.fall, *lexicon.reach])
        self.tail = re.compile(rf"(?P<verb>{verbs})(?:了|约|约为|为|达|到|至)?\s*$")
        self.adverb = re.compile(rf"(?:{words(_ADVERBS)})(?<!代表建议)(?<!委员建议)(?<!理建议)(?<![人户亩地村]均)\s*$")
        self.compared = re.compile(rf"(?:比|较|同|与|对比|相比)(?P<past>{_PAST})(?:相比|比)?(?:的)?\s*$")
        self.multiple = re.compile(rf"(?:是|为|相当于|等于|达到|达)(?:(?P<past>{_PAST})(?:的)?|(?P<other>[\u3400-\u9fff]{{2,14}})的)\s*$")
        self.completion = re.compile(
            r"(?:为|占|达到|完成|超额完成|完成了|是)"
            r"(?P<ref>(?:调整|全年|年度|年(?=计划|任务|目标|预算)|年初|省下达|市下达|上级下达|预期|既定|省定|目标|计划|任务|预算)[^,。;]{0,8}?(?:任务|计划|预算|目标|数)?|(?:预算|计划|任务|目标)(?:数|任务)?)的\s*$"
        )
        self.gap = re.compile(
            r"(?P<word>高于|低于|快于|慢于|高出|优于|领先|超出|超过|好于|大于|小于|落后)(?P<ref>[^,。;、\d]{1,24}?)$"
            r"|(?:比|较)(?P<ref2>[^,。;、]{1,24}?)(?<![提升走降减增加放])(?P<word2>高出|低出|高|低|快|慢|多|少)$"
        )
        self.sequence = re.compile(rf"(?:{_VERBS_OF_SEQUENCE}(?:在)?(?P<among>[^,。;、]{{0,14}})|(?P<within>全[国省市区县州球]))$")
        self.gap_word = re.compile(r"(?:平均水平|平均|水平|全国|全省|全市|全区|目标|任务|计划|指标|预期|增速|增幅|增长|涨幅|时期|上年|去年|要求|“十[一二三四]五”)(?:.{0,4})$")

    def read(self, text: str, kind: str) -> Context:
        """The context that a stretch of folded text gives a number of that kind (percent, point, rank, …)."""
        start = max((text.rfind(mark) for mark in ";:。!?\n"), default=-1) + 1
        said = text[start:]
        adverbs: set[str] = set()
        compared = reference = relation = qualifier = verb = None
        while True:
            said = said.rstrip(" 　")
            if relation is None and (found := self._phrase(said, kind)):
                relation, reference, qualifier, cut = found
                said = said[:cut]
            elif compared is None and (match := self.compared.search(said) or (verb and _COMPARED_WITH.search(said))):
                compared, said = match["past"], said[: match.start()]
            else:
                tail = self.tail.search(said) if verb is None else None
                adverb = self.adverb.search(said)
                if tail and not self._is_noun(said, tail) and not (adverb and adverb.start() < tail.start()):
                    # 下降为16% says what was reached, 降幅为16% by how much.
                    verb = tail["verb"] + ("为" if tail.group().rstrip().endswith("为") and not tail["verb"].endswith(("为", "幅", "速")) else "")
                    said = said[: tail.start()]
                elif adverb:
                    adverbs.add(adverb.group().strip())
                    said = said[: adverb.start()]
                else:
                    break
        clauses = said.split(",")
        subject = clauses[-1]
        at = start + len(said) - len(subject)
        lead = len(subject) - len(subject.lstrip("、 　"))
        headed = clauses[:-1]
        if start and text[start - 1] == ":" and (head := _HEAD.search(text[: start - 1])):
            headed = [head["head"], *headed]
        return Context(
            subject.strip("、 　"), at + lead, verb, frozenset(adverbs), compared, reference, relation, qualifier, tuple(reversed(headed))
        )

    def _phrase(self, said: str, kind: str) -> tuple[str, str | None, str | None, int] | None:
        """A phrase before the number that makes it a completion, a gap, a rank or a multiple: (relation, reference, word, where it begins)."""
        if kind == "percent" and (match := self.completion.search(said)):
            return "completion", match["ref"], None, match.start()
        if kind == "multiple" and (match := self.multiple.search(said)):
            return "multiple", match["past"] or match["other"], None, match.start()
        if kind == "rank" and (match := self.sequence.search(said)):
            return "rank", match["among"] or match["within"], None, match.start()
        if kind == "point" and (match := self.gap.search(said)):
            reference = match["ref"] or match["ref2"]
            if match["word"] or self.gap_word.search(reference):
                return "gap", reference, match["word"] or match["word2"], match.start()
        return None

    def _is_noun(self, said: str, match: re.Match[str]) -> bool:
        """Whether a word that could be the predicate is the end of a noun: 经济增长 alone, 农民增收, 人口自然增长(率)."""
        rest = said[: match.start()]
        if match["verb"] == "增" and rest.endswith("新"):
            return True
        if match["verb"] == "新增":  # 发电装机容量新增912万千瓦 is a rise, 全年新增12家 names what is new
            return not _GREW.search(rest)
        if match["verb"] == "多":  # 比去年多100万人, and nothing else
            return not _COMPARED_JUST.search(rest)
        if match["verb"] == "计" and rest.endswith("预"):
            return True
        return match["verb"] in {"少", "低", "高", "快", "有", "共", "计", "是", "升", "涨", "增", "减", "降", "跌", "达", "到", "至", "为", "破"} and bool(
            re.search(r"[年减缩降多最]$", rest)
        )
