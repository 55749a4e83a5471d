"""Lines, windows and what a ticket says."""

import msgspec
import pytest

from motcua.domain.queue import Line, Queue, Window, queue_of, ticket_code

QUEUE = Queue(
    lines=(Line(letter="A", name="Chứng thực"), Line(letter="B", name="Hộ tịch")),
    windows=(Window(name="Quầy 1"), Window(name="Quầy 2", letters=("B",))),
)


def test_a_window_serves_its_own_lines_or_else_all() -> None:
    assert QUEUE.served_at("Quầy 1") == ("A", "B")
    assert QUEUE.served_at("Quầy 2") == ("B",)


def test_lines_and_windows_are_found_by_name() -> None:
    assert QUEUE.line("B") == QUEUE.lines[1]
    assert QUEUE.line("C") is None
    assert QUEUE.window("Quầy 2") == QUEUE.windows[1]
    assert QUEUE.window("") is None


@pytest.mark.parametrize(
    "changed",
    [
        {"lines": (*QUEUE.lines, Line(letter="A", name="Đất đai"))},
        {"windows": (*QUEUE.windows, Window(name="Quầy 1"))},
        {"windows": (Window(name="Quầy 3", letters=("C",)),)},
    ],
    ids=["a letter twice", "a name twice", "a line that is not there"],
)
def test_a_queue_that_contradicts_itself_is_not_sound(changed: dict[str, object]) -> None:
    assert QUEUE.sound
    assert not msgspec.structs.replace(QUEUE, **changed).sound


def test_a_unit_without_the_setting_has_no_queue() -> None:
    assert queue_of({}) is None
    assert queue_of({"queue": msgspec.to_builtins(QUEUE)}) == QUEUE


def test_a_ticket_says_letter_and_three_digits_or_as_many_as_it_needs() -> None:
    assert ticket_code("A", 12) == "A012"
    assert ticket_code("B", 1000) == "B1000"
