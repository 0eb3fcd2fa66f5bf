"""Purchases that are written down here."""

import django.db.models.deletion
import guanxi.kernel.money
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0004_workbench'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='PurchaseNumber',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('next_id', models.BigIntegerField(default=1)),
            ],
        ),
        migrations.CreateModel(
            name='Purchase',
            fields=[
                ('id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('order_no', models.CharField(blank=True, max_length=40)),
                ('bought_at', models.DateTimeField()),
                ('currency', models.CharField(max_length=3)),
                ('total', guanxi.kernel.money.MoneyField()),
                ('channel', models.CharField(choices=[('screen', 'Screen'), ('api', 'Api')], max_length=6)),
                ('key', models.CharField(max_length=80, null=True, unique=True)),
                ('recorded_at', models.DateTimeField()),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='purchases', to='customers.customer')),
                ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('reverses', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reversed_by', to='customers.purchase')),
            ],
        ),
        migrations.CreateModel(
            name='PurchaseItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('line', models.PositiveSmallIntegerField()),
                ('product_id', models.CharField(blank=True, max_length=80)),
                ('product_name', models.CharField(blank=True, max_length=200)),
                ('quantity', guanxi.kernel.money.MoneyField()),
                ('unit_price', guanxi.kernel.money.MoneyField()),
                ('amount', guanxi.kernel.money.MoneyField()),
                ('purchase', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='items', to='customers.purchase')),
            ],
        ),
        migrations.AddIndex(
            model_name='purchase',
            index=models.Index(fields=['customer', '-bought_at', '-id'], name='customers_purchases'),
        ),
        migrations.AddConstraint(
            model_name='purchaseitem',
            constraint=models.UniqueConstraint(fields=('purchase', 'line'), name='customers_purchase_line_once'),
        ),
    ]
