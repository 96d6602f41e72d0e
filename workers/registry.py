"""The job types and their modules: the one list."""

import importlib
from types import ModuleType
from typing import Final

JOB_TYPES: Final = (
    "register_instance",
    "digitise",
    "look_up_citizen",
    "check_reuse",
    "set_deadline",
    "collect_fee",
    "escalate_sla",
    "notify",
    "issue_result",
    "hand_over",
    "record_status",
    "request_supplement",
    "register_service",
    "issue_bill",
    "settle_bill",
    "remind_bill",
    "end_service",
    "compile_late_list",
    "record_late_objections",
    "gather_late_objections",
    "publish_late_list",
    "correct_late_list",
)


def worker_modules() -> dict[str, ModuleType]:
    """Every worker by its job type."""
    modules = {job_type: importlib.import_module(f"workers.{job_type}") for job_type in JOB_TYPES}
    for job_type, module in modules.items():
        if job_type != module.JOB_TYPE:
            raise ValueError(f"Expected workers.{job_type} to serve '{job_type}', but it serves '{module.JOB_TYPE}'")
    return modules
