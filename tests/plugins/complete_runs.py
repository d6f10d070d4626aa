"""With `CI` set, a run counts only when every test ran: a skip or an expected failure fails it."""

import os

import pytest

_INCOMPLETE = ("skipped", "xfailed", "xpassed")


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Turn a green run with tests left out into a failed one."""
    if _left_out(session.config) and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say which tests were left out, just above pytest's closing line."""
    for report in _left_out(terminalreporter.config):
        terminalreporter.write_line(f"CI: not run to the end: {report}", red=True)


def _left_out(config: pytest.Config) -> list[str]:
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if not os.environ.get("CI") or reporter is None:
        return []
    return [f"{kind} {report.nodeid}" for kind in _INCOMPLETE for report in reporter.stats.get(kind, [])]
