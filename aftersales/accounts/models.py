"""Who may sign in: members of staff with one role each, and keys for programs that act in a role."""

from __future__ import annotations

import hashlib
import secrets
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.actor import Actor, Role


class Team(models.Model):
    """Agents who share queues. What belongs to a closed team is seen by its own agents and by `teams.view`."""

    name = models.CharField(_("name"), max_length=60, unique=True)
    is_closed = models.BooleanField(
        _("closed team"),
        default=False,
        help_text=_("Agents of other teams do not see its tickets and returns; leads and managers see all."),
    )
    signature = models.CharField(_("signature"), max_length=200, blank=True)  # of those who have none of their own

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Make a member of staff. Without a password the account cannot sign in until one is set."""
        if not email:
            raise ValueError("A member of staff needs an e-mail address.")
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        """The first manager of a new shop."""
        return self.create_user(email, password, role=Role.MANAGER, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """A member of staff. The role is the only grant: Django's own permissions follow it, superusers do not exist."""

    class StaffRole(models.TextChoices):
        AGENT = Role.AGENT.value, _("Agent")
        WAREHOUSE = Role.WAREHOUSE.value, _("Warehouse")
        LEAD = Role.LEAD.value, _("Lead")
        MANAGER = Role.MANAGER.value, _("Manager")
        AUDITOR = Role.AUDITOR.value, _("Auditor")

    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=80)
    role = models.CharField(_("role"), max_length=12, choices=StaffRole, default=StaffRole.AGENT)
    team = models.ForeignKey(Team, models.SET_NULL, null=True, blank=True, verbose_name=_("team"))
    signature = models.CharField(_("signature"), max_length=200, blank=True)  # below replies to customers
    locale = models.CharField(_("language"), max_length=10, blank=True)  # blank: as the browser asks
    is_active = models.BooleanField(_("may sign in"), default=True)
    created_at = models.DateTimeField(_("since"), auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("member of staff")
        verbose_name_plural = _("members of staff")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def is_staff(self) -> bool:
        """Whether Django's admin lets this person in: the office is for leads, managers and auditors."""
        return self.role in (Role.LEAD, Role.MANAGER, Role.AUDITOR)

    @property
    def signs(self) -> str:
        """What stands below their replies: their own signature, else that of their team, else nothing."""
        return self.signature or (self.team.signature if self.team else "")

    def get_short_name(self) -> str:
        return self.name

    def as_actor(self) -> Actor:
        """This person as the domain sees them."""
        return Actor(
            kind="staff",
            id=self.pk,
            role=Role(self.role),
            label=self.name,
            locale=self.locale or "zh-hans",
            team=self.team_id,
        )


class ApiKey(models.Model):
    """A key for a program. Only its hash is kept; the key itself is shown once, when it is made."""

    name = models.CharField(_("name"), max_length=80)
    prefix = models.CharField(_("begins with"), max_length=12, db_index=True)
    sha256 = models.CharField(max_length=64, unique=True)
    role = models.CharField(_("role"), max_length=12, choices=User.StaffRole, default=User.StaffRole.AGENT)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="api_keys", verbose_name=_("made by"))
    created_at = models.DateTimeField(_("made at"), auto_now_add=True)
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)

    class Meta:
        verbose_name = _("API key")
        verbose_name_plural = _("API keys")

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    @staticmethod
    def hash(key: str) -> str:
        """A key has 256 random bits, so a plain hash cannot be searched and needs no salt."""
        return hashlib.sha256(key.encode()).hexdigest()

    @staticmethod
    def fresh() -> str:
        return "ask_" + secrets.token_urlsafe(32)

    def as_actor(self) -> Actor:
        """The program as the domain sees it: the role of the key, named after it, acting for whoever had it made."""
        return Actor(kind="api", id=self.pk, role=Role(self.role), label=self.name, owner=self.created_by_id)


class Handover(models.Model):
    """A secret on its way to the page that shows it, sealed. Whoever takes the row away has seen it; nobody else does.

    `subject_type` and `subject_id` name what it opens: a key made here, or a webhook of the floor above.
    """

    subject_type = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    sealed = models.TextField()
    to = models.ForeignKey(User, models.CASCADE, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        verbose_name = _("secret to be shown")
        verbose_name_plural = _("secrets to be shown")
        constraints = [models.UniqueConstraint(fields=["subject_type", "subject_id"], name="one_secret_to_show")]

    def __str__(self) -> str:
        return f"{self.subject_type}:{self.subject_id}"
