from feedback_site.accounts.services.access_log import broken_entries, hash_entry, record_access
from feedback_site.accounts.services.api_keys import authenticate_api_key, create_api_key, revoke_api_key
from feedback_site.accounts.services.roles import assign_role, sync_role_permissions

__all__ = [
    "assign_role",
    "authenticate_api_key",
    "broken_entries",
    "create_api_key",
    "hash_entry",
    "record_access",
    "revoke_api_key",
    "sync_role_permissions",
]
