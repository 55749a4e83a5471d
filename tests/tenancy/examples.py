"""What each route may be asked by anybody, and an example of what it takes.

A new route gets its line here by somebody who has thought about it; without one,
the tour finds it.
"""

from typing import Any

API = "/t/{slug}/api/v1"
DESK = "/t/{slug}/quay"
CONSOLE = "/t/{slug}/admin"
DRAFT = "/t/{slug}/nop/{draft_id}"
DRAFT_PAGES = (
    "",
    "/{step_id}",
    "/giay-to",
    "/tep/{file_id}",
    "/kiem-tra",
    "/xong",
    "/giay",
    "/luu",
)
"""The pages of a draft: for whoever's browser wrote it, whether officer or not."""
HELD = "/t/{slug}/ho-so"
"""The pages of a dossier's holder: for whoever's browser has a pass."""
PUBLIC = frozenset(
    {
        ("GET", "/"),
        ("GET", "/giam-sat"),
        ("GET", "/healthz"),
        ("GET", "/readyz"),
        ("GET", "/static/{name}"),
        ("GET", "/api/schema"),
        ("GET", "/api/schema/openapi.json"),
        ("GET", "/api/schema/{path}"),
        ("GET", "/t/{slug}"),
        ("GET", "/t/{slug}/cong-khai"),
        ("GET", "/t/{slug}/huong-dan"),
        ("GET", "/t/{slug}/thu-tuc/{code}"),
        ("GET", "/t/{slug}/mau.css"),
        ("GET", "/t/{slug}/bieu-trung/{name}"),
        ("POST", "/t/{slug}/thu-tuc/{code}/nop"),
        ("GET", "/t/{slug}/q/{code}/{secret}"),
        ("GET", "/t/{slug}/ho-so/mo"),
        ("POST", "/t/{slug}/ho-so/mo"),
        ("POST", "/t/{slug}/ho-so/thoat"),
        *(
            ("GET", f"{HELD}{page}")
            for page in (
                "",
                "/rut",
                "/danh-gia",
                "/nhan-ket-qua",
                "/thanh-toan",
                "/giay",
                "/tep/{file_id}",
            )
        ),
        *(
            ("POST", f"{HELD}{page}")
            for page in ("/bo-sung", "/rut", "/danh-gia", "/nhan-ket-qua", "/thanh-toan")
        ),
        ("GET", "/t/{slug}/nop"),
        *(("GET", f"/t/{{slug}}/dat-lich{page}") for page in ("", "/huy")),
        *(("POST", f"/t/{{slug}}/dat-lich{page}") for page in ("", "/huy")),
        ("POST", "/t/{slug}/nop"),
        *(("GET", f"{DRAFT}{page}") for page in DRAFT_PAGES),
        *(("POST", f"{DRAFT}{page}") for page in ("/{step_id}", "/giay-to", "/kiem-tra")),
        ("GET", "/t/{slug}/bang-so"),
        ("GET", "/t/{slug}/lay-so"),
        ("POST", "/t/{slug}/lay-so"),
        ("GET", "/t/{slug}/lay-so/{ticket_id}"),
        ("GET", "/t/{slug}/tra-cuu"),
        ("POST", "/t/{slug}/tra-cuu"),
        ("POST", f"{API}/sessions"),
        ("POST", f"{API}/dossiers"),
        ("POST", f"{API}/dossiers/{{dossier}}/supplement"),
        ("POST", f"{API}/lookup"),
        ("GET", f"{API}/procedures"),
        ("GET", f"{API}/procedures/{{code}}"),
        ("GET", f"{DESK}/dang-nhap"),
        ("POST", f"{DESK}/dang-nhap"),
        ("POST", f"{DESK}/dang-xuat"),
    }
)
"""What anybody may ask of any tenant; it must tell nothing that is somebody's own.

A new public route is added here by somebody who has thought about it.
"""
PUBLISHED = frozenset({("GET", "/t/{slug}/cong-khai")})
"""Where a unit publishes its dossiers by code; it must tell nothing of people."""
ENDLESS = frozenset({("GET", "/t/{slug}/bang-so/luong")})
"""What is answered for hours. What it tells is the board, which is asked for; it is public."""
BROWSER = "one-browser-for-both"
"""What everybody's browser shows for its drafts: also the one that wrote the other's."""
FRONT_DOORS = frozenset({("POST", f"{API}/sessions"), ("POST", f"{DESK}/dang-nhap")})
OWN = frozenset(
    {
        ("DELETE", f"{API}/sessions"),
        ("POST", f"{DESK}/dang-xuat"),
        ("POST", f"{DESK}/phien"),
    }
)
"""What somebody only ever does to themselves: it names no thing, and would end the tour."""

BODIES: dict[str, Any] = {
    "SignIn": lambda thing, _: [{"username": thing, "password": "mot-cua-thu-nghiem"}],
    "NewPassword": lambda thing, _: [{"current": "x", "new": thing[:3]}],
    "Submission": lambda thing, _: [{"procedure": thing, "applicant": {"name": thing}}],
    "Reception": lambda thing, _: [{"submitted": thing}],
    "Supplement": lambda thing, secret: [{"secret": secret or "x", "answers": {"note": thing}}],
    "Texts": lambda thing, _: [{"visit": thing}, {"dossiers": [thing]}],
    "Refusal": lambda thing, _: [
        {"procedure": thing, "applicant": {"name": thing}, "reason": "Không thuộc thẩm quyền"}
    ],
    "SupplementRequest": lambda thing, _: [
        {"procedure": thing, "applicant": {"name": thing}, "items": ["x"], "reason": "Thiếu"}
    ],
    "LookUp": lambda thing, secret: [{"code": thing}, {"code": thing, "secret": secret or "x"}],
    "LookupForm": lambda thing, secret: [{"ma": thing}, {"ma": thing, "bi_mat": secret or "x"}],
    "BlockGiven": lambda thing, _: [
        {"kind": "birth", "year": 2030, "first": 2, "last": 1, "ground": thing}
    ],
    "NumberVoided": lambda thing, _: [{"number": 1, "reason": thing}],
    "BlockClosed": lambda thing, _: [{"reason": thing}],
    "Told": lambda *_: [{"external_code": "x", "state": "appraising"}],
    "NumberGiven": lambda thing, _: [{"series": "official", "number": thing}],
    "RecordsSought": lambda thing, _: [{"number": thing}, {"name": thing}],
    "Beginning": lambda thing, _: [{"book": thing, "after": -1}],
    "BookOfYear": lambda thing, _: [{"book": thing, "year": 2026}],
    "NewBlock": lambda thing, _: [{"book": thing, "count": 0, "reason": "Cắt điện"}],
    "BlockEnd": lambda *_: [{"reason": "Không dùng"}],
    "LaterEntry": lambda thing, _: [
        {
            "procedure": thing,
            "applicant": {"name": thing},
            "events": [{"transition": "T02", "at": "2026-11-26T08:00:00+07:00", "by": thing}],
        }
    ],
    "Step": lambda *_: [
        {"transition": "T08", "version": 1},
        {"transition": "T22", "version": 1, "reason": "Không cần nữa"},
        {"transition": "T25", "version": 6, "reason": "Sai"},
    ],
}
"""By the name of what a handler takes: bodies with a thing in them."""
FORMS: dict[str, Any] = {
    "/t/{slug}/ho-so/mo": lambda thing: [
        {"ma": thing, "so": "123456"},
        {"ma": thing, "lam": "gui"},
    ],
    "/t/{slug}/ho-so/thoat": lambda _: [{}],
    "/t/{slug}/ho-so/bo-sung": lambda _: [{}],
    "/t/{slug}/ho-so/nhan-ket-qua": lambda _: [{"cach": "counter"}],
    "/t/{slug}/ho-so/rut": lambda _: [{"ly_do": "x", "phien_ban": "1"}],
    "/t/{slug}/ho-so/thanh-toan": lambda _: [{}],
    "/t/{slug}/ho-so/danh-gia": lambda _: [{"overall": "hai-long"}],
    "/t/{slug}/lay-so": lambda thing: [{"chu": thing}, {"chu": "A"}],
    "/t/{slug}/nop": lambda thing: [{"ma": thing, "so": "123456"}, {"ma": thing, "lam": "gui"}],
    "/t/{slug}/thu-tuc/{code}/nop": lambda thing: [{"giu": thing}],
    "/t/{slug}/nop/{draft_id}/{step_id}": lambda thing: [{"nguoi.name": thing}],
    "/t/{slug}/nop/{draft_id}/giay-to": lambda thing: [{"lam": f"bo-tep:{thing}"}],
    "/t/{slug}/nop/{draft_id}/kiem-tra": lambda _: [{"cam_doan": "1"}],
    f"{DESK}/dang-nhap": lambda thing: [{"username": thing, "password": "mot-cua-thu-nghiem"}],
    f"{DESK}/dang-xuat": lambda _: [{}],
    f"{DESK}/phien": lambda _: [{}],
    f"{DESK}/phien/{{session}}": lambda _: [{}],
    f"{DESK}/mat-khau": lambda thing: [{"new": thing}],
    f"{DESK}/xac-thuc": lambda thing: [{"giu": thing}],
    f"{DESK}/chot-ngay": lambda _: [{"dem": "1", "thay": "0"}],
    f"{DESK}/hang-cho/quay": lambda thing: [{"quay": thing}],
    f"{DESK}/hang-cho/goi": lambda thing: [{"quay": "Quầy 1", "dang": thing}],
    f"{DESK}/hang-cho/so": lambda thing: [{"chu": thing}],
    f"{DESK}/hang-cho/{{ticket}}/{{what}}": lambda _: [{"quay": "Quầy 1", "chu": "A"}],
    f"{DESK}/ho-so/{{dossier}}/sua": lambda thing: [{"khoa": thing, "reason": "x"}],
    f"{DESK}/chuyen-khoan": lambda thing: [{"khoan": thing}],
    f"{DESK}/ho-so/{{dossier}}/tien": lambda thing: [
        {"lam": "thu", "khoa": thing},
        {"lam": "hoan", "ly_do": "x", "khoa": f"{thing}-2"},
        {"lam": "huy", "khoan": thing, "ly_do": "x", "khoa": f"{thing}-3"},
        {"lam": "tien-ve", "tien_ve": "1", "ma_gd": thing, "khoa": f"{thing}-4"},
        {"lam": "khong-thay", "tra_loi": "x", "khoa": f"{thing}-5"},
    ],
    f"{DESK}/phieu/{{key}}/tai-cho": lambda thing: [{"tc_leader": thing}],
    f"{DESK}/tiep-nhan": lambda thing: [{"q": thing}, {"q": "027190001234"}],
    f"{DESK}/tiep-nhan/{{code}}": lambda thing: [{"lam": "luu", "khoa": thing}],
    f"{DESK}/loi-chung": lambda thing: [{"luot": thing}, {"ho_so": thing}],
    f"{DESK}/khong-nhan/{{code}}": lambda thing: [{"lam": "luu", "khoa": thing}],
    f"{DESK}/viec": lambda thing: [
        {f"chon.{thing}": "1", "buoc": "T08", "xac_nhan": "1"},
        {f"chon.{thing}": "1", "buoc": "nhan"},
        {f"chon.{thing}": "1", "buoc": "T37"},
    ],
    f"{DESK}/tra": lambda thing: [
        {f"tra.{thing}": "1", "xem": thing, "nhan": "minh", "ten": "x"},
        {"xem": thing},
    ],
    f"{DESK}/tra/ke": lambda thing: [{f"ke.{thing}": "A1"}, {f"nhac.{thing}": "1", "lam": "nhac"}],
    f"{DESK}/ho-so/{{dossier}}/in-lai": lambda thing: [{"mau": "F01", "khoa": thing}],
    f"{DESK}/ho-so/{{dossier}}/trao-doi": lambda thing: [{"noi_dung": thing}],
    f"{DESK}/sang": lambda thing: [{f"chon.{thing}": "1", f"ly_do.{thing}": "x"}, {}],
    f"{DESK}/nhap-sau/{{block}}/{{code}}": lambda thing: [{"nguoi.name": thing, "so_giay": "1"}],
    f"{DESK}/so/day-so/{{block}}": lambda _: [{"ly_do": "Không dùng hết"}],
    f"{DESK}/phan-he/{{plugin}}/{{name}}": lambda thing: [{"viec": "close", "muc": thing}],
    f"{DESK}/luu-dong": lambda thing: [{"ngay": "01/12/2026", "noi": thing, f"so.{thing}": "1"}],
    f"{DESK}/luu-dong/{{day}}/dong": lambda _: [{"ly_do": "x"}],
    f"{DESK}/luu-dong/{{day}}/to/{{leaf}}": lambda thing: [{"d1.nguoi.name": thing, "lam": "luu"}],
    f"{DESK}/ho-so/{{dossier}}/he-thong-khac": lambda thing: [{"ma": thing, "buoc": "approved"}],
    f"{DESK}/duyet/tap.pdf": lambda thing: [{f"chon.{thing}": "1"}],
    f"{DESK}/ho-so/{{dossier}}/buoc/{{step}}": lambda _: [
        {"phien_ban": "1", "xac_nhan": "1"},
        {"lam": "xem"},
    ],
    f"{CONSOLE}/bang": lambda thing: [{"id": thing}],
    f"{CONSOLE}/bang/{{rest}}": lambda thing: [{"id": thing}],
    f"{CONSOLE}/phien-ban": lambda thing: [{"noi_dung": thing}],
    f"{CONSOLE}/go-nham": lambda thing: [
        {"ma": thing, "ly_do": "x", "nguoi_hai": "head.phuong-mot", "mat_khau": "mot-cua-thu"}
    ],
    f"{CONSOLE}/don-vi": lambda thing: [{"phone": thing}, {"hosts": thing}],
    f"{CONSOLE}/hinh-thuc": lambda thing: [{"mau": thing}, {"lam": "xem", "mau": "8a1010"}],
    f"{CONSOLE}/tai-khoan": lambda thing: [{"bank": thing, "holder": thing}],
    f"{CONSOLE}/luyen-tap": lambda thing: [{"thay": thing}],
    f"{CONSOLE}/hang-cho": lambda thing: [{"hang": thing}, {"quay": thing}],
    f"{CONSOLE}/gioi-han": lambda thing: [{"draft_days": thing}],
    f"{CONSOLE}/tin-nhan": lambda thing: [{"code": thing}],
    "/t/{slug}/dat-lich": lambda thing: [{"ten": thing, "khoa": thing, "gio": thing}],
    "/t/{slug}/dat-lich/huy": lambda thing: [{"ma": thing, "bi_mat": thing}],
    f"{CONSOLE}/tin-cho-gui": lambda thing: [{"tin": thing}],
    f"{CONSOLE}/chu-phieu": lambda thing: [{"note": thing}],
    f"{CONSOLE}/gio-lam-viec": lambda _: [{"lam": "xem"}, {"lam": "ghi"}],
    f"{CONSOLE}/can-bo": lambda thing: [{"ten_dang_nhap": thing, "vai": "admin"}],
    f"{CONSOLE}/can-bo/{{person}}": lambda _: [{"lam": "dong"}, {"lam": "vai", "vai": "head"}],
    f"{CONSOLE}/nguoi-ky": lambda thing: [{"ho_ten": thing, "tai_khoan": thing}],
    f"{CONSOLE}/nguoi-ky/{{signer}}": lambda _: [{"den_ngay": "31/12/2026"}],
    f"{CONSOLE}/khoa-api": lambda thing: [{"ten": thing, "pham_vi": thing}],
    f"{CONSOLE}/khoa-api/{{key}}": lambda thing: [{"ten": thing}],
    f"{CONSOLE}/thay-the": lambda thing: [{"vang": thing, "thay": thing, "den_ngay": thing}],
    f"{CONSOLE}/thay-the/{{number}}": lambda thing: [{"ten": thing}],
    f"{CONSOLE}/mo-don-vi": lambda thing: [{"mau": thing, "dia_chi": thing, "ten": thing}],
    f"{CONSOLE}/tinh-lai": lambda thing: [{"lam": "so-lieu"}, {"can_cu": thing}],
    f"{CONSOLE}/chuyen-ho-so": lambda thing: [{"tu": thing, "den": thing, "ho_so": thing}],
    f"{CONSOLE}/so-sach": lambda thing: [{"so": thing, "sau": "5", "can_cu": "x"}],
    f"{CONSOLE}/so-sach/{{year}}": lambda thing: [
        {"lam": "giu", "so": thing, "so_luong": "2", "ly_do": "x"},
        {"lam": "dong-day", "so": thing, "day": thing, "ly_do_dong": "x"},
        {"lam": "khoa", "so": thing},
    ],
    f"{CONSOLE}/thu-tuc/{{code}}": lambda _: [{"nhan": "1", "han": "1"}],
    f"{CONSOLE}/le-phi/{{fee}}": lambda _: [{"muc": "1", "tu_ngay": "31/12/2026", "can_cu": "x"}],
    f"{CONSOLE}/lich": lambda _: [{"lam": "xem"}, {"lam": "cong-bo", "ngay": "24/12/2026"}],
    f"{CONSOLE}/dong-cua": lambda thing: [{"lam": "xem", "ngay": "24/12/2026", "ly_do": thing}],
    f"{CONSOLE}/dong-cua/{{day}}": lambda thing: [{"ly_do": thing}],
    f"{CONSOLE}/phan-mo-rong/{{plugin}}": lambda _: [{"lam": "tat"}, {"lam": "chay-lai"}],
    f"{CONSOLE}/phan-mo-rong/{{plugin}}/cau-hinh": lambda thing: [{"free": thing}],
}
"""By path, where a handler reads the form by itself."""
