"""Every sentence of the impact report, in Vietnamese and English; ``{name}`` places are filled by ``say``."""

import re

Text = dict[str, str]

_SENTENCES: dict[str, tuple[str, str]] = {
    "added": ("Thêm bước «{element}».", "Adds «{element}»."),
    "removed": ("Bỏ bước «{element}».", "Removes «{element}»."),
    "renamed": ("Đổi tên «{before}» thành «{after}».", "Renames «{before}» to «{after}»."),
    "kind": ("Loại phần tử của «{element}»: {before} → {after}.", "Kind of «{element}»: {before} → {after}."),
    "place": ("Vị trí của «{element}»: trong {before} → {after}.", "Place of «{element}»: in {before} → {after}."),
    "flow-added": ("Thêm đường đi {element}: {after}.", "Adds the flow {element}: {after}."),
    "flow-removed": ("Bỏ đường đi {element}: {before}.", "Removes the flow {element}: {before}."),
    "flow-moved": ("Đường đi {element}: {before} → {after}.", "Flow {element}: {before} → {after}."),
    "setting": ("{setting} của «{element}»: {before} → {after}.", "{setting} of «{element}»: {before} → {after}."),
    "documentation": ("Sửa mô tả của «{element}».", "Changes the documentation of «{element}»."),
    "unreadable": ("Không đọc được tệp: {after}", "The file cannot be read: {after}"),
    "text-changed": ("Nội dung tệp thay đổi.", "The content of the file changes."),
    "dmn-decision-added": ("Thêm quyết định «{element}»: {after}.", "Adds the decision «{element}»: {after}."),
    "dmn-decision-removed": ("Bỏ quyết định «{element}».", "Removes the decision «{element}»."),
    "dmn-input-added": ("Thêm cột điều kiện «{element}»: {after}.", "Adds the input column «{element}»: {after}."),
    "dmn-input-removed": ("Bỏ cột điều kiện «{element}».", "Removes the input column «{element}»."),
    "dmn-output-added": ("Thêm cột kết quả «{element}».", "Adds the output column «{element}»."),
    "dmn-output-removed": ("Bỏ cột kết quả «{element}».", "Removes the output column «{element}»."),
    "dmn-rule-added": ("Thêm dòng {element}: {after}.", "Adds row {element}: {after}."),
    "dmn-rule-removed": ("Bỏ dòng {element}: {before}.", "Removes row {element}: {before}."),
    "dmn-cell": (
        "Dòng {element}, cột «{setting_name}»: {before} → {after}.",
        "Row {element}, column «{setting_name}»: {before} → {after}.",
    ),
    "field-added": ("Thêm trường «{element}».", "Adds the field «{element}»."),
    "field-removed": ("Bỏ trường «{element}».", "Removes the field «{element}»."),
    "field-order": ("Đổi thứ tự các trường.", "Changes the order of the fields."),
    "unmapped": ("Bước «{element}» đang mở cần được chọn bước mới.", "The open step «{element}» needs a new step."),
    "gone": ("Bước «{element}» không còn bước cùng loại nào.", "No step of its kind is left for «{element}»."),
    "unmovable": ("Động cơ không chuyển được loại {kind} («{element}»).", "The engine moves no {kind} («{element}»)."),
    "other-kind": ("«{element}» và «{target}» khác loại.", "«{element}» and «{target}» are of different kinds."),
    "other-loop": ("«{element}» và «{target}» lặp khác nhau.", "«{element}» and «{target}» repeat differently."),
    "other-task": ("«{element}» và «{target}» là hai kiểu việc.", "«{element}», «{target}»: two kinds of user task."),
    "other-scope": (
        "«{target}» nằm trong khối khác với «{element}».",
        "«{target}» has another scope than «{element}».",
    ),
    "event-kind": ("Sự kiện «{element}» đổi loại hoặc chỗ gắn.", "The event «{element}» changes its kind or place."),
    "join": (
        "Cổng nhập «{element}» không có đường {target} để giữ.",
        "The join «{element}» has no flow {target} to keep.",
    ),
    "ambiguous": (
        "Dữ liệu không cho biết đường nào chờ ở «{element}».",
        "The data leave open what waits at «{element}».",
    ),
    "stranded": ("Hồ sơ sẽ chờ mãi ở «{element}».", "The dossier would wait for ever at «{element}»."),
    "may-strand": ("Hồ sơ có thể chờ mãi ở «{element}».", "The dossier may wait for ever at «{element}»."),
    "may-strand-before": (
        "Hồ sơ có thể chờ mãi ở «{element}», như ở phiên bản cũ.",
        "The dossier may wait for ever at «{element}», as in the old version.",
    ),
    "unexplored": ("Mô hình quá lớn để xét hết.", "The model is too large to explore."),
    "timer-kept": ("Hẹn giờ «{element}» giữ nguyên lúc đến hạn.", "The timer «{element}» keeps when it is due."),
    "timer-closed": ("Hẹn giờ «{element}» bị hủy.", "The timer «{element}» is closed."),
    "timer-opened": ("Hẹn giờ «{element}» bắt đầu từ lúc chuyển.", "The timer «{element}» starts when moved."),
}
_SETTINGS: dict[str, tuple[str, str]] = {
    "job-type": ("Loại việc máy", "Job type"),
    "retries": ("Số lần thử lại", "Retries"),
    "form": ("Biểu mẫu", "Form"),
    "assignee": ("Người xử lý", "Assignee"),
    "candidate-groups": ("Nhóm xử lý", "Candidate groups"),
    "candidate-users": ("Người có thể xử lý", "Candidate users"),
    "due-date": ("Thời hạn", "Time limit"),
    "follow-up-date": ("Ngày nhắc", "Follow-up date"),
    "priority": ("Độ ưu tiên", "Priority"),
    "inputs": ("Dữ liệu vào", "Inputs"),
    "outputs": ("Dữ liệu ra", "Outputs"),
    "headers": ("Tham số", "Headers"),
    "condition": ("Điều kiện", "Condition"),
    "default-flow": ("Đường mặc định", "Default flow"),
    "timer": ("Hẹn giờ", "Timer"),
    "message": ("Thông điệp", "Message"),
    "correlation-key": ("Khóa đối chiếu", "Correlation key"),
    "code": ("Mã lỗi", "Code"),
    "interrupting": ("Ngắt bước", "Interrupts"),
    "called": ("Quy trình được gọi", "Called process"),
    "decision": ("Bảng quyết định", "Decision"),
    "script": ("Biểu thức", "Script"),
    "loop": ("Lặp", "Repetition"),
    "basis": ("Căn cứ", "Basis"),
    "unit": ("Đơn vị", "Unit"),
    "time-limit": ("Thời hạn", "Time limit"),
    "hit-policy": ("Cách chọn dòng", "Hit policy"),
    "expression": ("Biểu thức", "Expression"),
    "label": ("Nhãn", "Label"),
    "text": ("Lời", "Text"),
    "key": ("Khóa", "Key"),
    "type": ("Kiểu trường", "Field type"),
    "values": ("Các lựa chọn", "Options"),
    "validate": ("Điều kiện nhập", "Validation"),
    "description": ("Mô tả", "Description"),
    "defaultValue": ("Giá trị mặc định", "Default value"),
    "disabled": ("Khóa không cho nhập", "Disabled"),
    "readonly": ("Chỉ đọc", "Read only"),
    "conditional": ("Điều kiện hiện", "Shown when"),
    "schemaVersion": ("Phiên bản lược đồ", "Schema version"),
}
_IN_WORDS = frozenset({"timer", "due-date", "follow-up-date"})
_DURATION = re.compile(r"^=?(?:duration\(\")?P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?(?:\"\))?$")
_UNITS = (("tuần", "weeks"), ("ngày", "days"), ("giờ", "hours"), ("phút", "minutes"), ("giây", "seconds"))
NOTHING: Text = {"vi": "(không có)", "en": "(none)"}


def say(sentence: str, setting: str = "", **places: str) -> Text:
    """One sentence in both languages; empty before and after values are said as "none"."""
    vi, en = _SENTENCES[sentence]
    names = _SETTINGS.get(setting, (setting, setting))
    told = []
    for language, words, name in (("vi", vi, names[0]), ("en", en, names[1])):
        filled = {place: _value(value, setting, language) for place, value in places.items()}
        told.append(words.format(setting=name, **filled))
    return {"vi": told[0], "en": told[1]}


def _value(value: str, setting: str, language: str) -> str:
    if not value:
        return NOTHING[language]
    if setting == "time-limit" and language == "en":
        return _measured(value)
    return duration_words(value, language) if setting in _IN_WORDS else value


def _measured(value: str) -> str:
    """A documented time with its unit in English; the rest of the sentence stays as it was written."""
    for vi, en in (("ngày làm việc", "working days"), ("giờ làm việc", "working hours"), ("ngày", "days")):
        if f" {vi}" in value:
            return value.replace(vi, en, 1)
    return value


def duration_words(text: str, language: str) -> str:
    """``P5D`` as 5 days; anything but a plain ISO 8601 duration stays as it is."""
    found = _DURATION.match(text)
    said = []
    for number, (vi, en) in zip(found.groups() if found else (), _UNITS, strict=False):
        if number:
            said.append(f"{number} {vi if language == 'vi' else en.removesuffix('s') if number == '1' else en}")
    return " ".join(said) or text


def setting_names() -> frozenset[str]:
    """The settings that have a name in both languages."""
    return frozenset(_SETTINGS)
