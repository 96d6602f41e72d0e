"""What crosses the seams: variables of the start message, of each job's answer, of each message (seams.md §4)."""

COMMON = frozenset({"dossierCode", "authorities", "options", "priority"})
START = COMMON | {
    "bundleId",
    "bundleVersion",
    "channel",
    "delivery",
    "applicantName",
    "essential",
    "paperOrder",
    "reopened",
}
CALLED = COMMON | {"procedureCode", "authority"}
"""What a process that nobody calls yet may count on: the seam's standard inputs."""
JOBS: dict[str, frozenset[str]] = {
    "register_instance": frozenset({"duplicate"}),
    "digitise": frozenset({"reading"}),
    "look_up_citizen": frozenset({"citizen"}),
    "check_reuse": frozenset({"missingComponents", "reusedComponents", "expiredComponents"}),
    "set_deadline": frozenset({"dueAt", "escalations", "consultationDueAt"}),
    "collect_fee": frozenset({"paymentId", "amount", "paid", "reminderPeriod"}),
    "escalate_sla": frozenset({"escalations", "escalationLevel"}),
    "notify": frozenset(),
    "issue_result": frozenset({"result"}),
    "hand_over": frozenset({"handedOver"}),
    "record_status": frozenset(),
    "request_supplement": frozenset({"supplementId", "supplementDueAt"}),
    "register_service": frozenset({"accepted", "reference", "period", "billAt"}),
    "issue_bill": frozenset({"found", "billCode", "period", "billAt"}),
    "settle_bill": frozenset({"receipt"}),
    "remind_bill": frozenset({"stillOpen"}),
    "end_service": frozenset(),
    "compile_late_list": frozenset(
        {"listId", "listName", "dossierCode", "rowCount", "units", "objectUntil", "authorities"}
    ),
    "gather_late_objections": frozenset({"objections", "rowCount"}),
    "record_late_objections": frozenset(),
    "publish_late_list": frozenset(),
    "correct_late_list": frozenset(),
}
MESSAGES: dict[str, frozenset[str]] = {
    "deadline-set": frozenset({"dueAt", "escalations"}),
    "deadline-changed": frozenset({"dueAt", "escalations"}),
    "payment-received": frozenset({"paymentId", "amount", "paid"}),
    "supplement-received": frozenset({"supplementId"}),
    "consultation-answered": frozenset({"opinion", "answer"}),
    "dossier-withdrawn": frozenset({"reason"}),
    "dossier-stopped": frozenset({"note"}),
    "authorities-changed": frozenset({"newAuthorities"}),
    "branch-transferred": frozenset({"newAuthority"}),
    "bill-paid": frozenset({"paid", "transactionId"}),
    "service-ended": frozenset(),
    "late-list-correction": frozenset({"rowId", "field", "value", "ground", "correctedBy"}),
}
SERVICE = frozenset({"dossierCode", "serviceKind", "period"})
STARTS: dict[str, frozenset[str]] = {
    "essential-water": SERVICE | {"people"},
    "essential-waste": SERVICE | {"people"},
    "essential-tuition": SERVICE | {"studentCode"},
    "late-list": frozenset({"dossierCode", "year", "month"}),
}
"""What the start message of a process that is no bundle brings; every other start message is a filing's (`START`)."""
