"""Signing in and out, one's own password and second factor. Nothing of allauth beyond that: accounts are made in the office.

Left out on purpose: signing up, changing one's own e-mail address (it is the name one signs in with), and resetting a
password by mail (a mailbox that somebody else reads would open the desk; a manager sets a new one).
"""

from allauth.account import views
from django.urls import include, path

urlpatterns = [
    path("login/", views.login, name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("reauthenticate/", views.reauthenticate, name="account_reauthenticate"),
    path("password/change/", views.password_change, name="account_change_password"),
    path("2fa/", include("allauth.mfa.urls")),
]
