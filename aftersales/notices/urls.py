"""The demo's mailbox. The inbox of staff is a page of the desk."""

from django.urls import path

from aftersales.notices.views import mailbox

app_name = "notices"
urlpatterns = [path("mailbox/", mailbox, name="mailbox")]
