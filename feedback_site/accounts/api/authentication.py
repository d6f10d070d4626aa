"""`Authorization: Api-Key <prefix>.<secret>`."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from feedback_site.accounts.models import ApiKey
from feedback_site.accounts.services import authenticate_api_key
from feedback_site.common.clock import database_now


class ApiKeyAuthentication(BaseAuthentication):
    """The key itself is the principal: `request.user` has grants and a data scope."""

    keyword = "Api-Key"

    def authenticate(self, request: Request) -> tuple[ApiKey, ApiKey] | None:
        """Return the key as principal, or `None` without the header.

        Refuses a wrong, expired or revoked key.
        """
        keyword, _separator, credentials = request.headers.get("Authorization", "").partition(" ")
        if keyword.lower() != self.keyword.lower():
            return None
        key = authenticate_api_key(credentials=credentials.strip(), at=database_now())
        if key is None:
            raise AuthenticationFailed(_("This API key is wrong, expired or revoked."))
        return key, key

    def authenticate_header(self, request: Request) -> str:
        """Say how to authenticate, so that DRF answers 401 and not 403."""
        return self.keyword


class ApiKeyScheme(OpenApiAuthenticationExtension):
    target_class = "feedback_site.accounts.api.authentication.ApiKeyAuthentication"
    name = "ApiKey"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """Describe the header for OpenAPI."""
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "Api-Key <prefix>.<secret>",
        }
