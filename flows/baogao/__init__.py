"""baogao: the open dataset of Chinese government work reports (政府工作报告), and the pipeline that makes it.

>>> import baogao
>>> baogao.split_sentences("零工市场建成投运。高考二本以上达线率66.9%。")
['零工市场建成投运。', '高考二本以上达线率66.9%。']
"""

from baogao.api import BaogaoError, build, clean, load, measure, read_report, split_sentences

__all__ = ["BaogaoError", "build", "clean", "load", "measure", "read_report", "split_sentences"]
