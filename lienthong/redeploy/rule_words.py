"""What the engine's rules ask, in Vietnamese; the English reason is the engine's own sentence."""

_WORDS: dict[str, str] = {
    "readable": "Tệp không đọc được.",
    "executable": "Tệp phải có một quy trình chạy được (isExecutable).",
    "unique-id": "Mã (id) bị trùng: mỗi phần tử phải có mã riêng.",
    "id": "Phần tử thiếu mã (id).",
    "xml-entity": "Tệp không được chứa tham chiếu thực thể XML.",
    "unsupported": "Có thành phần mà động cơ không chạy được.",
    "job-type": "Việc máy thiếu loại việc.",
    "job": "Mỗi việc máy cần đúng một trong: loại việc, biểu thức, bảng quyết định.",
    "headers": "Tham số việc đặt ở đây sẽ không ai đọc.",
    "script": "Biểu thức phải nằm ở bước biểu thức và có biến nhận kết quả.",
    "decision": "Bảng quyết định phải nằm ở bước quyết định và có biến nhận kết quả.",
    "called-element": "Bước gọi quy trình thiếu mã quy trình được gọi.",
    "multi-instance": "Lặp: danh sách kết quả và phần tử kết quả phải có cùng nhau hoặc cùng không.",
    "form": "Biểu mẫu gắn chưa đúng kiểu việc, thiếu, hoặc có hơn một.",
    "priority": "Độ ưu tiên chỉ đặt được ở việc của người kiểu mới (zeebe:userTask).",
    "compensation-throw": "Bù trừ phải chờ làm xong (waitForCompletion).",
    "compensation-handler": "Bước bù trừ gắn chưa đúng.",
    "one-trigger": "Sự kiện chỉ được có một loại kích hoạt.",
    "trigger": "Loại kích hoạt này không dùng được ở đây.",
    "error-interrupts": "Sự kiện lỗi luôn ngắt; không đánh dấu không ngắt được.",
    "attached": "Sự kiện biên phải gắn vào một hoạt động.",
    "escalation-host": "Báo cấp trên chỉ gắn được vào khối con hoặc bước gọi quy trình.",
    "duplicate-event": "Hai sự kiện cùng chờ một điều ở một chỗ.",
    "signal-name": "Tín hiệu thiếu tên.",
    "code": "Mã lỗi thiếu, hoặc không được là biểu thức ở nơi bắt lỗi.",
    "link-name": "Liên kết thiếu tên.",
    "message-name": "Thông điệp thiếu tên.",
    "correlation-key": "Thông điệp chờ thiếu khóa đối chiếu.",
    "timer": "Hẹn giờ phải có đúng một trong: ngày, khoảng thời gian, chu kỳ, và đúng loại cho chỗ này.",
    "date": "Ngày đến hạn hoặc ngày nhắc viết chưa đúng.",
    "link": "Liên kết bắt và ném chưa khớp nhau.",
    "no-incoming": "Phần tử này không được có đường vào.",
    "no-outgoing": "Phần tử này không được có đường ra.",
    "outgoing": "Phần tử này phải có đường ra.",
    "no-flows": "Khối sự kiện không nối với đường đi nào.",
    "start-event": "Sự kiện bắt đầu thiếu, thừa, hoặc sai loại.",
    "sequence-flow": "Đường đi phải nối hai phần tử trong cùng một khối.",
    "default-flow": "Đường mặc định phải đi ra từ cổng chọn.",
    "condition": "Đường ra của cổng chọn cần điều kiện (trừ đường mặc định), và chỉ ở đó.",
    "event-gateway": "Cổng chờ sự kiện cần ít nhất hai đường ra tới các sự kiện chờ khác nhau.",
    "input-mapping": "Dữ liệu vào đặt ở đây không có tác dụng.",
    "output-mapping": "Dữ liệu ra đặt ở cổng không có tác dụng.",
    "mapping-source": "Dữ liệu ra thiếu nguồn.",
    "variable-name": "Biến nhận kết quả phải có tên hợp lệ.",
    "start-name": "Tên thông điệp hoặc tín hiệu bắt đầu không được cần biến.",
    "version-tag": "Nhãn phiên bản (versionTag) thiếu hoặc viết sai.",
    "binding": "Cách chọn phiên bản chưa đúng (versionTag).",
    "straight-through-loop": "Vòng lặp không có chỗ chờ: hồ sơ sẽ chạy vòng mãi.",
    "expression": "Biểu thức FEEL viết sai.",
    "boolean": "Giá trị phải là true hoặc false.",
    "header-key": "Tham số việc thiếu tên.",
    "job-retries": "Số lần thử lại viết chưa đúng.",
    "reference": "Tham chiếu tới phần tử không có.",
    "file-type": "Loại tệp này không triển khai được.",
    "form-id": "Biểu mẫu thiếu mã (id).",
    "form-components": "Biểu mẫu thiếu danh sách thành phần.",
}
_OTHER = "Mô hình vi phạm một quy tắc của động cơ."


def in_words(rule: str, message: str) -> dict[str, str]:
    """A finding of the engine in both languages; the engine's own sentence stands behind the Vietnamese one."""
    return {"vi": f"{_WORDS.get(rule, _OTHER)} ({message})", "en": message}


def known_rules() -> frozenset[str]:
    """The rules that have Vietnamese words."""
    return frozenset(_WORDS)
