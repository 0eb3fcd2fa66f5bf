"""Where a feed of an app was landed up to, and which customers changed since."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0005_purchases'),
        ('intelligence', '0002_delivery_columns'),
    ]

    operations = [
        migrations.AddField(
            model_name='delivery',
            name='upto',
            field=models.BigIntegerField(null=True),
        ),
        migrations.CreateModel(
            name='Touch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('touched_at', models.DateTimeField()),
                ('run_id', models.BigIntegerField(default=0)),
                ('scored_at', models.DateTimeField(null=True)),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='customers.customer')),
            ],
            options={
                'indexes': [models.Index(fields=['run_id', 'id'], name='intelligence_touches')],
            },
        ),
    ]
