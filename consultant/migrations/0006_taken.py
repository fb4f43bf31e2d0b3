"""What each IMAP folder gave us, UID by UID; and what the health page needs of a door."""

from django.db import migrations, models


def note_what_was_taken(apps, schema_editor):
    """From the identities of the letters that came by IMAP so far: imap:mailbox:folder:uidvalidity:uid:sha256."""
    letter, taken = (apps.get_model("consultant", name) for name in ("Letter", "Taken"))
    for pk, identity, mailbox in letter.objects.filter(door="imap").values_list("pk", "identity", "mailbox").iterator(500):
        rest, uidvalidity, uid, _ = identity.rsplit(":", 3)
        folder = rest.removeprefix(f"imap:{mailbox}:")
        if uidvalidity.isdigit() and uid.isdigit():
            place = {"mailbox": mailbox, "folder": folder, "uidvalidity": int(uidvalidity), "uid": int(uid)}
            taken.objects.get_or_create(**place, defaults={"letter_id": pk})


class Migration(migrations.Migration):
    dependencies = [("consultant", "0005_sealed_and_purged")]
    operations = [
        migrations.CreateModel(
            name="Taken",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("mailbox", models.CharField(max_length=320)),
                ("folder", models.CharField(max_length=300)),
                ("uidvalidity", models.BigIntegerField()),
                ("uid", models.BigIntegerField()),
                ("gone", models.BooleanField(default=False)),
                (
                    "letter",
                    models.ForeignKey(on_delete=models.deletion.PROTECT, related_name="taken", to="consultant.letter"),
                ),
            ],
        ),
        migrations.AddConstraint(
            "taken",
            models.UniqueConstraint(fields=("mailbox", "folder", "uidvalidity", "uid"), name="one_row_a_uid"),
        ),
        migrations.AddField("door", "due_at", models.DateTimeField(null=True)),
        migrations.AddField("door", "gap", models.CharField(default="", max_length=300)),
        migrations.AddField("door", "gap_at", models.DateTimeField(null=True)),
        migrations.RunPython(note_what_was_taken, migrations.RunPython.noop),
    ]
