"""Words that papers use for what the data hold as codes (in Vietnamese, as the forms are)."""

from typing import Final

from lienthong.dossiers.rules.components import ComponentStatus
from lienthong.dossiers.rules.deadline import Limit, LimitUnit

UNITS: Final = {
    LimitUnit.WORKING_DAYS: "ngày làm việc",
    LimitUnit.CALENDAR_DAYS: "ngày",
    LimitUnit.WORKING_HOURS: "giờ làm việc",
}
COMPONENTS: Final = {
    ComponentStatus.PROVIDED: "Đã nộp",
    ComponentStatus.REUSED: "Dùng lại giấy tờ đã có",
    ComponentStatus.DERIVED: "Tra từ cơ sở dữ liệu",
    ComponentStatus.RESULT_OF_SIBLING: "Kết quả thủ tục liên thông",
    ComponentStatus.WAIVED: "Không phải nộp",
    ComponentStatus.MISSING: "Chưa có",
}
OUTCOMES: Final = {
    "issued": "Đã có kết quả",
    "refused": "Từ chối",
    "skipped": "Không thực hiện",
    "active": "Đang giải quyết",
    "waiting": "Chưa bắt đầu",
}
KINDS: Final = {
    "original": "Bản chính",
    "copy": "Bản sao",
    "certified": "Bản sao chứng thực",
    "electronic": "Bản điện tử",
}
DELIVERIES: Final = {
    "online": "Trực tuyến, trên Cổng dịch vụ công",
    "desk": "Bộ phận Một cửa",
    "post": "Dịch vụ bưu chính công ích",
}


def limit_text(limit: Limit) -> str:
    """A time limit as papers write it: ``5 ngày làm việc``."""
    return f"{limit.value:g} {UNITS[limit.unit]}".replace(".", ",")
