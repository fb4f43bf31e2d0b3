"""The switch that stops all sending, guarded like the events; and the time until which an approval can be undone."""

from importlib import import_module

from django.db import migrations, models

guards = import_module("consultant.migrations.0002_trail_and_roles")
GUARDS = (
    {"table": "flip", "verb": "update", "event": "UPDATE", "what": "a turn of the switch is written once"},
    {"table": "flip", "verb": "delete", "event": "DELETE", "what": "a turn of the switch is never deleted"},
)


def guard(apps, schema_editor):
    _run(schema_editor, 0)


def unguard(apps, schema_editor):
    _run(schema_editor, 1)


def _run(schema_editor, which):
    statement = {"sqlite": guards.SQLITE, "postgresql": guards.POSTGRES}[schema_editor.connection.vendor][which]
    with schema_editor.connection.cursor() as cursor:
        for names in GUARDS:
            cursor.execute(statement.format(**names))


class Migration(migrations.Migration):
    dependencies = [("consultant", "0002_trail_and_roles")]
    operations = [
        migrations.CreateModel(
            name="Flip",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seq", models.PositiveIntegerField(unique=True)),
                ("at", models.DateTimeField()),
                ("on", models.BooleanField()),
                ("actor", models.CharField(max_length=200)),
                ("why", models.CharField(default="", max_length=300)),
                ("previous", models.CharField(default="", max_length=64)),
                ("digest", models.CharField(max_length=64)),
            ],
            options={"ordering": ("seq",)},
        ),
        migrations.AddField("reply", "leaves_at", models.DateTimeField(null=True)),
        migrations.AlterField("reply", "sent_at", models.DateTimeField(db_index=True, null=True)),
        migrations.RunPython(guard, unguard),
    ]
