"""Log-in, first run, language and theme; one's own account; users, roles, teams and branches."""

from __future__ import annotations

from django.contrib.auth.views import LogoutView
from django.urls import path

from guanxi.kernel.access.web import account, first_run, oidc, people, places, roles, second_factor, second_step, views

urlpatterns = [
    path("", views.home, name="home"),
    path("login/", views.LogIn.as_view(), name="login"),
    path("login/again/", views.log_in_again, name="log-in-again"),
    path("login/again/code/", second_step.give_code_again, name="log-in-again-code"),
    path("login/code/", second_step.give_code, name="log-in-code"),
    path("login/oidc/", oidc.go, name="log-in-oidc"),
    path("login/oidc/callback/", oidc.come_back, name="log-in-oidc-callback"),
    path("login/still/", views.still_signed_in, name="still-signed-in"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("language/", views.choose_language, name="set_language"),
    path("theme/", views.choose_theme, name="set_theme"),
    path("account/", account.show_account, name="account"),
    path("account/rights/", account.show_rights, name="account-rights"),
    path("account/password/", account.choose_password, name="account-password"),
    path("account/second-factor/", second_factor.show_second_factor, name="second-factor"),
    path("account/second-factor/set-up/", second_factor.set_up, name="second-factor-set-up"),
    path("account/second-factor/codes/", second_factor.renew_codes, name="second-factor-codes"),
    path("account/second-factor/off/", second_factor.turn_off, name="second-factor-off"),
    path("account/devices/end-others/", account.end_others, name="account-end-others"),
    path("account/devices/<slug:number>/end/", account.end_one, name="account-end-one"),
    path("password/<slug:link>/", account.choose_by_link, name="choose-password"),
    path("settings/users/", people.show_people, name="settings-people"),
    path("settings/users/new/", people.new_person, name="settings-person-new"),
    path("settings/users/<int:user_id>/", people.edit_person, name="settings-person"),
    path("settings/users/<int:user_id>/password/", people.reset_person, name="settings-person-password"),
    path("settings/users/<int:user_id>/second-factor/", people.reset_code, name="settings-person-second-factor"),
    path("settings/users/<int:user_id>/oidc/unlink/", people.unlink_person, name="settings-person-unlink"),
    path("settings/users/<int:user_id>/<slug:way>/", people.switch_person, name="settings-person-switch"),
    path("settings/roles/", roles.show_roles, name="settings-roles"),
    path("settings/roles/new/", roles.new_role, name="settings-role-new"),
    path("settings/roles/<int:role_id>/", roles.edit_one, name="settings-role"),
    path("settings/roles/<int:role_id>/delete/", roles.delete_one, name="settings-role-delete"),
    path("settings/places/", places.show_places, name="settings-places"),
    path("settings/places/teams/new/", places.new_team, name="settings-team-new"),
    path("settings/places/teams/<int:team_id>/", places.edit_one_team, name="settings-team"),
    path("settings/places/teams/<int:team_id>/delete/", places.delete_one_team, name="settings-team-delete"),
    path("settings/places/branches/new/", places.new_branch, name="settings-branch-new"),
    path("settings/places/branches/<int:branch_id>/", places.edit_one_branch, name="settings-branch"),
    path("settings/places/branches/<int:branch_id>/delete/", places.delete_one_branch, name="settings-branch-delete"),
    path("first-run/", first_run.first_run, name="first_run"),
    path("first-run/doors/", first_run.show_doors, name="doors"),
    path("first-run/doors/<slug:key>/", first_run.open_door, name="open_door"),
    path("first-run/doors/<slug:key>/<int:job_id>/", first_run.show_door_job, name="door_job"),
]
