import pytest
from django.utils import translation

from feedback_site.common.languages import Language, is_chinese, reader_language


@pytest.mark.parametrize("code", ["zh-hans", "zh", "zh-CN", "ZH_cn.UTF-8"])
def test_codes_and_locales_of_chinese_are_known(code):
    assert is_chinese(code)


@pytest.mark.parametrize("code", ["en", "en-zh", "", "C.UTF-8"])
def test_other_codes_are_not_chinese(code):
    assert not is_chinese(code)


@pytest.mark.parametrize(
    ("active", "expected"),
    [
        ("zh-hans", Language.CHINESE),
        ("zh", Language.CHINESE),
        ("en", Language.ENGLISH),
        ("de", Language.ENGLISH),
    ],
)
def test_a_reader_of_neither_language_reads_english(active, expected):
    with translation.override(active):
        assert reader_language() is expected
