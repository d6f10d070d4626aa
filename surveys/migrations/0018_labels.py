"""Labels, choices and help texts in the words of the glossary; the database keeps its shape."""

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
from django.db import migrations, models

import surveys.models.survey


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0015_labels"),
        ("evaluations", "0007_labels"),
        ("service_events", "0007_labels"),
        ("surveys", "0017_codes_shown_on_site"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="eventflag",
            options={"verbose_name": "disputed service", "verbose_name_plural": "disputed services"},
        ),
        migrations.AlterModelOptions(
            name="followuprequest",
            options={"verbose_name": "return visit request", "verbose_name_plural": "return visit requests"},
        ),
        migrations.AlterModelOptions(
            name="onsiteanswer",
            options={
                "verbose_name": "response given on site",
                "verbose_name_plural": "responses given on site",
            },
        ),
        migrations.AlterModelOptions(
            name="openresponse",
            options={"verbose_name": "open response", "verbose_name_plural": "open responses"},
        ),
        migrations.AlterModelOptions(
            name="responseinterview",
            options={
                "verbose_name": "questionnaire filled in for a customer",
                "verbose_name_plural": "questionnaires filled in for customers",
            },
        ),
        migrations.AlterModelOptions(
            name="transitioneffect",
            options={
                "verbose_name": "effect of a later change",
                "verbose_name_plural": "effects of later changes",
            },
        ),
        migrations.AlterField(
            model_name="agenttally",
            name="measure",
            field=models.CharField(
                choices=[
                    ("response", "responses"),
                    ("satisfaction", "satisfaction 1-5"),
                    ("nps", "recommendation 0-10"),
                    ("ces", "effort 1-7"),
                    ("on_site", "responses given on site, shown separately"),
                    ("on_site_csat", "satisfaction 1-5, given on site, shown separately"),
                    ("on_site_nps", "recommendation 0-10, given on site, shown separately"),
                    ("on_site_ces", "effort 1-7, given on site, shown separately"),
                ],
                max_length=15,
                verbose_name="measure",
            ),
        ),
        migrations.AlterField(
            model_name="agenttally",
            name="purpose",
            field=models.CharField(
                choices=[
                    ("survey", "questionnaire after a service"),
                    ("nps", "NPS survey"),
                    ("visit", "return visit"),
                    ("open", "open questionnaire"),
                ],
                default="survey",
                max_length=10,
                verbose_name="survey type",
            ),
        ),
        migrations.AlterField(
            model_name="condition",
            name="fact",
            field=models.CharField(
                blank=True,
                choices=[
                    ("kind", "service type"),
                    ("channel", "service channel"),
                    ("segment", "customer segment"),
                    ("team", "counts for team"),
                    ("priority", "priority"),
                    ("product_line", "product line"),
                    ("is_complaint", "is a complaint"),
                    ("is_resolved", "is resolved"),
                ],
                max_length=20,
                verbose_name="fact of the event",
            ),
        ),
        migrations.AlterField(
            model_name="condition",
            name="source",
            field=models.CharField(
                choices=[("answer", "an earlier answer"), ("event", "a fact of the service event")],
                default="answer",
                max_length=10,
                verbose_name="when the question",
            ),
        ),
        migrations.AlterField(
            model_name="condition",
            name="value",
            field=models.CharField(
                blank=True, help_text="A score, or the ID of an option.", max_length=120, verbose_name="value"
            ),
        ),
        migrations.AlterField(
            model_name="conditionevent",
            name="fact",
            field=models.CharField(
                blank=True,
                choices=[
                    ("kind", "service type"),
                    ("channel", "service channel"),
                    ("segment", "customer segment"),
                    ("team", "counts for team"),
                    ("priority", "priority"),
                    ("product_line", "product line"),
                    ("is_complaint", "is a complaint"),
                    ("is_resolved", "is resolved"),
                ],
                max_length=20,
                verbose_name="fact of the event",
            ),
        ),
        migrations.AlterField(
            model_name="conditionevent",
            name="source",
            field=models.CharField(
                choices=[("answer", "an earlier answer"), ("event", "a fact of the service event")],
                default="answer",
                max_length=10,
                verbose_name="when the question",
            ),
        ),
        migrations.AlterField(
            model_name="conditionevent",
            name="value",
            field=models.CharField(
                blank=True, help_text="A score, or the ID of an option.", max_length=120, verbose_name="value"
            ),
        ),
        migrations.AlterField(
            model_name="endpage",
            name="key",
            field=models.SlugField(max_length=40, verbose_name="ID"),
        ),
        migrations.AlterField(
            model_name="endpage",
            name="redirect_url",
            field=models.URLField(
                blank=True,
                help_text="Only web addresses that the company allows. Leave empty to end on this page.",
                max_length=300,
                verbose_name="leads to",
            ),
        ),
        migrations.AlterField(
            model_name="endpageevent",
            name="key",
            field=models.SlugField(db_index=False, max_length=40, verbose_name="ID"),
        ),
        migrations.AlterField(
            model_name="endpageevent",
            name="redirect_url",
            field=models.URLField(
                blank=True,
                help_text="Only web addresses that the company allows. Leave empty to end on this page.",
                max_length=300,
                verbose_name="leads to",
            ),
        ),
        migrations.AlterField(
            model_name="eventdecision",
            name="reason",
            field=models.CharField(
                blank=True,
                choices=[
                    ("no_survey", "no survey rule matches"),
                    ("no_consent", "no consent"),
                    ("no_contact", "no contact"),
                    ("suppressed", "do-not-contact entry"),
                    ("frequency_cap", "asked recently"),
                    ("sampled_out", "not drawn for the sample"),
                    ("too_old", "past the sending limit"),
                    ("reopened", "reopened"),
                    ("excluded", "excluded"),
                    ("duplicate", "duplicate"),
                ],
                max_length=15,
                verbose_name="reason",
            ),
        ),
        migrations.AlterField(
            model_name="eventflag",
            name="flagged_at",
            field=models.DateTimeField(verbose_name="disputed at"),
        ),
        migrations.AlterField(
            model_name="eventflag",
            name="reason",
            field=models.CharField(
                choices=[
                    ("did_not_happen", "the service did not take place"),
                    ("wrong_person", "another person was served"),
                ],
                max_length=15,
                verbose_name="reason",
            ),
        ),
        migrations.AlterField(
            model_name="invitation",
            name="credited_team",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.team",
                verbose_name="counts for team",
            ),
        ),
        migrations.AlterField(
            model_name="invitation",
            name="deadline_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="send by"),
        ),
        migrations.AlterField(
            model_name="invitation",
            name="is_in_headline",
            field=models.BooleanField(default=True, verbose_name="counts toward “sent within ten minutes”"),
        ),
        migrations.AlterField(
            model_name="invitation",
            name="is_queued",
            field=models.BooleanField(default=False, editable=False, verbose_name="scheduled for sending"),
        ),
        migrations.AlterField(
            model_name="invitation",
            name="is_replayed",
            field=models.BooleanField(default=False, verbose_name="historical data"),
        ),
        migrations.AlterField(
            model_name="invitation",
            name="origin",
            field=models.CharField(
                choices=[
                    ("sent", "sent to the customer"),
                    ("open", "open link"),
                    ("interview", "filled in by staff"),
                    ("imported", "answered elsewhere"),
                ],
                default="sent",
                max_length=10,
                verbose_name="collection channel",
            ),
        ),
        migrations.AlterField(
            model_name="invitation",
            name="purpose",
            field=models.CharField(
                choices=[
                    ("survey", "questionnaire after a service"),
                    ("nps", "NPS survey"),
                    ("visit", "return visit"),
                    ("open", "open questionnaire"),
                ],
                max_length=10,
                verbose_name="survey type",
            ),
        ),
        migrations.AlterField(
            model_name="invitation",
            name="question_set",
            field=models.CharField(
                blank=True,
                editable=False,
                help_text="The set of questions that was drawn for this customer.",
                max_length=20,
                verbose_name="question rotation group",
            ),
        ),
        migrations.AlterField(
            model_name="invitation",
            name="void_reason",
            field=models.CharField(
                blank=True,
                choices=[
                    ("reopened", "the service event was reopened"),
                    ("cancelled", "the service event was cancelled"),
                    ("superseded", "the service event was superseded"),
                    ("consent_withdrawn", "the customer withdrew consent"),
                    ("withdrawn", "cancelled by staff"),
                ],
                max_length=20,
                verbose_name="reason for cancelling",
            ),
        ),
        migrations.AlterField(
            model_name="invitation",
            name="voided_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="cancelled at"),
        ),
        migrations.AlterField(
            model_name="linkvisit",
            name="quarantined_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="recognised as a program at"),
        ),
        migrations.AlterField(
            model_name="onsiteanswer",
            name="is_counted",
            field=models.BooleanField(verbose_name="counted in the main figures"),
        ),
        migrations.AlterField(
            model_name="openquestionnaire",
            name="asks_ticket_number",
            field=models.BooleanField(
                default=False,
                help_text="Customers may enter the ticket number, but do not have to.",
                verbose_name="asks for the ticket number",
            ),
        ),
        migrations.AlterField(
            model_name="openquestionnaire",
            name="closed_at",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="stopped on"),
        ),
        migrations.AlterField(
            model_name="openquestionnaire",
            name="ends_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="planned end"),
        ),
        migrations.AlterField(
            model_name="openquestionnaire",
            name="language",
            field=models.CharField(
                choices=[("zh-hans", "Simplified Chinese"), ("en", "English")],
                default="zh-hans",
                help_text="Used when the browser's language is not available here.",
                max_length=10,
                verbose_name="language",
            ),
        ),
        migrations.AlterField(
            model_name="openquestionnaire",
            name="team",
            field=models.ForeignKey(
                help_text="The team this place belongs to. It reads the answers.",
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.team",
                verbose_name="team",
            ),
        ),
        migrations.AlterField(
            model_name="openquestionnaireevent",
            name="asks_ticket_number",
            field=models.BooleanField(
                default=False,
                help_text="Customers may enter the ticket number, but do not have to.",
                verbose_name="asks for the ticket number",
            ),
        ),
        migrations.AlterField(
            model_name="openquestionnaireevent",
            name="closed_at",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="stopped on"),
        ),
        migrations.AlterField(
            model_name="openquestionnaireevent",
            name="ends_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="planned end"),
        ),
        migrations.AlterField(
            model_name="openquestionnaireevent",
            name="language",
            field=models.CharField(
                choices=[("zh-hans", "Simplified Chinese"), ("en", "English")],
                default="zh-hans",
                help_text="Used when the browser's language is not available here.",
                max_length=10,
                verbose_name="language",
            ),
        ),
        migrations.AlterField(
            model_name="openquestionnaireevent",
            name="team",
            field=models.ForeignKey(
                db_constraint=False,
                help_text="The team this place belongs to. It reads the answers.",
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="accounts.team",
                verbose_name="team",
            ),
        ),
        migrations.AlterField(
            model_name="openresponse",
            name="off_path",
            field=models.JSONField(null=True, verbose_name="answers skipped by conditions"),
        ),
        migrations.AlterField(
            model_name="openresponse",
            name="question_set",
            field=models.CharField(blank=True, max_length=20, verbose_name="question rotation group"),
        ),
        migrations.AlterField(
            model_name="question",
            name="indicator",
            field=models.ForeignKey(
                blank=True,
                help_text="Answers count toward the indicator only if its source is “Survey”. For other indicators this only says what the question is about.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="evaluations.indicator",
                verbose_name="indicator",
            ),
        ),
        migrations.AlterField(
            model_name="question",
            name="key",
            field=models.SlugField(
                help_text="Answers are stored under this ID. Do not change it when you edit the wording.",
                max_length=40,
                verbose_name="ID",
            ),
        ),
        migrations.AlterField(
            model_name="question",
            name="question_set",
            field=models.SlugField(
                blank=True,
                help_text="Each customer gets one group, chosen at random. Leave empty to ask every customer.",
                max_length=20,
                verbose_name="question rotation group",
            ),
        ),
        migrations.AlterField(
            model_name="question",
            name="type",
            field=models.CharField(
                choices=[
                    ("rating", "Rating"),
                    ("csat", "Satisfaction (CSAT)"),
                    ("nps", "Recommendation 0-10 (NPS)"),
                    ("ces", "Effort 1-7 (CES)"),
                    ("yes_no", "Yes/no question"),
                    ("choice", "Single choice"),
                    ("multiple", "Multiple choice"),
                    ("matrix", "Matrix"),
                    ("number", "Number"),
                    ("date", "Date"),
                    ("short_text", "Short text"),
                    ("text", "Long text"),
                    ("contact", "Contact"),
                    ("consent", "Consent"),
                    ("call_back", "Call-back request"),
                    ("not_mine", "Not my service"),
                    ("file", "Photo or file"),
                    ("signature", "Signature"),
                    ("section", "Section text"),
                ],
                max_length=10,
                verbose_name="type",
            ),
        ),
        migrations.AlterField(
            model_name="questionevent",
            name="indicator",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                help_text="Answers count toward the indicator only if its source is “Survey”. For other indicators this only says what the question is about.",
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="evaluations.indicator",
                verbose_name="indicator",
            ),
        ),
        migrations.AlterField(
            model_name="questionevent",
            name="key",
            field=models.SlugField(
                db_index=False,
                help_text="Answers are stored under this ID. Do not change it when you edit the wording.",
                max_length=40,
                verbose_name="ID",
            ),
        ),
        migrations.AlterField(
            model_name="questionevent",
            name="question_set",
            field=models.SlugField(
                blank=True,
                db_index=False,
                help_text="Each customer gets one group, chosen at random. Leave empty to ask every customer.",
                max_length=20,
                verbose_name="question rotation group",
            ),
        ),
        migrations.AlterField(
            model_name="questionevent",
            name="type",
            field=models.CharField(
                choices=[
                    ("rating", "Rating"),
                    ("csat", "Satisfaction (CSAT)"),
                    ("nps", "Recommendation 0-10 (NPS)"),
                    ("ces", "Effort 1-7 (CES)"),
                    ("yes_no", "Yes/no question"),
                    ("choice", "Single choice"),
                    ("multiple", "Multiple choice"),
                    ("matrix", "Matrix"),
                    ("number", "Number"),
                    ("date", "Date"),
                    ("short_text", "Short text"),
                    ("text", "Long text"),
                    ("contact", "Contact"),
                    ("consent", "Consent"),
                    ("call_back", "Call-back request"),
                    ("not_mine", "Not my service"),
                    ("file", "Photo or file"),
                    ("signature", "Signature"),
                    ("section", "Section text"),
                ],
                max_length=10,
                verbose_name="type",
            ),
        ),
        migrations.AlterField(
            model_name="questionnaire",
            name="slug",
            field=models.SlugField(max_length=60, unique=True, verbose_name="code"),
        ),
        migrations.AlterField(
            model_name="questionnaire",
            name="team",
            field=models.ForeignKey(
                blank=True,
                help_text="This team and the teams above it can change it; the teams below can use it. Leave empty to share it with the whole company.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.team",
                verbose_name="owner team",
            ),
        ),
        migrations.AlterField(
            model_name="questionnaireevent",
            name="slug",
            field=models.SlugField(db_index=False, max_length=60, verbose_name="code"),
        ),
        migrations.AlterField(
            model_name="questionnaireevent",
            name="team",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                help_text="This team and the teams above it can change it; the teams below can use it. Leave empty to share it with the whole company.",
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="accounts.team",
                verbose_name="owner team",
            ),
        ),
        migrations.AlterField(
            model_name="questionnaireversion",
            name="breaks",
            field=models.JSONField(
                blank=True,
                default=list,
                help_text="Questions whose wording or scale changed: figures before and after may not be comparable.",
                verbose_name="figures not comparable",
            ),
        ),
        migrations.AlterField(
            model_name="questionoption",
            name="asks_text",
            field=models.BooleanField(
                default=False,
                help_text="Such as “other”: the customer may say what.",
                verbose_name="asks for details",
            ),
        ),
        migrations.AlterField(
            model_name="questionoption",
            name="fulfils",
            field=models.BooleanField(
                blank=True,
                help_text="Whether this option meets the question's indicator. “Unknown” leaves the answer out of the percentage.",
                null=True,
                verbose_name="meets the indicator",
            ),
        ),
        migrations.AlterField(
            model_name="questionoption",
            name="is_exclusive",
            field=models.BooleanField(
                default=False,
                help_text="Such as “none of these”: no other goes with it.",
                verbose_name="exclusive",
            ),
        ),
        migrations.AlterField(
            model_name="questionoption",
            name="key",
            field=models.SlugField(max_length=40, verbose_name="ID"),
        ),
        migrations.AlterField(
            model_name="questionoptionevent",
            name="asks_text",
            field=models.BooleanField(
                default=False,
                help_text="Such as “other”: the customer may say what.",
                verbose_name="asks for details",
            ),
        ),
        migrations.AlterField(
            model_name="questionoptionevent",
            name="fulfils",
            field=models.BooleanField(
                blank=True,
                help_text="Whether this option meets the question's indicator. “Unknown” leaves the answer out of the percentage.",
                null=True,
                verbose_name="meets the indicator",
            ),
        ),
        migrations.AlterField(
            model_name="questionoptionevent",
            name="is_exclusive",
            field=models.BooleanField(
                default=False,
                help_text="Such as “none of these”: no other goes with it.",
                verbose_name="exclusive",
            ),
        ),
        migrations.AlterField(
            model_name="questionoptionevent",
            name="key",
            field=models.SlugField(db_index=False, max_length=40, verbose_name="ID"),
        ),
        migrations.AlterField(
            model_name="response",
            name="mode",
            field=models.CharField(
                choices=[
                    ("web", "web page"),
                    ("paper", "paper"),
                    ("phone", "phone"),
                    ("on_site", "on site"),
                    ("sms", "SMS reply"),
                    ("ivr", "key press on the phone"),
                    ("imported", "imported"),
                ],
                default="web",
                max_length=10,
                verbose_name="how it was filled in",
            ),
        ),
        migrations.AlterField(
            model_name="response",
            name="off_path",
            field=models.JSONField(null=True, verbose_name="answers skipped by conditions"),
        ),
        migrations.AlterField(
            model_name="responsedraft",
            name="mode",
            field=models.CharField(
                choices=[
                    ("web", "web page"),
                    ("paper", "paper"),
                    ("phone", "phone"),
                    ("on_site", "on site"),
                    ("sms", "SMS reply"),
                    ("ivr", "key press on the phone"),
                    ("imported", "imported"),
                ],
                default="web",
                max_length=10,
                verbose_name="how it was filled in",
            ),
        ),
        migrations.AlterField(
            model_name="responsedraft",
            name="state",
            field=models.CharField(
                choices=[
                    ("open", "in progress"),
                    ("sent", "sent"),
                    ("complete", "complete"),
                    ("partial", "partial"),
                    ("break_off", "broken off"),
                ],
                default="open",
                max_length=10,
                verbose_name="state",
            ),
        ),
        migrations.AlterField(
            model_name="responsefile",
            name="arrived_at",
            field=models.DateTimeField(verbose_name="uploaded on"),
        ),
        migrations.AlterField(
            model_name="responsesource",
            name="external_id",
            field=models.CharField(max_length=80, verbose_name="response number"),
        ),
        migrations.AlterField(
            model_name="responsetally",
            name="measure",
            field=models.CharField(
                choices=[
                    ("response", "responses"),
                    ("satisfaction", "satisfaction 1-5"),
                    ("nps", "recommendation 0-10"),
                    ("ces", "effort 1-7"),
                    ("on_site", "responses given on site, shown separately"),
                    ("on_site_csat", "satisfaction 1-5, given on site, shown separately"),
                    ("on_site_nps", "recommendation 0-10, given on site, shown separately"),
                    ("on_site_ces", "effort 1-7, given on site, shown separately"),
                ],
                max_length=15,
                verbose_name="measure",
            ),
        ),
        migrations.AlterField(
            model_name="responsetally",
            name="purpose",
            field=models.CharField(
                choices=[
                    ("survey", "questionnaire after a service"),
                    ("nps", "NPS survey"),
                    ("visit", "return visit"),
                    ("open", "open questionnaire"),
                ],
                default="survey",
                max_length=10,
                verbose_name="survey type",
            ),
        ),
        migrations.AlterField(
            model_name="survey",
            name="age_limit_hours",
            field=models.PositiveIntegerField(
                default=72,
                help_text="After this time, the customer is no longer invited.",
                verbose_name="can be sent for (hours after completion)",
            ),
        ),
        migrations.AlterField(
            model_name="survey",
            name="cap_days",
            field=models.PositiveSmallIntegerField(
                default=0,
                help_text="Minimum number of days between two invitations to the same contact. 0: no limit.",
                verbose_name="days between invitations",
            ),
        ),
        migrations.AlterField(
            model_name="survey",
            name="channels",
            field=models.ManyToManyField(
                blank=True,
                help_text="Leave empty for all.",
                related_name="+",
                to="service_events.servicechannel",
                verbose_name="service channels",
            ),
        ),
        migrations.AlterField(
            model_name="survey",
            name="complete_from_percent",
            field=models.PositiveSmallIntegerField(
                default=80,
                help_text="An unfinished response counts as complete once this share of the required questions is answered. It cannot be changed once the rule is in use.",
                validators=[django.core.validators.MaxValueValidator(100)],
                verbose_name="counts as complete from (%)",
            ),
        ),
        migrations.AlterField(
            model_name="survey",
            name="delay_minutes",
            field=models.PositiveIntegerField(
                default=0,
                help_text="With a delay, service events do not count toward “sent within ten minutes”.",
                verbose_name="delay (minutes)",
            ),
        ),
        migrations.AlterField(
            model_name="survey",
            name="delivery_channels",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(choices=[("sms", "SMS"), ("email", "Email")], max_length=10),
                default=surveys.models.survey.default_channels,
                help_text="The first channel for which we have a contact is used. If sending fails, the next one is tried.",
                size=None,
                verbose_name="Delivery channels",
            ),
        ),
        migrations.AlterField(
            model_name="survey",
            name="follow_up_at_most",
            field=models.PositiveSmallIntegerField(
                default=2,
                help_text="A satisfaction of this many points or fewer schedules a return visit. 0: never.",
                validators=[django.core.validators.MaxValueValidator(4)],
                verbose_name="call back at or below (points)",
            ),
        ),
        migrations.AlterField(
            model_name="survey",
            name="kinds",
            field=models.ManyToManyField(
                blank=True,
                help_text="Leave empty for all.",
                related_name="+",
                to="service_events.servicekind",
                verbose_name="service types",
            ),
        ),
        migrations.AlterField(
            model_name="survey",
            name="partial_from_percent",
            field=models.PositiveSmallIntegerField(
                default=50,
                help_text="From this share on, an unfinished response counts as partial; below it, as broken off. It cannot be changed once the rule is in use.",
                validators=[django.core.validators.MaxValueValidator(100)],
                verbose_name="counts as partial from (%)",
            ),
        ),
        migrations.AlterField(
            model_name="survey",
            name="position",
            field=models.PositiveSmallIntegerField(
                default=0,
                help_text="Rules are checked in this order. The first rule that matches sends the questionnaire.",
                verbose_name="position",
            ),
        ),
        migrations.AlterField(
            model_name="survey",
            name="slug",
            field=models.SlugField(max_length=60, unique=True, verbose_name="code"),
        ),
        migrations.AlterField(
            model_name="survey",
            name="team",
            field=models.ForeignKey(
                blank=True,
                help_text="Sends for service events of this team and the teams below it; this team and the teams above it can change it. Leave empty to share it with the whole company.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.team",
                verbose_name="team",
            ),
        ),
        migrations.AlterField(
            model_name="surveyevent",
            name="age_limit_hours",
            field=models.PositiveIntegerField(
                default=72,
                help_text="After this time, the customer is no longer invited.",
                verbose_name="can be sent for (hours after completion)",
            ),
        ),
        migrations.AlterField(
            model_name="surveyevent",
            name="cap_days",
            field=models.PositiveSmallIntegerField(
                default=0,
                help_text="Minimum number of days between two invitations to the same contact. 0: no limit.",
                verbose_name="days between invitations",
            ),
        ),
        migrations.AlterField(
            model_name="surveyevent",
            name="complete_from_percent",
            field=models.PositiveSmallIntegerField(
                default=80,
                help_text="An unfinished response counts as complete once this share of the required questions is answered. It cannot be changed once the rule is in use.",
                validators=[django.core.validators.MaxValueValidator(100)],
                verbose_name="counts as complete from (%)",
            ),
        ),
        migrations.AlterField(
            model_name="surveyevent",
            name="delay_minutes",
            field=models.PositiveIntegerField(
                default=0,
                help_text="With a delay, service events do not count toward “sent within ten minutes”.",
                verbose_name="delay (minutes)",
            ),
        ),
        migrations.AlterField(
            model_name="surveyevent",
            name="delivery_channels",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(choices=[("sms", "SMS"), ("email", "Email")], max_length=10),
                default=surveys.models.survey.default_channels,
                help_text="The first channel for which we have a contact is used. If sending fails, the next one is tried.",
                size=None,
                verbose_name="Delivery channels",
            ),
        ),
        migrations.AlterField(
            model_name="surveyevent",
            name="follow_up_at_most",
            field=models.PositiveSmallIntegerField(
                default=2,
                help_text="A satisfaction of this many points or fewer schedules a return visit. 0: never.",
                validators=[django.core.validators.MaxValueValidator(4)],
                verbose_name="call back at or below (points)",
            ),
        ),
        migrations.AlterField(
            model_name="surveyevent",
            name="partial_from_percent",
            field=models.PositiveSmallIntegerField(
                default=50,
                help_text="From this share on, an unfinished response counts as partial; below it, as broken off. It cannot be changed once the rule is in use.",
                validators=[django.core.validators.MaxValueValidator(100)],
                verbose_name="counts as partial from (%)",
            ),
        ),
        migrations.AlterField(
            model_name="surveyevent",
            name="position",
            field=models.PositiveSmallIntegerField(
                default=0,
                help_text="Rules are checked in this order. The first rule that matches sends the questionnaire.",
                verbose_name="position",
            ),
        ),
        migrations.AlterField(
            model_name="surveyevent",
            name="slug",
            field=models.SlugField(db_index=False, max_length=60, verbose_name="code"),
        ),
        migrations.AlterField(
            model_name="surveyevent",
            name="team",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                help_text="Sends for service events of this team and the teams below it; this team and the teams above it can change it. Leave empty to share it with the whole company.",
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="accounts.team",
                verbose_name="team",
            ),
        ),
        migrations.AlterField(
            model_name="transitioneffect",
            name="outcome",
            field=models.CharField(
                choices=[
                    ("voided", "the unsent invitation was cancelled"),
                    ("kept", "the invitation had been sent or was answered"),
                    ("moved", "its rows moved to the other team"),
                    ("none", "nothing was to be done"),
                ],
                max_length=10,
                verbose_name="outcome",
            ),
        ),
        migrations.AlterField(
            model_name="transitioneffect",
            name="transition",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                primary_key=True,
                related_name="effect",
                serialize=False,
                to="service_events.serviceeventtransition",
                verbose_name="later change",
            ),
        ),
    ]
