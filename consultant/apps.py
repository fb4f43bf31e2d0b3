from django.apps import AppConfig


class ConsultantConfig(AppConfig):
    name = "consultant"
    verbose_name = "Consultant"

    def ready(self) -> None:
        from consultant import checks  # noqa: F401  (registers the system checks)
