"""The router ``/api``: every changing call carries the CSRF token."""

from fastapi import APIRouter, Depends

from lienthong.api.administration_law_routes import router as administration_law_router
from lienthong.api.administration_routes import router as administration_router
from lienthong.api.console_instance_routes import router as console_instance_router
from lienthong.api.console_routes import router as console_router
from lienthong.api.designer_routes import router as designer_router
from lienthong.api.document_routes import router as document_router
from lienthong.api.dossier_act_routes import router as dossier_act_router
from lienthong.api.finance_routes import router as finance_router
from lienthong.api.late_list_routes import router as late_list_router
from lienthong.api.leader_indicator_routes import router as leader_indicator_router
from lienthong.api.leader_routes import router as leader_router
from lienthong.api.live_routes import router as live_router
from lienthong.api.model_routes import router as model_router
from lienthong.api.operations_batch_routes import router as operations_batch_router
from lienthong.api.operations_routes import router as operations_router
from lienthong.api.oversight_routes import router as oversight_router
from lienthong.api.petition_routes import router as petition_router
from lienthong.api.play_routes import router as play_router
from lienthong.api.queue_routes import router as queue_router
from lienthong.api.reception_room_routes import router as reception_room_router
from lienthong.api.reception_routes import router as reception_router
from lienthong.api.redeploy_routes import router as redeploy_router
from lienthong.api.session_routes import router as session_router
from lienthong.api.substitution_routes import router as substitution_router
from lienthong.api.task_routes import router as task_router
from lienthong.web.csrf import csrf_protect
from lienthong.web.problems import problem_for_status

api_router = APIRouter(prefix="/api", dependencies=[Depends(csrf_protect)])
for _router in (session_router, task_router, document_router, console_router, model_router, redeploy_router):
    api_router.include_router(_router)
for _router in (
    console_instance_router,
    operations_router,
    operations_batch_router,
    administration_router,
    administration_law_router,
    designer_router,
    play_router,
):
    api_router.include_router(_router)
for _router in (
    queue_router,
    dossier_act_router,
    substitution_router,
    live_router,
    reception_router,
    reception_room_router,
    leader_indicator_router,
    leader_router,
    petition_router,
    oversight_router,
    finance_router,
    late_list_router,
):
    api_router.include_router(_router)


@api_router.get("/{path:path}", include_in_schema=False)
def unknown(path: str) -> None:
    """An unknown path below ``/api`` is a problem in JSON, never the portal's page."""
    raise problem_for_status(404)
