import json
import stat
from concurrent.futures import ThreadPoolExecutor

from config.settings.secrets import FILE_NAME, NAMES, local_secrets


def test_secrets_are_made_once_and_kept(tmp_path):
    first = local_secrets(tmp_path / "data")

    second = local_secrets(tmp_path / "data")

    assert first == second
    assert set(first) == set(NAMES)
    assert len(set(first.values())) == len(NAMES)
    assert min(map(len, first.values())) >= 32


def test_only_the_owner_reads_them(tmp_path):
    local_secrets(tmp_path)

    assert stat.S_IMODE((tmp_path / FILE_NAME).stat().st_mode) == 0o600


def test_two_folders_have_different_secrets(tmp_path):
    assert local_secrets(tmp_path / "one") != local_secrets(tmp_path / "two")


def test_processes_that_race_agree_on_one_set(tmp_path):
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _number: json.dumps(local_secrets(tmp_path)), range(8)))

    assert len(set(made)) == 1
    assert [file.name for file in tmp_path.glob("*secrets*")] == [FILE_NAME]


def test_a_checkout_from_before_a_secret_had_a_name_derives_it_alike_everywhere(tmp_path):
    first = local_secrets(tmp_path)
    (tmp_path / FILE_NAME).write_text(
        json.dumps({name: value for name, value in first.items() if name != "ACCESS_LOG_KEYS"})
    )

    second, third = local_secrets(tmp_path), local_secrets(tmp_path)

    assert second == third
    assert {name: value for name, value in second.items() if name != "ACCESS_LOG_KEYS"} == {
        name: value for name, value in first.items() if name != "ACCESS_LOG_KEYS"
    }
    assert len(second["ACCESS_LOG_KEYS"]) == 64
