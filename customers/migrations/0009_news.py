from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("customers", "0008_when_a_tier_was_counted")]

    operations = [
        migrations.AddField(
            model_name="careplan",
            name="date",
            field=models.DateField(
                blank=True,
                help_text="For news of products: everybody who agreed gets it once. For other news make another plan.",
                null=True,
                verbose_name="day of the news",
            ),
        ),
        migrations.AlterField(
            model_name="careplan",
            name="occasion",
            field=models.CharField(
                choices=[
                    ("birthday", "birthday"),
                    ("anniversary", "anniversary of the first order"),
                    ("warranty", "warranty ends"),
                    ("refill", "parts or refills are due"),
                    ("silence", "nothing bought for long"),
                    ("thanks", "a case was settled"),
                    ("referral", "somebody they recommended us to bought"),
                    ("news", "news of products"),
                ],
                max_length=12,
                verbose_name="occasion",
            ),
        ),
        migrations.AddConstraint(
            model_name="careplan",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("occasion", "news"), _negated=True), ("date__isnull", False), _connector="OR"),
                name="news_plan_has_a_day",
            ),
        ),
    ]
