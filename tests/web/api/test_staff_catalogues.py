"""The staff app speaks both languages everywhere: same keys, same places, no text outside the catalogues."""

import json
import re
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[3] / "lienthong" / "staff" / "src"
TEXT_BETWEEN_TAGS = re.compile(
    r"<[a-z][^<>{}=]*(?:=(?:\"[^\"]*\"|\{[^{}]*\})[^<>{}=]*)*>([^<>{}]*[^\W\d_]{2,}[^<>{}]*)</"
)
TEXT_ATTRIBUTE = re.compile(r"\b(?:placeholder|title|alt|aria-label)=\"([^\"]*[^\W\d_]{2,}[^\"]*)\"")


def catalogue(language: str) -> dict[str, str]:
    texts: dict[str, str] = {}
    for area in ("", "designer.", "console.", "tasklist.", "finance.", "oversight."):
        part = json.loads((SOURCE / "shared" / "i18n" / f"{area}{language}.json").read_text("utf-8"))
        assert not texts.keys() & part.keys(), f"{area}{language}: {texts.keys() & part.keys()}"
        texts |= part
    return texts


def sources() -> list[Path]:
    return sorted([*SOURCE.rglob("*.tsx"), *SOURCE.rglob("*.ts")])


def test_both_catalogues_have_the_same_keys_and_places() -> None:
    vi, en = catalogue("vi"), catalogue("en")
    assert vi.keys() == en.keys()
    for key in vi:
        assert set(re.findall(r"{(\w+)}", vi[key])) == set(re.findall(r"{(\w+)}", en[key])), key
        assert vi[key].strip() and en[key].strip(), key


def test_every_key_in_use_is_in_the_catalogue_and_none_is_left_over() -> None:
    vi = catalogue("vi")
    text = "\n".join(file.read_text("utf-8") for file in sources())
    used = set(re.findall(r"\bt\(\s*'([^']+)'", text))
    prefixes = set(re.findall(r"`([\w]+(?:\.[\w]+)*\.)\$\{", text))
    assert used <= vi.keys(), used - vi.keys()
    unused = {key for key in vi if key not in used and not any(key.startswith(prefix) for prefix in prefixes)}
    assert unused <= set(re.findall(r"'([\w.]+)'", text)), unused


def test_no_text_stands_outside_the_catalogues() -> None:
    found = {
        f"{file.name}: {text.strip()}"
        for file in sources()
        if file.suffix == ".tsx"
        for pattern in (TEXT_BETWEEN_TAGS, TEXT_ATTRIBUTE)
        for text in pattern.findall(file.read_text("utf-8"))
    }
    assert found == set()


def test_the_check_itself_finds_a_text_and_lets_code_be() -> None:
    assert TEXT_BETWEEN_TAGS.findall('<p className="quiet">Lỗi rồi</p>') == ["Lỗi rồi"]
    assert TEXT_ATTRIBUTE.findall('<input placeholder="Tìm" />') == ["Tìm"]
    assert TEXT_BETWEEN_TAGS.findall("<p>{t('queue.empty')}</p>") == []


def test_bpmn_ios_own_texts_keep_their_places_in_vietnamese() -> None:
    texts = json.loads((SOURCE / "shared" / "i18n" / "bpmn.vi.json").read_text("utf-8"))
    for english, vietnamese in texts.items():
        assert set(re.findall(r"{(\w+)}", english)) == set(re.findall(r"{(\w+)}", vietnamese)), english
