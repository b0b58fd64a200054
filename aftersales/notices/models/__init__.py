from aftersales.notices.models.notice import Notice, Preference
from aftersales.notices.models.posted import Posted
from aftersales.notices.models.template_version import TemplateVersion
from aftersales.notices.models.webhook import Webhook

__all__ = ["Notice", "Posted", "Preference", "TemplateVersion", "Webhook"]
