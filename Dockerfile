# One image for every service of docker-compose.yml. The environment is made in the first stage; the second has no compiler, no
# pip cache and no source tree, and runs as a user that may write nowhere but in /data.
FROM python:3.11-slim-bookworm AS build
RUN python -m venv /venv
WORKDIR /source
COPY requirements/production.lock requirements/
RUN /venv/bin/pip install --no-cache-dir --require-hashes -r requirements/production.lock
COPY LICENSE README.md pyproject.toml worker.py ./
COPY consultant consultant
RUN /venv/bin/pip install --no-cache-dir --no-index --no-deps --no-build-isolation .

FROM python:3.11-slim-bookworm
RUN groupadd --system --gid 10001 consultant \
    && useradd --system --uid 10001 --gid consultant --home-dir /data --shell /usr/sbin/nologin consultant \
    && install -d -o consultant -g consultant -m 750 /data
COPY --from=build /venv /venv
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=consultant.settings \
    CONSULTANT_DATA=/data
WORKDIR /data
VOLUME /data
USER consultant
EXPOSE 8000 2525
# The desk's own health page; docker-compose.yml has a check of its own for the services that have no page.
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/health', timeout=4)"]
CMD ["gunicorn", "consultant.web.wsgi:application", "--bind", "0.0.0.0:8000"]
