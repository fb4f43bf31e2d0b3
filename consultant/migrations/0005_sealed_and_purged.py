"""Columns that may be sealed; a case's legal hold and its purge; and a guard of letters that lets both happen and nothing else."""

from django.db import migrations, models

import consultant.sealed

DROP = {
    "sqlite": ("DROP TRIGGER IF EXISTS letter_update_refused",),
    "postgresql": ("DROP FUNCTION IF EXISTS consultant_letter_update_refuse() CASCADE",),
}
#: The bytes of a letter may be sealed anew or emptied. Whether they are still the same the audit knows by their hash.
GUARD = {
    "sqlite": (
        """CREATE TRIGGER letter_update_refused BEFORE UPDATE OF raw, sha256, identity ON consultant_letter
           WHEN NEW.sha256 <> OLD.sha256 OR NEW.identity <> OLD.identity OR NOT (
               NEW.raw = OLD.raw OR length(NEW.raw) = 0 OR substr(NEW.raw, 1, 9) = CAST('sealed:1:' AS BLOB))
           BEGIN SELECT RAISE(ABORT, 'a letter is kept as it came'); END""",
    ),
    "postgresql": (
        """CREATE FUNCTION consultant_letter_update_refuse() RETURNS trigger AS $$
           BEGIN
             IF NEW.sha256 <> OLD.sha256 OR NEW.identity <> OLD.identity OR NOT (
                 NEW.raw = OLD.raw OR length(NEW.raw) = 0 OR substring(NEW.raw from 1 for 9) = 'sealed:1:'::bytea) THEN
               RAISE EXCEPTION 'a letter is kept as it came';
             END IF;
             RETURN NEW;
           END $$ LANGUAGE plpgsql""",
        """CREATE TRIGGER letter_update_refused BEFORE UPDATE OF raw, sha256, identity ON consultant_letter
           FOR EACH ROW EXECUTE FUNCTION consultant_letter_update_refuse()""",
    ),
}
BEFORE = {
    "sqlite": (
        """CREATE TRIGGER letter_update_refused BEFORE UPDATE OF raw, sha256, identity ON consultant_letter
           BEGIN SELECT RAISE(ABORT, 'a letter is kept as it came'); END""",
    ),
    "postgresql": (
        """CREATE FUNCTION consultant_letter_update_refuse() RETURNS trigger AS $$
           BEGIN RAISE EXCEPTION 'a letter is kept as it came'; END $$ LANGUAGE plpgsql""",
        """CREATE TRIGGER letter_update_refused BEFORE UPDATE OF raw, sha256, identity ON consultant_letter
           FOR EACH ROW EXECUTE FUNCTION consultant_letter_update_refuse()""",
    ),
}


def drop(apps, schema_editor):
    """The columns change type, and no trigger may name them meanwhile."""
    _run(schema_editor, DROP)


def guard(apps, schema_editor):
    _run(schema_editor, GUARD)


def guard_as_before(apps, schema_editor):
    _run(schema_editor, BEFORE)


def _run(schema_editor, statements):
    with schema_editor.connection.cursor() as cursor:
        for statement in statements[schema_editor.connection.vendor]:
            cursor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("consultant", "0004_precedents")]
    operations = [
        migrations.RunPython(drop, guard_as_before),
        migrations.AddField("case", "legal_hold", models.BooleanField(default=False)),
        migrations.AddField("case", "purged_at", models.DateTimeField(null=True)),
        migrations.AlterField("letter", "raw", consultant.sealed.SealedBytes()),
        migrations.AlterField("draft", "text", consultant.sealed.SealedText()),
        migrations.AlterField("draft", "html", consultant.sealed.SealedText(default="")),
        migrations.AlterField("reply", "text", consultant.sealed.SealedText()),
        migrations.AlterField("reply", "html", consultant.sealed.SealedText(default="")),
        migrations.AlterField("reply", "raw", consultant.sealed.SealedBytes(null=True)),
        migrations.RunPython(guard, drop),
    ]
