"""The sentences about what an instance waits for and what a modification would do, in Vietnamese and English."""

from lienthong.redeploy.words import Text

_SENTENCES: dict[str, tuple[str, str]] = {
    "incident": (
        "«{element}» đã dừng vì sự cố: {detail} Cần sửa nguyên nhân rồi bấm Thử lại.",
        "«{element}» stopped with an incident: {detail} Correct the cause, then press Retry.",
    ),
    "task-free": (
        "Chờ người của nhóm {who} nhận việc «{element}».",
        "Waits for somebody of {who} to take the task «{element}».",
    ),
    "task-held": ("Chờ {who} làm xong «{element}».", "Waits for {who} to finish «{element}»."),
    "job-created": (
        "Chờ máy loại {who} nhận việc «{element}».",
        "Waits for a worker of type {who} to take «{element}».",
    ),
    "job-unserved": (
        "Không có máy nào phục vụ loại việc {who} của «{element}». Hãy khởi động tiến trình xử lý.",
        "No worker serves job type {who} of «{element}». Start the worker process.",
    ),
    "job-activated": (
        "Máy {who} đang làm «{element}».",
        "Worker {who} is working on «{element}».",
    ),
    "job-failed": (
        "«{element}» vừa hỏng ({detail}), sẽ tự thử lại, còn {count} lượt.",
        "«{element}» has just failed ({detail}); it is tried again by itself, {count} tries are left.",
    ),
    "message": (
        "«{element}» chờ thông điệp {name}, khóa {key}.",
        "«{element}» waits for the message {name} with key {key}.",
    ),
    "signal": ("«{element}» chờ tín hiệu.", "«{element}» waits for a signal."),
    "timer": ("«{element}» chờ đến giờ hẹn.", "«{element}» waits for its time."),
    "call": (
        "Chờ quy trình được gọi ở «{element}» chạy xong.",
        "Waits for the process that «{element}» calls to end.",
    ),
    "join": (
        "Cổng nhập «{element}» đã có {count} nhánh, còn chờ nhánh từ: {name}.",
        "The join «{element}» has {count} branch(es) and still waits for: {name}.",
    ),
    "join-unknown": (
        "Có nhánh có thể đang chờ ở cổng nhập «{element}»; dữ liệu không cho biết chắc.",
        "A branch may wait at the join «{element}»; the data do not say for certain.",
    ),
    "busy": ("«{element}» đang chạy.", "«{element}» is running."),
    "ended": ("Lượt chạy đã kết thúc.", "The instance has ended."),
    "starts": ("Mở «{element}» từ đầu.", "«{element}» begins anew."),
    "ends": ("Kết thúc «{element}» ({count}).", "«{element}» is ended ({count})."),
    "ends-work": (
        "Việc của người đang mở ở «{element}» sẽ bị đóng; nội dung chưa nộp sẽ mất.",
        "The open work of a person at «{element}» is closed; what was not handed in is lost.",
    ),
    "ends-called": (
        "Quy trình được gọi ở «{element}» bị hủy cùng mọi bước bên trong.",
        "The process called at «{element}» is canceled with all its steps.",
    ),
    "empties": (
        "Không còn bước nào mở: lượt chạy sẽ bị hủy.",
        "No step stays open: the instance would be canceled.",
    ),
    "fate-safe": (
        "Từ chỗ mới, mọi đường đều đi được đến kết thúc.",
        "From the new place every way can come to the end.",
    ),
    "fate-risky": (
        "Có đường từ chỗ mới sẽ chờ mãi ở {name}.",
        "Some ways from the new place would wait for ever at {name}.",
    ),
    "fate-stranded": (
        "Lượt chạy sẽ không bao giờ kết thúc: chờ mãi ở {name}.",
        "The instance would never end: it would wait for ever at {name}.",
    ),
    "fate-unknown": ("Mô hình quá lớn để xét hết.", "The model is too large to explore."),
    "data-open": (
        "Dữ liệu không cho biết chắc nhánh nào đang chờ ở {name}.",
        "The data do not say for certain which branches wait at {name}.",
    ),
}
NOTHING: Text = {"vi": "(không rõ)", "en": "(unknown)"}


def tell(sentence: str, **places: object) -> Text:
    """One sentence in both languages; an empty place is said as unknown."""
    vi, en = _SENTENCES[sentence]
    return {
        language: words.format(**{name: str(value) or NOTHING[language] for name, value in places.items()})
        for language, words in (("vi", vi), ("en", en))
    }
