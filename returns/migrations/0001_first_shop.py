"""The tables a first shop starts with; stands for all migrations before it, whose databases go on from here."""

import django.db.models.deletion
from django.conf import settings
from aftersales.kernel.first_tables import FirstTables
from django.db import migrations, models

from returns.migrations import _rules_stay


class Migration(FirstTables):

    initial = True

    replaces = [
        ('returns', '0001_initial'),
        ('returns', '0002_rule_versions'),
        ('returns', '0003_rules_stay'),
        ('returns', '0004_coded_cases'),
        ('returns', '0005_handback_and_final_refusals'),
        ('returns', '0006_backtest_runs'),
        ('returns', '0007_for_views'),
        ('returns', '0008_claims_to_chase'),
        ('returns', '0009_repairs'),
    ]

    dependencies = [
        ('customers', '0001_first_shop'),
        ('tickets', '0001_first_shop'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ReturnLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('quantity', models.PositiveIntegerField(verbose_name='quantity')),
                ('reason', models.CharField(max_length=40, verbose_name='reason as told')),
                ('found_reason', models.CharField(blank=True, max_length=40, verbose_name='reason as found')),
                ('story', models.CharField(blank=True, max_length=2000, verbose_name="in the customer's words")),
                ('received_quantity', models.PositiveIntegerField(default=0, verbose_name='received')),
                ('accepted_quantity', models.PositiveIntegerField(default=0, verbose_name='accepted')),
                ('held_quantity', models.PositiveIntegerField(default=0)),
                ('order_line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='return_lines', to='customers.orderline', verbose_name='order line')),
                ('wanted_sku', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='customers.sku', verbose_name='wanted instead')),
            ],
            options={
                'verbose_name': 'return line',
                'verbose_name_plural': 'return lines',
                'ordering': ('id',),
            },
        ),
        migrations.CreateModel(
            name='FactCoding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sha256', models.CharField(max_length=64, unique=True)),
                ('layout', models.JSONField()),
            ],
            options={
                'verbose_name': 'coding of facts',
                'verbose_name_plural': 'codings of facts',
            },
        ),
        migrations.CreateModel(
            name='KeptPack',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sha256', models.CharField(max_length=64, unique=True)),
                ('name', models.CharField(max_length=20, verbose_name='rule pack')),
                ('version', models.CharField(max_length=20, verbose_name='version')),
                ('files', models.JSONField(verbose_name='text')),
                ('kept_at', models.DateTimeField(verbose_name='first used at')),
            ],
            options={
                'verbose_name': 'kept rule pack',
                'verbose_name_plural': 'kept rule packs',
            },
        ),
        migrations.CreateModel(
            name='Return',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ref', models.CharField(max_length=12, unique=True, verbose_name='reference')),
                ('kind', models.CharField(choices=[('return', 'Return and refund'), ('exchange', 'Exchange'), ('repair', 'Repair')], max_length=10, verbose_name='kind')),
                ('status', models.CharField(choices=[('submitted', 'submitted'), ('need_info', 'waiting for proof'), ('awaiting_return', 'approved, waiting for the parcel'), ('in_transit', 'parcel on its way back'), ('delivered', 'parcel arrived'), ('received', 'counted, to be inspected'), ('return_refused', 'goods not accepted'), ('refund_due', 'refund due'), ('refunding', 'refund being paid'), ('refunded', 'refunded'), ('repairing', 'being repaired'), ('awaiting_reship', 'to be sent to the customer'), ('reshipped', 'sent to the customer'), ('rejected', 'refused'), ('expired', 'expired'), ('withdrawn', 'withdrawn'), ('closed', 'closed')], default='submitted', max_length=16, verbose_name='status')),
                ('version', models.PositiveIntegerField(default=1)),
                ('channel', models.CharField(default='form', max_length=12, verbose_name='channel')),
                ('is_contested', models.BooleanField(default=False, verbose_name='contested')),
                ('reopened_count', models.PositiveSmallIntegerField(default=0)),
                ('submitted_at', models.DateTimeField(verbose_name='submitted at')),
                ('status_at', models.DateTimeField(verbose_name='in this status since')),
                ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='closed at')),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='returns', to='customers.order', verbose_name='order')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='returns', to='customers.person', verbose_name='customer')),
                ('ticket', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='goods_return', to='tickets.ticket', verbose_name='ticket')),
            ],
            options={
                'verbose_name': 'return',
                'verbose_name_plural': 'returns',
                'ordering': ('-submitted_at', '-id'),
            },
        ),
        migrations.CreateModel(
            name='Refund',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ref', models.CharField(max_length=12, unique=True, verbose_name='reference')),
                ('purpose', models.CharField(choices=[('goods', 'goods'), ('difference', 'price difference'), ('freight', 'return freight'), ('top_up', 'price difference the customer had paid'), ('objection', 'after an objection')], default='goods', max_length=10, verbose_name='purpose')),
                ('status', models.CharField(choices=[('due', 'due'), ('sending', 'being paid'), ('paid', 'paid'), ('failed', 'refused by the provider'), ('unknown', 'possibly paid'), ('cancelled', 'cancelled')], default='due', max_length=10, verbose_name='status')),
                ('total_minor', models.BigIntegerField(verbose_name='amount')),
                ('currency', models.CharField(max_length=3, verbose_name='currency')),
                ('due_at', models.DateTimeField(blank=True, null=True, verbose_name='due at')),
                ('created_at', models.DateTimeField(verbose_name='created at')),
                ('needs_second', models.BooleanField(default=False, verbose_name='needs a second person')),
                ('paid_at', models.DateTimeField(blank=True, null=True, verbose_name='paid at')),
                ('provider', models.CharField(blank=True, max_length=20, verbose_name='provider')),
                ('provider_ref', models.CharField(blank=True, max_length=200, verbose_name='payment number')),
                ('failure', models.CharField(blank=True, max_length=500, verbose_name='why it failed')),
                ('first_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='released by')),
                ('second_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='second person')),
                ('of', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='refunds', to='returns.return', verbose_name='return')),
            ],
            options={
                'verbose_name': 'refund',
                'verbose_name_plural': 'refunds',
                'ordering': ('id',),
            },
        ),
        migrations.CreateModel(
            name='RefundComponent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('goods', 'goods'), ('outbound_freight', 'freight of the first delivery'), ('free_shipping_lost', 'free delivery no longer earned'), ('return_freight', 'freight of the return'), ('price_difference', 'price difference'), ('agreed', 'as agreed')], max_length=20, verbose_name='kind')),
                ('quantity', models.PositiveIntegerField(default=0, verbose_name='quantity')),
                ('amount_minor', models.BigIntegerField(verbose_name='amount')),
                ('line', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='returns.returnline', verbose_name='line')),
                ('refund', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='components', to='returns.refund', verbose_name='refund')),
            ],
            options={
                'verbose_name': 'refund component',
                'verbose_name_plural': 'refund components',
                'ordering': ('id',),
            },
        ),
        migrations.CreateModel(
            name='Rejection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('stage', models.CharField(default='request', max_length=10, verbose_name='stage')),
                ('reason', models.CharField(max_length=1000, verbose_name='reason')),
                ('clause', models.CharField(max_length=200, verbose_name='clause')),
                ('alternative', models.CharField(blank=True, max_length=500, verbose_name='what is offered instead')),
                ('lifted_at', models.DateTimeField(blank=True, null=True, verbose_name='lifted at')),
                ('final_at', models.DateTimeField(blank=True, null=True, verbose_name='final since')),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('of', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rejections', to='returns.return', verbose_name='return')),
            ],
            options={
                'verbose_name': 'refusal',
                'verbose_name_plural': 'refusals',
            },
        ),
        migrations.CreateModel(
            name='Contest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('story', models.CharField(max_length=2000, verbose_name='what the customer says')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('settled_at', models.DateTimeField(blank=True, null=True, verbose_name='settled at')),
                ('upheld', models.BooleanField(null=True, verbose_name='refusal stands')),
                ('answer', models.CharField(blank=True, max_length=1000, verbose_name='answer')),
                ('settled_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='settled by')),
                ('rejection', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='contest', to='returns.rejection', verbose_name='refusal')),
            ],
            options={
                'verbose_name': 'contest',
                'verbose_name_plural': 'contests',
            },
        ),
        migrations.AddField(
            model_name='returnline',
            name='of',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='returns.return', verbose_name='return'),
        ),
        migrations.CreateModel(
            name='Reshipment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('carrier', models.CharField(max_length=40, verbose_name='carrier')),
                ('number', models.CharField(max_length=40, verbose_name='tracking number')),
                ('shipped_at', models.DateTimeField(verbose_name='shipped at')),
                ('delivered_at', models.DateTimeField(blank=True, null=True, verbose_name='delivered at')),
                ('of', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='reshipment', to='returns.return', verbose_name='return')),
            ],
            options={
                'verbose_name': 'reshipment',
                'verbose_name_plural': 'reshipments',
            },
        ),
        migrations.CreateModel(
            name='Repair',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('came_in_at', models.DateTimeField(verbose_name='came in at')),
                ('fault', models.CharField(blank=True, max_length=500, verbose_name='fault found')),
                ('parts', models.CharField(blank=True, max_length=500, verbose_name='parts replaced')),
                ('outcome', models.CharField(blank=True, choices=[('repaired', 'repaired'), ('beyond', 'beyond repair')], max_length=10, verbose_name='outcome')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='repair ended at')),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('of', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='repair', to='returns.return', verbose_name='return')),
            ],
            options={
                'verbose_name': 'repair',
                'verbose_name_plural': 'repairs',
            },
        ),
        migrations.CreateModel(
            name='InfoRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('question', models.CharField(max_length=1000, verbose_name='question')),
                ('answered_at', models.DateTimeField(blank=True, null=True, verbose_name='answered at')),
                ('answer', models.CharField(blank=True, max_length=2000, verbose_name='answer')),
                ('lapsed_at', models.DateTimeField(blank=True, null=True, verbose_name='lapsed at')),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('of', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='info_requests', to='returns.return', verbose_name='return')),
            ],
            options={
                'verbose_name': 'request for proof',
                'verbose_name_plural': 'requests for proof',
            },
        ),
        migrations.CreateModel(
            name='Handback',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('owed_at', models.DateTimeField(verbose_name='owed since')),
                ('due_at', models.DateTimeField(verbose_name='due at')),
                ('carrier', models.CharField(blank=True, max_length=40, verbose_name='carrier')),
                ('number', models.CharField(blank=True, max_length=40, verbose_name='tracking number')),
                ('payer', models.CharField(blank=True, choices=[('shop', 'the shop'), ('buyer', 'the customer, freight collect')], max_length=8, verbose_name='payer')),
                ('sent_at', models.DateTimeField(blank=True, null=True, verbose_name='sent at')),
                ('came_back_at', models.DateTimeField(blank=True, null=True, verbose_name='came back at')),
                ('keep_until', models.DateTimeField(blank=True, null=True, verbose_name='kept until')),
                ('outcome', models.CharField(blank=True, choices=[('delivered', 'delivered'), ('unclaimed', 'not claimed')], max_length=10, verbose_name='outcome')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='ended at')),
                ('sent_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='sent by')),
                ('of', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='handback', to='returns.return', verbose_name='return')),
            ],
            options={
                'verbose_name': 'handback',
                'verbose_name_plural': 'handbacks',
            },
        ),
        migrations.CreateModel(
            name='FreightEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('leg', models.CharField(choices=[('outbound', 'first delivery'), ('return', 'return'), ('replacement', 'replacement'), ('handback', 'refused goods sent back')], max_length=12, verbose_name='leg')),
                ('payer', models.CharField(max_length=16, verbose_name='payer')),
                ('amount_minor', models.BigIntegerField(default=0, verbose_name='amount')),
                ('of', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='freight', to='returns.return', verbose_name='return')),
            ],
            options={
                'verbose_name': 'freight entry',
                'verbose_name_plural': 'freight ledger',
            },
        ),
        migrations.CreateModel(
            name='Exchange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('difference_minor', models.BigIntegerField(default=0, verbose_name='price difference')),
                ('currency', models.CharField(max_length=3, verbose_name='currency')),
                ('difference_status', models.CharField(choices=[('none', 'no difference'), ('customer_owes', 'customer pays the difference'), ('shop_owes', 'shop refunds the difference'), ('settled', 'settled'), ('waived', 'waived')], default='none', max_length=14, verbose_name='difference')),
                ('payment_ref', models.CharField(blank=True, max_length=100, verbose_name='payment number')),
                ('stock_held', models.BooleanField(default=False, verbose_name='stock held')),
                ('created_at', models.DateTimeField(verbose_name='created at')),
                ('settled_at', models.DateTimeField(blank=True, null=True, verbose_name='settled at')),
                ('of', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='exchange', to='returns.return', verbose_name='return')),
            ],
            options={
                'verbose_name': 'exchange',
                'verbose_name_plural': 'exchanges',
            },
        ),
        migrations.CreateModel(
            name='CarrierClaim',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('carrier', models.CharField(blank=True, max_length=40, verbose_name='carrier')),
                ('number', models.CharField(blank=True, max_length=40, verbose_name='tracking number')),
                ('reason', models.CharField(max_length=40, verbose_name='reason')),
                ('amount_minor', models.BigIntegerField(verbose_name='amount')),
                ('currency', models.CharField(max_length=3, verbose_name='currency')),
                ('status', models.CharField(choices=[('open', 'open'), ('paid', 'paid'), ('refused', 'refused')], default='open', max_length=8, verbose_name='status')),
                ('opened_at', models.DateTimeField(verbose_name='opened at')),
                ('due_at', models.DateTimeField(verbose_name='carrier answers by')),
                ('shipment', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='claims', to='customers.shipment', verbose_name='shipment')),
                ('of', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='carrier_claims', to='returns.return', verbose_name='return')),
            ],
            options={
                'verbose_name': 'carrier claim',
                'verbose_name_plural': 'carrier claims',
            },
        ),
        migrations.CreateModel(
            name='Approval',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('recipient', models.CharField(max_length=60, verbose_name='return to (name)')),
                ('phone', models.CharField(max_length=30, verbose_name='return to (phone)')),
                ('address', models.CharField(max_length=300, verbose_name='return address')),
                ('most_minor', models.BigIntegerField(verbose_name='refund at most')),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('of', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='approval', to='returns.return', verbose_name='return')),
            ],
            options={
                'verbose_name': 'approval',
                'verbose_name_plural': 'approvals',
            },
        ),
        migrations.CreateModel(
            name='ReturnDraft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=32, unique=True)),
                ('data', models.JSONField(default=dict)),
                ('started_at', models.DateTimeField(verbose_name='started at')),
                ('saved_at', models.DateTimeField(verbose_name='saved at')),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='return_drafts', to='customers.order', verbose_name='order')),
                ('submitted', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='draft', to='returns.return', verbose_name='became')),
            ],
            options={
                'verbose_name': 'return draft',
                'verbose_name_plural': 'return drafts',
            },
        ),
        migrations.CreateModel(
            name='ReturnParcel',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('carrier', models.CharField(max_length=40, verbose_name='carrier')),
                ('number', models.CharField(max_length=40, verbose_name='tracking number')),
                ('freight_told_minor', models.BigIntegerField(default=0, verbose_name='freight the customer paid')),
                ('entered_at', models.DateTimeField(verbose_name='entered at')),
                ('signed_at', models.DateTimeField(blank=True, null=True, verbose_name='arrived at')),
                ('of', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='parcels', to='returns.return', verbose_name='return')),
            ],
            options={
                'verbose_name': 'return parcel',
                'verbose_name_plural': 'return parcels',
            },
        ),
        migrations.CreateModel(
            name='RuleVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rule_set', models.CharField(max_length=20, verbose_name='rule pack')),
                ('number', models.PositiveIntegerField(verbose_name='version')),
                ('status', models.CharField(choices=[('draft', 'draft'), ('submitted', 'waiting for approval'), ('approved', 'approved'), ('published', 'published'), ('retired', 'retired before it began'), ('withdrawn', 'withdrawn')], default='draft', max_length=10, verbose_name='status')),
                ('files', models.JSONField(verbose_name='text')),
                ('sha256', models.CharField(blank=True, max_length=64)),
                ('semantics', models.CharField(max_length=8)),
                ('shipped_sha256', models.CharField(blank=True, max_length=64)),
                ('change_note', models.CharField(blank=True, max_length=2000, verbose_name='what changes and why')),
                ('revision', models.PositiveIntegerField(default=1)),
                ('effective_from', models.DateTimeField(blank=True, null=True, verbose_name='in force from')),
                ('created_at', models.DateTimeField(verbose_name='begun at')),
                ('submitted_at', models.DateTimeField(blank=True, null=True, verbose_name='submitted at')),
                ('published_at', models.DateTimeField(blank=True, null=True, verbose_name='published at')),
                ('retired_at', models.DateTimeField(blank=True, null=True, verbose_name='retired at')),
                ('author', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='author')),
                ('base', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='returns.ruleversion', verbose_name='begun from')),
                ('submitted_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='submitted by')),
            ],
            options={
                'verbose_name': 'rule version',
                'verbose_name_plural': 'rule versions',
                'ordering': ('rule_set', '-number'),
            },
        ),
        migrations.CreateModel(
            name='RuleEvidence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sha256', models.CharField(max_length=64)),
                ('kind', models.CharField(choices=[('proof', 'proof'), ('diff', 'what changes'), ('backtest', 'back-test'), ('tests', 'examples and explanations')], max_length=10, verbose_name='kind')),
                ('verdict', models.CharField(choices=[('pass', 'passed'), ('fail', 'failed'), ('unproved', 'not proved')], max_length=10, verbose_name='verdict')),
                ('report', models.JSONField()),
                ('made_at', models.DateTimeField(verbose_name='made at')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='evidence', to='returns.ruleversion')),
            ],
            options={
                'verbose_name': 'evidence',
                'verbose_name_plural': 'evidence',
                'ordering': ('id',),
            },
        ),
        migrations.CreateModel(
            name='RuleEdit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('revision', models.PositiveIntegerField()),
                ('changes', models.JSONField()),
                ('saved_at', models.DateTimeField()),
                ('editor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='editor')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='edits', to='returns.ruleversion')),
            ],
            options={
                'verbose_name': 'change of a draft',
                'verbose_name_plural': 'changes of drafts',
                'ordering': ('revision',),
            },
        ),
        migrations.CreateModel(
            name='RuleApproval',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sha256', models.CharField(max_length=64)),
                ('revision', models.PositiveIntegerField()),
                ('verdict', models.CharField(choices=[('approve', 'approved'), ('send_back', 'sent back')], max_length=10, verbose_name='verdict')),
                ('comment', models.CharField(blank=True, max_length=2000, verbose_name='comment')),
                ('decided_at', models.DateTimeField(verbose_name='decided at')),
                ('approver', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='approvals', to='returns.ruleversion')),
            ],
            options={
                'verbose_name': 'approval of rules',
                'verbose_name_plural': 'approvals of rules',
                'ordering': ('id',),
            },
        ),
        migrations.CreateModel(
            name='BacktestRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sha256', models.CharField(max_length=64)),
                ('against_sha256', models.CharField(max_length=64)),
                ('since', models.DateField(blank=True, null=True, verbose_name='cases decided since')),
                ('fee_minor', models.PositiveBigIntegerField(verbose_name='assumed freight of one leg')),
                ('status', models.CharField(choices=[('running', 'running'), ('done', 'finished'), ('cancelled', 'cancelled'), ('failed', 'stopped by an error')], default='running', max_length=10, verbose_name='status')),
                ('begun_at', models.DateTimeField(verbose_name='begun at')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='ended at')),
                ('total', models.PositiveIntegerField(default=0)),
                ('counted', models.PositiveIntegerField(default=0)),
                ('state', models.JSONField(default=dict)),
                ('trouble', models.CharField(blank=True, max_length=500)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='asked by')),
                ('evidence', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='backtest', to='returns.ruleevidence')),
                ('against', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='returns.ruleversion', verbose_name='compared with')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='backtests', to='returns.ruleversion', verbose_name='version')),
            ],
            options={
                'verbose_name': 'back-test',
                'verbose_name_plural': 'back-tests',
                'ordering': ('-id',),
            },
        ),
        migrations.CreateModel(
            name='Verdict',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('stage', models.CharField(choices=[('told', 'on what the customer told'), ('found', 'on what the inspection found')], max_length=6, verbose_name='stage')),
                ('pack', models.CharField(max_length=20, verbose_name='rule pack')),
                ('pack_version', models.CharField(max_length=20, verbose_name='version')),
                ('pack_sha256', models.CharField(max_length=64)),
                ('semantics', models.CharField(max_length=8)),
                ('facts', models.JSONField(verbose_name='facts')),
                ('outcome', models.JSONField(verbose_name='outcome')),
                ('decided_at', models.DateTimeField(verbose_name='decided at')),
                ('superseded', models.BooleanField(default=False)),
                ('line', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='verdicts', to='returns.returnline', verbose_name='line')),
                ('version', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='verdicts', to='returns.ruleversion', verbose_name='rule version')),
            ],
            options={
                'verbose_name': 'verdict',
                'verbose_name_plural': 'verdicts',
                'ordering': ('id',),
            },
        ),
        migrations.CreateModel(
            name='CodedCase',
            fields=[
                ('line', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='coded', serialize=False, to='returns.returnline')),
                ('pack', models.CharField(max_length=20)),
                ('currency', models.CharField(max_length=3)),
                ('decided_on', models.DateField()),
                ('facts', models.BinaryField()),
                ('coding', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='returns.factcoding')),
            ],
            options={
                'verbose_name': 'coded case',
                'verbose_name_plural': 'coded cases',
            },
        ),
        migrations.CreateModel(
            name='Inspection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('quantity', models.PositiveIntegerField(verbose_name='quantity')),
                ('accepted', models.BooleanField(verbose_name='accepted')),
                ('grade', models.CharField(choices=[('intact', 'intact'), ('opened', 'opened, as new'), ('used', 'used or incomplete'), ('damaged', 'damaged'), ('wrong', 'not our goods')], max_length=10, verbose_name='grade')),
                ('disposition', models.CharField(choices=[('restock', 'back on the shelf'), ('refurbish', 'refurbish'), ('scrap', 'scrap'), ('supplier', 'to the supplier'), ('send_back', 'back to the customer'), ('repair', 'to be repaired')], max_length=10, verbose_name='disposition')),
                ('note', models.CharField(blank=True, max_length=1000, verbose_name='note')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='inspections', to='returns.returnline', verbose_name='line')),
            ],
            options={
                'verbose_name': 'inspection',
                'verbose_name_plural': 'inspections',
                'constraints': [models.CheckConstraint(condition=models.Q(('quantity__gte', 1)), name='inspected_quantity_positive')],
            },
        ),
        migrations.CreateModel(
            name='Receipt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('quantity', models.PositiveIntegerField(verbose_name='quantity')),
                ('key', models.CharField(max_length=64)),
                ('at', models.DateTimeField(verbose_name='at')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='receipts', to='returns.returnline', verbose_name='line')),
            ],
            options={
                'verbose_name': 'receipt',
                'verbose_name_plural': 'receipts',
                'constraints': [models.UniqueConstraint(fields=('line', 'key'), name='one_receipt_per_count'), models.CheckConstraint(condition=models.Q(('quantity__gte', 1)), name='receipt_quantity_positive')],
            },
        ),
        migrations.AddConstraint(
            model_name='returnline',
            constraint=models.UniqueConstraint(fields=('of', 'order_line', 'reason'), name='one_return_line_per_reason'),
        ),
        migrations.AddConstraint(
            model_name='returnline',
            constraint=models.CheckConstraint(condition=models.Q(('quantity__gte', 1)), name='return_quantity_positive'),
        ),
        migrations.AddConstraint(
            model_name='returnline',
            constraint=models.CheckConstraint(condition=models.Q(('received_quantity__lte', models.F('quantity'))), name='received_at_most_requested'),
        ),
        migrations.AddConstraint(
            model_name='returnline',
            constraint=models.CheckConstraint(condition=models.Q(('accepted_quantity__lte', models.F('received_quantity'))), name='accepted_at_most_received'),
        ),
        migrations.AddConstraint(
            model_name='returnline',
            constraint=models.CheckConstraint(condition=models.Q(('held_quantity__lte', models.F('quantity'))), name='held_at_most_requested'),
        ),
        migrations.AddIndex(
            model_name='return',
            index=models.Index(fields=['status', 'status_at'], name='return_by_status'),
        ),
        migrations.AddIndex(
            model_name='return',
            index=models.Index(fields=['order', '-submitted_at'], name='return_of_order'),
        ),
        migrations.AddIndex(
            model_name='return',
            index=models.Index(fields=['submitted_at'], name='return_by_time'),
        ),
        migrations.AddIndex(
            model_name='return',
            index=models.Index(condition=models.Q(('is_contested', True)), fields=['ticket'], name='return_contested'),
        ),
        migrations.AddConstraint(
            model_name='return',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', False), ('status', 'closed')), models.Q(models.Q(('status', 'closed'), _negated=True), ('closed_at', None)), _connector='OR'), name='closed_returns_have_a_time'),
        ),
        migrations.AddConstraint(
            model_name='reshipment',
            constraint=models.UniqueConstraint(condition=models.Q(('number', ''), _negated=True), fields=('carrier', 'number'), name='one_reshipment_per_tracking_number'),
        ),
        migrations.AddConstraint(
            model_name='repair',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('outcome', '')), models.Q(('ended_at__isnull', False), models.Q(('outcome', ''), _negated=True), models.Q(('fault', ''), _negated=True)), _connector='OR'), name='ended_repairs_name_outcome_and_fault'),
        ),
        migrations.AddConstraint(
            model_name='rejection',
            constraint=models.UniqueConstraint(condition=models.Q(('lifted_at', None)), fields=('of',), name='one_standing_refusal'),
        ),
        migrations.AddConstraint(
            model_name='rejection',
            constraint=models.CheckConstraint(condition=models.Q(('lifted_at', None), ('final_at', None), _connector='OR'), name='lifted_or_final'),
        ),
        migrations.AddIndex(
            model_name='refund',
            index=models.Index(condition=models.Q(('needs_second', True), ('status', 'due')), fields=['of'], name='refund_second_person'),
        ),
        migrations.AddConstraint(
            model_name='refund',
            constraint=models.CheckConstraint(condition=models.Q(('total_minor__gt', 0)), name='refund_positive'),
        ),
        migrations.AddConstraint(
            model_name='refund',
            constraint=models.UniqueConstraint(condition=models.Q(('status__in', ('failed', 'cancelled')), _negated=True), fields=('of', 'purpose'), name='one_live_refund_per_purpose'),
        ),
        migrations.AddConstraint(
            model_name='refund',
            constraint=models.CheckConstraint(condition=models.Q(('second_by', None), models.Q(('second_by', models.F('first_by')), _negated=True), _connector='OR'), name='second_person_is_another'),
        ),
        migrations.AddConstraint(
            model_name='refund',
            constraint=models.CheckConstraint(condition=models.Q(('needs_second', False), ('second_by__isnull', False), ('status__in', ('due', 'failed', 'cancelled')), _connector='OR'), name='large_refunds_have_two_people'),
        ),
        migrations.AddConstraint(
            model_name='inforequest',
            constraint=models.UniqueConstraint(condition=models.Q(('answered_at', None), ('lapsed_at', None)), fields=('of',), name='one_open_question'),
        ),
        migrations.AddConstraint(
            model_name='handback',
            constraint=models.UniqueConstraint(condition=models.Q(('number', ''), _negated=True), fields=('carrier', 'number'), name='one_handback_per_tracking_number'),
        ),
        migrations.AddConstraint(
            model_name='handback',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('number', ''), ('sent_at', None)), models.Q(('sent_at__isnull', False), models.Q(('number', ''), _negated=True), models.Q(('payer', ''), _negated=True)), _connector='OR'), name='sent_handbacks_have_a_number_and_a_payer'),
        ),
        migrations.AddConstraint(
            model_name='handback',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('came_back_at', None), ('keep_until', None)), models.Q(('came_back_at__isnull', False), ('keep_until__isnull', False), ('sent_at__isnull', False)), _connector='OR'), name='handbacks_that_came_back_are_kept_until'),
        ),
        migrations.AddConstraint(
            model_name='handback',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('outcome', '')), models.Q(('ended_at__isnull', False), models.Q(('outcome', ''), _negated=True)), _connector='OR'), name='ended_handbacks_have_an_outcome'),
        ),
        migrations.AddConstraint(
            model_name='freightentry',
            constraint=models.UniqueConstraint(fields=('of', 'leg'), name='one_payer_per_leg'),
        ),
        migrations.AddIndex(
            model_name='carrierclaim',
            index=models.Index(condition=models.Q(('status', 'open')), fields=['due_at'], name='claim_to_chase'),
        ),
        migrations.AddConstraint(
            model_name='carrierclaim',
            constraint=models.UniqueConstraint(condition=models.Q(('status', 'open')), fields=('of',), name='one_open_claim_per_return'),
        ),
        migrations.AddConstraint(
            model_name='returndraft',
            constraint=models.UniqueConstraint(condition=models.Q(('submitted', None)), fields=('order',), name='one_open_draft_per_order'),
        ),
        migrations.AddConstraint(
            model_name='returnparcel',
            constraint=models.UniqueConstraint(fields=('carrier', 'number'), name='one_return_per_tracking_number'),
        ),
        migrations.AddConstraint(
            model_name='returnparcel',
            constraint=models.CheckConstraint(condition=models.Q(('freight_told_minor__gte', 0)), name='told_freight_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='ruleversion',
            constraint=models.UniqueConstraint(fields=('rule_set', 'number'), name='one_rule_version_per_number'),
        ),
        migrations.AddConstraint(
            model_name='ruleversion',
            constraint=models.UniqueConstraint(condition=models.Q(('status', 'published')), fields=('rule_set', 'effective_from'), name='one_published_version_per_instant'),
        ),
        migrations.AddConstraint(
            model_name='ruleversion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('effective_from__isnull', False), ('published_at__isnull', False), ('status__in', ['published', 'retired'])), models.Q(models.Q(('status__in', ['published', 'retired']), _negated=True), ('effective_from', None), ('published_at', None)), _connector='OR'), name='published_rules_have_a_day'),
        ),
        migrations.AddConstraint(
            model_name='ruleversion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('retired_at__lt', models.F('effective_from')), ('status', 'retired')), models.Q(models.Q(('status', 'retired'), _negated=True), ('retired_at', None)), _connector='OR'), name='rules_retire_before_they_begin'),
        ),
        migrations.AddConstraint(
            model_name='ruleversion',
            constraint=models.CheckConstraint(condition=models.Q(('author__isnull', False), ('number', 1), _connector='OR'), name='rules_but_the_first_have_an_author'),
        ),
        migrations.AddConstraint(
            model_name='ruleversion',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['draft', 'withdrawn']), models.Q(('sha256', ''), _negated=True), _connector='OR'), name='submitted_rules_have_a_hash'),
        ),
        migrations.AddConstraint(
            model_name='ruleedit',
            constraint=models.UniqueConstraint(fields=('version', 'revision'), name='one_edit_per_revision'),
        ),
        migrations.AddConstraint(
            model_name='ruleapproval',
            constraint=models.UniqueConstraint(fields=('version', 'revision', 'verdict'), name='one_verdict_per_revision'),
        ),
        migrations.AddConstraint(
            model_name='backtestrun',
            constraint=models.UniqueConstraint(condition=models.Q(('status', 'running')), fields=('version',), name='one_running_backtest_per_version'),
        ),
        migrations.AddConstraint(
            model_name='backtestrun',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('evidence__isnull', False), ('status', 'done')), models.Q(models.Q(('status', 'done'), _negated=True), ('evidence', None)), _connector='OR'), name='finished_backtests_have_evidence'),
        ),
        migrations.AddConstraint(
            model_name='verdict',
            constraint=models.UniqueConstraint(condition=models.Q(('superseded', False)), fields=('line',), name='one_standing_verdict_per_line'),
        ),
        migrations.RunPython(_rules_stay.refuse, _rules_stay.release),
    ]
