from feedback_site.demo.people import CUSTOMERS, EMAIL_DOMAIN, PHONE_PREFIX, demo_addresses, demo_customers


def test_customers_each_have_a_number_of_their_own():
    people = demo_customers()

    assert len({person.external_id for person in people}) == CUSTOMERS == 6000


def test_names_are_chinese_and_latin():
    latin = sum(person.name.isascii() for person in demo_customers())

    assert 600 <= latin <= 1800


def test_no_phone_can_ring_and_no_mail_can_arrive():
    for person in demo_customers():
        assert not person.phone or (person.phone.startswith(PHONE_PREFIX) and len(person.phone) == 14)
        assert not person.email or person.email.endswith(f"@{EMAIL_DOMAIN}")


def test_some_customers_cannot_be_reached_and_some_do_not_want_to_be():
    people = demo_customers()

    assert 0 < sum(not person.phone and not person.email for person in people) < 600
    assert 0 < sum(not person.consents for person in people) < 900


def test_no_two_customers_share_an_address():
    people = demo_customers()

    assert len(demo_addresses()) == sum(bool(person.phone) + bool(person.email) for person in people)


def test_a_customer_shows_no_contact_when_printed():
    person = next(person for person in demo_customers() if all((person.phone, person.email)))

    assert person.phone not in repr(person)
    assert person.email not in repr(person)
    assert person.name not in repr(person)
