"""Pages are found under stable names, cut into batches that hardly change, and site cards are read strictly."""

import itertools
import random
from pathlib import Path

import fsspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baogao import sources
from baogao.records import BaogaoError
from baogao.sources import PageRef, batches, default_site_cards, fetch, find_pages, read_site_cards

ROOT = Path(__file__).parents[1]


@pytest.fixture
def pages(tmp_path):
    files = {
        "wangchuan/2023.html": "<p>各位代表：</p>",
        "wangchuan/2022.txt": "各位代表：",
        "wangchuan/[旧]2021.txt": "各位代表：",
        "wangchuan/报告.pdf": "%PDF-1.4",
        "wangchuan/.2020.txt.swp": "各位代表：",
        "linlan/part/2": "各位代表：",
        "linlan/2022.SHTML": "<p>各位代表：</p>",
        "linlan/.cache/2022.txt": "各位代表：",
        "说明.md": "# 说明",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


@pytest.fixture
def remote():
    store = fsspec.filesystem("memory")
    for name in ("2022.txt", "part/2.html", "cover.jpg"):
        store.pipe(f"/pages-of-a-test/{name}", name.encode())
    yield "memory://pages-of-a-test"
    store.rm("/pages-of-a-test", recursive=True)


def found(*named):
    refs, skipped = find_pages([str(source) for source in named])
    return [ref.source for ref in refs], skipped


def test_a_folder_gives_its_pages_by_name_and_tells_what_it_passed_over(pages):
    assert found(pages) == (
        ["linlan/2022.SHTML", "linlan/part/2", "wangchuan/2022.txt", "wangchuan/2023.html", "wangchuan/[旧]2021.txt"],
        ["wangchuan/报告.pdf", "说明.md"],
    )


def test_names_are_relative_to_the_folder_that_all_sources_share(pages):
    assert found(pages / "linlan" / "part", pages / "wangchuan")[0] == ["linlan/part/2", "wangchuan/2022.txt", "wangchuan/2023.html", "wangchuan/[旧]2021.txt"]
    assert found(pages / "linlan" / "part")[0] == ["2"]
    assert found(pages / "wangchuan" / "2022.txt")[0] == ["2022.txt"]


@pytest.mark.parametrize("order", list(itertools.permutations(range(4))))
def test_the_order_of_sources_does_not_matter(pages, order):
    named = [str(pages / "linlan"), str(pages / "wangchuan"), str(pages / "*" / "20*"), str(pages / "wangchuan" / "2022.txt")]
    assert find_pages([named[at] for at in order]) == find_pages(named)


def test_a_page_named_twice_is_found_once(pages):
    (pages / "link.txt").symlink_to(pages / "wangchuan" / "2022.txt")
    assert found(pages, pages / "wangchuan", pages / "wangchuan" / "2022.txt") == found(pages)
    assert len(found(pages)[0]) == 5


def test_a_file_that_is_named_is_read_whatever_its_ending(pages):
    assert found(pages / "wangchuan" / "报告.pdf") == (["报告.pdf"], [])
    assert found(pages, pages / "wangchuan" / "报告.pdf")[1] == ["说明.md"]


def test_a_glob_gives_files_but_none_that_is_hidden(pages):
    assert found(pages / "*" / "*2*") == (["linlan/2022.SHTML", "wangchuan/2022.txt", "wangchuan/2023.html", "wangchuan/[旧]2021.txt"], [])


def test_a_name_with_brackets_is_a_file_before_it_is_a_glob(pages):
    assert found(pages / "wangchuan" / "[旧]2021.txt")[0] == ["[旧]2021.txt"]


def test_an_address_gives_its_pages_under_the_names_that_a_folder_would(remote):
    assert found(remote) == (["2022.txt", "part/2.html"], ["cover.jpg"])
    assert found(remote + "/*.txt") == (["2022.txt"], [])
    assert found(remote + "/cover.jpg") == (["cover.jpg"], [])


def test_a_file_address_gives_the_names_that_the_folder_does(pages):
    assert found(f"file://{pages}") == found(pages)


def test_folders_and_addresses_can_be_named_together(pages, remote):
    names, _ = found(remote, pages / "wangchuan")
    assert len(names) == 5
    assert find_pages([remote, str(pages / "wangchuan")]) == find_pages([str(pages / "wangchuan"), remote])


def test_sizes_are_those_of_the_files_and_bytes_are_read_when_asked(pages, remote):
    refs, _ = find_pages([str(pages), remote])
    assert [len(fetch(ref).data) for ref in refs] == [ref.n_bytes for ref in refs]


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("missing", "missing does not exist: name a file, a folder, a glob or an address such as s3://bucket/pages"),
        ("missing/*.txt", "*.txt does not exist: name a file, a folder, a glob or an address"),
        ("empty", "empty holds no page: name a folder with .txt or .html files, or name the files themselves"),
    ],
)
def test_a_source_without_pages_is_an_error_that_tells_the_way_out(tmp_path, name, error):
    (tmp_path / "empty").mkdir()
    with pytest.raises(BaogaoError) as told:
        find_pages([str(tmp_path / name)])
    assert error in str(told.value)


@pytest.mark.parametrize("address", ["memory://nothing-is-here", "nosuchprotocol://pages"])
def test_an_address_that_cannot_be_read_is_an_error(address):
    with pytest.raises(BaogaoError, match=address):
        find_pages([address])


@pytest.mark.parametrize("path", ["/no/such/folder/1.html", "memory://no-such-page"])
def test_a_page_that_went_missing_is_an_error(path):
    with pytest.raises(BaogaoError, match=r"cannot be read .*: check its permissions, or leave it out"):
        fetch(PageRef("1.html", path, 1))


def refs_of(sizes):
    return [PageRef(f"site/{at:05d}.html", f"/site/{at:05d}.html", size) for at, size in enumerate(sizes)]


@given(st.lists(st.one_of(st.integers(0, 300_000), st.integers(0, 20 << 20)), max_size=60))
@settings(derandomize=True, max_examples=60, deadline=None)
def test_batches_partition_the_pages_in_order(sizes):
    refs = refs_of(sizes)
    cut = list(batches(refs))
    assert [ref for batch in cut for ref in batch] == refs
    assert all(cut)


@given(st.lists(st.integers(0, 20 << 20), max_size=60))
@settings(derandomize=True, max_examples=60, deadline=None)
def test_a_batch_outgrows_its_bytes_by_its_last_page_only(sizes):
    for batch in batches(refs_of(sizes)):
        assert sum(ref.n_bytes for ref in batch[:-1]) < sources.BATCH_BYTES_MAX


def test_a_batch_has_no_more_pages_than_the_most_and_no_less_than_is_worth_it():
    cut = list(batches(refs_of([100] * 4_000)))
    assert all(sources.BATCH_PAGES_MIN <= len(batch) <= sources.BATCH_PAGES_MAX for batch in cut[:-1])
    cut = list(batches(refs_of([50_000] * 2_000)))
    assert all(sources.BATCH_BYTES_MIN <= sum(ref.n_bytes for ref in batch) <= sources.BATCH_BYTES_MAX for batch in cut[:-1])


@pytest.mark.parametrize("mean", [800, 3_000, 20_000, 60_000, 200_000])
def test_a_new_page_changes_one_or_two_batches(mean):
    chance = random.Random(mean)
    refs = [PageRef(f"site/{at:05d}.html", "", int(chance.lognormvariate(0, 0.6) * mean)) for at in range(0, 4_000, 2)]
    before = set(batches(refs))
    changed = []
    for at in chance.sample(range(2_000), 30):
        grown = [*refs[: at + 1], PageRef(f"site/{2 * at + 1:05d}.html", "", mean), *refs[at + 1 :]]
        changed.append(len([batch for batch in batches(grown) if batch not in before]))
    assert sum(count <= 2 for count in changed) >= 0.8 * len(changed)
    assert sum(changed) <= 2 * len(changed)


def test_the_cards_of_the_project_are_read():
    cards = default_site_cards()
    assert cards == read_site_cards(ROOT / "seeds" / "sites.yaml")
    [card] = [card for card in cards if card.site == "bx2200.com"]
    assert (card.title, card.address) == ("博县网", "http://bx2200.com")
    assert card.says.search("凡注明为博县网原创作品的")
    assert card.part.match("/baogao/xn/10234_4.html").groupdict() == {"base": "/baogao/xn/10234", "part": "4", "ending": ".html"}


def test_a_card_may_hold_its_site_alone_and_a_file_no_card(tmp_path):
    (tmp_path / "sites.yaml").write_text("- site: xiangxian.example\n- {site: linlan.example, hosts: [m.linlan.example]}\n", encoding="utf-8")
    bare, hosted = read_site_cards(tmp_path / "sites.yaml")
    assert (bare.site, bare.hosts, bare.says, bare.rights) == ("xiangxian.example", (), None, None)
    assert hosted.hosts == ("m.linlan.example",)
    written = "- {site: a.example, names: {related_links: [Rbox2], text: [share-body]}, lines: [{id: strip, kind: footer, at: tail, pattern: ^今日, example: 今日多云}]}"
    (tmp_path / "sites.yaml").write_text(written, encoding="utf-8")
    [card] = read_site_cards(tmp_path / "sites.yaml")
    assert card.names == {"rbox2": "related_links", "share-body": "text"}
    assert [line["id"] for line in card.lines] == ["strip"]
    (tmp_path / "sites.yaml").write_text("# none yet\n", encoding="utf-8")
    assert read_site_cards(tmp_path / "sites.yaml") == ()


@pytest.mark.parametrize(
    ("written", "error"),
    [
        ("- title: 乡县网", "the card {'title': '乡县网'} is not a site card ('site')"),
        ("- {site: a.example, colour: red}", "unknown field colour"),
        ("- {site: a.example, says: '(乡县网'}", "unterminated subpattern"),
        ("- {site: a.example, hosts: b.example}", "hosts to a list"),
        ("- {site: 12}", "a card maps site to a name"),
        ("- {site: a.example, names: {footer: foot}}", "names map a kind to a list"),
        ("- {site: a.example, names: {foot: [foot]}}", "foot is none of navigation,"),
        ("- {site: a.example, lines: [weather]}", "is not a site card"),
        ("- {site: a.example, lines: [{id: strip, kind: footer, pattern: '^今日'}]}", "('at')"),
        ("- {site: a.example, lines: [{id: strip, kind: footer, at: top, pattern: '^今日', example: 今日多云}]}", "top is none of head,"),
        ("- {site: a.example, lines: [{id: strip, kind: foot, at: tail, pattern: '^今日', example: 今日多云}]}", "foot is none of navigation,"),
        ("- {site: a.example, lines: [{id: strip, kind: footer, at: tail, pattern: '^今日', example: 明日多云}]}", "rule strip must cut its example"),
        ("- {site: a.example, lines: [{id: strip, kind: footer, at: tail, pattern: '^今日', example: 今日多云, keeps: [今日之望川]}]}", "and none of the lines that it keeps"),
        ("- {site: a.example, lines: [{id: strip, kind: footer, at: tail, pattern: '(今日', example: 今日多云}]}", "unterminated subpattern"),
        ("- {site: a.example, lines: [{id: strip, kind: footer, at: tail, pattern: 今日, example: 今日多云, colour: red}]}", "unknown field colour of rule strip"),
        ("- a.example", "a card maps site to a name"),
        ("site: a.example", "a card maps site to a name"),
        ("- {site: a.example", "sites.yaml is not YAML"),
    ],
)
def test_a_card_that_is_none_is_an_error_of_one_line(tmp_path, written, error):
    (tmp_path / "sites.yaml").write_text(written, encoding="utf-8")
    with pytest.raises(BaogaoError) as told:
        read_site_cards(tmp_path / "sites.yaml")
    assert str(told.value).startswith("sites.yaml")
    assert error in str(told.value)
    assert "\n" not in str(told.value)
