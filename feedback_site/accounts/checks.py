"""System checks: what the apps state about roles and about the access log is whole."""

from collections.abc import Iterable, Iterator
from types import ModuleType
from typing import Any

from django.apps import AppConfig, apps
from django.core.checks import CheckMessage, Error, register

from feedback_site.accounts.enums import AccessAction, Role
from feedback_site.accounts.rules import access_action
from feedback_site.accounts.services.roles import permissions_module


@register()
def actions_are_registered(**_options: Any) -> list[CheckMessage]:
    """Refuse actions that an app states and does not register: the log would show them without words."""
    return list(unregistered(AccessAction.__subclasses__()))


def unregistered(kinds: Iterable[type[AccessAction]]) -> Iterator[CheckMessage]:
    """Yield a fault for each class with an action that its app did not register."""
    return (
        Error(
            f"{kind.__module__}.{kind.__qualname__} is not registered.",
            hint="Call register_access_actions in ready() of its app.",
            id="feedback_site.E010",
        )
        for kind in kinds
        if any(access_action(action.value) is not action for action in kind)
    )


@register()
def permissions_are_stated(**_options: Any) -> list[CheckMessage]:
    """Refuse an app of the site that leaves open what a role may do with one of its models."""
    return [
        Error(f"{config.name}.permissions {fault}.", id="feedback_site.E011")
        for config in apps.get_app_configs()
        for fault in _faults(config)
    ]


def _faults(config: AppConfig) -> Iterator[str]:
    module = permissions_module(config)
    if module is not None:
        yield from faults_of(module, config)
    elif config.models_module and "site-packages" not in config.path:
        yield "is missing"


def faults_of(module: ModuleType, config: AppConfig) -> Iterator[str]:
    """Yield what a module with permissions leaves open, or states of what its app does not have."""
    stated: dict[Role, set[str]] = getattr(module, "PERMISSIONS", {})
    if stated and set(stated) != set(Role):
        yield f"says nothing of {sorted(set(Role) - set(stated))}"
    granted = set().union(*stated.values())
    for model in config.get_models():
        options = model._meta  # noqa: SLF001 - documented by Django
        codenames = {f"{action}_{options.model_name}" for action in options.default_permissions}
        codenames.update(codename for codename, _words in options.permissions)
        is_for_none = options.model_name in module.FOR_NO_ROLE
        if is_for_none == bool(granted & codenames):
            yield f"must state {options.model_name} for roles or in FOR_NO_ROLE"
        granted -= codenames
    if granted:
        yield f"grants what no model of the app has: {sorted(granted)}"
