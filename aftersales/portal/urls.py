"""The customers' addresses, nouns throughout; a change of state makes one."""

from django.urls import path

from aftersales.portal.views import (
    complaints,
    consents,
    items,
    letters,
    orders,
    progress,
    proof,
    questions,
    reasons,
    returns,
    sending,
    start,
    story,
    visits,
    wish,
)

app_name = "portal"
urlpatterns = [
    # Prove an order
    path("", start.start, name="start"),
    path("proof/message/", proof.code_request, name="code_request"),
    path("proof/message/code/", proof.code, name="code"),
    path("proof/card/", proof.claim, name="claim"),
    path("l/<str:token>/", proof.link, name="link"),
    path("messages/<str:token>/", consents.consents, name="consents"),
    path("leaving/", start.leave, name="leave"),
    # How it goes, asked in a message
    path("v/<str:token>/", visits.visit, name="visit"),
    # One order
    path("orders/<int:pk>/", orders.order, name="order"),
    path("orders/<int:pk>/questions/", questions.questions, name="questions"),
    # A complaint
    path("orders/<int:pk>/complaint/", complaints.classes, name="complaint"),
    path("orders/<int:pk>/complaint/story/<slug:code>/", complaints.story, name="complaint_story"),
    path("orders/<int:pk>/complaint/<slug:group>/", complaints.kinds, name="complaint_class"),
    path("complaints/<str:ref>/", complaints.status, name="complaint_status"),
    path("complaints/<str:ref>/satisfaction/", complaints.satisfaction, name="complaint_satisfaction"),
    # A new request, step by step
    path("orders/<int:pk>/request/", orders.request_begin, name="request"),
    path("orders/<int:pk>/request/items/", items.items, name="items"),
    path("orders/<int:pk>/request/reasons/", reasons.reasons, name="reasons"),
    path("orders/<int:pk>/request/reasons/<int:line_id>/", reasons.group, name="group"),
    path("orders/<int:pk>/request/reasons/<int:line_id>/<slug:group_code>/", reasons.reason, name="reason"),
    path("orders/<int:pk>/request/story/", story.story, name="story"),
    path("orders/<int:pk>/request/photos/<str:ref>/removal/", story.photo_removal, name="photo_removal"),
    path("orders/<int:pk>/request/wish/", wish.wish, name="wish"),
    path("orders/<int:pk>/request/replacement/", wish.replacement, name="replacement"),
    path("orders/<int:pk>/request/verdict/", sending.verdict, name="verdict"),
    path("orders/<int:pk>/request/check/", sending.check, name="check"),
    # A running request
    path("returns/<str:ref>/", returns.status, name="status"),
    path("returns/<str:ref>/done/", returns.done, name="done"),
    path("returns/<str:ref>/label/", returns.label, name="label"),
    path("returns/<str:ref>/messages/", returns.messages, name="messages"),
    path("returns/<str:ref>/answer/", progress.answer, name="answer"),
    path("returns/<str:ref>/parcels/", progress.parcels, name="parcels"),
    path("returns/<str:ref>/withdrawal/", progress.withdrawal, name="withdrawal"),
    path("returns/<str:ref>/objection/", progress.objection, name="objection"),
    path("returns/<str:ref>/reopening/", progress.reopening, name="reopening"),
    # The demo's mail program
    path("mailbox/letters/", letters.letters, name="letters"),
    # A question
    path("questions/<str:ref>/", questions.question, name="question"),
]
