"""Which key fields each kind of paper has, how they are labelled, and what their values look like.

Labels are folded (no marks, lower case). A rule's first matching label on the page wins.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FieldRule:
    """``runs_on``: the value may continue in the next row. ``kind`` names the parser of ``values.py``."""

    name: str
    kind: str
    labels: tuple[str, ...]
    runs_on: bool = False


ADDRESS = (
    "dia chi kinh doanh",
    "dia chi tru so chinh",
    "dia diem kinh doanh",
    "dia diem xay dung",
    "dia diem thuc hien du an",
    "noi thuong tru / place of residence",
    "noi thuong tru",
    "noi tam tru",
    "dia chi",
)
CITIZEN = ("so can cuoc cong dan", "so dinh danh ca nhan", "so giay to phap ly cua ca nhan", "so cccd", "so / no")
BORN = ("ngay, thang, nam sinh", "ngay sinh / date of birth", "date of birth", "ngay sinh", "sinh ngay")
NAME = (
    "nguoi de nghi cap giay phep",
    "nguoi chiu trach nhiem ve an ninh, trat tu",
    "ho va ten chu ho kinh doanh",
    "ho va ten khai sinh",
    "ho va ten nguoi lao dong",
    "ho va ten / full name",
    "ho va ten",
    "nguoi dai dien theo phap luat",
    "cho",
)
FIRM = ("ten doanh nghiep", "ten cong ty", "chu dau tu", "nha dau tu de xuat du an")

full_name = FieldRule("full_name", "person", NAME)
personal_number = FieldRule("personal_number", "personal_number", CITIZEN)
address = FieldRule("address", "text", ADDRESS, runs_on=True)
date_of_birth = FieldRule("date_of_birth", "date", BORN)
sex = FieldRule("sex", "sex", ("gioi tinh / sex", "gioi tinh", "sex"))
enterprise_code = FieldRule("enterprise_code", "enterprise_code", ("ma so doanh nghiep", "ma so ho kinh doanh"))
enterprise_name = FieldRule("enterprise_name", "text", FIRM, runs_on=True)
business_name = FieldRule(
    "business_name", "text", ("ten co so kinh doanh", "ten ho kinh doanh", "cong trinh"), runs_on=True
)
phone = FieldRule("phone", "phone", ("so dien thoai lien he", "dien thoai"))
passport_number = FieldRule("passport_number", "passport_number", ("passport no. / so ho chieu", "so ho chieu"))
capital = FieldRule("capital", "money", ("von kinh doanh", "von dieu le", "tong von dau tu"))
project_name = FieldRule("project_name", "text", ("ten du an",), runs_on=True)
position = FieldRule("position", "text", ("vi tri cong viec",))
document_number = FieldRule("document_number", "document_number", ("so hieu", "so"))
nationality = FieldRule("nationality", "text", ("nationality / quoc tich", "quoc tich"))
expiry_date = FieldRule("expiry_date", "date", ("co gia tri den / date of expiry", "date of expiry"))
issue_date = FieldRule("issue_date", "long_date", ())

RULES: dict[str, tuple[FieldRule, ...]] = {
    "karaoke-licence-request": (
        full_name,
        personal_number,
        phone,
        business_name,
        address,
        enterprise_code,
        FieldRule("room_count", "count", ("so luong phong hat", "so luong phong")),
        issue_date,
    ),
    "security-certificate-request": (
        business_name,
        enterprise_code,
        address,
        full_name,
        date_of_birth,
        sex,
        personal_number,
        phone,
        issue_date,
    ),
    "business-registration": (
        document_number,
        business_name,
        address,
        capital,
        full_name,
        sex,
        date_of_birth,
        personal_number,
        issue_date,
    ),
    "enterprise-registration": (
        enterprise_code,
        enterprise_name,
        address,
        capital,
        full_name,
        sex,
        date_of_birth,
        personal_number,
        issue_date,
    ),
    "fire-acceptance": (document_number, business_name, address, enterprise_name, issue_date),
    "personal-history": (full_name, date_of_birth, sex, personal_number, address, issue_date),
    "criminal-record": (
        document_number,
        full_name,
        sex,
        date_of_birth,
        address,
        personal_number,
        FieldRule("conviction", "conviction", ("tinh trang an tich",)),
        issue_date,
    ),
    "identity-card": (
        personal_number,
        full_name,
        date_of_birth,
        sex,
        address,
        expiry_date,
        FieldRule("issue_date", "date", ("ngay cap",)),
    ),
    "passport": (
        passport_number,
        FieldRule("surname", "surname", ("surname / ho",)),
        FieldRule("given_names", "surname", ("given names / ten",)),
        nationality,
        date_of_birth,
        sex,
        FieldRule("issue_date", "date", ("date of issue",)),
        expiry_date,
    ),
    "health-certificate": (
        document_number,
        full_name,
        date_of_birth,
        passport_number,
        FieldRule("conclusion", "text", ("ket luan",)),
        issue_date,
    ),
    "diploma": (full_name, date_of_birth, FieldRule("major", "text", ("nganh dao tao",)), document_number, issue_date),
    "labour-demand-report": (
        enterprise_name,
        enterprise_code,
        address,
        position,
        FieldRule("worker_count", "count", ("so luong nguoi lao dong nuoc ngoai",)),
        issue_date,
    ),
    "work-permit-request": (
        enterprise_name,
        enterprise_code,
        address,
        full_name,
        date_of_birth,
        passport_number,
        position,
        issue_date,
    ),
    "criminal-record-declaration": (full_name, date_of_birth, passport_number, nationality, address, issue_date),
    "investment-request": (
        enterprise_name,
        enterprise_code,
        address,
        full_name,
        personal_number,
        project_name,
        capital,
        issue_date,
    ),
    "project-proposal": (
        project_name,
        enterprise_name,
        enterprise_code,
        address,
        FieldRule("area", "area", ("dien tich dat su dung",)),
        capital,
        issue_date,
    ),
}

# Labels that end a value beside them although they start no key field of the kind.
OTHER_LABELS = (
    "gioi tinh",
    "gioi",
    "dan toc",
    "quoc tich / nationality",
    "quoc tich",
    "country code",
    "chuc danh",
    "sex",
)
