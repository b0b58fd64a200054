"""The tables a first shop starts with; stands for all migrations before it, whose databases go on from here."""

import datetime
import django.core.validators
import django.db.models.deletion
from django.conf import settings
from aftersales.kernel.first_tables import FirstTables
from django.db import migrations, models


class Migration(FirstTables):

    initial = True

    replaces = [
        ('customers', '0001_initial'),
        ('customers', '0002_goods_that_bear_a_date'),
        ('customers', '0003_shop_undo_seconds'),
        ('customers', '0004_promises_to_keep'),
        ('customers', '0005_shop_mails_words'),
        ('customers', '0006_complaints_on_the_day'),
        ('customers', '0007_tracking_reports'),
        ('customers', '0008_consents_by_purpose'),
        ('customers', '0009_reviews'),
        ('customers', '0010_promises_due'),
        ('customers', '0011_home_visits'),
        ('customers', '0012_keeping_customers'),
    ]

    dependencies = [
        ('notices', '0001_first_shop'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Address',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('recipient', models.CharField(blank=True, max_length=60, verbose_name='recipient')),
                ('phone', models.CharField(blank=True, max_length=30, verbose_name='phone')),
                ('country', models.CharField(default='CN', max_length=2, verbose_name='country')),
                ('province', models.CharField(blank=True, max_length=40, verbose_name='province')),
                ('city', models.CharField(blank=True, max_length=60, verbose_name='city')),
                ('district', models.CharField(blank=True, max_length=60, verbose_name='district')),
                ('line', models.CharField(blank=True, max_length=200, verbose_name='street and number')),
                ('postcode', models.CharField(blank=True, max_length=12, verbose_name='postcode')),
                ('is_masked', models.BooleanField(default=False, verbose_name='masked by the platform')),
            ],
            options={
                'verbose_name': 'address',
                'verbose_name_plural': 'addresses',
            },
        ),
        migrations.CreateModel(
            name='Category',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=60, unique=True, verbose_name='code')),
                ('name_zh', models.CharField(max_length=80, verbose_name='name (Chinese)')),
                ('name_en', models.CharField(blank=True, max_length=80, verbose_name='name (English)')),
                ('goods_class', models.CharField(default='general', max_length=40, verbose_name='goods class')),
                ('warranty_days', models.PositiveIntegerField(default=0, verbose_name='warranty in days')),
                ('dated', models.BooleanField(default=True, verbose_name='bears a date')),
            ],
            options={
                'verbose_name': 'category',
                'verbose_name_plural': 'categories',
            },
        ),
        migrations.CreateModel(
            name='ImportRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(max_length=20, verbose_name='source')),
                ('path', models.CharField(max_length=300, verbose_name='files')),
                ('started_at', models.DateTimeField(verbose_name='started')),
                ('finished_at', models.DateTimeField(blank=True, null=True, verbose_name='finished')),
                ('report', models.JSONField(default=dict, verbose_name='report')),
            ],
            options={
                'verbose_name': 'import',
                'verbose_name_plural': 'imports',
                'ordering': ('-started_at',),
            },
        ),
        migrations.CreateModel(
            name='CarePlan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, unique=True, verbose_name='name')),
                ('occasion', models.CharField(choices=[('birthday', 'birthday'), ('anniversary', 'anniversary of the first order'), ('warranty', 'warranty ends'), ('refill', 'parts or refills are due'), ('silence', 'nothing bought for long'), ('thanks', 'a case was settled')], max_length=12, verbose_name='occasion')),
                ('days', models.SmallIntegerField(help_text='After the day itself; less than 0 is before it, e.g. -14 for two weeks before a warranty ends. For refills counted from the delivery, for silence from the last order.', validators=[django.core.validators.MinValueValidator(-90), django.core.validators.MaxValueValidator(1500)], verbose_name='days after')),
                ('subject_zh', models.CharField(max_length=60, verbose_name='subject (Chinese)')),
                ('text_zh', models.TextField(max_length=1500, verbose_name='text (Chinese)')),
                ('subject_en', models.CharField(max_length=60, verbose_name='subject (English)')),
                ('text_en', models.TextField(max_length=1500, verbose_name='text (English)')),
                ('active', models.BooleanField(default=False, verbose_name='active')),
                ('planned_until', models.DateField(blank=True, editable=False, null=True, verbose_name='planned until')),
                ('category', models.ForeignKey(blank=True, help_text='For warranties and refills; a warranty without one means every category that has a warranty.', null=True, on_delete=django.db.models.deletion.PROTECT, to='customers.category', verbose_name='category')),
            ],
            options={
                'verbose_name': 'care plan',
                'verbose_name_plural': 'care plans',
                'ordering': ('occasion', 'name'),
            },
        ),
        migrations.CreateModel(
            name='Order',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('platform', models.CharField(max_length=20, verbose_name='platform')),
                ('number', models.CharField(max_length=64, verbose_name='order number')),
                ('status', models.CharField(choices=[('paid', 'paid, not shipped'), ('shipped', 'shipped'), ('delivered', 'delivered'), ('completed', 'completed'), ('cancelled', 'cancelled'), ('unavailable', 'out of stock'), ('unpaid', 'not paid')], default='paid', max_length=12, verbose_name='status')),
                ('external_status', models.CharField(blank=True, max_length=60, verbose_name='status at the platform')),
                ('currency', models.CharField(default='CNY', max_length=3, verbose_name='currency')),
                ('goods_minor', models.BigIntegerField(default=0, verbose_name='goods')),
                ('discount_minor', models.BigIntegerField(default=0, verbose_name='discount')),
                ('freight_minor', models.BigIntegerField(default=0, verbose_name='freight paid')),
                ('paid_minor', models.BigIntegerField(default=0, verbose_name='paid')),
                ('refunded_minor', models.BigIntegerField(default=0, verbose_name='refunded')),
                ('free_shipping', models.CharField(choices=[('free', 'free shipping'), ('paid', 'customer paid the freight'), ('conditional', 'free above a minimum')], default='free', max_length=12, verbose_name='shipping')),
                ('free_shipping_above_minor', models.BigIntegerField(default=0, verbose_name='free shipping above')),
                ('has_freight_insurance', models.BooleanField(default=False, verbose_name='return-freight insurance')),
                ('payment_method', models.CharField(blank=True, max_length=40, verbose_name='payment')),
                ('buyer_message', models.CharField(blank=True, max_length=500, verbose_name="buyer's message")),
                ('seller_memo', models.CharField(blank=True, max_length=500, verbose_name="shop's memo")),
                ('placed_at', models.DateTimeField(verbose_name='ordered at')),
                ('paid_at', models.DateTimeField(blank=True, null=True, verbose_name='paid at')),
                ('shipped_at', models.DateTimeField(blank=True, null=True, verbose_name='shipped at')),
                ('delivered_at', models.DateTimeField(blank=True, null=True, verbose_name='signed for at')),
                ('promised_at', models.DateTimeField(blank=True, null=True, verbose_name='delivery promised for')),
                ('completed_at', models.DateTimeField(blank=True, null=True, verbose_name='completed at')),
                ('claim_sha256', models.CharField(blank=True, max_length=64)),
                ('imported_at', models.DateTimeField(blank=True, null=True)),
                ('content_sha256', models.CharField(blank=True, max_length=64)),
                ('address', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, to='customers.address', verbose_name='delivery address')),
            ],
            options={
                'verbose_name': 'order',
                'verbose_name_plural': 'orders',
                'ordering': ('-placed_at', '-id'),
            },
        ),
        migrations.CreateModel(
            name='Payment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField(verbose_name='sequence')),
                ('method', models.CharField(choices=[('alipay', 'Alipay'), ('wechat', 'WeChat Pay'), ('credit_card', 'credit card'), ('debit_card', 'debit card'), ('bank_slip', 'bank slip'), ('bank_transfer', 'bank transfer'), ('voucher', 'voucher'), ('points', 'points'), ('other', 'other')], default='other', max_length=16, verbose_name='method')),
                ('instalments', models.PositiveSmallIntegerField(default=1, verbose_name='instalments')),
                ('amount_minor', models.BigIntegerField(verbose_name='amount')),
                ('reference', models.CharField(blank=True, max_length=64, verbose_name='payment reference')),
                ('captured_at', models.DateTimeField(blank=True, null=True, verbose_name='paid at')),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='payments', to='customers.order', verbose_name='order')),
            ],
            options={
                'verbose_name': 'payment',
                'verbose_name_plural': 'payments',
                'ordering': ('number',),
            },
        ),
        migrations.CreateModel(
            name='Person',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ref', models.CharField(max_length=12, unique=True, verbose_name='reference')),
                ('name', models.CharField(blank=True, max_length=80, verbose_name='name')),
                ('nick', models.CharField(blank=True, max_length=80, verbose_name='platform nickname')),
                ('locale', models.CharField(default='zh-hans', max_length=10, verbose_name='language')),
                ('external_id', models.CharField(blank=True, max_length=64, verbose_name='customer number of the source')),
                ('source', models.CharField(blank=True, max_length=20, verbose_name='source')),
                ('created_at', models.DateTimeField(verbose_name='since')),
            ],
            options={
                'verbose_name': 'person',
                'verbose_name_plural': 'people',
                'indexes': [models.Index(fields=['name'], name='person_name'), models.Index(fields=['nick'], name='person_nick')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('external_id', ''), _negated=True), fields=('source', 'external_id'), name='one_person_per_source_number')],
            },
        ),
        migrations.AddField(
            model_name='order',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='orders', to='customers.person', verbose_name='customer'),
        ),
        migrations.CreateModel(
            name='Note',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.CharField(max_length=2000, verbose_name='text')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('order', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='notes', to='customers.order', verbose_name='order')),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='notes', to='customers.person', verbose_name='person')),
            ],
            options={
                'verbose_name': 'note',
                'verbose_name_plural': 'notes',
                'ordering': ('-at',),
            },
        ),
        migrations.CreateModel(
            name='ContactPoint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('phone', 'Phone'), ('email', 'E-mail')], max_length=8, verbose_name='kind')),
                ('value', models.CharField(max_length=254, verbose_name='value')),
                ('tail', models.CharField(blank=True, db_index=True, max_length=4)),
                ('verified_at', models.DateTimeField(blank=True, null=True, verbose_name='confirmed at')),
                ('created_at', models.DateTimeField(verbose_name='since')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='contact_points', to='customers.person', verbose_name='person')),
            ],
            options={
                'verbose_name': 'contact point',
                'verbose_name_plural': 'contact points',
            },
        ),
        migrations.CreateModel(
            name='Consent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('purpose', models.CharField(choices=[('news', 'News and offers'), ('occasions', 'Greetings and thanks'), ('goods', 'Reminders about what was bought'), ('visits', 'Follow-up calls and visits'), ('at_home', 'Visits at home'), ('quoted', 'Being quoted')], max_length=40, verbose_name='purpose')),
                ('given_at', models.DateTimeField(verbose_name='given at')),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True, verbose_name='withdrawn at')),
                ('proof', models.CharField(max_length=300, verbose_name='proof')),
                ('withdrawal', models.CharField(blank=True, max_length=300, verbose_name='proof of the withdrawal')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='consents', to='customers.person', verbose_name='person')),
            ],
            options={
                'verbose_name': 'consent',
                'verbose_name_plural': 'consents',
            },
        ),
        migrations.CreateModel(
            name='CareMessage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=60, verbose_name='occasion')),
                ('goods', models.CharField(blank=True, max_length=200, verbose_name='goods')),
                ('day', models.DateField(verbose_name='day')),
                ('state', models.CharField(choices=[('planned', 'planned'), ('sent', 'handed over'), ('stopped', 'not sent'), ('late', 'too late to matter')], default='planned', max_length=8, verbose_name='state')),
                ('why', models.CharField(blank=True, choices=[('', '–'), ('consent', 'no consent any more'), ('complaint', 'a complaint is open'), ('case', 'a case is open'), ('cap', 'too many messages within 30 days'), ('unreachable', 'no e-mail address'), ('bought', 'bought again meanwhile'), ('plan', 'the plan was ended')], default='', max_length=12, verbose_name='why')),
                ('planned_at', models.DateTimeField(verbose_name='planned on')),
                ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='decided at')),
                ('notice', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='notices.notice', verbose_name='notice')),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='messages', to='customers.careplan', verbose_name='care plan')),
                ('order', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, to='customers.order', verbose_name='order')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='care', to='customers.person', verbose_name='person')),
            ],
            options={
                'verbose_name': 'care message',
                'verbose_name_plural': 'care messages',
                'ordering': ('-day', '-id'),
            },
        ),
        migrations.CreateModel(
            name='Birthday',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(12)], verbose_name='month')),
                ('day', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(31)], verbose_name='day')),
                ('source', models.CharField(max_length=300, verbose_name='where they said it')),
                ('given_at', models.DateTimeField(verbose_name='written down at')),
                ('person', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='birthday', to='customers.person', verbose_name='person')),
            ],
            options={
                'verbose_name': 'birthday',
                'verbose_name_plural': 'birthdays',
            },
        ),
        migrations.AddField(
            model_name='address',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='addresses', to='customers.person', verbose_name='person'),
        ),
        migrations.CreateModel(
            name='Product',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=64, unique=True, verbose_name='code')),
                ('title', models.CharField(max_length=200, verbose_name='title')),
                ('exclusion', models.CharField(default='none', max_length=30, verbose_name='excluded from no-reason return')),
                ('category', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='products', to='customers.category', verbose_name='category')),
            ],
            options={
                'verbose_name': 'product',
                'verbose_name_plural': 'products',
            },
        ),
        migrations.CreateModel(
            name='Promise',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.CharField(max_length=300, verbose_name='what was promised')),
                ('terms', models.JSONField(blank=True, default=dict, verbose_name='terms for the rules')),
                ('made_in', models.CharField(choices=[('order', 'on an order'), ('ticket', 'on a ticket'), ('call', 'in a call')], default='order', max_length=8, verbose_name='where it was made')),
                ('made_at', models.DateTimeField(verbose_name='made at')),
                ('due_at', models.DateTimeField(blank=True, null=True, verbose_name='by when')),
                ('warned_at', models.DateTimeField(blank=True, null=True, verbose_name='reminded of at')),
                ('kept_at', models.DateTimeField(blank=True, null=True, verbose_name='kept at')),
                ('broken_at', models.DateTimeField(blank=True, null=True, verbose_name='broken at')),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='made by')),
                ('order', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='promises', to='customers.order', verbose_name='order')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='promises', to='customers.person', verbose_name='customer')),
            ],
            options={
                'verbose_name': 'promise',
                'verbose_name_plural': 'promises',
            },
        ),
        migrations.CreateModel(
            name='ProofAttempt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('target_sha256', models.CharField(max_length=64)),
                ('source', models.CharField(max_length=64)),
                ('kind', models.CharField(max_length=10)),
                ('succeeded', models.BooleanField(default=False)),
                ('at', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'proof attempt',
                'verbose_name_plural': 'proof attempts',
                'indexes': [models.Index(fields=['target_sha256', 'at'], name='attempt_by_target'), models.Index(fields=['source', 'at'], name='attempt_by_source'), models.Index(fields=['at'], name='attempt_by_time')],
            },
        ),
        migrations.CreateModel(
            name='ProofCode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code_hash', models.CharField(max_length=200)),
                ('sent_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('used_at', models.DateTimeField(blank=True, null=True)),
                ('contact_point', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='customers.contactpoint')),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='proof_codes', to='customers.order')),
            ],
            options={
                'verbose_name': 'proof code',
                'verbose_name_plural': 'proof codes',
            },
        ),
        migrations.CreateModel(
            name='Review',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ref', models.CharField(max_length=12, unique=True, verbose_name='reference')),
                ('key', models.CharField(max_length=100, unique=True)),
                ('platform', models.CharField(choices=[('taobao', 'Taobao'), ('tmall', 'Tmall'), ('jd', 'JD'), ('pdd', 'Pinduoduo'), ('douyin', 'Douyin'), ('own', 'the shop’s own site'), ('other', 'another')], max_length=10, verbose_name='platform')),
                ('external_id', models.CharField(blank=True, max_length=64, verbose_name='number at the platform')),
                ('order_number', models.CharField(blank=True, max_length=64, verbose_name='order number')),
                ('goods', models.CharField(blank=True, max_length=200, verbose_name='goods')),
                ('nick', models.CharField(blank=True, max_length=80, verbose_name='nickname shown')),
                ('stars', models.PositiveSmallIntegerField(verbose_name='stars')),
                ('text', models.TextField(blank=True, max_length=2000, verbose_name='text')),
                ('photos', models.PositiveSmallIntegerField(default=0, verbose_name='photos')),
                ('complaints', models.JSONField(blank=True, default=list, verbose_name='complaining words')),
                ('is_bad', models.BooleanField(default=False, verbose_name='bad')),
                ('state', models.CharField(choices=[('open', 'to be answered'), ('ready', 'reply to be copied'), ('answered', 'answered'), ('passed', 'left without a reply')], default='open', max_length=8, verbose_name='state')),
                ('passed_why', models.CharField(blank=True, max_length=200, verbose_name='why it is left without a reply')),
                ('at', models.DateTimeField(verbose_name='written at')),
                ('added_at', models.DateTimeField(verbose_name='came in at')),
                ('reply_due_at', models.DateTimeField(blank=True, null=True, verbose_name='public reply due')),
                ('settled_at', models.DateTimeField(blank=True, null=True, verbose_name='settled at')),
                ('order', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='reviews', to='customers.order', verbose_name='order')),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='reviews', to='customers.person', verbose_name='customer')),
                ('product', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='reviews', to='customers.product', verbose_name='product')),
            ],
            options={
                'verbose_name': 'review',
                'verbose_name_plural': 'reviews',
                'ordering': ('-at', '-id'),
            },
        ),
        migrations.CreateModel(
            name='ReviewReply',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField(max_length=500, verbose_name='text')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('published_at', models.DateTimeField(blank=True, null=True, verbose_name='published at')),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True, verbose_name='taken back at')),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('review', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='replies', to='customers.review', verbose_name='review')),
            ],
            options={
                'verbose_name': 'public reply',
                'verbose_name_plural': 'public replies',
                'ordering': ('at', 'id'),
            },
        ),
        migrations.CreateModel(
            name='Shipment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('carrier', models.CharField(blank=True, max_length=40, verbose_name='carrier')),
                ('number', models.CharField(blank=True, max_length=40, verbose_name='tracking number')),
                ('carrier_chosen_by_buyer', models.BooleanField(default=False, verbose_name='carrier chosen by the buyer')),
                ('status', models.CharField(choices=[('created', 'label made'), ('picked_up', 'picked up'), ('in_transit', 'on the way'), ('out_for_delivery', 'out for delivery'), ('at_station', 'at the pick-up point'), ('signed', 'signed for'), ('signed_by_other', 'signed for by somebody else'), ('exception', 'problem on the way'), ('refused', 'refused at the door'), ('returning', 'going back'), ('returned', 'back with the sender'), ('lost_suspected', 'possibly lost')], default='created', max_length=20, verbose_name='status')),
                ('shipped_at', models.DateTimeField(blank=True, null=True, verbose_name='shipped at')),
                ('signed_at', models.DateTimeField(blank=True, null=True, verbose_name='signed for at')),
                ('promised_at', models.DateTimeField(blank=True, null=True, verbose_name='promised for')),
                ('freight_cost_minor', models.BigIntegerField(default=0, verbose_name='freight cost')),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='shipments', to='customers.order', verbose_name='order')),
            ],
            options={
                'verbose_name': 'shipment',
                'verbose_name_plural': 'shipments',
            },
        ),
        migrations.CreateModel(
            name='Shop',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, unique=True, verbose_name='name')),
                ('platform', models.CharField(default='own', max_length=20, verbose_name='platform')),
                ('currency', models.CharField(default='CNY', max_length=3, verbose_name='currency')),
                ('country', models.CharField(default='CN', max_length=2, verbose_name='country')),
                ('province', models.CharField(blank=True, max_length=40, verbose_name='province')),
                ('refund_provider', models.CharField(default='manual', max_length=20, verbose_name='refunds are paid by')),
                ('rule_pack', models.CharField(default='cn', max_length=20, verbose_name='rule pack')),
                ('return_recipient', models.CharField(blank=True, max_length=60, verbose_name='return to (name)')),
                ('return_phone', models.CharField(blank=True, max_length=30, verbose_name='return to (phone)')),
                ('return_address', models.CharField(blank=True, max_length=300, verbose_name='return address')),
                ('second_person_above_minor', models.BigIntegerField(default=50000, verbose_name='second person above')),
                ('freight_estimate_minor', models.BigIntegerField(default=1200, verbose_name='usual freight of one leg')),
                ('undo_seconds', models.PositiveSmallIntegerField(default=10, validators=[django.core.validators.MaxValueValidator(60)], verbose_name='seconds to undo a reply')),
                ('complaints_until', models.TimeField(default=datetime.time(18, 0), verbose_name='complaints of today until')),
                ('complaints_next_day', models.TimeField(default=datetime.time(12, 0), verbose_name='later ones are answered by')),
                ('review_reply_hours', models.PositiveSmallIntegerField(default=24, validators=[django.core.validators.MaxValueValidator(720)], verbose_name='hours to answer a bad review')),
                ('goodwill_limit_minor', models.PositiveBigIntegerField(default=5000, verbose_name='goodwill of an agent at most')),
                ('mails_words', models.BooleanField(default=False, help_text='Else who came by the form is only told that there is a reply, and reads it on the status page.', verbose_name='mails the words of replies')),
            ],
            options={
                'verbose_name': 'shop',
                'verbose_name_plural': 'shops',
                'constraints': [models.CheckConstraint(condition=models.Q(('second_person_above_minor__gte', 0)), name='shop_limit_not_negative')],
            },
        ),
        migrations.AddField(
            model_name='order',
            name='shop',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='orders', to='customers.shop', verbose_name='shop'),
        ),
        migrations.CreateModel(
            name='ShopLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token_sha256', models.CharField(max_length=64, unique=True)),
                ('made_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('used_at', models.DateTimeField(blank=True, null=True)),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='shop_links', to='customers.order')),
            ],
            options={
                'verbose_name': 'shop link',
                'verbose_name_plural': 'shop links',
            },
        ),
        migrations.CreateModel(
            name='Sku',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=64, unique=True, verbose_name='SKU')),
                ('variant', models.CharField(blank=True, max_length=120, verbose_name='variant')),
                ('price_minor', models.BigIntegerField(default=0, verbose_name='price')),
                ('currency', models.CharField(default='CNY', max_length=3, verbose_name='currency')),
                ('on_hand', models.PositiveIntegerField(default=0, verbose_name='on hand')),
                ('reserved', models.PositiveIntegerField(default=0, verbose_name='reserved')),
                ('product', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='skus', to='customers.product', verbose_name='product')),
            ],
            options={
                'verbose_name': 'SKU',
                'verbose_name_plural': 'SKUs',
            },
        ),
        migrations.CreateModel(
            name='OrderLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=64, verbose_name='line number')),
                ('title', models.CharField(max_length=200, verbose_name='title')),
                ('variant', models.CharField(blank=True, max_length=120, verbose_name='variant')),
                ('quantity', models.PositiveIntegerField(verbose_name='quantity')),
                ('shipped_quantity', models.PositiveIntegerField(default=0, verbose_name='shipped')),
                ('claimed_quantity', models.PositiveIntegerField(default=0, verbose_name='in returns')),
                ('unit_price_minor', models.BigIntegerField(default=0, verbose_name='unit price')),
                ('discount_minor', models.BigIntegerField(default=0, verbose_name='discount share')),
                ('paid_minor', models.BigIntegerField(default=0, verbose_name='paid for the line')),
                ('freight_minor', models.BigIntegerField(default=0, verbose_name='freight share')),
                ('exclusion_confirmed', models.BooleanField(default=False, verbose_name='buyer confirmed the exclusion at purchase')),
                ('is_gift', models.BooleanField(default=False, verbose_name='gift')),
                ('platform_refund', models.CharField(blank=True, max_length=60, verbose_name='refund at the platform')),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='customers.order', verbose_name='order')),
                ('sku', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='customers.sku', verbose_name='SKU')),
            ],
            options={
                'verbose_name': 'order line',
                'verbose_name_plural': 'order lines',
                'ordering': ('id',),
            },
        ),
        migrations.CreateModel(
            name='Standing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('currency', models.CharField(max_length=3, verbose_name='currency')),
                ('orders', models.PositiveIntegerField(verbose_name='orders')),
                ('spent_minor', models.BigIntegerField(verbose_name='paid and kept')),
                ('first_order_on', models.DateField(verbose_name='first order')),
                ('last_order_on', models.DateField(verbose_name='last order')),
                ('counted_at', models.DateTimeField(verbose_name='counted at')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='standings', to='customers.person', verbose_name='person')),
            ],
            options={
                'verbose_name': 'standing',
                'verbose_name_plural': 'standings',
            },
        ),
        migrations.CreateModel(
            name='TrackingEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('status', models.CharField(choices=[('created', 'label made'), ('picked_up', 'picked up'), ('in_transit', 'on the way'), ('out_for_delivery', 'out for delivery'), ('at_station', 'at the pick-up point'), ('signed', 'signed for'), ('signed_by_other', 'signed for by somebody else'), ('exception', 'problem on the way'), ('refused', 'refused at the door'), ('returning', 'going back'), ('returned', 'back with the sender'), ('lost_suspected', 'possibly lost')], max_length=20, verbose_name='status')),
                ('text', models.CharField(blank=True, max_length=300, verbose_name='text')),
                ('shipment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tracking', to='customers.shipment', verbose_name='shipment')),
            ],
            options={
                'verbose_name': 'tracking event',
                'verbose_name_plural': 'tracking events',
                'ordering': ('at', 'id'),
            },
        ),
        migrations.CreateModel(
            name='TrackingReport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(max_length=20, verbose_name='source')),
                ('key', models.CharField(max_length=64)),
                ('carrier', models.CharField(blank=True, max_length=40, verbose_name='carrier')),
                ('number', models.CharField(max_length=40, verbose_name='tracking number')),
                ('received_at', models.DateTimeField(verbose_name='received at')),
                ('body', models.JSONField(verbose_name='report')),
                ('state', models.CharField(choices=[('placed', 'on its shipment'), ('unplaced', 'waits for somebody'), ('refused', 'not believed')], max_length=10, verbose_name='state')),
                ('why', models.CharField(blank=True, choices=[('', '–'), ('unknown', 'no shipment has this number'), ('claimed_twice', 'shipments of several customers have this number'), ('other_carrier', 'the shipment with this number travels with another carrier'), ('future', 'a scan lies in the future')], default='', max_length=20, verbose_name='why')),
                ('shipments', models.ManyToManyField(blank=True, related_name='reports', to='customers.shipment', verbose_name='shipments')),
            ],
            options={
                'verbose_name': 'tracking report',
                'verbose_name_plural': 'tracking reports',
                'ordering': ('-id',),
            },
        ),
        migrations.AddConstraint(
            model_name='careplan',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('occasion', 'refill'), _negated=True), ('category__isnull', False), _connector='OR'), name='refill_plan_names_a_category'),
        ),
        migrations.AddConstraint(
            model_name='payment',
            constraint=models.UniqueConstraint(fields=('order', 'number'), name='one_payment_per_sequence'),
        ),
        migrations.AddConstraint(
            model_name='payment',
            constraint=models.CheckConstraint(condition=models.Q(('amount_minor__gte', 0)), name='payment_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='note',
            constraint=models.CheckConstraint(condition=models.Q(('person__isnull', False), ('order__isnull', False), _connector='OR'), name='note_is_about_something'),
        ),
        migrations.AddIndex(
            model_name='contactpoint',
            index=models.Index(fields=['kind', 'value'], name='contact_point_value'),
        ),
        migrations.AddConstraint(
            model_name='contactpoint',
            constraint=models.UniqueConstraint(fields=('person', 'kind', 'value'), name='one_contact_point_per_value'),
        ),
        migrations.AddIndex(
            model_name='consent',
            index=models.Index(condition=models.Q(('withdrawn_at', None)), fields=['purpose', 'person'], name='consent_standing'),
        ),
        migrations.AddConstraint(
            model_name='consent',
            constraint=models.UniqueConstraint(condition=models.Q(('withdrawn_at', None)), fields=('person', 'purpose'), name='one_standing_consent_per_purpose'),
        ),
        migrations.AddIndex(
            model_name='caremessage',
            index=models.Index(fields=['person', '-day'], name='care_of_person'),
        ),
        migrations.AddIndex(
            model_name='caremessage',
            index=models.Index(condition=models.Q(('state', 'planned')), fields=['person'], name='care_planned'),
        ),
        migrations.AddConstraint(
            model_name='caremessage',
            constraint=models.UniqueConstraint(fields=('plan', 'person', 'key'), name='one_care_message_per_occasion'),
        ),
        migrations.AddIndex(
            model_name='birthday',
            index=models.Index(fields=['month', 'day'], name='birthday_day'),
        ),
        migrations.AddConstraint(
            model_name='birthday',
            constraint=models.CheckConstraint(condition=models.Q(('day__gte', 1), ('day__lte', 31), ('month__gte', 1), ('month__lte', 12)), name='birthday_is_a_day'),
        ),
        migrations.AddIndex(
            model_name='promise',
            index=models.Index(condition=models.Q(('broken_at', None), ('kept_at', None)), fields=['made_by', 'due_at'], name='promise_to_keep'),
        ),
        migrations.AddIndex(
            model_name='promise',
            index=models.Index(condition=models.Q(('broken_at', None), ('kept_at', None)), fields=['due_at'], name='promise_by_due'),
        ),
        migrations.AddConstraint(
            model_name='promise',
            constraint=models.CheckConstraint(condition=models.Q(('kept_at', None), ('broken_at', None), _connector='OR'), name='promise_kept_or_broken'),
        ),
        migrations.AddIndex(
            model_name='proofcode',
            index=models.Index(fields=['order', '-sent_at'], name='code_of_order'),
        ),
        migrations.AddIndex(
            model_name='review',
            index=models.Index(condition=models.Q(('state__in', ('open', 'ready'))), fields=['reply_due_at', 'id'], name='review_to_answer'),
        ),
        migrations.AddIndex(
            model_name='review',
            index=models.Index(fields=['-at', '-id'], name='review_by_age'),
        ),
        migrations.AddConstraint(
            model_name='review',
            constraint=models.CheckConstraint(condition=models.Q(('stars__gte', 1), ('stars__lte', 5)), name='review_stars_one_to_five'),
        ),
        migrations.AddConstraint(
            model_name='review',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('settled_at', None), ('state__in', ('open', 'ready'))), models.Q(('settled_at__isnull', False), ('state__in', ('answered', 'passed'))), _connector='OR'), name='settled_reviews_have_a_time'),
        ),
        migrations.AddConstraint(
            model_name='reviewreply',
            constraint=models.UniqueConstraint(condition=models.Q(('withdrawn_at', None)), fields=('review',), name='one_standing_reply_per_review'),
        ),
        migrations.AddIndex(
            model_name='shipment',
            index=models.Index(fields=['number'], name='shipment_number'),
        ),
        migrations.AddConstraint(
            model_name='shipment',
            constraint=models.UniqueConstraint(condition=models.Q(('number', ''), _negated=True), fields=('order', 'carrier', 'number'), name='one_shipment_per_number'),
        ),
        migrations.AddIndex(
            model_name='order',
            index=models.Index(fields=['number'], name='order_number'),
        ),
        migrations.AddIndex(
            model_name='order',
            index=models.Index(fields=['person', '-placed_at'], name='order_of_person'),
        ),
        migrations.AddConstraint(
            model_name='order',
            constraint=models.UniqueConstraint(fields=('platform', 'number'), name='one_order_per_platform_number'),
        ),
        migrations.AddConstraint(
            model_name='order',
            constraint=models.CheckConstraint(condition=models.Q(('refunded_minor__gte', 0)), name='refunded_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='order',
            constraint=models.CheckConstraint(condition=models.Q(('refunded_minor__lte', models.F('paid_minor'))), name='refunded_at_most_paid'),
        ),
        migrations.AddConstraint(
            model_name='sku',
            constraint=models.CheckConstraint(condition=models.Q(('reserved__lte', models.F('on_hand'))), name='reserved_is_on_the_shelf'),
        ),
        migrations.AddConstraint(
            model_name='sku',
            constraint=models.CheckConstraint(condition=models.Q(('price_minor__gte', 0)), name='price_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='orderline',
            constraint=models.UniqueConstraint(fields=('order', 'number'), name='one_line_per_number'),
        ),
        migrations.AddConstraint(
            model_name='orderline',
            constraint=models.CheckConstraint(condition=models.Q(('quantity__gte', 1)), name='line_quantity_positive'),
        ),
        migrations.AddConstraint(
            model_name='orderline',
            constraint=models.CheckConstraint(condition=models.Q(('shipped_quantity__lte', models.F('quantity'))), name='shipped_at_most_bought'),
        ),
        migrations.AddConstraint(
            model_name='orderline',
            constraint=models.CheckConstraint(condition=models.Q(('claimed_quantity__lte', models.F('shipped_quantity'))), name='claimed_at_most_shipped'),
        ),
        migrations.AddConstraint(
            model_name='orderline',
            constraint=models.CheckConstraint(condition=models.Q(('paid_minor__gte', 0)), name='line_paid_not_negative'),
        ),
        migrations.AddIndex(
            model_name='standing',
            index=models.Index(fields=['last_order_on'], name='standing_last_order'),
        ),
        migrations.AddConstraint(
            model_name='standing',
            constraint=models.UniqueConstraint(fields=('person', 'currency'), name='one_standing_per_person_and_currency'),
        ),
        migrations.AddConstraint(
            model_name='trackingevent',
            constraint=models.UniqueConstraint(fields=('shipment', 'at', 'status'), name='one_row_per_scan'),
        ),
        migrations.AddIndex(
            model_name='trackingreport',
            index=models.Index(condition=models.Q(('state', 'unplaced')), fields=['-id'], name='report_unplaced'),
        ),
        migrations.AddIndex(
            model_name='trackingreport',
            index=models.Index(fields=['number'], name='report_number'),
        ),
        migrations.AddConstraint(
            model_name='trackingreport',
            constraint=models.UniqueConstraint(fields=('source', 'key'), name='one_row_per_tracking_report'),
        ),
    ]
