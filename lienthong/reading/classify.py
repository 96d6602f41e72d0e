"""Which kind of paper a page is: by the phrases that only its form has, in folded letters, with room for errors."""

from __future__ import annotations

from lienthong.reading.folding import best_match, fold

# Phrases in the order of their weight; the first is the title. Titles sit in the upper part of the page.
KINDS: dict[str, tuple[str, ...]] = {
    "karaoke-licence-request": (
        "cap giay phep du dieu kien kinh doanh dich vu karaoke",
        "don de nghi",
        "so luong phong",
    ),
    "security-certificate-request": (
        "cap giay chung nhan du dieu kien ve an ninh trat tu",
        "van ban de nghi",
        "nguoi chiu trach nhiem ve an ninh",
    ),
    "business-registration": ("giay chung nhan dang ky ho kinh doanh", "ten ho kinh doanh", "chu ho kinh doanh"),
    "enterprise-registration": ("giay chung nhan dang ky doanh nghiep", "nguoi dai dien theo phap luat", "von dieu le"),
    "fire-acceptance": ("chap thuan ket qua nghiem thu", "phong chay va chua chay", "phong canh sat pccc"),
    "personal-history": ("ban khai ly lich", "qua trinh hoat dong cua ban than", "tien an tien su"),
    "criminal-record": ("phieu ly lich tu phap so", "tinh trang an tich", "xac nhan"),
    "identity-card": ("can cuoc cong dan", "citizen identity card", "co gia tri den"),
    "passport": ("passport", "passport no", "country code"),
    "health-certificate": ("giay kham suc khoe", "ly do kham suc khoe", "ket luan"),
    "diploma": ("bang tot nghiep", "nganh dao tao", "xep loai tot nghiep"),
    "labour-demand-report": ("bao cao giai trinh", "nhu cau su dung nguoi lao dong nuoc ngoai", "vi tri cong viec"),
    "work-permit-request": (
        "cap giay phep lao dong cho nguoi lao dong nuoc ngoai",
        "van ban de nghi",
        "hinh thuc lam viec",
    ),
    "criminal-record-declaration": ("to khai yeu cau cap phieu ly lich tu phap", "muc dich yeu cau", "nguoi khai"),
    "investment-request": ("van ban de nghi thuc hien du an dau tu", "nha dau tu cam ket", "ten du an"),
    "project-proposal": ("de xuat du an dau tu", "dia diem thuc hien du an", "co cau nguon von"),
}
WEIGHTS = (3.0, 1.0, 1.0)
ERROR_SHARE = 0.15  # of a phrase's letters may be wrong
UNKNOWN = "unknown"
CLEAR_LEAD = 1.5  # points between the first and the second kind that make the answer sure

# The law's generic kind for a filled-in form, and what it may turn out to be.
APPLICATION_FORMS = frozenset(
    {
        "karaoke-licence-request",
        "security-certificate-request",
        "labour-demand-report",
        "work-permit-request",
        "criminal-record-declaration",
        "investment-request",
    }
)


def classify(text: str) -> tuple[str, float]:
    """Kind and confidence (0 to 1) of a page's text; ``unknown`` when no title is found."""
    words = squeezed(text)
    scores = sorted(((score(words, phrases), kind) for kind, phrases in KINDS.items()), reverse=True)
    (best, kind), (second, _other) = scores[0], scores[1]
    if best < WEIGHTS[0] * 0.8:
        return UNKNOWN, 0.0
    share = best / sum(WEIGHTS)
    return kind, round(min(1.0, share) * min(1.0, 0.5 + (best - second) / (2 * CLEAR_LEAD)), 4)


def squeezed(text: str) -> str:
    """Letters and digits only, one space between words: punctuation is what recognition gets wrong first."""
    return " ".join("".join(letter if letter.isalnum() else " " for letter in fold(text)).split())


def score(words: str, phrases: tuple[str, ...]) -> float:
    total = 0.0
    for phrase, weight in zip(phrases, WEIGHTS, strict=True):
        most = round(len(phrase) * ERROR_SHARE)
        found = best_match(phrase, words, most)
        if found is not None:
            total += weight * (1 - found[0] / len(phrase))
    return total


def fits(asked: str, read: str) -> bool:
    """Whether a paper read as ``read`` can be what the law asked for as ``asked``."""
    if asked == read or asked not in KINDS | {"application-form": ()}:
        return True
    return asked == "application-form" and read in APPLICATION_FORMS
