from feedback_site.accounts.services.api_keys import authenticate_api_key, create_api_key, revoke_api_key
from feedback_site.accounts.services.roles import assign_role, sync_role_permissions

__all__ = ["assign_role", "authenticate_api_key", "create_api_key", "revoke_api_key", "sync_role_permissions"]
