"""Why an upload is refused, in words for citizens; Vietnamese first."""

from __future__ import annotations

REFUSALS: dict[str, tuple[str, str]] = {
    "empty": ("Tệp rỗng. Vui lòng chọn lại tệp có nội dung.", "The file is empty. Please choose a file with content."),
    "too-large": (
        "Tệp lớn hơn {limit} MB. Vui lòng quét lại ở độ phân giải 200-300 dpi hoặc chia thành nhiều tệp.",
        "The file is larger than {limit} MB. Please scan at 200-300 dpi or split it into several files.",
    ),
    "wrong-type": (
        "Chỉ nhận tệp PDF, JPEG hoặc PNG. Nội dung tệp này không thuộc các loại đó.",
        "Only PDF, JPEG or PNG files are accepted. The content of this file is none of them.",
    ),
    "name-path": (
        "Tên tệp không được chứa đường dẫn hoặc dấu gạch chéo. Vui lòng đổi tên tệp.",
        "The file name must not contain a path or slashes. Please rename the file.",
    ),
    "name-characters": (
        "Tên tệp chứa ký tự ẩn hoặc ký tự điều khiển. Vui lòng đổi tên tệp.",
        "The file name contains hidden or control characters. Please rename the file.",
    ),
    "name-long": (
        "Tên tệp quá dài. Vui lòng đặt tên ngắn hơn 100 ký tự.",
        "The file name is too long. Please use fewer than 100 characters.",
    ),
    "name-ending": (
        "Đuôi tên tệp phải là .pdf, .jpg, .jpeg hoặc .png.",
        "The file name must end in .pdf, .jpg, .jpeg or .png.",
    ),
    "too-many-pixels": (
        "Ảnh có kích thước quá lớn (trên {limit} triệu điểm ảnh). Vui lòng chụp hoặc quét lại nhỏ hơn.",
        "The picture is too large (over {limit} million pixels). Please take or scan a smaller one.",
    ),
    "too-small": (
        "Ảnh quá nhỏ để đọc được. Vui lòng chụp hoặc quét lại.",
        "The picture is too small to be read. Please take or scan it again.",
    ),
    "broken-picture": (
        "Ảnh bị hỏng hoặc tải lên chưa hết. Vui lòng chụp hoặc quét lại.",
        "The picture is damaged or incomplete. Please take or scan it again.",
    ),
    "encrypted-pdf": (
        "Tệp PDF được bảo vệ bằng mật khẩu. Vui lòng bỏ mật khẩu rồi tải lên lại.",
        "The PDF is protected by a password. Please remove the password and upload it again.",
    ),
    "broken-pdf": (
        "Tệp PDF bị hỏng, không mở được. Vui lòng xuất hoặc quét lại.",
        "The PDF is damaged and cannot be opened. Please export or scan it again.",
    ),
    "active-pdf": (
        "Tệp PDF chứa mã lệnh, biểu mẫu động hoặc tệp đính kèm nên không được nhận. Vui lòng in ra PDF thường.",
        "The PDF contains scripts, dynamic forms or attachments and is not accepted. Please print it to a plain PDF.",
    ),
    "too-many-pages": (
        "Tệp PDF có quá {limit} trang hoặc không có trang nào. Vui lòng chia thành nhiều tệp.",
        "The PDF has more than {limit} pages, or none. Please split it into several files.",
    ),
    "pdf-too-big-inside": (
        "Nội dung tệp PDF sau khi giải nén quá lớn. Vui lòng quét lại ở độ phân giải 200-300 dpi.",
        "The unpacked content of the PDF is too large. Please scan again at 200-300 dpi.",
    ),
}


class UploadRefused(Exception):
    """The file may not be stored; ``code`` for programs, ``vi`` and ``en`` for people."""

    def __init__(self, code: str, vi: str, en: str) -> None:
        super().__init__(f"{code}: {en}")
        self.code = code
        self.vi = vi
        self.en = en


def refuse(code: str, **figures: int) -> UploadRefused:
    vi, en = REFUSALS[code]
    return UploadRefused(code, vi.format(**figures), en.format(**figures))
