"""Addresses of the pages about what Floyd knows."""

from django.urls import path

from context import item_pages, settings_page, token_page, views

urlpatterns = [
    path("knows/", views.knows, name="knows"),
    path("knows/gone/", item_pages.gone, name="knows-gone"),
    path("knows/<str:kind>/new/", item_pages.new, name="add-known"),
    path("knows/<str:kind>/<int:key>/", item_pages.item, name="known"),
    path("knows/<str:kind>/<int:key>/taps/", item_pages.taps, name="known-taps"),
    path("knows/<str:kind>/<int:key>/<str:verb>/", item_pages.act, name="known-act"),
    path("settings/", settings_page.settings_page, name="settings"),
    path("account/tokens/", token_page.tokens, name="tokens"),
    path("account/tokens/<int:token_id>/revoke/", token_page.revoke, name="revoke-token"),
]
