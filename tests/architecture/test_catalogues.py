"""Vietnamese first, English beside it: no string missing in either, none hard-coded in a template."""

import json
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PORTAL = ROOT / "lienthong" / "portal"


def catalogue(language: str) -> dict[str, str]:
    return dict(json.loads((PORTAL / "i18n" / f"{language}.json").read_text()))


def test_both_languages_have_the_same_strings_with_the_same_places() -> None:
    vi, en = catalogue("vi"), catalogue("en")
    assert set(vi) == set(en)
    for key, text in vi.items():
        assert set(re.findall(r"{(\w+)}", text)) == set(re.findall(r"{(\w+)}", en[key])), key


def test_every_string_a_template_asks_for_is_in_the_catalogue() -> None:
    vi = catalogue("vi")
    for template in (PORTAL / "templates").glob("*.html"):
        for key in re.findall(r"\bt\('([^']+)'\s*[,)]", template.read_text()):
            assert key in vi, f"{template.name} asks for {key}"
        for prefix in re.findall(r"\bt\('([^']+\.)'\s*~", template.read_text()):
            assert any(key.startswith(prefix) for key in vi), f"{template.name} asks for {prefix}…"


def test_no_template_holds_a_text_of_its_own() -> None:
    """Words between tags must come from the catalogue; names of languages and formats, SHA-256 and signs may stand."""
    for template in (PORTAL / "templates").glob("*.html"):
        bare = re.sub(r"{#.*?#}|{%.*?%}|{{.*?}}|<[^>]*>", "\n", template.read_text(), flags=re.S)
        words = set(re.findall(r"[A-Za-zÀ-ỹ]{3,}", bare)) - {"SHA", "CSV", "JSON", "doctype", "html"}
        assert words == set(), f"{template.name} holds {words}"
