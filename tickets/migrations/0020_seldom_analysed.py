from django.db import migrations

from aftersales.kernel.replanning import seldom


class Migration(migrations.Migration):

    dependencies = [
        ('tickets', '0019_absences_ahead'),
    ]

    operations = [
        seldom('tickets_ticket', 'tickets_message', 'tickets_clock', 'tickets_clocksegment', 'tickets_draft'),
    ]
