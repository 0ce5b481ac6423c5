"""Addresses of the pages about what Floyd knows."""

from django.urls import path

from context import account_pages, feed_views, import_pages, interview_pages, item_pages, mail_pages, push_page, settings_page, token_page, views

urlpatterns = [
    path("knows/", views.knows, name="knows"),
    path("knows/import/", import_pages.choose, name="choose-import"),
    path("knows/import/<int:batch_id>/", import_pages.look, name="import"),
    path("knows/import/<int:batch_id>/<str:verb>/", import_pages.act, name="act-on-import"),
    path("knows/interview/<int:question_id>/", interview_pages.answer, name="interview"),
    path("knows/contacts/<int:key>/details/<int:place>/", item_pages.forget_detail, name="forget-detail"),
    path("knows/export/", account_pages.export, name="export"),
    path("account/delete/", account_pages.delete_account, name="delete-account"),
    path("knows/gone/", item_pages.gone, name="knows-gone"),
    path("knows/<str:kind>/new/", item_pages.new, name="add-known"),
    path("knows/<str:kind>/<int:key>/", item_pages.item, name="known"),
    path("knows/<str:kind>/<int:key>/taps/", item_pages.taps, name="known-taps"),
    path("knows/<str:kind>/<int:key>/<str:verb>/", item_pages.act, name="known-act"),
    path("settings/", settings_page.settings_page, name="settings"),
    path("settings/push/", push_page.switch_on, name="push-on"),
    path("settings/push/<int:subscription_id>/remove/", push_page.switch_off, name="push-off"),
    path("settings/mailbox/", mail_pages.mailbox, name="mailbox"),
    path("settings/mailbox/disconnect/", mail_pages.disconnect, name="disconnect-mailbox"),
    path("settings/mailbox/address/", mail_pages.renew_address, name="renew-address"),
    path("mail/<int:mail_id>/", mail_pages.mail, name="mail"),
    path("push-worker.js", push_page.worker, name="push-worker"),
    path("calendar/feed/<int:user_id>/<str:secret>/floyd.ics", feed_views.calendar_feed, name="calendar-feed"),
    path("calendar/entries/<int:entry_id>.ics", feed_views.calendar_entry, name="calendar-entry"),
    path("calendar/address/", feed_views.calendar_address, name="calendar-address"),
    path("account/tokens/", token_page.tokens, name="tokens"),
    path("account/tokens/<int:token_id>/revoke/", token_page.revoke, name="revoke-token"),
]
