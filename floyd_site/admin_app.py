"""Django's admin with Floyd's site in it. Apart from that site: this is loaded before any model is."""

from django.contrib.admin.apps import AdminConfig


class StaffAdminConfig(AdminConfig):
    """Registers the admin with Django."""

    default_site = "floyd_site.staff_site.StaffSite"
