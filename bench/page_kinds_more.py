"""The kinds of paper of foreign workers and of investment projects on the labelled pages."""

from __future__ import annotations

import random

from page_kinds import (
    Draw,
    business_registration,
    criminal_record,
    enterprise_registration,
    fire_acceptance,
    identity_card,
    issue_day,
    karaoke_licence_request,
    passport,
    personal_history,
    security_certificate_request,
    signed,
)
from page_layout import MOTTO, Paper
from page_people import Foreigner, day, draw_address, draw_firm, draw_foreigner, draw_person, long_day

MAJORS = ["Công nghệ thông tin", "Kỹ thuật điện", "Quản trị kinh doanh"]
POSITIONS = ["Chuyên gia", "Lao động kỹ thuật", "Nhà quản lý", "Giám đốc điều hành"]
PROJECTS = ["Nhà máy chế biến gỗ Thử Nghiệm", "Khu du lịch sinh thái Ví Dụ", "Nhà máy điện tử Mẫu", "Kho lạnh Giả Định"]


def sex_of(person: Foreigner) -> str:
    return "Nam" if person.sex == "M" else "Nữ"


def health_certificate(chance: random.Random) -> Paper:
    paper, person, issued = Paper("health-certificate"), draw_foreigner(chance), issue_day(chance)
    number = f"{chance.randint(100, 9990)}/GKSK-BVTN"
    paper.rows(["SỞ Y TẾ TỈNH BÌNH ĐỊNH", "BỆNH VIỆN ĐA KHOA THỬ NGHIỆM"], MOTTO)
    paper.rows([f"Số: {number}"], [f"Quy Nhơn, {long_day(issued)}"], "regular")
    paper.fields.update(document_number=number, issue_date=issued.isoformat())
    paper.title("GIẤY KHÁM SỨC KHỎE")
    paper.value("full_name", "Họ và tên", person.full_name)
    paper.pair(("date_of_birth", "Ngày sinh", day(person.born)), ("", "Giới", sex_of(person)))
    paper.value("passport_number", "Số hộ chiếu", person.passport_number)
    paper.line("Lý do khám sức khỏe: Đề nghị cấp giấy phép lao động")
    paper.line(f"Chiều cao: {chance.randint(150, 190)} cm. Cân nặng: {chance.randint(48, 90)} kg")
    paper.line("Mạch: 76 lần/phút. Huyết áp: 120/80 mmHg")
    paper.line("Khám nội khoa, ngoại khoa, mắt, tai mũi họng, răng hàm mặt: bình thường.")
    paper.line("Xét nghiệm máu và nước tiểu: trong giới hạn bình thường.")
    paper.value("conclusion", "KẾT LUẬN", "Đủ sức khỏe để làm việc")
    signed(paper, "NGƯỜI KẾT LUẬN", "BS. Đặng Thị Khám Mẫu", None)
    return paper


def diploma(chance: random.Random) -> Paper:
    paper, person, issued = Paper("diploma"), draw_person(chance), issue_day(chance)
    number = f"TN{chance.randint(100000, 999999)}"
    paper.rows(["BỘ GIÁO DỤC VÀ ĐÀO TẠO", "TRƯỜNG ĐẠI HỌC THỬ NGHIỆM"], MOTTO)
    paper.title("BẰNG TỐT NGHIỆP ĐẠI HỌC")
    paper.centered("Hiệu trưởng Trường Đại học Thử Nghiệm cấp bằng kỹ sư")
    paper.value("full_name", "Cho", person.full_name)
    paper.value("date_of_birth", "Ngày sinh", day(person.born))
    paper.value("major", "Ngành đào tạo", chance.choice(MAJORS))
    paper.line(f"Năm tốt nghiệp: {issued.year}. Xếp loại tốt nghiệp: Khá")
    paper.line("Hình thức đào tạo: Chính quy")
    paper.value("document_number", "Số hiệu", number)
    paper.line(f"Số vào sổ cấp bằng: {chance.randint(100, 999)}/ĐHTN")
    signed(paper, "HIỆU TRƯỞNG", "Huỳnh Quốc Ký Thử", issued)
    return paper


def labour_demand_report(chance: random.Random) -> Paper:
    paper, issued, firm = Paper("labour-demand-report"), issue_day(chance), draw_firm(chance)
    position, count = chance.choice(POSITIONS), chance.randint(1, 12)
    paper.rows([firm.name.upper()], MOTTO[:1])
    paper.rows([f"Số: {chance.randint(10, 99)}/BC-NN"], [MOTTO[1]], "regular")
    paper.title("BÁO CÁO GIẢI TRÌNH", "Nhu cầu sử dụng người lao động nước ngoài")
    paper.centered("Kính gửi: Sở Lao động - Thương binh và Xã hội tỉnh Bình Định")
    paper.value("enterprise_name", "1. Tên doanh nghiệp", firm.name)
    paper.value("enterprise_code", "Mã số doanh nghiệp", firm.code)
    paper.value("address", "Địa chỉ", firm.address)
    paper.value("position", "2. Vị trí công việc", position)
    paper.value("worker_count", "Số lượng người lao động nước ngoài", f"{count:02d} người", str(count))
    paper.line(f"Thời hạn làm việc: từ 01/3/2023 đến 28/02/2025. Địa điểm làm việc: {draw_address(chance)}")
    paper.line(
        "3. Lý do sử dụng người lao động nước ngoài: người lao động Việt Nam chưa đáp ứng được yêu cầu về "
        "trình độ, kinh nghiệm của vị trí công việc nêu trên."
    )
    paper.line("Đề nghị quý Sở xem xét, chấp thuận nhu cầu sử dụng người lao động nước ngoài.")
    signed(paper, "ĐẠI DIỆN DOANH NGHIỆP", draw_person(chance).full_name, issued)
    return paper


def work_permit_request(chance: random.Random) -> Paper:
    paper, person, issued, firm = (
        Paper("work-permit-request"),
        draw_foreigner(chance),
        issue_day(chance),
        draw_firm(chance),
    )
    paper.rows([firm.name.upper()], MOTTO[:1])
    paper.rows([f"Số: {chance.randint(10, 99)}/CV-LĐ"], [MOTTO[1]], "regular")
    paper.title("VĂN BẢN ĐỀ NGHỊ", "Cấp giấy phép lao động cho người lao động nước ngoài")
    paper.centered("Kính gửi: Sở Lao động - Thương binh và Xã hội tỉnh Bình Định")
    paper.value("enterprise_name", "1. Tên doanh nghiệp", firm.name)
    paper.value("enterprise_code", "2. Mã số doanh nghiệp", firm.code)
    paper.value("address", "3. Địa chỉ", firm.address)
    paper.value("full_name", "4. Họ và tên người lao động", person.full_name)
    paper.pair(("date_of_birth", "5. Ngày sinh", day(person.born)), ("", "Giới tính", sex_of(person)))
    paper.value("passport_number", "6. Số hộ chiếu", person.passport_number)
    paper.value("position", "7. Vị trí công việc", chance.choice(POSITIONS))
    paper.line("8. Hình thức làm việc: thực hiện hợp đồng lao động")
    paper.line("9. Thời hạn làm việc: từ ngày 01/3/2023 đến ngày 28/02/2025")
    paper.line("Chúng tôi xin cam đoan những thông tin nêu trên là đúng sự thật và chịu trách nhiệm trước pháp luật.")
    signed(paper, "ĐẠI DIỆN DOANH NGHIỆP", draw_person(chance).full_name, issued)
    return paper


def criminal_record_declaration(chance: random.Random) -> Paper:
    paper, person, issued = Paper("criminal-record-declaration"), draw_foreigner(chance), issue_day(chance)
    paper.rows([""], MOTTO)
    paper.title("TỜ KHAI YÊU CẦU CẤP PHIẾU LÝ LỊCH TƯ PHÁP")
    paper.centered("Kính gửi: Sở Tư pháp tỉnh Bình Định")
    paper.value("full_name", "1. Họ và tên", person.full_name)
    paper.pair(("date_of_birth", "2. Ngày sinh", day(person.born)), ("", "Giới tính", sex_of(person)))
    paper.value("passport_number", "3. Số hộ chiếu", person.passport_number)
    paper.value("nationality", "4. Quốc tịch", "UTOPIA")
    paper.value("address", "5. Nơi tạm trú", draw_address(chance))
    paper.line("6. Yêu cầu cấp Phiếu lý lịch tư pháp: Số 1")
    paper.line("7. Mục đích yêu cầu: đề nghị cấp giấy phép lao động")
    paper.line("8. Số lượng phiếu yêu cầu cấp: 01 phiếu")
    paper.line("Tôi xin cam đoan những lời khai trên là đúng sự thật và chịu trách nhiệm về lời khai của mình.")
    signed(paper, "NGƯỜI KHAI", person.full_name, issued)
    return paper


def investment_request(chance: random.Random) -> Paper:
    paper, issued, firm, person = (
        Paper("investment-request"),
        issue_day(chance),
        draw_firm(chance),
        draw_person(chance),
    )
    paper.rows([""], MOTTO)
    paper.title("VĂN BẢN ĐỀ NGHỊ THỰC HIỆN DỰ ÁN ĐẦU TƯ")
    paper.centered("Kính gửi: Sở Kế hoạch và Đầu tư tỉnh Bình Định")
    paper.line("I. NHÀ ĐẦU TƯ")
    paper.value("enterprise_name", "1. Tên doanh nghiệp", firm.name)
    paper.value("enterprise_code", "2. Mã số doanh nghiệp", firm.code)
    paper.value("address", "3. Địa chỉ trụ sở chính", firm.address)
    paper.value("full_name", "4. Người đại diện theo pháp luật", person.full_name)
    paper.value("personal_number", "Số căn cước công dân", person.personal_number)
    paper.line("II. ĐỀ NGHỊ THỰC HIỆN DỰ ÁN ĐẦU TƯ")
    paper.value("project_name", "1. Tên dự án", chance.choice(PROJECTS))
    paper.value("capital", "2. Tổng vốn đầu tư", f"{chance.randint(20, 900)}.000.000.000 đồng")
    paper.line(
        "III. NHÀ ĐẦU TƯ CAM KẾT: chịu trách nhiệm trước pháp luật về tính hợp pháp, chính xác, trung thực của "
        "hồ sơ; chịu mọi chi phí, rủi ro nếu dự án không được chấp thuận."
    )
    signed(paper, "NHÀ ĐẦU TƯ", person.full_name, issued)
    return paper


def project_proposal(chance: random.Random) -> Paper:
    paper, issued, firm = Paper("project-proposal"), issue_day(chance), draw_firm(chance)
    capital = chance.randint(20, 900)
    paper.rows([""], MOTTO)
    paper.title("ĐỀ XUẤT DỰ ÁN ĐẦU TƯ")
    paper.value("project_name", "1. Tên dự án", chance.choice(PROJECTS))
    paper.value("enterprise_name", "2. Nhà đầu tư đề xuất dự án", firm.name)
    paper.value("enterprise_code", "Mã số doanh nghiệp", firm.code)
    paper.value("address", "3. Địa điểm thực hiện dự án", draw_address(chance))
    paper.value("area", "4. Diện tích đất sử dụng", f"{chance.randint(5, 95)}.000 m2")
    paper.value("capital", "5. Tổng vốn đầu tư", f"{capital}.000.000.000 đồng")
    paper.line("6. Cơ cấu nguồn vốn:")
    paper.table(
        [
            ["Nguồn vốn", "Tỷ lệ", "Thời gian góp"],
            ["Vốn góp", "20%", "Quý I năm 2023"],
            ["Vốn vay", "80%", "Quý III năm 2023"],
        ]
    )
    paper.line("7. Thời hạn hoạt động của dự án: 50 năm")
    paper.line("8. Tiến độ thực hiện: hoàn thành thủ tục trong 06 tháng, xây dựng trong 18 tháng.")
    paper.line(
        "9. Đánh giá sơ bộ tác động môi trường: dự án phát sinh nước thải sinh hoạt, bụi và tiếng ồn trong quá "
        "trình xây dựng; chủ đầu tư bố trí hệ thống thu gom và xử lý đạt quy chuẩn."
    )
    signed(paper, "NHÀ ĐẦU TƯ", draw_person(chance).full_name, issued)
    return paper


KINDS: dict[str, Draw] = {
    "karaoke-licence-request": karaoke_licence_request,
    "security-certificate-request": security_certificate_request,
    "business-registration": business_registration,
    "enterprise-registration": enterprise_registration,
    "fire-acceptance": fire_acceptance,
    "personal-history": personal_history,
    "criminal-record": criminal_record,
    "identity-card": identity_card,
    "passport": passport,
    "health-certificate": health_certificate,
    "diploma": diploma,
    "labour-demand-report": labour_demand_report,
    "work-permit-request": work_permit_request,
    "criminal-record-declaration": criminal_record_declaration,
    "investment-request": investment_request,
    "project-proposal": project_proposal,
}
