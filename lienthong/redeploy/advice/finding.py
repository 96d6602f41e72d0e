"""One finding: where, which rule, how grave, and why, in both languages."""

from dataclasses import dataclass
from enum import StrEnum

Text = dict[str, str]


class Severity(StrEnum):
    """An error stops a deployment; a warning is for the designer to weigh."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """A finding of an own rule; ``element_id`` is empty when it concerns the whole file."""

    element_id: str
    rule: str
    severity: Severity
    text: Text


_SENTENCES: dict[str, tuple[str, str]] = {
    "starving-join": (
        "Cổng nhập «{name}» chờ mãi trên mọi đường đi: có nhánh vào không bao giờ có hồ sơ đến cùng các nhánh kia.",
        "The join «{name}» waits for ever on every way: a branch never arrives together with the others.",
    ),
    "join-may-starve": (
        "Cổng nhập «{name}» có thể chờ mãi: có lựa chọn làm một nhánh vào không bao giờ tới.",
        "The join «{name}» may wait for ever: some choice lets one of its branches never arrive.",
    ),
    "deadline-missing": (
        "Việc «{name}» không có thời hạn: không có ngày đến hạn, hẹn giờ, hay bước đặt hạn trong quy trình gọi nó.",
        "«{name}» has no time limit: no due date, no timer, and no process above it sets a deadline.",
    ),
    "documentation": (
        "«{name}» chưa có mô tả (căn cứ, đơn vị, thời gian): người đọc sau không biết bước này dựa vào đâu.",
        "«{name}» has no documentation (basis, unit, time): nobody later knows what this step rests on.",
    ),
    "template": (
        "Việc máy «{name}» không theo mẫu phần tử nào: loại việc và tham số dễ bị gõ sai.",
        "The job «{name}» follows no element template: its type and parameters are easily mistyped.",
    ),
    "job-type-unknown": (
        "Không có bộ xử lý nào làm loại việc «{detail}» của «{name}»: hồ sơ sẽ đứng ở đó.",
        "No worker does jobs of type «{detail}» at «{name}»: dossiers would stop there.",
    ),
    "unreachable": (
        "Không đường nào dẫn tới «{name}»: bước này không bao giờ chạy.",
        "No way leads to «{name}»: it can never run.",
    ),
    "form-field": (
        "Điều kiện sau «{name}» đọc «{detail}», nhưng biểu mẫu của việc đó không có trường này.",
        "A condition behind «{name}» reads «{detail}», but the form of that task has no such field.",
    ),
    "form-value": (
        "Điều kiện sau «{name}» chờ giá trị «{detail}», nhưng biểu mẫu không cho chọn giá trị đó.",
        "A condition behind «{name}» waits for the value «{detail}», but the form does not offer it.",
    ),
    "form-choice": (
        "Biểu mẫu của «{name}» cho chọn «{detail}», nhưng không đường nào nhận giá trị đó: hồ sơ sẽ gặp sự cố.",
        "The form of «{name}» offers «{detail}», but no flow takes it: the dossier would meet an incident.",
    ),
    "variable": (
        "«{name}» đọc biến «{detail}», nhưng không ai đặt biến đó.",
        "«{name}» reads the variable «{detail}», but nobody sets it.",
    ),
    "uncaught-error": (
        "Lỗi «{detail}» do «{name}» ném ra không có ai bắt: hồ sơ sẽ dừng với sự cố.",
        "Nobody catches the error «{detail}» that «{name}» throws: the dossier would stop with an incident.",
    ),
    "error-alone": (
        "Lỗi «{detail}» do «{name}» ném ra sẽ thành sự cố khi quy trình này chạy một mình: chưa quy trình nào gọi nó.",
        "The error «{detail}» that «{name}» throws is an incident when this process runs alone: nobody calls it yet.",
    ),
}
SEVERITIES: dict[str, Severity] = {
    "starving-join": Severity.ERROR,
    "unreachable": Severity.ERROR,
    "uncaught-error": Severity.ERROR,
    "form-field": Severity.ERROR,
    "form-value": Severity.ERROR,
}


def found(rule: str, element_id: str, name: str, detail: str = "") -> Finding:
    """A finding in words; a rule that is not listed as an error is a warning."""
    vi, en = _SENTENCES[rule]
    words = {"vi": vi.format(name=name, detail=detail), "en": en.format(name=name, detail=detail)}
    return Finding(element_id, rule, SEVERITIES.get(rule, Severity.WARNING), words)
