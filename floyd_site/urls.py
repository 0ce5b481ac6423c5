"""All addresses."""

from allauth.account import views as accounts
from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path, re_path

from api.description import Description
from api.nowhere import Nowhere
from context.device_page import list_devices
from context.signed_in import signed_in
from floyd_site.components import components

# The admin pages have the same sign-in as all others, with its limits and its second factor.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

handler400 = "floyd_site.failures.bad_request"
handler500 = "floyd_site.failures.broken"

urlpatterns: list[URLPattern | URLResolver] = [
    path("admin/", admin.site.urls),
    path("accounts/sessions/", list_devices, name="usersessions_list"),  # in the place of allauth's
    # allauth's own; what was typed when the session had ended is kept, as with all forms.
    path("accounts/email/", signed_in(accounts.email), name="account_email"),
    path("accounts/", include("allauth.urls")),
    path("api/v1/", include("requests_app.api.urls")),
    path("api/v1/", include("calls.api.urls")),
    path("api/v1/", include("context.api.urls")),
    path("api/v1/openapi.yaml", Description.as_view(), name="api-description"),
    re_path("^api/", Nowhere.as_view(), name="api-nowhere"),
    path("_components/", components, name="components"),
    path("", include("requests_app.urls")),
    path("", include("context.urls")),
    path("", include("calls.urls")),
    path("", include("use_cases.urls")),
    path("", include("calls.review.urls")),
    path("", include("use_cases.floyd_line.urls")),
]
