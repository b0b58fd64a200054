from django.db import migrations, models
from django.db.models import Q


def fill(apps, schema_editor):
    """Packs from before hold all there was: whoever takes one must see every case in it."""
    packs = apps.get_model('tickets', 'EvidencePack').objects.using(schema_editor.connection.alias)
    tickets = apps.get_model('tickets', 'Ticket').objects.using(schema_editor.connection.alias)
    for pack in packs.exclude(status='expired').select_related('complaint__ticket').iterator(1000):
        order = pack.complaint.ticket.order_id
        of_goods = Q(order_id=order, kind__in=('return', 'exchange', 'repair')) if order else Q(pk=None)
        pack.cases.set(tickets.filter(Q(pk=pack.complaint.about_id) | of_goods))


class Migration(migrations.Migration):

    dependencies = [
        ('tickets', '0007_clock_began'),
    ]

    operations = [
        migrations.AddField(
            model_name='evidencepack',
            name='cases',
            field=models.ManyToManyField(related_name='+', to='tickets.ticket'),
        ),
        migrations.AddField(
            model_name='evidencepack',
            name='left_out',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
