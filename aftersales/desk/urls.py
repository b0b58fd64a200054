"""Addresses of the desk, below `/desk/`. Nouns; a change of state is sent to the noun it makes."""

from __future__ import annotations

from django.urls import URLPattern, path, register_converter

from aftersales.desk.deeds.all import DEEDS
from aftersales.desk.views import (
    ageing,
    batches,
    bulk,
    dated,
    deeds,
    home,
    letters,
    mail,
    new_ticket,
    notices,
    orders,
    packs,
    palette,
    people,
    phrases,
    profile,
    queue,
    returns,
    reviews,
    saved,
    search,
    sheets,
    ticket,
    visits,
    warehouse,
)

app_name = "desk"


class RefConverter:
    """A reference as pages write it (`R-7K2MQX94D`). Anything else is no address, so no query is asked with it."""

    regex = "[A-Z]-[0-9A-Z]{9}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(RefConverter, "ref")

# Rows without a reference of their own are addressed by primary key.
_KEYS = {
    "parcels": "<int:key>",
    "orders": "<int:key>",
    "promises": "<int:key>",
    "contacts": "<int:key>",
    "gifts": "<int:key>",
    "testimonials": "<int:key>",
    "claims": "<int:key>",
    "escalations": "<int:key>",
    "improvements": "<int:key>",
    "checks": "<int:key>",
    "checklists": "<int:key>",
    "blocks": "<int:key>",
}

urlpatterns: list[URLPattern] = [
    # Work
    path("", home.home, name="home"),
    path("search/", search.search, name="search"),
    path("palette/", palette.palette, name="palette"),
    path("profile/", profile.profile, name="profile"),
    path("profile/signature/", profile.signature, name="signature"),
    path("profile/duty/", profile.duty, name="duty"),
    # Views of the list that somebody keeps
    path("views/", saved.views, name="views"),
    path("views/new/", saved.new, name="view-new"),
    path("views/<int:pk>/", saved.view, name="view"),
    path("views/<int:pk>/place/", saved.place, name="view-place"),
    path("views/<int:pk>/deletion/", saved.deletion, name="view-deletion"),
    # One thing for many tickets
    path("bulk/new/", bulk.new, name="bulk-new"),
    path("bulk/<int:pk>/", bulk.report, name="bulk"),
    path("bulk/<int:pk>/undo/", bulk.undo, name="bulk-undo"),
    # What one was told
    path("notices/", notices.notices, name="notices"),
    path("notices/reading/", notices.read, name="notices-reading"),
    path("notices/<int:pk>/reading/", notices.read, name="notice-reading"),
    # Tickets and their conversation
    path("tickets/", queue.tickets, name="queue"),
    path("tickets/tickets.csv", sheets.tickets, name="queue-sheet"),
    path("tickets/new/", new_ticket.new_ticket, name="ticket-new"),
    path("tickets/new/about/", new_ticket.about, name="ticket-new-about"),
    path("tickets/named/", deeds.ticket_named, name="ticket-named"),
    path("batches/", batches.batches, name="batches"),
    path("batches/<ref:ref>/", batches.batch, name="batch"),
    path("waits/", ageing.waits, name="waits"),
    path("promises/", dated.promises, name="promises"),
    path("claims/", dated.claims, name="claims"),
    path("improvements/", dated.improvements, name="improvements"),
    path("tickets/<ref:ref>/", ticket.ticket, name="ticket"),
    path("tickets/<ref:ref>/messages/", ticket.said, name="ticket-messages"),
    path("tickets/<ref:ref>/verdict/", ticket.verdict, name="verdict"),
    path("tickets/<ref:ref>/reply/", ticket.reply, name="reply"),
    path("tickets/<ref:ref>/note/", ticket.note, name="note"),
    path("tickets/<ref:ref>/phrases/", phrases.of_ticket, name="ticket-phrases"),
    path("phrases/", phrases.own, name="phrases"),
    path("phrases/<int:pk>/", phrases.change, name="phrase"),
    path("phrases/<int:pk>/retirement/", phrases.retirement, name="phrase-retirement"),
    path("tickets/<ref:ref>/draft/", ticket.draft, name="draft"),
    path("tickets/<ref:ref>/renewal/", ticket.renewal, name="ticket-renewal"),
    path("tickets/<ref:ref>/messages/<int:pk>/undo/", ticket.undo, name="undo"),
    # What came in from outside
    path("mail/", mail.mail, name="mail"),
    path("mail/many/", mail.many, name="mail-many"),
    path("mail/blocks/", mail.blocks, name="mail-blocks"),
    path("mail/<ref:ref>/", mail.arrival, name="arrival"),
    path("mail/<ref:ref>/original/", mail.original, name="mail-original"),
    # What customers say in public
    path("reviews/", reviews.reviews, name="reviews"),
    path("reviews/new/", reviews.new, name="review-new"),
    path("reviews/replies/", reviews.replies, name="review-replies"),
    path("reviews/<ref:ref>/", reviews.review, name="review"),
    path("reviews/<ref:ref>/reply/", reviews.reply, name="review-reply"),
    path("reviews/<ref:ref>/guard/", reviews.guard, name="review-guard"),
    # Follow-up visits
    path("visits/", visits.visits, name="visits"),
    path("visits/letters/", letters.letters, name="visit-letters"),
    path("visits/letters/printing/", letters.printing, name="visit-printing"),
    path("visits/letters/posting/", letters.posting, name="visit-posting"),
    path("visits/<ref:ref>/", visits.visit, name="visit"),
    path("visits/<ref:ref>/outcome/", visits.outcome, name="visit-outcome"),
    # Goods in the warehouse
    path("warehouse/", warehouse.warehouse, name="warehouse"),
    path("returns/<ref:ref>/", returns.return_page, name="return"),
    path("returns/<ref:ref>/goods/", warehouse.goods, name="goods"),
    path("returns/<ref:ref>/receipt/", warehouse.receipt, name="receipt"),
    path("returns/<ref:ref>/inspection/", warehouse.inspection, name="inspection"),
    path("returns/<ref:ref>/outcome/", warehouse.outcome, name="outcome"),
    path("complaints/packs/<str:token>/", packs.pack, name="complaint-pack"),
    # Archive
    path("orders/<int:pk>/", orders.order, name="order"),
    path("orders/<int:pk>/request/", orders.request_for_order, name="request"),
    path("orders/<int:pk>/link/", orders.link, name="order-link"),
    path("people/copies/<str:token>/", packs.copy, name="person-copy"),
    path("people/<ref:ref>/", people.person, name="person"),
    path("people/<ref:ref>/contacts/<int:pk>/", people.contact, name="contact"),
    # Everything that can be done to a case: one address for each deed
    *(
        path(
            f"{deed.subject}/{_KEYS.get(deed.subject, '<ref:key>')}/{deed.noun}/",
            deeds.door_of(deed),
            name=f"{deed.subject}-{deed.noun}",
        )
        for deed in DEEDS
    ),
]
