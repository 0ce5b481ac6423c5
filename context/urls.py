"""Addresses of the pages about what Floyd knows."""

from django.urls import path

from context import views

urlpatterns = [path("knows/", views.knows, name="knows")]
