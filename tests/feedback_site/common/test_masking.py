import pytest

from feedback_site.common.masking import mask_email, mask_name, mask_phone


@pytest.mark.parametrize(
    ("name", "mask"),
    [
        ("王小明", "王**"),
        ("王明", "王*"),
        ("欧阳娜娜", "欧***"),
        ("阿依古丽·买买提", "阿*******"),
        ("Ann Lee", "A** L**"),
        ("Ann", "A**"),
        ("", ""),
    ],
)
def test_names_are_recognisable_and_no_more(name, mask):
    assert mask_name(name) == mask


@pytest.mark.parametrize(
    ("phone", "mask"),
    [
        ("13812345678", "138****5678"),
        ("+8613812345678", "138****5678"),
        ("+861012345678", "010****678"),
        ("010-12345678", "010****5678"),
        ("12345", "1**45"),
        ("12", "***"),
        ("", ""),
    ],
)
def test_phones_keep_too_little_to_dial(phone, mask):
    assert mask_phone(phone) == mask


@pytest.mark.parametrize(
    ("email", "mask"), [("ann.lee@example.com", "a***@example.com"), ("a@b.cn", "a***@b.cn"), ("nonsense", "***"), ("@x", "***"), ("", "")]
)
def test_emails_keep_the_first_letter_and_the_domain(email, mask):
    assert mask_email(email) == mask
