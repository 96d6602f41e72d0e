"""The accounts of the demonstration: one a role, the people behind them plainly made up."""

from dataclasses import dataclass
from typing import Final

from lienthong.dossiers.tables import Role, UserKind


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """An account of the demonstration; the person behind it is plainly made up."""

    username: str
    display_name: str
    kind: str
    grants: tuple[tuple[str, str], ...] = ()
    phone: str = ""
    personal_number: str = ""


def _officer(username: str, display_name: str, *authority_ids: str) -> DemoAccount:
    return DemoAccount(
        username, display_name, UserKind.STAFF, tuple((authority, Role.OFFICER) for authority in authority_ids)
    )


_DECIDING: Final = (
    "bd-svhtt",
    "bd-ca-huyen",
    "bd-tckh-huyen",
    "bd-pccc",
    "bd-stp",
    "bd-sldtbxh",
    "bd-skhdt",
    "bd-stnmt",
    "bd-stc",
    "bd-sxd",
    "bd-bqlkkt",
    "bd-ubnd-huyen",
    "bd-ubnd-xa",
    "bd-ca-xa",
    "bd-bhxh",
    "bd-svhttdl",
    "bd-snv",
    "bd-snnmt",
    "bd-ca-tinh",
)
_OF_2026: Final = (
    "gl-svhttdl",
    "gl-snv",
    "gl-stc",
    "gl-snnmt",
    "gl-sxd",
    "gl-bqlkkt",
    "gl-ca-tinh",
    "gl-pccc",
    "gl-ubnd-xa",
    "gl-ca-xa",
    "gl-bhxh",
)
_DESK: Final = "bd-ttpvhcc"
_OFFICE: Final = "bd-vpubnd"
_PROVINCE: Final = "bd-ubnd-tinh"

DEMO_ACCOUNTS: Final[tuple[DemoAccount, ...]] = (
    DemoAccount("congdan", "Nguyễn Văn Thử", UserKind.CITIZEN, (), "0900000001", "052099000001"),
    DemoAccount("doanhnghiep", "Công ty TNHH Thử Nghiệm", UserKind.CITIZEN, (), "0900000002", "052199000002"),
    DemoAccount(
        "buudien", "Phùng Thị Thử Bưu Điện", UserKind.CITIZEN, (("bd-buudien", Role.POST_CLERK),), "0900000003"
    ),
    DemoAccount(
        "doanvien", "Cao Văn Thử Thanh Niên", UserKind.CITIZEN, (("bd-tinhdoan", Role.YOUTH_HELPER),), "0900000004"
    ),
    DemoAccount("tiepnhan", "Trần Thị Tiếp Nhận", UserKind.STAFF, ((_DESK, Role.RECEPTION),)),
    _officer("canbo-vanhoa", "Lê Văn Thử Văn Hóa", "bd-svhtt", "bd-svhttdl"),
    _officer("canbo-congan", "Phạm Văn Thử Công An", "bd-ca-huyen"),
    _officer("canbo-congan-tinh", "Quách Văn Thử Công An", "bd-ca-tinh"),
    _officer("canbo-taichinh", "Đỗ Thị Thử Tài Chính", "bd-tckh-huyen", "bd-stc"),
    _officer("canbo-pccc", "Bùi Văn Thử Phòng Cháy", "bd-pccc"),
    _officer("canbo-tuphap", "Hồ Thị Thử Tư Pháp", "bd-stp"),
    _officer("canbo-laodong", "Ngô Văn Thử Lao Động", "bd-sldtbxh", "bd-snv"),
    _officer("canbo-dautu", "Dương Thị Thử Đầu Tư", "bd-skhdt"),
    _officer("canbo-moitruong", "Lý Văn Thử Môi Trường", "bd-stnmt", "bd-snnmt"),
    _officer("canbo-xaydung", "Vũ Văn Thử Xây Dựng", "bd-sxd"),
    _officer("canbo-kkt", "Đặng Thị Thử Khu Kinh Tế", "bd-bqlkkt"),
    _officer("canbo-huyen", "Mai Văn Thử Cấp Huyện", "bd-ubnd-huyen"),
    _officer("canbo-xa", "Hà Thị Thử Cấp Xã", "bd-ubnd-xa", "bd-ca-xa"),
    _officer("canbo-baohiem", "Tô Văn Thử Bảo Hiểm", "bd-bhxh"),
    DemoAccount("tiepnhan-gialai", "Lâm Thị Thử Tiếp Nhận", UserKind.STAFF, (("gl-ttpvhcc", Role.RECEPTION),)),
    _officer("canbo-gialai", "Kiều Văn Thử Gia Lai", *_OF_2026),
    DemoAccount(
        "lanhdao-gialai",
        "Lương Thị Thử Lãnh Đạo",
        UserKind.STAFF,
        tuple((authority, role) for authority in _OF_2026 for role in (Role.UNIT_HEAD, Role.AUTHORITY_HEAD)),
    ),
    DemoAccount("vanphong-gialai", "Thái Văn Thử Văn Phòng", UserKind.STAFF, (("gl-vpubnd", Role.OFFICE),)),
    DemoAccount(
        "truongphong",
        "Trịnh Văn Thử Trưởng Phòng",
        UserKind.STAFF,
        tuple((authority, Role.UNIT_HEAD) for authority in (*_DECIDING, _DESK)),
    ),
    DemoAccount(
        "thutruong",
        "Đinh Thị Thử Thủ Trưởng",
        UserKind.STAFF,
        tuple((authority, Role.AUTHORITY_HEAD) for authority in (*_DECIDING, _DESK)),
    ),
    DemoAccount("vanphong", "Phan Văn Thử Văn Phòng", UserKind.STAFF, ((_OFFICE, Role.OFFICE),)),
    DemoAccount(
        "ketoan",
        "Kha Thị Thử Kế Toán",
        UserKind.STAFF,
        ((_DESK, Role.FINANCE), ("gl-ttpvhcc", Role.FINANCE)),
    ),
    DemoAccount("thietke", "Tạ Thị Thử Thiết Kế", UserKind.STAFF, ((_PROVINCE, Role.DESIGNER),)),
    DemoAccount("quantri", "Chu Văn Thử Quản Trị", UserKind.STAFF, ((_PROVINCE, Role.ADMINISTRATOR),)),
)
