import pytest

from feedback_site.common.masking import mask_email, mask_name, mask_phone


@pytest.mark.parametrize(
    ("name", "mask"),
    [
        ("王小明", "王**"),
        ("王伟", "王*"),
        ("王", "王*"),
        ("欧阳娜娜", "欧***"),
        ("买买提·吐尔逊", "买******"),
        ("李 明", "李*"),
        ("𠮷田", "𠮷*"),
        ("王 Amy", "王***"),
        ("Ann Lee", "A** L**"),
        ("O'Brien", "O**"),
        ("  ", ""),
        ("", ""),
    ],
)
def test_a_name_shows_its_first_character(name, mask):
    assert mask_name(name) == mask


@pytest.mark.parametrize(
    ("phone", "mask"),
    [
        ("+86 138 1234 5678", "138****5678"),
        ("+862112345678", "021****678"),
        ("0755-12345678", "075****5678"),
        ("+14155552671", "141****2671"),
        ("110", "***"),
        ("ext.", ""),
    ],
)
def test_a_phone_number_shows_its_area_and_its_end(phone, mask):
    assert mask_phone(phone) == mask


def test_an_address_of_another_script_shows_its_first_letter_and_its_domain():
    assert mask_email("王@例子.cn") == "王***@例子.cn"
