"""Purposes become a closed list; what was written in other words before is counted under the one it meant."""

from django.db import migrations, models

_MEANT = {"birthday": "occasions", "marketing": "news", "visit": "visits", "testimonial": "quoted"}


def rename(apps, schema_editor):
    """Where somebody had agreed to both the old word and the new, the row of the old one ends when the new one began."""
    consents = apps.get_model("customers", "Consent").objects
    for before, now in _MEANT.items():
        for consent in consents.filter(purpose=before):
            if consent.withdrawn_at is None:
                other = consents.filter(person_id=consent.person_id, purpose=now, withdrawn_at=None).first()
                if other is not None:
                    consent.withdrawn_at = max(other.given_at, consent.given_at)
            consent.purpose = now
            consent.save(update_fields=["purpose", "withdrawn_at"])


class Migration(migrations.Migration):
    dependencies = [("customers", "0007_tracking_reports")]

    operations = [
        migrations.AddField(
            model_name="consent",
            name="withdrawal",
            field=models.CharField(blank=True, default="", max_length=300, verbose_name="proof of the withdrawal"),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="consent",
            name="purpose",
            field=models.CharField(
                choices=[
                    ("news", "News and offers"),
                    ("occasions", "Greetings and thanks"),
                    ("goods", "Reminders about what was bought"),
                    ("visits", "Follow-up calls and visits"),
                    ("quoted", "Being quoted"),
                ],
                max_length=40,
                verbose_name="purpose",
            ),
        ),
        migrations.RunPython(rename, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="consent",
            index=models.Index(
                condition=models.Q(("withdrawn_at", None)), fields=["purpose", "person"], name="consent_standing"
            ),
        ),
    ]
