from customers.models.care import Birthday, CareMessage, CarePlan
from customers.models.catalogue import Category, Product, Sku
from customers.models.consent import Consent, Purpose
from customers.models.gift import Gift
from customers.models.imports import ImportRun
from customers.models.order import Order, OrderLine
from customers.models.payment import Payment
from customers.models.person import Address, ContactPoint, Note, Person
from customers.models.privacy import ErasedKey, Erasure, PersonCopy
from customers.models.promise import Promise
from customers.models.proof import ProofAttempt, ProofCode, ShopLink
from customers.models.referral import Referral
from customers.models.review import Review, ReviewReply
from customers.models.segment import Score, Segment
from customers.models.shipment import Shipment, TrackingEvent
from customers.models.shop import Shop
from customers.models.standing import Standing
from customers.models.testimonial import Testimonial
from customers.models.tier import Membership, Tier
from customers.models.tracking_report import TrackingReport
from customers.models.tracking_service import TrackingService

__all__ = [
    "Address",
    "Birthday",
    "CareMessage",
    "CarePlan",
    "Category",
    "Consent",
    "ContactPoint",
    "ErasedKey",
    "Erasure",
    "Gift",
    "ImportRun",
    "Membership",
    "Note",
    "Order",
    "OrderLine",
    "Payment",
    "Person",
    "PersonCopy",
    "Product",
    "Promise",
    "ProofAttempt",
    "ProofCode",
    "Purpose",
    "Referral",
    "Review",
    "ReviewReply",
    "Score",
    "Segment",
    "Shipment",
    "Shop",
    "ShopLink",
    "Sku",
    "Standing",
    "Testimonial",
    "Tier",
    "TrackingEvent",
    "TrackingReport",
    "TrackingService",
]
