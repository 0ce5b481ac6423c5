"""Addresses of the pages about what Floyd knows."""

from django.urls import path

from context import settings_page, token_page, views

urlpatterns = [
    path("knows/", views.knows, name="knows"),
    path("settings/", settings_page.settings_page, name="settings"),
    path("account/tokens/", token_page.tokens, name="tokens"),
    path("account/tokens/<int:token_id>/revoke/", token_page.revoke, name="revoke-token"),
]
