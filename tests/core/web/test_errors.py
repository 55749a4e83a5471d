"""What machines and people get when something goes wrong."""

import re
from typing import Any

import asyncpg
import pytest
import structlog
from litestar import Litestar, Request
from litestar.testing import TestClient

from core.web.conftest import Visit
from fakes.html import parse
from motcua.web.errors import problem_of

SCOPE: Any = {"type": "http", "method": "GET", "path": "/hong", "headers": [], "query_string": b""}
PAGE = {"accept": "text/html,application/xhtml+xml"}


def test_an_unknown_address_has_a_page_with_a_way_out(visit: Visit) -> None:
    page = visit("/khong-co", status=404)

    assert page.one("h1").text == "Không có trang này"
    assert "/" in [each["href"] for each in page.one("main").all("a")]
    assert page.one("footer").one("a", "tel").text == "1900 0000"


def test_an_unknown_page_of_a_commune_leads_back_to_the_commune(visit: Visit) -> None:
    page = visit("/t/vo-cuong/thu-tuc/9.999999", status=404)

    assert "/t/vo-cuong/" in [each["href"] for each in page.one("main").all("a")]


def test_an_unknown_commune_leads_to_the_list_of_communes(visit: Visit) -> None:
    page = visit("/t/khong-co/", status=404)

    assert {each["href"] for each in page.one("main").all("a")} == {"/"}


def test_an_unforeseen_failure_shows_a_code_and_no_secret(client: TestClient[Litestar]) -> None:
    answer = client.get("/hong", headers=PAGE)

    page = parse(answer.text)
    assert answer.status_code == 500
    assert re.search(r"[2-9A-Z]{3}-[2-9A-Z]{3}", page.one("dl", "facts").text)
    assert "14:20" in page.one("dl", "facts").text
    assert "hunter2" not in answer.text
    assert "Traceback" not in answer.text


@pytest.mark.parametrize(
    "error",
    [
        asyncpg.UniqueViolationError("Key (name)=(Nguyễn Thị An) already exists."),
        asyncpg.InterfaceError("invalid input for query argument $1: 'Nguyễn Thị An'"),
    ],
)
@pytest.mark.parametrize("hidden", [False, True])
def test_what_the_database_says_of_a_row_is_not_logged(error: Exception, hidden: bool) -> None:
    """Decree 13/2023 art. 3: personal data stay where they are needed."""
    with structlog.testing.capture_logs() as logged:
        problem = problem_of(Request[Any, Any, Any](SCOPE), _raised(error, hidden=hidden))

    (entry,) = logged
    assert "Nguyễn" not in repr(entry)
    assert "exc_info" not in entry
    assert entry["incident"] == problem.incident
    assert entry["error"] == type(error).__name__
    assert entry["sqlstate"] == getattr(error, "sqlstate", "")
    assert "_raised" in entry["trace"]


def test_any_other_failure_is_logged_with_its_text() -> None:
    error = LookupError("x")

    with structlog.testing.capture_logs() as logged:
        problem_of(Request[Any, Any, Any](SCOPE), error)

    assert logged[0]["exc_info"] is error


def test_errors_that_came_of_each_other_are_logged_all_the_same() -> None:
    first, second = ValueError("first"), LookupError("second")
    first.__context__, second.__context__ = second, first

    with structlog.testing.capture_logs() as logged:
        problem_of(Request[Any, Any, Any](SCOPE), first)

    assert logged[0]["exc_info"] is first


def _raised(error: Exception, *, hidden: bool) -> Exception:
    """*error* as it was caught, or another that came of it."""
    told: Exception = LookupError() if hidden else error
    told.__cause__ = error if hidden else None

    def raised() -> None:
        raise told

    with pytest.raises(type(told)) as caught:
        raised()
    return caught.value


def test_machines_get_problem_details_for_an_unforeseen_failure(
    client: TestClient[Litestar],
) -> None:
    answer = client.get("/hong", headers={"accept": "application/json"})

    problem = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert (problem["type"], problem["status"]) == ("http.500", 500)
    assert "hunter2" not in answer.text


def test_the_api_answers_with_problem_details_whatever_is_accepted(
    client: TestClient[Litestar],
) -> None:
    answer = client.get("/t/vo-cuong/api/v1/khong-co", headers=PAGE)

    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"].startswith("Địa chỉ có thể đã đổi")


def test_all_faults_of_a_form_are_told_at_once(client: TestClient[Litestar]) -> None:
    answer = client.post("/t/vo-cuong/api/v1/dossiers")

    problem = answer.json()
    assert answer.status_code == 422
    assert problem["type"] == "answers.invalid"
    assert [(each["field"], each["code"]) for each in problem["errors"]] == [
        ("child_full_name", "field.required"),
        ("copies", "field.invalid"),
    ]


def test_the_api_needs_no_form_token(client: TestClient[Litestar]) -> None:
    answer = client.post("/t/vo-cuong/api/v1/dossiers")

    assert answer.status_code != 403


def test_a_form_without_its_token_is_refused_with_a_way_back(client: TestClient[Litestar]) -> None:
    answer = client.post("/t/vo-cuong/tra-cuu", data={"ma": "x"}, headers=PAGE)

    page = parse(answer.text)
    assert answer.status_code == 403
    assert page.one("main").all("a")[0]["href"] == "/t/vo-cuong/tra-cuu"


def test_a_method_that_a_page_does_not_take_is_told(client: TestClient[Litestar]) -> None:
    answer = client.delete("/t/vo-cuong/api/v1/ping")

    assert answer.status_code == 405
    assert answer.json()["type"] == "http.405"


def test_a_parameter_of_the_wrong_type_names_itself(client: TestClient[Litestar]) -> None:
    answer = client.get("/du-lieu-sai?count=x", headers={"accept": "application/json"})

    assert answer.status_code == 422
    assert [each["field"] for each in answer.json()["errors"]] == ["count"]


@pytest.mark.parametrize("path", ["/khong-co", "/hong", "/t/khong-co/"])
def test_an_error_page_is_never_stored(client: TestClient[Litestar], path: str) -> None:
    assert client.get(path, headers=PAGE).headers["cache-control"] == "no-store"
