"""The HTTP API: right answers, refusals as 4xx, nothing secret, no 5xx whatever is asked."""

from __future__ import annotations

import csv
import io
import json
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline.api.app import create_app
from tests.stores import plain, write

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # the test client's own deprecations
    from fastapi.testclient import TestClient


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("out")
    drafts = [plain(number, issuer=f"SỞ SỐ {number % 3}") for number in range(1, 31)]
    write(out, [*drafts, plain(99, secrecy="MẬT")])
    return out


@pytest.fixture(scope="module")
def client(store: Path) -> Iterator[TestClient]:
    with TestClient(create_app(store)) as client:
        yield client


def get(client: TestClient, path: str, **params: Any) -> Any:
    reply = client.get(f"/api/v1/{path}", params=params)
    assert reply.status_code == 200, reply.text
    return reply.json()


def test_search(client: TestClient) -> None:
    reply = get(client, "search", q="ho so qua han", limit=5)
    assert reply["total"] == 30
    hit = reply["items"][0]
    assert [hit["text"][a:b] for a, b in hit["highlights"]] == ["hồ sơ quá hạn"]
    more = get(client, "search", q="ho so qua han", limit=5, cursor=reply["cursor"])
    assert not {h["document_id"] for h in reply["items"]} & {
        h["document_id"] for h in more["items"]
    }


def test_statements_tasks_documents_facets_counts(client: TestClient) -> None:
    assert get(client, "statements", label="shortcoming")["total"] == 30
    tasks = get(client, "tasks", assignee="Văn phòng Sở", overdue=True, as_of="2025-07-01", limit=3)
    assert (tasks["total"], tasks["items"][0]["state"]) == (30, "overdue")
    assert tasks["items"][0]["coordinators"] == ["Thanh tra Sở"]
    assert get(client, "tasks", overdue=True, as_of="2025-06-30")["total"] == 0
    assert get(client, "documents", agency="Sở số 1")["total"] == 10
    facets = get(client, "facets", q="hồ sơ", by=["agency", "label"])["facets"]
    assert {"value": "shortcoming", "count": 30} in facets["label"]
    counts = get(client, "tasks/counts", by="agency")["items"]
    assert {row["value"]: row["tasks"] for row in counts} == {f"SỞ SỐ {n}": 10 for n in range(3)}


def test_one_document_and_etag(client: TestClient) -> None:
    item = get(client, "documents", number="7/TB-SXD")["items"][0]
    reply = client.get(f"/api/v1/documents/{item['document_id'][:12]}")
    assert reply.json()["header"]["code"] == "7/TB-SXD"
    again = client.get(
        f"/api/v1/documents/{item['document_id']}", headers={"If-None-Match": reply.headers["etag"]}
    )
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("number", ["7/TB-SXD", "7%2FTB-SXD", "7-TB-SXD", "7 tb sxd"])
def test_one_document_by_its_number(client: TestClient, number: str) -> None:
    reply = client.get(f"/api/v1/documents/{number}")
    assert (reply.status_code, reply.json()["header"]["code"]) == (200, "7/TB-SXD")


def test_days_in_the_forms_of_the_command_line(client: TestClient) -> None:
    late = get(client, "tasks", overdue=True, as_of="1/7/2025")
    assert late["total"] == get(client, "tasks", overdue=True, as_of="2025-07-01")["total"] == 30
    for path, name in (("tasks", "due_from"), ("statements", "date_to"), ("search", "overdue_on")):
        typed, iso = (get(client, path, **{name: day}) for day in ("31/12/2025", "2025-12-31"))
        assert typed["total"] == iso["total"]
    months = [get(client, "documents", date_from=month) for month in ("1/2001", "2001-01")]
    assert months[0] == months[1]
    assert months[0]["total"] == 30


def test_streams_have_all_pages(client: TestClient) -> None:
    lines = client.get("/api/v1/statements", params={"format": "jsonl"}).text.splitlines()
    assert len({json.loads(line)["statement_id"] for line in lines}) == len(lines) == 90
    body = client.get("/api/v1/tasks", params={"format": "csv"}).content
    assert body.startswith("\ufeff".encode())
    rows = list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"))))
    assert len(rows) == 30
    assert rows[0]["assignees"] == "Văn phòng Sở"


def test_changes(client: TestClient) -> None:
    first = get(client, "changes", limit=20)
    rest = get(client, "changes", since=first["cursor"], limit=1000)
    assert len(first["items"]) + len(rest["items"]) == 31
    secret = [item for item in rest["items"] if item["operation"] == "delete"]
    assert len(secret) == 1
    assert get(client, "changes", since=rest["cursor"])["items"] == []


def test_secret_documents_are_nowhere(client: TestClient, store: Path) -> None:
    for path in (
        "search?q=99/TB-SXD",
        "statements?q=199",
        "documents?number=99",
        "tasks?number=99",
    ):
        reply = client.get(f"/api/v1/{path}").json()
        assert all("99/TB" not in (item["code"] or "") for item in reply["items"])
    assert client.get("/api/v1/documents/99 tb sxd").status_code == 404
    with TestClient(create_app(store, include_secret=True)) as allowed:
        assert allowed.get("/api/v1/documents/99 tb sxd").status_code == 200


@pytest.mark.parametrize(
    ("header", "status"),
    [
        (None, 401),
        ("Bearer wrong", 401),
        ("Bearer ", 401),
        ("Basic mã-bí-mật", 401),
        ("Bearer mã-bí-mật", 200),
    ],
)
def test_token(store: Path, header: str | None, status: int) -> None:
    with TestClient(create_app(store, token="mã-bí-mật")) as client:
        headers = {"Authorization": header.encode()} if header else {}
        for path in ("search?q=a", "health", "openapi.json"):
            reply = client.get(f"/api/v1/{path}", headers=headers)  # type: ignore[arg-type]
            assert reply.status_code == status


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("search?limit=100000", 422),
        ("search?limit=0", 422),
        ("search?limit=9999999999999999999999", 422),
        ("search?cursor=%00%ff", 400),
        ("search?cursor=AAAA", 400),
        ("tasks?cursor=W10", 400),
        ("changes?since=x-1", 400),
        ("changes?since=x-" + "9" * 30, 400),
        ("search?q=%22", 400),
        ("search?q=" + "a" * 3000, 422),
        ("search?date_from=2023-99", 422),
        ("search?nonsense=1", 422),
        ("search?include_secret=true", 422),
        ("tasks?as_of=9999-12-31&overdue=true", 200),
        ("tasks?as_of=0001-01-01", 200),
        ("documents/..%2f..%2fetc%2fpasswd", 404),
        ("documents/../../../etc/passwd", 404),
        ("documents/%2e%2e", 404),
        ("documents/zzz", 404),
        ("search?" + "&".join(f"kind={n}" for n in range(3000)), 414),
        ("search?" + "&".join("agency=x" for _ in range(30)), 422),
    ],
)
def test_refusals(client: TestClient, path: str, status: int) -> None:
    reply = client.get(f"/api/v1/{path}")
    assert reply.status_code == status
    if status != 200:
        assert set(reply.json()) == {"code", "message"}


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("tasks?as_of=h%C3%B4m+nay", "as_of: hôm nay không phải là ngày (ví dụ"),
        ("search?date_from=mai", "date_from: mai không phải là ngày (ví dụ"),
        ("search?label=x", "label: không có giá trị x; có: kết quả, hạn chế"),
        ("search?q=label:x", "label: không có giá trị x; có: kết quả, hạn chế"),
    ],
)
def test_bad_filters_are_said_in_words(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, path: str, message: str
) -> None:
    monkeypatch.setattr("pipeline.messages.default_language", lambda: "vi")
    monkeypatch.setattr("pipeline.store.problems.default_language", lambda: "vi")
    assert client.get(f"/api/v1/{path}").json()["message"].startswith(message)


ENGLISH = ("there is no such address", "no document", "there is no value x", "is not a day")
VIETNAMESE = (
    "không có địa chỉ này",
    "không có văn bản",
    "không có giá trị x",
    "không phải là ngày",
)


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ("en", ENGLISH),
        ("en-GB,vi;q=0.5", ENGLISH),
        ("fr;q=1, vi;q=x, en;q=0.1", ENGLISH),
        ("vi-VN,vi;q=0.9,en;q=0.8", VIETNAMESE),
    ],
)
def test_refusals_are_said_in_the_language_of_the_request(
    client: TestClient, wanted: str, words: tuple[str, ...]
) -> None:
    paths = ("no-such-address", "documents/zzz", "search?label=x", "tasks?as_of=mai")
    for path, said in zip(paths, words, strict=True):
        reply = client.get(f"/api/v1/{path}", headers={"Accept-Language": wanted})
        assert said.lower() in reply.json()["message"].lower()
    names = client.get("/api/v1/search?q=label:x", headers={"Accept-Language": wanted}).json()
    assert ("achievement" in names["message"]) == (words == ENGLISH)


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_nothing_can_be_written(client: TestClient, method: str) -> None:
    reply = getattr(client, method)("/api/v1/documents")
    assert (reply.status_code, reply.json()["code"]) == (405, "method")


@pytest.mark.parametrize(
    "path",
    [
        "health",
        "documents?limit=3",
        "search?q=ho so qua han&limit=3",
        "statements?label=task&limit=3",
        "facets?q=ho so&by=agency&by=label&by=year&by=quality",
        "tasks?limit=3",
        "tasks/counts?by=assignee",
        "changes?limit=3",
        "documents/7 tb sxd",
        "documents/zzz",
        "search?q=%22",
        "nonsense",
    ],
)
def test_replies_are_what_the_openapi_says(client: TestClient, path: str) -> None:
    jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is not installed")
    published = client.get("/api/v1/openapi.json").json()
    reply = client.get(f"/api/v1/{path}")
    name = "documents/{document}" if path.startswith("documents/") else path.split("?")[0]
    operation = published["paths"].get(f"/api/v1/{name}")
    schema: Any = {"$ref": "#/components/schemas/Problem"}
    if operation is not None:
        answers = operation["get"]["responses"][str(reply.status_code)]
        schema = answers["content"]["application/json"]["schema"]
    strict = json.loads(json.dumps(published["components"]))
    for model in strict["schemas"].values():
        if "properties" in model:  # nothing but what is published
            model["additionalProperties"] = False
    jsonschema.Draft202012Validator({**schema, "components": strict}).validate(reply.json())


def test_examples_of_the_openapi_are_valid(client: TestClient) -> None:
    jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is not installed")
    published = client.get("/api/v1/openapi.json").json()
    shown = 0
    for model in published["components"]["schemas"].values():
        checker = jsonschema.Draft202012Validator({**model, "components": published["components"]})
        for example in model.get("examples", ()):
            checker.validate(example)
            shown += 1
    assert shown >= 5


def test_the_openapi_names_the_token_where_one_is_asked_for(store: Path) -> None:
    schemes = [
        create_app(store, token=token).openapi()["components"].get("securitySchemes")
        for token in (None, "mã")
    ]
    assert schemes == [None, {"HTTPBearer": {"type": "http", "scheme": "bearer"}}]


def test_missing_store_is_said(tmp_path: Path) -> None:
    with TestClient(create_app(tmp_path), raise_server_exceptions=False) as client:
        reply = client.get("/api/v1/search")
    assert (reply.status_code, reply.json()["code"]) == (503, "no-index")


# threads that other tests of the process left, Prefect's above all, draw from `random` meanwhile
@pytest.mark.filterwarnings("ignore:Do not use the `random` module inside strategies")
@pytest.mark.slow
def test_schemathesis(store: Path) -> None:
    schemathesis = pytest.importorskip("schemathesis", reason="schemathesis is not installed")
    from hypothesis import HealthCheck, given, settings
    from schemathesis.checks import not_a_server_error
    from schemathesis.specs.openapi.checks import (
        content_type_conformance,
        response_schema_conformance,
        status_code_conformance,
    )

    checks = [
        not_a_server_error,
        content_type_conformance,
        status_code_conformance,
        response_schema_conformance,
    ]
    schema = schemathesis.openapi.from_asgi("/api/v1/openapi.json", create_app(store))
    for result in schema.get_all_operations():
        operation = result.ok()

        @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
        @given(case=operation.as_strategy())
        def check(case: Any) -> None:
            case.call_and_validate(checks=checks)

        check()


@pytest.mark.slow
def test_many_clients_at_once_lose_no_request(store: Path) -> None:
    import http.client
    import threading
    import time
    from concurrent.futures import ThreadPoolExecutor

    import uvicorn

    from tests.stores import free_port

    port = free_port()
    config = uvicorn.Config(create_app(store), port=port, log_level="error", backlog=2048)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.05)

    def ask(number: int) -> tuple[int, int]:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        connection.request("GET", f"/api/v1/search?q=ho+so&limit={number % 20 + 1}")
        reply = connection.getresponse()
        found = len(json.loads(reply.read())["items"])
        connection.close()
        return reply.status, found - (number % 20 + 1)

    try:
        with ThreadPoolExecutor(200) as pool:
            replies = list(pool.map(ask, range(1000)))
    finally:
        server.should_exit = True
        thread.join()
    assert replies == [(200, 0)] * 1000
