"""Labels, choices and help texts in the words of the glossary; the database keeps its shape."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("delivery", "0004_suppressions_keep_their_address"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="messageattempt",
            options={"verbose_name": "sending attempt", "verbose_name_plural": "sending attempts"},
        ),
        migrations.AlterModelOptions(
            name="suppression",
            options={"verbose_name": "do-not-contact entry", "verbose_name_plural": "do-not-contact list"},
        ),
        migrations.AlterField(
            model_name="message",
            name="attempt_count",
            field=models.PositiveSmallIntegerField(default=0, verbose_name="sending attempts"),
        ),
        migrations.AlterField(
            model_name="message",
            name="deadline_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="send by"),
        ),
        migrations.AlterField(
            model_name="message",
            name="is_late",
            field=models.BooleanField(default=False, verbose_name="sent late"),
        ),
        migrations.AlterField(
            model_name="message",
            name="is_local_only",
            field=models.BooleanField(
                default=False,
                help_text="Historical data: recorded as sent, but never passed to a gateway.",
                verbose_name="historical data, never sent",
            ),
        ),
        migrations.AlterField(
            model_name="message",
            name="late_cause",
            field=models.CharField(
                blank=True,
                choices=[
                    ("recorded_late", "the service event was registered after the time limit"),
                    ("retried", "earlier attempts failed"),
                    ("backlog", "the queue was long or stood still"),
                ],
                max_length=20,
                verbose_name="cause of lateness",
            ),
        ),
        migrations.AlterField(
            model_name="message",
            name="queued_at",
            field=models.DateTimeField(verbose_name="scheduled at"),
        ),
        migrations.AlterField(
            model_name="message",
            name="status",
            field=models.CharField(
                choices=[
                    ("queued", "Queued"),
                    ("sending", "Sending"),
                    ("sent", "Sent"),
                    ("failed", "Sending failed"),
                    ("suppressed", "Suppressed"),
                    ("missed", "Not sent"),
                    ("uncertain", "Uncertain"),
                    ("voided", "Cancelled"),
                ],
                default="queued",
                max_length=10,
                verbose_name="status",
            ),
        ),
        migrations.AlterField(
            model_name="messageattempt",
            name="code",
            field=models.CharField(
                blank=True,
                help_text="Reply of the mail server or the SMS provider.",
                max_length=60,
                verbose_name="reply code",
            ),
        ),
        migrations.AlterField(
            model_name="suppression",
            name="address_mask",
            field=models.CharField(editable=False, max_length=120, verbose_name="phone number or email"),
        ),
        migrations.AlterField(
            model_name="suppression",
            name="suppressed_at",
            field=models.DateTimeField(verbose_name="added on"),
        ),
        migrations.AlterField(
            model_name="suppressionevent",
            name="address_mask",
            field=models.CharField(editable=False, max_length=120, verbose_name="phone number or email"),
        ),
        migrations.AlterField(
            model_name="suppressionevent",
            name="suppressed_at",
            field=models.DateTimeField(verbose_name="added on"),
        ),
    ]
