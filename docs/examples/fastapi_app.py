"""A FastAPI dependency: who sends a license key and its activation that are valid gets in."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import Depends, FastAPI, Header, HTTPException, Request

from dodo_licenses import AsyncDodoPayments, DodoPaymentsError


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Share one client, and with it the rate limit, among all requests."""
    async with AsyncDodoPayments() as app.state.dodo:
        yield


async def licensed(
    request: Request, x_license_key: Annotated[str, Header()], x_license_instance: Annotated[str, Header()]
) -> None:
    """Let the request pass, or answer 403, or 503 where the service gave no answer."""
    try:
        reply = await request.app.state.dodo.licenses.validate(
            license_key=x_license_key, license_key_instance_id=x_license_instance
        )
    except DodoPaymentsError as error:
        if error.is_unavailable:
            raise HTTPException(503, "try again in a minute", headers={"Retry-After": "60"}) from error
        raise HTTPException(403, "this license is not valid") from error
    if not reply.valid:
        raise HTTPException(403, "this license is not valid")


app = FastAPI(lifespan=lifespan)


@app.get("/report", dependencies=[Depends(licensed)])
async def report() -> dict[str, str]:
    """What is sold."""
    return {"report": "as ordered"}
