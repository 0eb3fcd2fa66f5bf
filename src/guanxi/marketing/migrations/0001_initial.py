
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('customers', '0005_purchases'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='CustomerGroup',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120)),
                ('words', models.CharField(blank=True, max_length=500)),
                ('address', models.TextField(blank=True)),
                ('chosen', models.JSONField(default=list)),
                ('size', models.PositiveIntegerField(default=0)),
                ('is_complete', models.BooleanField(default=False)),
                ('created_at', models.DateTimeField()),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='FollowUp',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=120)),
                ('reason', models.CharField(max_length=200)),
                ('state', models.CharField(choices=[('preparing', 'Preparing'), ('running', 'Running'), ('cancelled', 'Cancelled')], default='preparing', max_length=10)),
                ('control_percent', models.PositiveSmallIntegerField()),
                ('control_reason', models.CharField(blank=True, max_length=200)),
                ('started_on', models.DateField()),
                ('due_on', models.DateField()),
                ('measured_days', models.PositiveSmallIntegerField()),
                ('started_at', models.DateTimeField()),
                ('result', models.JSONField(default=dict)),
                ('fallback', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='follow_ups', to='marketing.customergroup')),
                ('started_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='FollowUpMember',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('arm', models.CharField(choices=[('treated', 'Treated'), ('control', 'Control')], max_length=8)),
                ('has_task', models.BooleanField(default=False)),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='follow_ups', to='customers.customer')),
                ('follow_up', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='members', to='marketing.followup')),
            ],
            options={
                'indexes': [models.Index(fields=['follow_up', 'arm', 'customer'], name='marketing_arms')],
                'constraints': [models.UniqueConstraint(fields=('follow_up', 'customer'), name='marketing_follow_up_once')],
            },
        ),
        migrations.CreateModel(
            name='GroupMember',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='groups', to='customers.customer')),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='members', to='marketing.customergroup')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('group', 'customer'), name='marketing_member_once')],
            },
        ),
    ]
