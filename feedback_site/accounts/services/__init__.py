from feedback_site.accounts.services.access_log import actor_name, hash_entry, record_access
from feedback_site.accounts.services.account_changes import (
    change_role_policy,
    delete_account,
    delete_team,
    end_keys,
    note_key,
    note_own_password,
    note_password,
    save_account,
    save_team,
)
from feedback_site.accounts.services.anchoring import anchor_access_log, anchor_path, begin_anchors
from feedback_site.accounts.services.api_keys import authenticate_api_key, create_api_key, revoke_api_key
from feedback_site.accounts.services.changes import record_change, state_of
from feedback_site.accounts.services.organisations import save_organisation
from feedback_site.accounts.services.role_policies import add_missing_role_policies, set_role_policy
from feedback_site.accounts.services.roles import assign_role, sync_role_permissions
from feedback_site.accounts.services.searching import search_on_record, searches_per_hour
from feedback_site.accounts.services.second_factor import (
    check_second_factor,
    device_of,
    enrol_second_factor,
    new_secret,
    remove_second_factor,
    renew_recovery_codes,
    reset_second_factor,
)
from feedback_site.accounts.services.sessions import (
    continue_session,
    forget_ended_sign_ins,
    sign_out_everywhere,
    start_session,
)
from feedback_site.accounts.services.sign_in_attempts import unlock_sign_in
from feedback_site.accounts.services.staff_contacts import StaffContacts, change_staff_contacts

__all__ = [
    "StaffContacts",
    "actor_name",
    "add_missing_role_policies",
    "anchor_access_log",
    "anchor_path",
    "assign_role",
    "authenticate_api_key",
    "begin_anchors",
    "change_role_policy",
    "change_staff_contacts",
    "check_second_factor",
    "continue_session",
    "create_api_key",
    "delete_account",
    "delete_team",
    "device_of",
    "end_keys",
    "enrol_second_factor",
    "forget_ended_sign_ins",
    "hash_entry",
    "new_secret",
    "note_key",
    "note_own_password",
    "note_password",
    "record_access",
    "record_change",
    "remove_second_factor",
    "renew_recovery_codes",
    "reset_second_factor",
    "revoke_api_key",
    "save_account",
    "save_organisation",
    "save_team",
    "search_on_record",
    "searches_per_hour",
    "set_role_policy",
    "sign_out_everywhere",
    "start_session",
    "state_of",
    "sync_role_permissions",
    "unlock_sign_in",
]
