"""Public pages are shared, everybody's own are not."""

import pytest
from flask import Blueprint, Flask, Response, session

from servicetray.core import access, caching

blueprint = Blueprint("pages", __name__)


@blueprint.get("/shared")
@access.public
def shared() -> str:
    return "<!doctype html><title>The same for everyone</title>"


@blueprint.get("/signed-in")
@access.signed_in
def signed_in() -> str:
    return "<!doctype html><title>Mine</title>"


@blueprint.get("/form")
@access.public
def form() -> str:
    session["token"] = "x"
    return "<!doctype html><title>A form with a token</title>"


@blueprint.get("/greeting")
@access.public
def greeting() -> str:
    return f"<!doctype html><title>Hello {session.get('name', '')}</title>"


@blueprint.get("/cookie")
@access.public
def cookie() -> Response:
    response = Response("<!doctype html><title>A cookie</title>", mimetype="text/html")
    response.set_cookie("a", "b")
    return response


@blueprint.get("/secret")
@access.public
def secret() -> Response:
    return Response("<!doctype html>", mimetype="text/html", headers={"Cache-Control": "no-store"})


@blueprint.get("/data")
@access.public
def data() -> Response:
    return Response("{}", mimetype="application/json")


@blueprint.get("/missing")
@access.public
def missing() -> tuple[str, int]:
    return "<!doctype html>", 404


@pytest.fixture
def client():
    app = Flask(__name__)
    app.config["SECRET_KEY"] = "x" * 32
    app.register_blueprint(blueprint)
    caching.init_app(app)
    return app.test_client()


def test_a_page_that_is_the_same_for_everyone_may_be_kept(client):
    response = client.get("/shared")
    assert response.headers["Cache-Control"] == "public, max-age=60"
    assert response.headers["ETag"]
    assert "Vary" not in response.headers


def test_one_who_has_it_gets_no_second_copy(client):
    etag = client.get("/shared").headers["ETag"]
    again = client.get("/shared", headers={"If-None-Match": etag})
    assert again.status_code == 304
    assert again.data == b""
    assert client.get("/shared", headers={"If-None-Match": '"old"'}).status_code == 200


@pytest.mark.parametrize("path", ["/form", "/greeting", "/cookie"])
def test_a_page_that_knows_who_reads_it_is_never_kept(client, path):
    for _ in range(2):
        response = client.get(path)
        assert response.headers.get("Cache-Control") in {"no-store", None}
        assert "ETag" not in response.headers


@pytest.mark.parametrize("path", ["/signed-in", "/data", "/missing", "/not-there"])
def test_other_answers_are_left_alone(client, path):
    assert "Cache-Control" not in client.get(path).headers


def test_what_a_view_says_itself_stands(client):
    assert client.get("/secret").headers["Cache-Control"] == "no-store"
