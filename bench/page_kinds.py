"""The sixteen kinds of paper on the labelled pages: wording close to the real forms, persons and firms invented.

Forms: ND 54/2019 (karaoke), ND 96/2016 (security), TT 13/2011 and 16/2013/TT-BTP (criminal record),
ND 152/2020 (foreign workers), ND 31/2021 (investment). The wording is shortened [I].
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta

from page_layout import MOTTO, Paper
from page_people import day, draw_firm, draw_foreigner, draw_person, long_day, machine_readable


def issue_day(chance: random.Random) -> date:
    return date(2022, 1, 5) + timedelta(days=chance.randint(0, 360))


def karaoke_licence_request(chance: random.Random) -> Paper:
    paper, person, issued = Paper("karaoke-licence-request"), draw_person(chance), issue_day(chance)
    firm, rooms = draw_firm(chance), chance.randint(1, 15)
    paper.rows(["HỘ KINH DOANH", person.full_name.upper()], MOTTO)
    paper.title("ĐƠN ĐỀ NGHỊ", "Cấp giấy phép đủ điều kiện kinh doanh dịch vụ karaoke")
    paper.centered("Kính gửi: Sở Văn hóa và Thể thao tỉnh Bình Định")
    paper.value("full_name", "1. Người đề nghị cấp giấy phép", person.full_name)
    paper.value("personal_number", "Số căn cước công dân", person.personal_number)
    paper.value("phone", "Điện thoại", person.phone)
    paper.value("business_name", "2. Tên cơ sở kinh doanh", f"Karaoke {firm.name.split('TNHH ')[1]}")
    paper.value("address", "Địa chỉ kinh doanh", person.address)
    paper.value("enterprise_code", "Mã số hộ kinh doanh", firm.code)
    paper.value("room_count", "3. Số lượng phòng hát", f"{rooms:02d} phòng", str(rooms))
    paper.line(f"Diện tích mỗi phòng: {chance.randint(20, 45)} m2, không kể công trình phụ.")
    paper.line("Đề nghị Sở Văn hóa và Thể thao xem xét cấp giấy phép đủ điều kiện kinh doanh dịch vụ karaoke.")
    paper.line(
        "Chúng tôi cam kết thực hiện đúng các quy định của pháp luật về an ninh, trật tự, phòng cháy và "
        "chữa cháy, bảo đảm âm thanh không vượt quá tiêu chuẩn và không hoạt động từ 0 giờ đến 08 giờ."
    )
    signed(paper, "NGƯỜI ĐỀ NGHỊ", person.full_name, issued)
    return paper


def security_certificate_request(chance: random.Random) -> Paper:
    paper, person, issued, firm = (
        Paper("security-certificate-request"),
        draw_person(chance),
        issue_day(chance),
        draw_firm(chance),
    )
    paper.rows(["CƠ SỞ KINH DOANH", firm.name.split("TNHH ")[1].upper()], MOTTO)
    paper.title("VĂN BẢN ĐỀ NGHỊ", "Cấp Giấy chứng nhận đủ điều kiện về an ninh, trật tự")
    paper.centered("Kính gửi: Công an thành phố Quy Nhơn, tỉnh Bình Định")
    paper.value("business_name", "1. Tên cơ sở kinh doanh", f"Karaoke {firm.name.split('TNHH ')[1]}")
    paper.value("enterprise_code", "Mã số doanh nghiệp", firm.code)
    paper.value("address", "Địa chỉ", firm.address)
    paper.value("full_name", "2. Người chịu trách nhiệm về an ninh, trật tự", person.full_name)
    paper.pair(("date_of_birth", "Ngày sinh", day(person.born)), ("sex", "Giới tính", person.sex))
    paper.value("personal_number", "Số CCCD", person.personal_number)
    paper.value("phone", "Số điện thoại liên hệ", person.phone)
    paper.line("3. Ngành, nghề đầu tư kinh doanh có điều kiện: kinh doanh dịch vụ karaoke.")
    paper.line(
        "Đề nghị cơ quan Công an cấp Giấy chứng nhận đủ điều kiện về an ninh, trật tự cho cơ sở theo Nghị định "
        "số 96/2016/NĐ-CP ngày 01/7/2016 của Chính phủ. Cơ sở cam kết chấp hành nghiêm chỉnh các quy định."
    )
    signed(paper, "ĐẠI DIỆN CƠ SỞ KINH DOANH", person.full_name, issued)
    return paper


def business_registration(chance: random.Random) -> Paper:
    paper, person, issued = Paper("business-registration"), draw_person(chance), issue_day(chance)
    firm, number = draw_firm(chance), f"35A80{chance.randint(10000, 99999)}"
    paper.rows(["ỦY BAN NHÂN DÂN THÀNH PHỐ QUY NHƠN", "PHÒNG TÀI CHÍNH - KẾ HOẠCH"], MOTTO)
    paper.title("GIẤY CHỨNG NHẬN ĐĂNG KÝ HỘ KINH DOANH")
    paper.value("document_number", "Số", number)
    paper.line(f"Đăng ký lần đầu, {long_day(issued)}")
    paper.fields["issue_date"] = issued.isoformat()
    paper.value("business_name", "1. Tên hộ kinh doanh", f"Karaoke {firm.name.split('TNHH ')[1]}")
    paper.value("address", "2. Địa điểm kinh doanh", person.address)
    paper.line("3. Ngành, nghề kinh doanh: Hoạt động karaoke")
    paper.value("capital", "4. Vốn kinh doanh", f"{chance.randint(2, 9)}00.000.000 đồng")
    paper.value("full_name", "5. Họ và tên chủ hộ kinh doanh", person.full_name)
    paper.pair(("sex", "Giới tính", person.sex), ("date_of_birth", "Sinh ngày", day(person.born)))
    paper.line("Dân tộc: Kinh. Quốc tịch: Việt Nam")
    paper.value("personal_number", "Số định danh cá nhân", person.personal_number)
    paper.line("Hộ kinh doanh phải đăng ký thay đổi nội dung trong thời hạn 10 ngày kể từ ngày có thay đổi.")
    signed(paper, "TRƯỞNG PHÒNG", "Trần Thị Ký Thử", None)
    return paper


def enterprise_registration(chance: random.Random) -> Paper:
    paper, person, issued, firm = (
        Paper("enterprise-registration"),
        draw_person(chance),
        issue_day(chance),
        draw_firm(chance),
    )
    paper.rows(["SỞ KẾ HOẠCH VÀ ĐẦU TƯ TỈNH BÌNH ĐỊNH", "PHÒNG ĐĂNG KÝ KINH DOANH"], MOTTO)
    paper.title("GIẤY CHỨNG NHẬN ĐĂNG KÝ DOANH NGHIỆP", "CÔNG TY TRÁCH NHIỆM HỮU HẠN MỘT THÀNH VIÊN")
    paper.value("enterprise_code", "Mã số doanh nghiệp", firm.code)
    paper.line(f"Đăng ký lần đầu: {long_day(issued)}")
    paper.fields["issue_date"] = issued.isoformat()
    paper.value("enterprise_name", "1. Tên công ty", firm.name)
    paper.value("address", "2. Địa chỉ trụ sở chính", firm.address)
    paper.value("capital", "3. Vốn điều lệ", f"{chance.randint(2, 90)}.000.000.000 đồng")
    paper.line("4. Người đại diện theo pháp luật của công ty")
    paper.value("full_name", "Họ và tên", person.full_name)
    paper.pair(("sex", "Giới tính", person.sex), ("date_of_birth", "Sinh ngày", day(person.born)))
    paper.line("Chức danh: Giám đốc. Quốc tịch: Việt Nam")
    paper.value("personal_number", "Số giấy tờ pháp lý của cá nhân", person.personal_number)
    paper.line("Địa chỉ liên lạc: " + person.address)
    paper.code(f"https://example.invalid/dn?ma={firm.code}")
    signed(paper, "TRƯỞNG PHÒNG", "Lê Văn Ký Mẫu", None)
    return paper


def fire_acceptance(chance: random.Random) -> Paper:
    paper, issued, firm = Paper("fire-acceptance"), issue_day(chance), draw_firm(chance)
    number = f"{chance.randint(10, 990)}/NT-PCCC"
    paper.rows(["CÔNG AN TỈNH BÌNH ĐỊNH", "PHÒNG CẢNH SÁT PCCC VÀ CNCH"], MOTTO)
    paper.rows([f"Số: {number}"], [f"Bình Định, {long_day(issued)}"], "regular")
    paper.fields.update(document_number=number, issue_date=issued.isoformat())
    paper.title("VĂN BẢN CHẤP THUẬN KẾT QUẢ NGHIỆM THU", "VỀ PHÒNG CHÁY VÀ CHỮA CHÁY")
    paper.line(
        "Căn cứ Nghị định số 136/2020/NĐ-CP ngày 24 tháng 11 năm 2020 của Chính phủ quy định chi tiết một số "
        "điều của Luật Phòng cháy và chữa cháy;"
    )
    paper.line("Căn cứ biên bản kiểm tra kết quả nghiệm thu về phòng cháy và chữa cháy của chủ đầu tư;")
    paper.line("Phòng Cảnh sát PCCC và CNCH chấp thuận kết quả nghiệm thu đối với:")
    paper.value("business_name", "Công trình", f"Cơ sở karaoke {firm.name.split('TNHH ')[1]}")
    paper.value("address", "Địa điểm xây dựng", firm.address)
    paper.value("enterprise_name", "Chủ đầu tư", firm.name)
    paper.line(f"Quy mô: nhà {chance.randint(2, 6)} tầng, diện tích {chance.randint(120, 480)} m2.")
    paper.line(
        "Nội dung nghiệm thu: giải pháp ngăn cháy, lối thoát nạn, hệ thống báo cháy tự động, hệ thống chữa "
        "cháy trong nhà, phương tiện chữa cháy ban đầu và đèn chỉ dẫn thoát nạn."
    )
    signed(paper, "TRƯỞNG PHÒNG", "Phạm Hữu Ký Thử", None)
    return paper


def personal_history(chance: random.Random) -> Paper:
    paper, person, issued = Paper("personal-history"), draw_person(chance), issue_day(chance)
    paper.rows([""], MOTTO)
    paper.title("BẢN KHAI LÝ LỊCH", "Người chịu trách nhiệm về an ninh, trật tự")
    paper.value("full_name", "1. Họ và tên khai sinh", person.full_name)
    paper.pair(("date_of_birth", "2. Sinh ngày", day(person.born)), ("sex", "Giới tính", person.sex))
    paper.value("personal_number", "3. Số căn cước công dân", person.personal_number)
    paper.value("address", "4. Nơi thường trú", person.address)
    paper.line("5. Dân tộc: Kinh; tôn giáo: không; quốc tịch: Việt Nam")
    paper.line("6. Trình độ học vấn: 12/12")
    paper.line("7. Quá trình hoạt động của bản thân từ năm 14 tuổi đến nay:")
    year = person.born.year
    paper.table(
        [
            ["Từ năm", "Đến năm", "Nghề nghiệp, nơi làm việc"],
            [str(year + 14), str(year + 18), "Học sinh, Trường THPT Ví Dụ"],
            [str(year + 18), str(year + 22), "Sinh viên, Trường Đại học Thử Nghiệm"],
            [str(year + 22), "2022", "Quản lý cơ sở kinh doanh"],
        ]
    )
    paper.line("8. Tiền án, tiền sự: không")
    paper.line("Tôi xin cam đoan những lời khai trên là đúng sự thật và chịu trách nhiệm trước pháp luật.")
    signed(paper, "NGƯỜI KHAI", person.full_name, issued)
    return paper


def criminal_record(chance: random.Random) -> Paper:
    paper, person, issued = Paper("criminal-record"), draw_person(chance), issue_day(chance)
    number = f"{chance.randint(100, 9990)}/STP-LLTP"
    paper.rows(["UBND TỈNH BÌNH ĐỊNH", "SỞ TƯ PHÁP"], MOTTO)
    paper.rows([f"Số: {number}"], [f"Bình Định, {long_day(issued)}"], "regular")
    paper.fields.update(document_number=number, issue_date=issued.isoformat())
    paper.title("PHIẾU LÝ LỊCH TƯ PHÁP SỐ 1")
    paper.line("Căn cứ Luật Lý lịch tư pháp ngày 17 tháng 6 năm 2009;")
    paper.centered("XÁC NHẬN:")
    paper.value("full_name", "1. Họ và tên", person.full_name)
    paper.value("sex", "2. Giới tính", person.sex)
    paper.value("date_of_birth", "3. Ngày, tháng, năm sinh", day(person.born))
    paper.line("4. Nơi sinh: tỉnh Bình Định")
    paper.line("5. Quốc tịch: Việt Nam")
    paper.value("address", "6. Nơi thường trú", person.address)
    paper.value("personal_number", "7. Số căn cước công dân", person.personal_number)
    paper.value("conviction", "8. Tình trạng án tích", "Không có án tích")
    paper.line("9. Thông tin về cấm đảm nhiệm chức vụ, thành lập, quản lý doanh nghiệp, hợp tác xã: không có.")
    paper.code(f"LLTP|{number}|{person.personal_number}|{person.full_name}|{issued:%d%m%Y}")
    signed(paper, "GIÁM ĐỐC", "Võ Đức Ký Mẫu", None)
    return paper


def identity_card(chance: random.Random) -> Paper:
    paper, person, issued = Paper("identity-card"), draw_person(chance), issue_day(chance)
    expires = issued.replace(year=issued.year + 15, day=min(issued.day, 28))
    paper.rows([""], MOTTO)
    paper.title("CĂN CƯỚC CÔNG DÂN", "Citizen Identity Card")
    paper.value("personal_number", "Số / No.", person.personal_number)
    paper.value("full_name", "Họ và tên / Full name", person.full_name.upper(), person.full_name)
    paper.value("date_of_birth", "Ngày sinh / Date of birth", day(person.born))
    paper.pair(("sex", "Giới tính / Sex", person.sex), ("", "Quốc tịch / Nationality", "Việt Nam"))
    paper.line("Quê quán / Place of origin: Bình Định")
    paper.value("address", "Nơi thường trú / Place of residence", person.address)
    paper.value("expiry_date", "Có giá trị đến / Date of expiry", day(expires))
    paper.line(f"Ngày cấp: {day(issued)}")
    paper.fields["issue_date"] = issued.isoformat()
    paper.line("MẪU THỬ NGHIỆM, KHÔNG CÓ GIÁ TRỊ PHÁP LÝ")
    paper.code(
        "|".join(
            [
                person.personal_number,
                "",
                person.full_name,
                f"{person.born:%d%m%Y}",
                person.sex,
                person.address,
                f"{issued:%d%m%Y}",
            ]
        )
    )
    return paper


def passport(chance: random.Random) -> Paper:
    paper, person = Paper("passport"), draw_foreigner(chance)
    family, given = person.full_name.split()
    paper.title("UTOPIA", "PASSPORT / HỘ CHIẾU")
    paper.pair(("", "Type", "P"), ("", "Country code", "UTO"))
    paper.value("passport_number", "Passport No. / Số hộ chiếu", person.passport_number)
    paper.line(f"Surname / Họ: {family}")
    paper.line(f"Given names / Tên: {given}")
    paper.fields["full_name"] = person.full_name
    paper.value("nationality", "Nationality / Quốc tịch", "UTOPIAN")
    paper.pair(("date_of_birth", "Date of birth", day(person.born)), ("sex", "Sex", person.sex))
    paper.line("Place of birth / Nơi sinh: SAMPLE CITY")
    paper.pair(
        ("issue_date", "Date of issue", day(person.issued)), ("expiry_date", "Date of expiry", day(person.expires))
    )
    paper.line("SPECIMEN - NOT A REAL TRAVEL DOCUMENT")
    for text in machine_readable(person):
        paper.add(f'#text(font: "DejaVu Sans Mono", size: 9.8pt, "{text}")', text)
    return paper


def signed(paper: Paper, role: str, name: str, issued: date | None) -> None:
    """Place, date and signature; the date counts as the paper's date when given."""
    if issued is not None:
        paper.rows([""], [f"Bình Định, {long_day(issued)}"], "regular")
        paper.fields["issue_date"] = issued.isoformat()
    paper.rows([""], [role])
    paper.add("#v(1.4cm)")
    paper.rows([""], [name])


Draw = Callable[[random.Random], Paper]
