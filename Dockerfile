# syntax=docker/dockerfile:1
# One image for every program of the house: `forfald run payments`, `forfald ingress`, ...
# deploy/runtime.lock decides every version, by hash, and leaves the tools of development out.

FROM python:3.11.14-slim-bookworm AS build
WORKDIR /build
COPY deploy/runtime.lock ./
RUN python -m venv /opt/forfald \
    && /opt/forfald/bin/pip install --no-cache-dir --no-deps --only-binary :all: \
        --require-hashes --requirement runtime.lock

COPY LICENSE /app/
COPY forfald /app/forfald
COPY shared /app/shared
COPY services /app/services
COPY simulators /app/simulators
# Compiled here, since the finished image runs on a file system that it cannot write to.
RUN /opt/forfald/bin/python -m compileall -q /app

FROM python:3.11.14-slim-bookworm
ENV PATH=/opt/forfald/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    PYTHONPATH=/app \
    FORFALD_LISTEN_HOST=0.0.0.0
COPY --from=build /opt/forfald /opt/forfald
COPY --from=build /app /app
# What the simulators keep; a volume mounted here takes over the owner.
RUN install --directory --owner=10001 --group=10001 --mode=0700 /var/lib/forfald
WORKDIR /var/lib/forfald
USER 10001:10001
EXPOSE 8000
# SIGTERM ends a program once it has answered what it was asked.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import urllib.request as web; web.urlopen('http://127.0.0.1:8000/readyz', timeout=2)"]
ENTRYPOINT ["python", "-m", "forfald"]
CMD ["--help"]
