"""What the description of the API says about every route: who may ask, what may go wrong."""

from typing import Annotated

from litestar.openapi.datastructures import ResponseSpec
from litestar.params import HeaderParameter

from motcua.web.errors import PROBLEM_JSON, Problem

BEARER = [{"bearer": list[str]()}]
"""The security of a route that asks for a session."""

IdempotencyKey = Annotated[
    str,
    HeaderParameter(
        name="Idempotency-Key",
        description="Tên của yêu cầu; gửi lại cùng tên thì nhận lại đúng câu trả lời cũ.",
    ),
]

_WORDS = {
    400: "Nội dung không phải JSON",
    401: "Chưa đăng nhập, hoặc sai tên, mật khẩu, mã",
    403: "Vai trò không được làm việc này",
    404: "Không có đơn vị, hồ sơ hoặc thủ tục này",
    409: "Hồ sơ vừa thay đổi, bước không hợp lệ, hoặc đơn vị đã kết thúc",
    415: "Không phải JSON",
    422: "Còn chỗ cần sửa; `errors` nêu tất cả",
    429: "Thử sai nhiều lần; đợi theo Retry-After",
    503: "Cơ sở dữ liệu không trả lời; chưa có gì được ghi",
}
_ALWAYS = (404, 503)
WRITE = (400, 415, 422)
STAFF = (401, 403)


def failures(*statuses: int) -> dict[int, ResponseSpec]:
    """The problem details a route may answer with, besides those every route may."""
    return {
        status: ResponseSpec(
            data_container=Problem,
            description=_WORDS[status],
            media_type=PROBLEM_JSON,
            generate_examples=False,
        )
        for status in sorted({*statuses, *_ALWAYS})
    }
