"""The desk as a WSGI application: for waitress in `consultant demo` and `up`, for gunicorn in production."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "consultant.settings")

application = get_wsgi_application()
