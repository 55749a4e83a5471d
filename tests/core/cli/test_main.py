"""The command line as a whole: a user's mistake is one line and exit status 2."""

import subprocess

import pytest


def motcua(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["motcua", *arguments], capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("nonsense",), "nonsense"),
        (("due", "2026-11-23T15:30", "same_day", "--convention", "X"), "--convention"),
        (("due", "yesterday", "same_day"), "yesterday"),
        (("report", "--tenant", "vo-cuong"), "--from"),
    ],
)
def test_a_mistake_is_told_in_one_line_that_names_it(
    arguments: tuple[str, ...], named: str
) -> None:
    done = motcua(*arguments)

    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert named in done.stderr


def test_help_is_no_mistake() -> None:
    done = motcua("--help")

    assert done.returncode == 0
    assert "demo" in done.stdout
