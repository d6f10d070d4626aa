import pytest

from feedback_site.common.exceptions import DomainError
from feedback_site.common.sealing import normalise_email, normalise_phone, takes_texts


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("13800000102", "+8613800000102"),
        ("138 0000 0102", "+8613800000102"),
        ("138-0000-0102", "+8613800000102"),
        ("138.0000.0102", "+8613800000102"),
        ("1 3 8 0 0 0 0 0 1 0 2", "+8613800000102"),
        ("013800000102", "+8613800000102"),
        ("8613800000102", "+8613800000102"),
        ("0086-138 0000 0112", "+8613800000112"),
        ("+86 (0)138 0000 0102", "+8613800000102"),
        ("（+86）13800000102", "+8613800000102"),
        ("+ 86 138 0000 0102", "+8613800000102"),
        ("１３８００００0113", "+8613800000113"),
        ("138–0000—0102", "+8613800000102"),
        ("\u202d13800000102\u202c", "+8613800000102"),
        ("13800000101.0", "+8613800000101"),
        ("13800000101.00", "+8613800000101"),
        ("021-68880118", "+862168880118"),
        ("(010) 8888 0117", "+861088880117"),
        ("+86 755 8366 1234", "+8675583661234"),
        ("0310-1234567", "+863101234567"),
        ("400-820-8820", "+864008208820"),
        ("+852 9123 4567", "+85291234567"),
        ("+44 (0)20 7946 0018", "+442079460018"),
        ("+1 (650) 253-0000", "+16502530000"),
        ("00 65 8123 4567", "+6581234567"),
    ],
)
def test_a_number_is_taken_however_people_write_it(written, number):
    assert normalise_phone(written) == number


@pytest.mark.parametrize(
    "written",
    [
        *("138OOOO0104", "1380000010A", "1380000ABCD", "138xxxx0114", "l3800000109", "１３８ＯＯＯＯ0104"),
        *("138****0103", "138____0103", "138…0103", "138????0103"),
        *(
            "13800000106-1",
            "13800000108 2",
            "1380000010 7",
            "010-88880117-12",
            "0310-1234567-8",
            "13800000106#2",
        ),
        *("13800000111/13900000111", "13800000111 13900000111", "13800000111;", "13800000111、13900000111"),
        *("1380000107", "1391234567", "3800000109", "3912345678", "138000001070", "1088880117", "88880117"),
        *("张三13800000116", "13800000116张三", "tel:13800000116", "13800000116(妻)", "电话13800000116"),
        *("010-88880117转12", "010-88880117 ext 12", "010-88880117x12"),
        *("1.38E+10", "1.38E10", "13800000.101", "1.3800000101", "13800000101.5", "-13800000101"),
        *("无", "-", "N/A", "0", "未留", "", " ", "00000000000", "11111111111", "110", "95588"),
        *(
            "17951 13800000101",
            "1795113800000101",
            "+8617951 13800000101",
            "+86 (755 8366 1234",
            "++8613800000101",
            "9" * 300,
        ),
        *("+8610000000000", "+99912345678", "+13800000101", "①38 0000 0101", "١٣٨٠٠٠٠٠١٠١"),
    ],
)
def test_what_is_not_written_as_one_number_is_none(written):
    with pytest.raises(DomainError) as caught:
        normalise_phone(written)

    assert caught.value.extra == {"field": "phone"}
    assert not written.strip() or written not in str(caught.value.message)


@pytest.mark.parametrize("written", ["+8612088880001", "12088880001", "120-8888-0001"])
def test_numbers_of_no_person_are_good_only_where_a_setting_names_them(settings, written):
    settings.TRIAL_PHONE_PREFIXES = ["+8612"]

    assert normalise_phone(written) == "+8612088880001"
    assert takes_texts("+8612088880001")

    settings.TRIAL_PHONE_PREFIXES = []
    with pytest.raises(DomainError):
        normalise_phone(written)
    assert not takes_texts("+8612088880001")


@pytest.mark.parametrize("written", ["+861208888001", "+86120888800011"])
def test_a_number_of_no_person_is_as_long_as_a_mobile(written):
    with pytest.raises(DomainError):
        normalise_phone(written)


@pytest.mark.parametrize(
    ("phone", "expected"),
    [
        ("+8613800000102", True),
        ("+16502530000", True),  # of America a number does not tell
        ("+85291234567", True),
        ("+861088880117", False),
        ("+864008208820", False),
        ("+868008208820", False),
        ("+442079460018", False),
        ("+861380000010", False),
        ("13800000102", False),
        ("", False),
    ],
)
def test_texts_go_to_mobiles(phone, expected):
    assert takes_texts(phone) is expected


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("a.b+tag@example.com", "a.b+tag@example.com"),
        (" spaced@example.com ", "spaced@example.com"),
        ("\ufeffx@example.com\u200b", "x@example.com"),
        ("x＠example．com", "x@example.com"),
        ("user@例子.中国", "user@xn--fsqu00a.xn--fiqs8s"),
        ("user@例子。中国", "user@xn--fsqu00a.xn--fiqs8s"),
        ("user@xn--fsqu00a.xn--fiqs8s", "user@xn--fsqu00a.xn--fiqs8s"),
        ("Wang@Example.COM", "Wang@Example.COM"),
        ("o'brien@example.com", "o'brien@example.com"),
    ],
)
def test_an_address_is_taken_however_people_write_it(written, address):
    assert normalise_email(written) == address


@pytest.mark.parametrize(
    "written",
    [
        *(
            "name <x@example.com>",
            "<x@example.com>",
            "mailto:x@example.com",
            '"quoted local"@example.com',
            '"q"@example.com',
        ),
        *(
            "x@example.com;y@example.com",
            "x@example.com, y@example.com",
            "x@example.com\ny@example.com",
            "a@b@example.com",
        ),
        *(
            "x@example..com",
            "trailingdot.@example.com",
            ".x@example.com",
            "ok@example.com.",
            "x@.example.com",
        ),
        *(
            "x@localhost",
            "x@[127.0.0.1]",
            "x@1.2.3.4",
            "x@example",
            "x@a_b.com",
            "x y@example.com",
            "x@exa mple.com",
        ),
        *(
            "用户@example.com",
            "x@straße.de",
            "x@①.com",
            "\u202ex@example.com",
            "x\x00@example.com",
            "a" * 65 + "@example.com",
        ),
        *("无", "-", "N/A", "", "@", "x@" + "a." * 130 + "com"),
    ],
)
def test_what_is_not_one_bare_address_is_none(written):
    with pytest.raises(DomainError) as caught:
        normalise_email(written)

    assert caught.value.extra == {"field": "email"}
