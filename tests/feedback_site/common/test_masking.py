import pytest

from feedback_site.common.masking import mask_email, mask_name, mask_phone


@pytest.mark.parametrize(
    ("name", "mask"),
    [
        ("王小明", "王**"),
        ("王明", "王**"),
        ("王", "王**"),
        ("欧阳娜娜", "欧**"),
        ("阿依古丽·买买提", "阿**"),
        ("李 明", "李**"),
        ("𠮷田", "𠮷**"),
        ("王 Amy", "王**"),
        ("Ann Lee", "A**"),
        ("O'Brien", "O**"),
        ("  ", ""),
        ("", ""),
    ],
)
def test_a_name_shows_its_first_character_and_not_its_length(name, mask):
    assert mask_name(name) == mask


@pytest.mark.parametrize(
    ("phone", "mask"),
    [
        ("13812345678", "****78"),
        ("+86 138 1234 5678", "****78"),
        ("+861012345678", "****78"),
        ("0755-12345678", "****78"),
        ("+14155552671", "****71"),
        ("1234567", "****67"),
        ("123456", "****"),
        ("110", "****"),
        ("ext.", ""),
        ("", ""),
    ],
)
def test_a_phone_number_shows_fewer_digits_than_customers_confirm_with_and_not_its_length(phone, mask):
    assert mask_phone(phone) == mask


@pytest.mark.parametrize(
    ("email", "mask"),
    [
        ("ann.lee@example.com", "a***@***.com"),
        ("a@b.cn", "a***@***.cn"),
        ("王@例子.cn", "王***@***.cn"),
        ("ann@localhost", "a***@***"),
        ("nonsense", "***"),
        ("@x", "***"),
        ("", ""),
    ],
)
def test_an_address_shows_its_first_letter_and_its_end(email, mask):
    assert mask_email(email) == mask
