"""Branches, teams, and whose records a role reaches."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def keep_seeing_all(apps, _editor):
    """Roles of before saw everything; only who sets up anew starts with the built-in reaches."""
    apps.get_model("access", "Role").objects.update(visibility="all")


def keep_to_the_setting(apps, _editor):
    """Homes of before had their nightly update when the environment said so."""
    apps.get_model("access", "Company").objects.update(nightly_refresh=settings.NIGHTLY_REFRESH[:5])


class Migration(migrations.Migration):

    dependencies = [
        ('access', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='company',
            name='nightly_refresh',
            field=models.CharField(default='02:00', max_length=5),
        ),
        migrations.RunPython(keep_to_the_setting, migrations.RunPython.noop),
        migrations.AddField(
            model_name='role',
            name='visibility',
            field=models.CharField(choices=[('own', 'Own'), ('team', 'Team'), ('branch', 'Branch'), ('all', 'All')], default='own', max_length=6),
        ),
        migrations.CreateModel(
            name='Branch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, unique=True)),
                ('parent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='access.branch')),
            ],
        ),
        migrations.AddField(
            model_name='user',
            name='branch',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='members', to='access.branch'),
        ),
        migrations.CreateModel(
            name='Team',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, unique=True)),
                ('branch', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='teams', to='access.branch')),
            ],
        ),
        migrations.AddField(
            model_name='user',
            name='team',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='members', to='access.team'),
        ),
        migrations.RunPython(keep_seeing_all, migrations.RunPython.noop),
    ]
