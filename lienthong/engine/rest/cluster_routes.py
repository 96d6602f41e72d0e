"""The cluster itself: topology, status, clock, licence, who am I."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from lienthong.engine.rest import response_mapper
from lienthong.engine.rest.edge import body_of, edge_of, json_reply
from lienthong.engine.rest.request_mapper import whole

router = APIRouter()


@router.get("/topology")
async def topology(request: Request) -> Response:
    """What the cluster is made of."""
    edge = edge_of(request)
    host, port = edge.grpc_address
    return json_reply(response_mapper.topology(host, port, edge.engine.failure is None))


@router.get("/status")
async def status(request: Request) -> Response:
    """204 while the engine takes commands, else 503."""
    return Response(status_code=503 if edge_of(request).engine.failure else 204)


@router.put("/clock")
async def pin_clock(request: Request) -> Response:
    """Stop the clock at a moment; answered when everything due by then is done."""
    await edge_of(request).engine.pin_clock(whole(await body_of(request), "timestamp"))
    return Response(status_code=204)


@router.post("/clock/reset")
async def reset_clock(request: Request) -> Response:
    """Real time again."""
    await edge_of(request).engine.pin_clock(None)
    return Response(status_code=204)


@router.get("/license")
async def license_status() -> Response:
    """There is no licence key to this engine."""
    return json_reply({"validLicense": True, "licenseType": "none", "isCommercial": False, "expiresAt": None})


@router.get("/authentication/me")
async def me() -> Response:
    """The one user of an engine that knows only a token."""
    return json_reply(
        {
            "username": "engine",
            "displayName": "engine",
            "email": None,
            "authorizedComponents": ["*"],
            "tenants": [{"tenantId": "<default>", "name": "Default", "description": None}],
            "groups": [],
            "roles": [],
            "salesPlanType": None,
            "c8Links": {},
            "canLogout": False,
        }
    )


@router.get("/system/configuration")
async def configuration() -> Response:
    """Job statistics are counted from the jobs themselves, so nothing is exported and nothing is bounded."""
    metrics = {
        "enabled": True,
        "exportInterval": "PT0S",
        "maxWorkerNameLength": 0,
        "maxJobTypeLength": 0,
        "maxTenantIdLength": 31,
        "maxUniqueKeys": 0,
    }
    return json_reply({"jobMetrics": metrics})
