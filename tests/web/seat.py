"""Somebody of the staff at the office: a browser without a window that sends the forms of its pages as they stand."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

import httpx

from tests.support.world import Organization, signed_in


class _Forms(HTMLParser):
    """The fields of every form of a page with what stands in them, by the form's address."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: dict[str, list[tuple[str, str]]] = {}
        self._fields: list[tuple[str, str]] | None = None
        self._select: str | None = None
        self._text: tuple[str, list[str]] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._fields = self.forms.setdefault(given.get("action", ""), [])
        if self._fields is None:
            return
        name = given.get("name", "")
        if tag == "input" and name:
            kind = given.get("type", "text")
            if kind == "file" or (kind in {"checkbox", "radio"} and "checked" not in given):
                return
            self._fields.append((name, given.get("value", "on" if kind == "checkbox" else "")))
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and "selected" in given:
            self._fields.append((self._select, given.get("value", "")))
        elif tag == "textarea":
            self._text = (name, [])

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text[1].append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._fields = None
        elif tag == "select":
            self._select = None
        elif tag == "textarea" and self._text is not None and self._fields is not None:
            self._fields.append((self._text[0], "".join(self._text[1]).removeprefix("\n")))
            self._text = None


def form_of(page: str, action: str) -> dict[str, list[str]]:
    """What a browser would send of a form, untouched."""
    parser = _Forms()
    parser.feed(page)
    assert action in parser.forms, f"no form to {action}; there are {sorted(parser.forms)}"
    sent: dict[str, list[str]] = {}
    for name, value in parser.forms[action]:
        sent.setdefault(name, []).append(value)
    return sent


@dataclass
class Seat:
    """One browser in which somebody is signed in."""

    http: httpx.AsyncClient
    organization: Organization

    async def open(self, path: str) -> str:
        """A page of the office that is there."""
        answer = await self.http.get(path)
        assert answer.status_code == 200, (path, answer.status_code, answer.text[-400:])
        return answer.text

    async def send(self, action: str, form: dict[str, Any], **headers: str) -> httpx.Response:
        sent = {"Sec-Fetch-Site": "same-origin", **headers}
        return await self.http.post(action, data=form, headers=sent)

    async def fill(self, path: str, action: str | None = None, **changes: Any) -> httpx.Response:
        """Open a page, change some fields of its form, send the whole; dots in names are written as `__`."""
        form: dict[str, Any] = form_of(await self.open(path), action or path)
        form.update({name.replace("__", "."): value for name, value in changes.items()})
        return await self.send(
            action or path, {name: value for name, value in form.items() if value is not None}
        )


@asynccontextmanager
async def seated(
    client: httpx.AsyncClient, organization: Organization, user_id: Any = None
) -> AsyncIterator[Seat]:
    transport = client._transport
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost:8000") as http:
        http._transport = transport
        await signed_in(http, organization, user_id)
        yield Seat(http, organization)


def findings(page: str) -> dict[str, str]:
    """What a page says is wrong, by the field it stands beside."""
    found = re.findall(r'<p class="error" id="([^"]*)-error">.*?<span>(.*?)</span></p>', page, re.DOTALL)
    return dict(found)


def focused(page: str) -> list[str]:
    """The fields that ask for the focus when the page is opened."""
    return re.findall(r'id="([^"]*)"[^>]*\sautofocus', page)


def went_to(answer: httpx.Response) -> str:
    """Where a form that was taken leads."""
    assert answer.status_code == 303, (answer.status_code, findings(answer.text), answer.text[-600:])
    return answer.headers["location"]
