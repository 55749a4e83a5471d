"""``motcua due``, run as people run it."""

import datetime as dt
import json
import random
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

LINES = 40_000
LINES_A_SECOND = 20_000


def run(*arguments: str, lines: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from motcua.cli import main; main()", "due", *arguments]
    return subprocess.run(command, input=lines, capture_output=True, text=True, check=False)


def asked(*arguments: str) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(run(*arguments, "--json").stdout)
    return answer


def batch(*lines: dict[str, Any] | str) -> tuple[int, list[dict[str, Any]]]:
    text = "".join(f"{line if isinstance(line, str) else json.dumps(line)}\n" for line in lines)
    done = run("--batch", "-", lines=text)
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()]


def test_the_plain_answer_is_one_line_for_people() -> None:
    done = run("2025-06-10T09:15", "same_day")

    assert done.stdout == "due 2025-06-10 17:00, counted from 2025-06-10 09:15\n"
    assert done.returncode == 0


def test_the_json_answer_has_the_shape_of_the_contract() -> None:
    answer = asked("2026-04-24 15:30", "1 wd")

    assert answer["due"] == "2026-04-28T17:00:00+07:00"
    assert answer["counted_from"] == "2026-04-24T15:30:00+07:00"
    assert answer["provisional"] is False
    assert [(day["date"], day["counted"], day["why"]) for day in answer["days"]] == [
        ("2026-04-24", 0, "reception"),
        ("2026-04-25", 0, "weekend"),
        ("2026-04-26", 0, "holiday"),
        ("2026-04-27", 0, "substitute"),
        ("2026-04-28", 1, "counted"),
    ]
    assert all({"date", "counted", "why", "basis"} <= day.keys() for day in answer["days"])


def test_explain_names_every_day_with_its_basis() -> None:
    lines = run("2026-04-24T09:00", "1 wd", "--explain").stdout.splitlines()

    assert lines[1] == "2026-04-24 Fri      –  day of reception"
    assert lines[3].startswith(
        "2026-04-26 Sun      –  holiday: Giỗ Tổ Hùng Vương (Bộ luật Lao động"
    )
    assert lines[5] == "2026-04-28 Tue      1  counted"


def test_a_due_time_that_rests_on_an_undecided_holiday_says_so() -> None:
    lines = run("2027-02-03T10:00", "1 wd", "--explain").stdout.splitlines()

    assert lines[1] == "provisional: a holiday in between is not decided yet"
    assert "provisional" in lines[3]


def test_as_of_leaves_out_what_was_decided_later() -> None:
    known = asked("2025-12-24T10:00", "7 wd", "--as-of", "2025-12-24")
    decided = asked("2025-12-24T10:00", "7 wd", "--as-of", "2025-12-25")

    assert known["due"] == "2026-01-05T17:00:00+07:00"
    assert decided["due"] == "2026-01-06T17:00:00+07:00"


def test_cutoff_and_convention_are_those_given() -> None:
    late = asked("2025-06-10T10:30", "same_day", "--cutoff", "10:00")
    hourly = asked("2025-06-10T10:30", "1 wd", "--convention", "H")

    assert late["due"] == "2025-06-11T17:00:00+07:00"
    assert hourly["due"] == "2025-06-11T10:30:00+07:00"


def test_a_unit_counts_with_its_own_hours(tmp_path: Path) -> None:
    day = "[{ opens = 08:00:00, closes = 12:00:00 }]"
    week = ", ".join([day] * 5 + ["[]", "[]"])
    nation = 'name = "Nước Thử"\nkind = "nation"\ntype_vi = "Nước"\n'
    nation += f"[[settings.hours.weeks]]\nweek = [{week}]\n"
    (tmp_path / "nuoc-thu.toml").write_text(nation, "utf-8")
    province = tmp_path / "tinh-thu"
    province.mkdir()
    (province / "province.toml").write_text(
        'name = "Tỉnh Thử"\nkind = "province"\ntype_vi = "Tỉnh"\n', "utf-8"
    )
    (province / "xa-thu.toml").write_text(
        'name = "Xã Thử"\nkind = "commune"\ntype_vi = "Xã"\n', "utf-8"
    )

    answer = asked("2025-06-10T09:15", "2 wd", "--tenant", "xa-thu", "--tenants", str(tmp_path))

    assert answer["due"] == "2025-06-12T12:00:00+07:00"


def test_a_mistake_is_one_line_and_status_2() -> None:
    mistakes = {
        ("2025-06-13", "8 xx"): "8 xx is not a time limit",
        ("yesterday", "3 wd"): "yesterday is not a date and time",
        ("2025-06-13T25:00", "3 wd"): "2025-06-13T25:00 is not a date and time",
        ("1234-06-13T10:00", "3 wd"): "lies outside the years",
        ("2025-06-13T10:00", "0 wd"): "from 1 to 9999",
        ("2025-06-13T10:00", "3 cd", "--convention", "H"): "Convention H is not defined",
        ("2025-06-13T10:00", "3 wd", "--cutoff", "3pm"): "3pm is not an hour",
        ("2025-06-13T10:00", "3 wd", "--cutoff", "15:00+07:00"): "is not an hour",
        ("2025-06-13T10:00", "3 wd", "--as-of", "now"): "now is not a date",
        ("2025-06-13T10:00", "3 wd", "--tenant", "nowhere"): "no unit nowhere",
        ("2025-06-13T10:00",): "Give the time of reception",
        ("2025-06-13T10:00", "3 wd", "--batch", "-"): "Give the time of reception",
    }
    for arguments, words in mistakes.items():
        done = run(*arguments)

        assert done.returncode == 2, arguments
        assert done.stdout == ""
        assert done.stderr.startswith("motcua: ")
        assert done.stderr.count("\n") == 1
        assert words in done.stderr


def test_a_batch_answers_in_the_order_asked() -> None:
    status, answers = batch(
        {"received": "2025-06-10T15:01", "limit": "same_day"},
        {"received": "2025-06-10T15:01", "limit": "same_day", "cutoff": "16:00"},
        {"received": "2025-06-10T10:00", "limit": "1 wd", "convention": "H"},
        {"received": "2025-06-10T03:00:00Z", "limit": "2 wh", "tenant": "vo-cuong"},
        {"received": "2025-12-24T10:00", "limit": "7 wd", "as_of": "2025-12-24"},
    )

    assert status == 0
    assert [answer["due"] for answer in answers] == [
        "2025-06-11T17:00:00+07:00",
        "2025-06-10T17:00:00+07:00",
        "2025-06-11T10:00:00+07:00",
        "2025-06-10T13:30:00+07:00",
        "2026-01-05T17:00:00+07:00",
    ]


def test_a_faulty_line_is_answered_by_its_fault_and_the_others_still_are() -> None:
    status, answers = batch(
        {"received": "2025-06-10T15:01", "limit": "soon"},
        "no json",
        "",
        {"received": "2025-06-10T15:01"},
        {"received": "2025-06-10T15:01", "limit": "1 wd", "cut_off": "15:00"},
        {"received": "2025-06-10T15:01", "limit": "1 wd", "tenant": "nowhere"},
        {"received": "2025-06-10T15:01", "limit": "1 wd"},
    )

    assert status == 1
    assert [answer.get("error", {}).get("type") for answer in answers] == [
        "deadline.limit-text",
        "deadline.line",
        "deadline.line",
        "deadline.line",
        "deadline.line",
        "deadline.tenant-hours",
        None,
    ]
    assert "soon is not a time limit" in answers[0]["error"]["detail"]
    assert answers[-1] == {"due": "2025-06-11T17:00:00+07:00"}


def test_an_empty_batch_has_no_answers() -> None:
    assert batch() == (0, [])


def test_a_batch_counts_twenty_thousand_lines_a_second() -> None:
    dice = random.Random(7)  # noqa: S311 - a seeded test, no secret
    limits = ["same_day", "3 wd", "8 wh", "7 cd", "12 ch", "15 wd"]
    moments = [
        dt.datetime.fromordinal(737_000 + dice.randrange(2_000))
        + dt.timedelta(minutes=dice.randrange(1_440))
        for _ in range(LINES)
    ]
    text = "".join(
        json.dumps({"received": moment.isoformat(), "limit": dice.choice(limits)}) + "\n"
        for moment in moments
    )
    before = resource.getrusage(resource.RUSAGE_CHILDREN)

    done = run("--batch", "-", lines=text)

    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    assert done.stdout.count('{"due":"') == LINES
    assert LINES / seconds >= LINES_A_SECOND, f"{LINES / seconds:.0f} lines a second of processor"


def test_a_batch_opens_no_database() -> None:
    code = (
        "import sys, io\n"
        "sys.argv = ['motcua', 'due', '--batch', '-']\n"
        "from motcua.cli import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "loaded = {name.split('.')[0] for name in sys.modules}\n"
        "print(sorted(loaded & {'asyncpg', 'piccolo', 'litestar'}))\n"
    )
    line = json.dumps({"received": "2025-06-10T09:15", "limit": "same_day"})

    done = subprocess.run(
        [sys.executable, "-c", code], input=line, capture_output=True, text=True, check=True
    )

    assert done.stdout.splitlines() == ['{"due":"2025-06-10T17:00:00+07:00"}', "[]"]
