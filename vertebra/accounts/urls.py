"""Addresses of accounts; those of allauth keep allauth's names, without our prefix."""

from django.urls import path, re_path

from vertebra.accounts.pages import allauth_doors as allauth
from vertebra.accounts.pages import audit, doors, inbox, invitations, me, people, together

app_name = "accounts"
urlpatterns = [
    path("accounts/owner/<str:secret>/", doors.owner_accept, name="owner-accept"),
    path("accounts/invitation/<str:secret>/", doors.invitation_accept, name="invitation-accept"),
    path("accounts/demo/", doors.demo, name="demo"),
    path("accounts/demo/<int:user_id>/", doors.demo_enter, name="demo-enter"),
    path("messages/", inbox.message_list, name="message-list"),
    path("messages/read/", inbox.message_read, name="message-read"),
    path("account/", me.account, name="account"),
    path("account/preferences/", me.preference_change, name="preference-change"),
    path("account/sessions/", me.session_list, name="session-list"),
    path("account/sessions/others/end/", me.session_end_others, name="session-end-others"),
    path("account/sessions/<int:session_id>/end/", me.session_end, name="session-end"),
    path("account/tokens/", me.token_list, name="token-list"),
    path("account/tokens/new/", me.token_create, name="token-create"),
    path("account/tokens/<int:token_id>/revoke/", me.token_revoke, name="token-revoke"),
    path("account/views/", together.view_list, name="view-list"),
    path("account/views/<int:view_id>/share/", together.view_share, name="view-share"),
    path("account/views/<int:view_id>/remove/", together.view_remove, name="view-remove"),
    path("account/views/new/<str:page>/", together.view_create, name="view-create"),
    path("comments/<int:comment_id>/edit/", together.comment_edit, name="comment-edit"),
    path("comments/<int:comment_id>/withdraw/", together.comment_withdraw, name="comment-withdraw"),
    path("comments/<str:kind>/<int:object_id>/new/", together.comment_create, name="comment-create"),
    path("watches/<str:kind>/<int:object_id>/new/", together.watch_create, name="watch-create"),
    path("watches/<str:kind>/<int:object_id>/end/", together.watch_end, name="watch-end"),
    path("administration/accounts/", people.user_list, name="user-list"),
    path("administration/accounts/<int:user_id>/", people.user_page, name="user-page"),
    path("administration/accounts/<int:user_id>/role/", people.role_change, name="role-change"),
    path("administration/accounts/<int:user_id>/close/", people.user_close, name="user-close"),
    path("administration/accounts/<int:user_id>/open/", people.user_open, name="user-open"),
    path(
        "administration/accounts/<int:user_id>/password-link/",
        people.password_link_create,
        name="password-link-create",
    ),
    path("administration/rights/", people.rights, name="rights"),
    path("administration/invitations/", invitations.invitation_list, name="invitation-list"),
    path("administration/invitations/new/", invitations.invitation_create, name="invitation-create"),
    path(
        "administration/invitations/<int:link_id>/send/",
        invitations.invitation_resend,
        name="invitation-resend",
    ),
    path(
        "administration/invitations/<int:link_id>/revoke/",
        invitations.invitation_revoke,
        name="invitation-revoke",
    ),
    path("administration/audit/", audit.audit_list, name="audit-list"),
    path("administration/audit/<int:entry_id>/", audit.entry_page, name="entry-page"),
    path("administration/audit/<int:entry_id>/undo/", audit.entry_undo, name="entry-undo"),
]

# Only what we use: no sign-up, no change of e-mail, no other site's account.
door_patterns = [
    path("accounts/login/", allauth.sign_in, name="account_login"),
    path("accounts/logout/", allauth.sign_out, name="account_logout"),
    path("accounts/inactive/", allauth.closed, name="account_inactive"),
    path("accounts/reauthenticate/", allauth.reauthenticate, name="account_reauthenticate"),
    path("accounts/password/change/", allauth.password_change, name="account_change_password"),
    path("accounts/password/set/", allauth.password_set, name="account_set_password"),
    path("accounts/password/reset/", allauth.password_reset, name="account_reset_password"),
    path("accounts/password/reset/done/", allauth.password_reset_done, name="account_reset_password_done"),
    path(
        "accounts/password/reset/key/done/",
        allauth.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    re_path(
        r"^accounts/password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        allauth.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("accounts/2fa/", allauth.second_factor_index, name="mfa_index"),
    path("accounts/2fa/authenticate/", allauth.second_step, name="mfa_authenticate"),
    path("accounts/2fa/reauthenticate/", allauth.second_factor_reauthenticate, name="mfa_reauthenticate"),
    path("accounts/2fa/totp/activate/", allauth.totp_activate, name="mfa_activate_totp"),
    path("accounts/2fa/totp/deactivate/", allauth.totp_deactivate, name="mfa_deactivate_totp"),
    path("accounts/2fa/recovery-codes/", allauth.recovery_codes_view, name="mfa_view_recovery_codes"),
    path(
        "accounts/2fa/recovery-codes/generate/",
        allauth.recovery_codes_generate,
        name="mfa_generate_recovery_codes",
    ),
    path(
        "accounts/2fa/recovery-codes/download/",
        allauth.recovery_codes_download,
        name="mfa_download_recovery_codes",
    ),
]
