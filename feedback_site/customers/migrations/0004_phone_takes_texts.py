from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0003_sealed_files"),
    ]

    operations = [
        migrations.AddField(
            model_name="customer",
            name="phone_takes_texts",
            field=models.BooleanField(default=False, editable=False),
        ),
    ]
