"""The database itself refuses to change or remove an event or the bytes of a letter; and the four roles."""

from django.db import migrations

ROLES = ("asker", "reviewer", "auditor", "admin")

SQLITE = (
    """CREATE TRIGGER {table}_{verb}_refused BEFORE {event} ON consultant_{table}
       BEGIN SELECT RAISE(ABORT, '{what}'); END""",
    "DROP TRIGGER IF EXISTS {table}_{verb}_refused",
)
POSTGRES = (
    """CREATE FUNCTION consultant_{table}_{verb}_refuse() RETURNS trigger AS $$
       BEGIN RAISE EXCEPTION '{what}'; END $$ LANGUAGE plpgsql;
       CREATE TRIGGER {table}_{verb}_refused BEFORE {event} ON consultant_{table}
       FOR EACH ROW EXECUTE FUNCTION consultant_{table}_{verb}_refuse()""",
    "DROP FUNCTION IF EXISTS consultant_{table}_{verb}_refuse() CASCADE",
)
GUARDS = (
    {"table": "event", "verb": "update", "event": "UPDATE", "what": "an event is written once"},
    {"table": "event", "verb": "delete", "event": "DELETE", "what": "an event is never deleted"},
    {"table": "letter", "verb": "update", "event": "UPDATE OF raw, sha256, identity", "what": "a letter is kept as it came"},
)


def guard(apps, schema_editor):
    _run(schema_editor, 0)


def unguard(apps, schema_editor):
    _run(schema_editor, 1)


def _run(schema_editor, which):
    statement = {"sqlite": SQLITE, "postgresql": POSTGRES}[schema_editor.connection.vendor][which]
    with schema_editor.connection.cursor() as cursor:
        for names in GUARDS:
            cursor.execute(statement.format(**names))


def add_roles(apps, schema_editor):
    for name in ROLES:
        apps.get_model("auth", "Group").objects.get_or_create(name=name)


class Migration(migrations.Migration):
    dependencies = [("consultant", "0001_initial"), ("auth", "0012_alter_user_first_name_max_length")]
    operations = [
        migrations.RunPython(guard, unguard),
        migrations.RunPython(add_roles, migrations.RunPython.noop),
    ]
