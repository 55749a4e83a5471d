"""The queue in the console."""

import pytest

from core.console.conftest import Come
from fakes.html import parse
from fakes.office import SLUG, Office
from motcua.domain.queue import Line, Queue, Window, queue_of
from motcua.services.house import desk

pytestmark = pytest.mark.anyio


async def test_lines_and_windows_typed_as_text_open_the_machine_and_nothing_shuts_it(
    office: Office, come: Come
) -> None:
    visitor = await come()
    given = {"hang": "a: Chứng thực\nB: Hộ tịch", "quay": "Quầy 1\nQuầy 2: b"}

    kept = await visitor.post("hang-cho", given)

    assert kept.status_code == 303
    assert queue_of((await desk(office.house, SLUG)).settings) == Queue(
        lines=(Line(letter="A", name="Chứng thực"), Line(letter="B", name="Hộ tịch")),
        windows=(Window(name="Quầy 1"), Window(name="Quầy 2", letters=("B",))),
    )
    assert (await office.client.get(f"/t/{SLUG}/lay-so")).status_code == 200
    assert "Quầy 2: B" in (await visitor.get("hang-cho")).text
    told = (await visitor.get("nhat-ky")).text
    assert "Hàng chờ</td>" in told
    assert "Quầy 1; Quầy 2: B" in told
    assert "{" not in parse(told).text
    await visitor.post("hang-cho", {"hang": "", "quay": ""})
    assert (await office.client.get(f"/t/{SLUG}/lay-so")).status_code == 404


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"hang": "Chứng thực", "quay": "Quầy 1"}, "một chữ cái"),
        ({"hang": "A: Chứng thực", "quay": ""}, "tên quầy"),
        ({"hang": "A: Chứng thực", "quay": "Quầy 1: số"}, "chỉ ghi chữ cái"),
        ({"hang": "A: Chứng thực", "quay": "Quầy 1: B"}, "một hàng không có"),
    ],
)
async def test_a_queue_that_cannot_be_is_refused_and_keeps_what_was_typed(
    come: Come, given: dict[str, str], words: str
) -> None:
    answer = await (await come()).post("hang-cho", given)

    assert answer.status_code == 422
    assert words in answer.text
    assert given["hang"] in answer.text
