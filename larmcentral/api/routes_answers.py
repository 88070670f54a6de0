"""Answers to notices by ways that know no log-in: a button on the phone, a text message, a key of the telephone."""

from __future__ import annotations

from urllib.parse import parse_qs

from fastapi import APIRouter, Request
from starlette.responses import Response

from larmcentral.api import shapes_desk
from larmcentral.api.commands_house import AnswerCommands
from larmcentral.api.problems import Refusal, documented
from larmcentral.api.routes_house import FIELD_LIMIT, same
from larmcentral.api.settings import ApiSettings


def answer_routes(answers: AnswerCommands, settings: ApiSettings) -> APIRouter:
    """POST /api/answers/{token}, and what the SMS gateway calls under /api/answers/46elks/{secret}."""
    router = APIRouter(prefix="/api/answers", tags=["answers"])

    async def form_of(secret: str, request: Request) -> dict[str, str]:
        """Return the gateway's form, of each field the first. Raises Refusal."""
        if settings.receipt_secret is None or not same(secret, settings.receipt_secret):
            raise Refusal(404, "not_found")
        try:
            form = parse_qs((await request.body()).decode(), max_num_fields=FIELD_LIMIT)
        except ValueError as error:  # not UTF-8, or more fields than anybody sends
            raise Refusal(422, "invalid") from error
        return {name: values[0] for name, values in form.items()}

    @router.post("/{token}", status_code=204, responses=documented(404, 409, 413, 422, 503))
    async def by_token(token: str, body: shapes_desk.Answer) -> None:
        """Answer the notice that carried this token. Repeatable."""
        await answers.by_token(token, body.word)

    @router.post(
        "/46elks/{secret}/sms",
        response_class=Response,
        responses={
            200: {"content": {"text/plain": {}}, "description": "Words to send back, or nothing"},
            **documented(404, 413, 422, 503),
        },
    )
    async def by_sms(secret: str, request: Request) -> Response:
        """A text message to our number: form fields from, to, message."""
        form = await form_of(secret, request)
        if "from" not in form:
            raise Refusal(422, "invalid", fields={"from": "missing"})
        words = await answers.by_number(form["from"], form.get("message", ""))
        return Response(words or "", media_type="text/plain")

    @router.post("/46elks/{secret}/key", status_code=204, responses=documented(404, 413, 422, 503))
    async def by_key(secret: str, request: Request) -> None:
        """A key pressed in a call of ours: form fields direction, from, to, result. The person is at the other end."""
        form = await form_of(secret, request)
        number = form.get("from" if form.get("direction") == "incoming" else "to")
        if number is None or "result" not in form:
            raise Refusal(422, "invalid", fields={"result": "missing"})
        await answers.by_key(number, form["result"])

    return router
