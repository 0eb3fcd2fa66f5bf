"""The workbench: contact details, what is known, said, done and owned; the bin."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0003_expected_value'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Address',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('post', 'Post'), ('delivery', 'Delivery'), ('invoice', 'Invoice'), ('home', 'Home')], default='post', max_length=8)),
                ('region_code', models.CharField(blank=True, max_length=6)),
                ('city', models.CharField(blank=True, max_length=80)),
                ('line', models.CharField(max_length=300)),
                ('postcode', models.CharField(blank=True, max_length=12)),
            ],
        ),
        migrations.CreateModel(
            name='Attachment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200)),
                ('size', models.PositiveBigIntegerField()),
                ('content_type', models.CharField(max_length=100)),
                ('digest', models.CharField(max_length=64)),
                ('added_at', models.DateTimeField()),
                ('deleted_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Certificate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('id_card', 'Id Card'), ('passport', 'Passport'), ('credit_code', 'Credit Code'), ('other', 'Other')], max_length=12)),
                ('sealed', models.BinaryField()),
                ('digest', models.CharField(max_length=64)),
                ('masked', models.CharField(max_length=40)),
                ('valid_until_on', models.DateField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Contact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200)),
                ('post', models.CharField(blank=True, max_length=80)),
                ('role', models.CharField(blank=True, choices=[('user', 'User'), ('influencer', 'Influencer'), ('decider', 'Decider'), ('approver', 'Approver'), ('buyer', 'Buyer'), ('gatekeeper', 'Gatekeeper')], max_length=12)),
                ('is_key_decision_maker', models.BooleanField(default=False)),
                ('phone', models.CharField(blank=True, max_length=32)),
                ('email', models.CharField(blank=True, max_length=254)),
                ('left_on', models.DateField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='ContactPoint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('phone', 'Phone'), ('email', 'Email'), ('wechat', 'Wechat'), ('other', 'Other')], max_length=8)),
                ('value', models.CharField(max_length=254)),
                ('label', models.CharField(blank=True, max_length=40)),
                ('added_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='CustomerTag',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('batch', models.CharField(blank=True, max_length=40)),
            ],
        ),
        migrations.CreateModel(
            name='Interaction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('call', 'Call'), ('visit', 'Visit'), ('mail', 'Mail'), ('meeting', 'Meeting'), ('note', 'Note')], max_length=8)),
                ('direction', models.CharField(blank=True, choices=[('in', 'In'), ('out', 'Out')], max_length=3)),
                ('at', models.DateTimeField()),
                ('subject', models.CharField(blank=True, max_length=200)),
                ('body', models.TextField(blank=True)),
                ('reached', models.BooleanField(null=True)),
                ('satisfaction', models.PositiveSmallIntegerField(null=True)),
                ('created_at', models.DateTimeField()),
                ('is_pinned', models.BooleanField(default=False)),
                ('deleted_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Ownership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateTimeField()),
                ('until', models.DateTimeField(null=True)),
                ('got', models.CharField(choices=[('source', 'Source'), ('created', 'Created'), ('assigned', 'Assigned'), ('handed_over', 'Handed Over'), ('bulk', 'Bulk')], max_length=12)),
                ('lost', models.CharField(blank=True, choices=[('reassigned', 'Reassigned'), ('handed_over', 'Handed Over'), ('released', 'Released')], max_length=12)),
                ('last_follow_up_at', models.DateTimeField(null=True)),
                ('batch', models.CharField(blank=True, max_length=40)),
            ],
        ),
        migrations.CreateModel(
            name='Preference',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=40)),
                ('value', models.CharField(max_length=200)),
                ('attitude', models.CharField(choices=[('like', 'Like'), ('dislike', 'Dislike'), ('never', 'Never')], max_length=8)),
                ('said_by', models.CharField(blank=True, max_length=80)),
                ('said_on', models.DateField()),
            ],
        ),
        migrations.CreateModel(
            name='Relation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('parent', 'Parent'), ('spouse', 'Spouse'), ('family', 'Family'), ('colleague', 'Colleague'), ('referrer', 'Referrer'), ('partner', 'Partner')], max_length=10)),
                ('note', models.CharField(blank=True, max_length=200)),
            ],
        ),
        migrations.CreateModel(
            name='Tag',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=40, unique=True)),
            ],
        ),
        migrations.CreateModel(
            name='Task',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=200)),
                ('reason', models.CharField(blank=True, max_length=300)),
                ('due_on', models.DateField()),
                ('due_time', models.TimeField(null=True)),
                ('state', models.CharField(choices=[('open', 'Open'), ('done', 'Done'), ('dropped', 'Dropped')], default='open', max_length=8)),
                ('outcome', models.CharField(blank=True, max_length=300)),
                ('done_at', models.DateTimeField(null=True)),
                ('batch', models.CharField(blank=True, max_length=40)),
                ('created_at', models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name='customer',
            name='birth_on',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='customer',
            name='company',
            field=models.CharField(blank=True, db_default='', default='', max_length=200),
        ),
        migrations.AddField(
            model_name='customer',
            name='created_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='customer',
            name='custom',
            field=models.JSONField(db_default={}, default=dict),
        ),
        migrations.AddField(
            model_name='customer',
            name='deleted_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='customer',
            name='deleted_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='customer',
            name='gender',
            field=models.CharField(blank=True, db_default='', default='', max_length=1),
        ),
        migrations.AddField(
            model_name='customer',
            name='industry',
            field=models.CharField(blank=True, db_default='', default='', max_length=80),
        ),
        migrations.AddField(
            model_name='customer',
            name='last_contact_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='customer',
            name='remark',
            field=models.TextField(blank=True, db_default='', default=''),
        ),
        migrations.AddField(
            model_name='customer',
            name='satisfaction',
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.AddIndex(
            model_name='customer',
            index=models.Index(fields=['owner', 'id'], name='customers_owner'),
        ),
        migrations.AddIndex(
            model_name='customer',
            index=models.Index(fields=['last_contact_at', 'id'], name='customers_contacted'),
        ),
        migrations.AddIndex(
            model_name='customer',
            index=models.Index(condition=models.Q(('deleted_at__isnull', False)), fields=['deleted_at'], name='customers_bin'),
        ),
        migrations.AddField(
            model_name='address',
            name='customer',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='addresses', to='customers.customer'),
        ),
        migrations.AddField(
            model_name='attachment',
            name='added_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='attachment',
            name='customer',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attachments', to='customers.customer'),
        ),
        migrations.AddField(
            model_name='certificate',
            name='customer',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='certificates', to='customers.customer'),
        ),
        migrations.AddField(
            model_name='contact',
            name='customer',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='contacts', to='customers.customer'),
        ),
        migrations.AddField(
            model_name='contact',
            name='person',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='posts', to='customers.customer'),
        ),
        migrations.AddField(
            model_name='contactpoint',
            name='added_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='contactpoint',
            name='customer',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='contact_points', to='customers.customer'),
        ),
        migrations.AddField(
            model_name='customertag',
            name='customer',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tags', to='customers.customer'),
        ),
        migrations.AddField(
            model_name='interaction',
            name='author',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='interaction',
            name='contact',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='interactions', to='customers.contact'),
        ),
        migrations.AddField(
            model_name='interaction',
            name='customer',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='interactions', to='customers.customer'),
        ),
        migrations.AddField(
            model_name='ownership',
            name='customer',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='ownerships', to='customers.customer'),
        ),
        migrations.AddField(
            model_name='ownership',
            name='owner',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='ownerships', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='preference',
            name='customer',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='preferences', to='customers.customer'),
        ),
        migrations.AddField(
            model_name='preference',
            name='noted_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='relation',
            name='customer',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='relations', to='customers.customer'),
        ),
        migrations.AddField(
            model_name='relation',
            name='other',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='related_from', to='customers.customer'),
        ),
        migrations.AddField(
            model_name='customertag',
            name='tag',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='on', to='customers.tag'),
        ),
        migrations.AddField(
            model_name='task',
            name='assignee',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='tasks', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='task',
            name='created_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='task',
            name='customer',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='tasks', to='customers.customer'),
        ),
        migrations.AddField(
            model_name='task',
            name='interaction',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='tasks', to='customers.interaction'),
        ),
        migrations.AddIndex(
            model_name='certificate',
            index=models.Index(fields=['digest'], name='customers_certificate_digest'),
        ),
        migrations.AddConstraint(
            model_name='certificate',
            constraint=models.UniqueConstraint(fields=('customer', 'kind', 'digest'), name='customers_certificate_once'),
        ),
        migrations.AddIndex(
            model_name='contactpoint',
            index=models.Index(fields=['kind', 'value'], name='customers_contact_value'),
        ),
        migrations.AddConstraint(
            model_name='contactpoint',
            constraint=models.UniqueConstraint(fields=('customer', 'kind', 'value'), name='customers_contact_point_once'),
        ),
        migrations.AddIndex(
            model_name='interaction',
            index=models.Index(fields=['customer', '-at', '-id'], name='customers_interactions'),
        ),
        migrations.AddIndex(
            model_name='interaction',
            index=models.Index(fields=['author', '-at'], name='customers_said_by'),
        ),
        migrations.AddIndex(
            model_name='ownership',
            index=models.Index(fields=['owner', 'until'], name='customers_owned'),
        ),
        migrations.AddConstraint(
            model_name='ownership',
            constraint=models.UniqueConstraint(condition=models.Q(('until__isnull', True)), fields=('customer',), name='customers_one_owner_now'),
        ),
        migrations.AddConstraint(
            model_name='relation',
            constraint=models.UniqueConstraint(fields=('customer', 'other', 'kind'), name='customers_relation_once'),
        ),
        migrations.AddConstraint(
            model_name='relation',
            constraint=models.CheckConstraint(condition=models.Q(('customer', models.F('other')), _negated=True), name='customers_relation_other'),
        ),
        migrations.AddConstraint(
            model_name='customertag',
            constraint=models.UniqueConstraint(fields=('tag', 'customer'), name='customers_tag_once'),
        ),
        migrations.AddIndex(
            model_name='task',
            index=models.Index(fields=['assignee', 'state', 'due_on', 'id'], name='customers_my_day'),
        ),
        migrations.AddIndex(
            model_name='task',
            index=models.Index(fields=['customer', 'state', 'due_on'], name='customers_next_steps'),
        ),
        migrations.AddIndex(
            model_name='task',
            index=models.Index(fields=['batch', 'id'], name='customers_task_batch'),
        ),
    ]
