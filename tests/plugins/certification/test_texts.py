"""Certification texts: chosen by kind and day of issue, filled in, drawn."""

import datetime as dt
from typing import Any

import msgspec
import pytest

from motcua.documents.papers import Sheet, draw
from motcua.domain.calendar import VN
from motcua.plugin import Answers, BookNumber, Capacity, Issue, ResultPapers, SignedBy
from motcua.plugin.texts import text
from motcua.registry import load_registry
from motcua_certification import plugin, signature, texts, vietnamese
from motcua_certification.dated import in_force
from motcua_certification.settings import CertificationSettings

AN = {"name": "Nguyễn Thị An", "id_number": "027190000001"}
BINH = {"name": "Trần Văn Bình", "identity_paper": "Hộ chiếu số C1234567"}
CURRENT = {each.code: each for each in plugin.procedures() if not each.is_simulation}
OFFICE = CertificationSettings(centre=False)
CENTRE = CertificationSettings()
LAST_OLD, FIRST_NEW = dt.date(2025, 10, 31), dt.date(2025, 11, 1)
COPY, SIGNATURE, TRANSACTION = "2.000815", "2.000884", "2.001035"


def issue(
    day: dt.date = dt.date(2026, 11, 26),
    capacity: Capacity = Capacity.OWN,
    title: str = "Chủ tịch UBND",
    numbers: int = 1,
    **number: Any,
) -> Issue:
    said = {"book": "SCT/CK,ĐC", "year": day.year, "subject": "Giấy ủy quyền", **number}
    return Issue(
        at=dt.datetime.combine(day, dt.time(9, 5), VN),
        unit="Phường Một",
        above="Tỉnh Thử",
        signer=SignedBy(full_name="Lê Văn Ký", title=title, capacity=capacity, act="QĐ 1"),
        receiver="Phạm Thị Nhận",
        requester=AN,
        numbers=tuple(BookNumber(number=7 + n, **said) for n in range(numbers)),
    )


def made(
    code: str,
    answers: dict[str, Any],
    given: Issue | None = None,
    settings: CertificationSettings = OFFICE,
) -> ResultPapers:
    return plugin.result_papers(CURRENT[code], Answers(answers), given or issue(), settings)


def said(papers: ResultPapers) -> str:
    (paper,) = papers.papers
    return "\n".join(line["text"] for line in paper.data["statement"])


ONE = {"requester": AN, "signing_mode": "ký", "signer_count": 1}


@pytest.mark.parametrize(
    ("code", "answers", "kind"),
    [
        (COPY, {}, "copy"),
        ("2.000942", {}, "copy"),
        (SIGNATURE, ONE, "signature"),
        (SIGNATURE, ONE | {"signer_count": 2}, "signatures"),
        (SIGNATURE, {"signing_mode": "điểm chỉ"}, "fingerprint"),
        (SIGNATURE, {"signing_mode": "không ký và không điểm chỉ được"}, "cannot_sign"),
        ("2.000992", {}, "translator"),
        ("2.001008", {}, "translator"),
        (TRANSACTION, {}, "transaction"),
        ("2.000913", {}, "amendment"),
        ("2.001019", {}, "will"),
        ("2.001016", {}, "refusal"),
        ("2.001406", {}, "division"),
        ("2.000927", {}, ""),
        ("2.000908", {}, ""),
    ],
)
def test_each_procedure_has_its_kind_of_text(code: str, answers: Any, kind: str) -> None:
    # Rules 15.4; a correction of errors is noted in the margin, a copy from the original
    # register is no certification.
    assert texts.kind_of(CURRENT[code], Answers(answers)) == kind
    assert bool(made(code, answers).papers) is bool(kind)


class TestTheDayOfIssueDecides:
    """Forms are chosen by the day of issue, not of reception (rules 13.10)."""

    def test_the_text_of_2020_wrote_the_day_in_words_too(self) -> None:
        before = made(SIGNATURE, ONE, issue(LAST_OLD))
        after = made(SIGNATURE, ONE, issue(FIRST_NEW))

        assert "(bằng chữ: ngày ba mươi mốt tháng mười năm hai nghìn" in said(before)
        assert "bằng chữ" not in said(after)
        assert after.papers[0].title == "Lời chứng chứng thực chữ ký của một người"

    def test_there_is_no_text_before_the_decree(self) -> None:
        (problem,) = made(SIGNATURE, ONE, issue(dt.date(2015, 4, 9), Capacity.DEPUTY)).problems[:1]

        assert text(problem.code, lang="vi", **problem.told).endswith("vào ngày 09/04/2015.")

    @pytest.mark.parametrize("kind", sorted(set(texts.KINDS.values())))
    def test_each_kind_has_one_text_on_every_day_since(self, kind: str) -> None:
        for centre in (False, True):
            for each in (dt.date(2015, 4, 10), LAST_OLD, FIRST_NEW, dt.date(2026, 11, 26)):
                found = [t for t in texts.texts() if t.kind == kind and t.centre is centre]
                holding = [t for t in found if in_force([t], each)]
                assert len(holding) <= 1
                assert texts.text_for(kind, each, centre=centre) is not None


class TestTheSignatureBlock:
    """Rules 15.5: keyed by the signer's capacity on that day."""

    @pytest.mark.parametrize(
        ("capacity", "day", "title", "block"),
        [
            (Capacity.OWN, FIRST_NEW, "Chủ tịch UBND", ["Chủ tịch"]),
            (Capacity.DEPUTY, LAST_OLD, "Phó Chủ tịch", ["KT. CHỦ TỊCH", "Phó Chủ tịch"]),
            (Capacity.AUTHORISED, FIRST_NEW, "Công chức", ["TUQ. CHỦ TỊCH", "Công chức"]),
            (Capacity.BY_ORDER, FIRST_NEW, "Trưởng phòng", ["TL. CHỦ TỊCH", "Trưởng phòng"]),
            (Capacity.ACTING, FIRST_NEW, "Quyền Chủ tịch UBND", ["Q. CHỦ TỊCH"]),
        ],
    )
    def test_says_by_what_power(
        self, capacity: Capacity, day: dt.date, title: str, block: list[str]
    ) -> None:
        (paper,) = made(SIGNATURE, ONE, issue(day, capacity, title)).papers

        assert paper.data["block"] == block

    @pytest.mark.parametrize(
        ("capacity", "day"),
        [
            (Capacity.DEPUTY, FIRST_NEW),  # the chairman's own power since 1/11/2025
            (Capacity.AUTHORISED, LAST_OLD),
            (Capacity.BY_ORDER, LAST_OLD),
        ],
    )
    def test_a_capacity_without_power_that_day_stops_the_printing(
        self, capacity: Capacity, day: dt.date
    ) -> None:
        papers = made(SIGNATURE, ONE, issue(day, capacity))

        assert papers.papers == ()
        (problem,) = papers.problems
        assert "Lê Văn Ký" in text(problem.code, lang="vi", **problem.told)

    def test_each_row_names_its_source(self) -> None:
        assert all(each.source for each in (*signature.blocks(), *texts.texts()))


class TestWhatATextSays:
    def test_the_number_stands_with_its_book_and_year(self) -> None:
        # Rules 7.2: 125, quyển số 01/2025-SCT/BS.
        (paper,) = made(COPY, {}, issue(book="SCT/BS", quantity=5)).papers

        assert (paper.data["number"], paper.data["volume"]) == ("07", "01/2026-SCT/BS")
        assert (paper.data["subject"], paper.data["quantity"]) == ("Giấy ủy quyền", 5)

    def test_a_text_for_each_number_and_for_each_copy_where_the_commune_wants_it(self) -> None:
        given = issue(numbers=2, book="SCT/BS", quantity=5)
        each_copy = CertificationSettings(text_per_copy=True)

        assert [p.data["number"] for p in made(COPY, {}, given).papers] == ["07", "08"]
        assert len(made(COPY, {}, given, each_copy).papers) == 10
        assert len(made(SIGNATURE, ONE, given, each_copy).papers) == 2

    def test_the_certifier_has_the_agencys_name(self) -> None:
        assert (
            "Tôi là Lê Văn Ký, Chủ tịch Ủy ban nhân dân phường Một, tỉnh Thử, chứng thực:"
            in said(made(SIGNATURE, ONE))
        )

    def test_at_a_centre_people_sign_before_the_receiver_who_signs_too(self) -> None:
        papers = made(SIGNATURE, ONE, settings=CENTRE)

        assert "trước mặt ông/bà Phạm Thị Nhận là người tiếp nhận hồ sơ" in said(papers)
        assert papers.papers[0].data["receiver"] == "Phạm Thị Nhận"

    def test_outside_the_office_place_and_hour_are_written(self) -> None:
        outside = {"outside_office": True, "outside_place": "Bệnh viện Thử"}

        words = said(made(SIGNATURE, ONE | outside, settings=CENTRE))

        assert "Hôm nay, 09 giờ 05 phút, ngày 26 tháng 11 năm 2026, tại Bệnh viện Thử." in words
        assert "trước mặt tôi" in words

    def test_an_unknown_place_is_left_to_be_written(self) -> None:
        assert "tại ……………………." in said(made(SIGNATURE, ONE | {"outside_office": True}))

    def test_a_will_is_certified_at_an_hour(self) -> None:
        at_office = said(made("2.001019", {"testator": AN, "witness_1": BINH}))
        outside = said(made("2.001019", {"testator": AN, "outside_office": True}))

        assert "Hôm nay, 09 giờ 05 phút, ngày 26 tháng 11 năm 2026" in at_office
        assert "Người làm chứng: ông/bà Trần Văn Bình, Hộ chiếu số C1234567" in at_office
        assert outside.count("09 giờ 05 phút") == 1

    def test_several_people_are_listed_each_with_their_paper(self) -> None:
        listed = made(SIGNATURE, ONE | {"signer_count": 2, "signers": [AN, BINH]})
        unnamed = made(SIGNATURE, ONE | {"signer_count": 2})

        lines = [line["text"] for line in listed.papers[0].data["statement"] if line["person"]]
        assert lines == [
            "Ông/bà Nguyễn Thị An, số định danh cá nhân 027190000001",
            "Ông/bà Trần Văn Bình, Hộ chiếu số C1234567",
        ]
        assert "Ông/bà Nguyễn Thị An" in said(unnamed)

    def test_who_cannot_sign_has_two_witnesses_or_two_lines_for_them(self) -> None:
        mode = {"requester": AN, "signing_mode": "không ký và không điểm chỉ được"}

        named = said(made(SIGNATURE, mode | {"witnesses": [AN, BINH]}))
        unnamed = said(made(SIGNATURE, mode))

        assert "Ông/bà Trần Văn Bình" in named
        assert unnamed.count("\n……………………") == 2

    def test_a_fingerprint_names_the_finger(self) -> None:
        mode = {"requester": AN, "signing_mode": "điểm chỉ", "finger": "trỏ phải"}

        assert "đã điểm chỉ ngón trỏ phải" in said(made(SIGNATURE, mode))

    def test_a_translation_counts_pages_and_copies(self) -> None:
        # Since 1/11/2025 the text of a translation tells pages and sheets (rules 15.4).
        answers = {
            "translator": BINH,
            "source_language": "tiếng Anh",
            "target_language": "tiếng Việt",
            "pages": 3,
            "copies": 2,
        }

        words = said(made("2.000992", answers))

        assert "từ tiếng Anh sang tiếng Việt" in words
        assert "02 bản, mỗi bản gồm 03 trang, …… tờ" in words

    def test_a_transaction_names_both_sides_and_how_many_copies_are_kept(self) -> None:
        answers = {
            "parties_a": [AN],
            "parties_b": [BINH],
            "copy_count": 3,
            "kept_count": 1,
            "page_count": 4,
            "sheet_count": 2,
        }

        words = said(made(TRANSACTION, answers))

        assert words.index("Bên A:") < words.index("An") < words.index("Bên B:")
        assert "03 bản, mỗi bản gồm 02 tờ, 04 trang; giao cho các bên 02 bản" in words

    def test_an_amendment_names_what_it_changes(self) -> None:
        answers = {"change_kind": "hủy bỏ", "certified_no": "12", "certified_date": "2025-12-01"}

        words = said(made("2.000913", answers | {"parties": [AN]}))

        assert "việc hủy bỏ giao dịch đã chứng thực số 12 ngày 01/12/2025" in words

    def test_what_is_not_known_is_left_to_be_written(self) -> None:
        nobody = msgspec.structs.replace(issue(subject=""), requester={}, above="", receiver="")

        refusal = said(made("2.001016", {}, nobody))
        division = said(made("2.001406", {}, nobody))
        amendment = said(made("2.000913", {}, nobody))

        assert "Ông/bà …………………… tự nguyện từ chối nhận di sản do …………………… để lại" in refusal
        assert "Ủy ban nhân dân phường Một." in refusal
        assert "……………………" in division
        assert "sửa đổi, bổ sung, hủy bỏ giao dịch" in amendment

    def test_the_deceased_is_named(self) -> None:
        words = said(made("2.001016", {"requester": {"name": "An"}, "deceased": BINH}))

        assert "Ông/bà An, giấy tờ tùy thân số …" in words
        assert "do Trần Văn Bình để lại" in words


def test_every_text_of_every_day_can_be_drawn() -> None:
    templates = load_registry().templates("certification")
    sheets = [
        Sheet(template=f"certification/{paper.template}", data=paper.data)
        for code in CURRENT
        for settings in (OFFICE, CENTRE)
        for day in (LAST_OLD, FIRST_NEW)
        for paper in made(code, ONE, issue(day), settings).papers
    ]

    assert draw(templates, sheets, "Lời chứng", issue().at).startswith(b"%PDF")


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "không"),
        (1, "một"),
        (10, "mười"),
        (11, "mười một"),
        (14, "mười bốn"),
        (15, "mười lăm"),
        (20, "hai mươi"),
        (21, "hai mươi mốt"),
        (24, "hai mươi tư"),
        (25, "hai mươi lăm"),
        (100, "một trăm"),
        (105, "một trăm linh năm"),
        (1_000, "một nghìn"),
        (2_000, "hai nghìn"),
        (2_026, "hai nghìn không trăm hai mươi sáu"),
        (2_105, "hai nghìn một trăm linh năm"),
    ],
)
def test_numbers_are_read_as_people_say_them(number: int, words: str) -> None:
    assert vietnamese.number(number) == words


def test_days_below_ten_and_the_first_two_months_take_a_zero() -> None:
    # Decree 30/2020/NĐ-CP.
    assert vietnamese.day(dt.date(2026, 2, 5)) == "ngày 05 tháng 02 năm 2026"
    assert vietnamese.day(dt.date(2026, 3, 15)) == "ngày 15 tháng 3 năm 2026"
