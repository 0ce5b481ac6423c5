"""Addresses of the pages about calling Floyd."""

from django.urls import path

from use_cases.floyd_line import pin_page

urlpatterns = [path("settings/phone-pin/", pin_page.phone_pin, name="phone-pin")]
