# docker build -t fieldline . && docker run --rm -v "$PWD:/estate:ro" fieldline check
# docker build -t fieldline-desk --target desk . && docker run --rm -p 127.0.0.1:8000:8000 -v "$PWD:/estate:ro" -v fieldline:/data fieldline-desk
FROM python:3.11-slim AS source
WORKDIR /source
COPY . .
RUN python -m venv /opt/fieldline

FROM source AS build
RUN /opt/fieldline/bin/python -m pip install --no-cache-dir --disable-pip-version-check --require-hashes --requirement constraints.txt \
    && /opt/fieldline/bin/python -m pip install --no-cache-dir --disable-pip-version-check --no-deps --no-build-isolation . \
    && /opt/fieldline/bin/python -m pip uninstall --yes setuptools pip

FROM source AS build-desk
RUN /opt/fieldline/bin/python -m pip install --no-cache-dir --disable-pip-version-check --require-hashes --requirement constraints-desk.txt \
    && /opt/fieldline/bin/python -m pip install --no-cache-dir --disable-pip-version-check --no-deps --no-build-isolation . \
    && /opt/fieldline/bin/python -m pip uninstall --yes setuptools pip

FROM python:3.11-slim AS system
# git reads revisions for `fieldline diff`; the estate is mounted, and its files belong to somebody else.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends git \
    && rm -rf /var/lib/apt/lists/* \
    && git config --system --add safe.directory /estate \
    && useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin fieldline \
    && install --directory --owner 10001 --group 10001 /data
ENV PATH=/opt/fieldline/bin:$PATH
WORKDIR /estate

# The desk, behind a proxy: its cases are kept in /data (`cases: /data/cases.sqlite`), its settings are the estate's desk.yaml.
FROM system AS desk
COPY --from=build-desk /opt/fieldline /opt/fieldline
USER 10001:10001
VOLUME /data
EXPOSE 8000
ENTRYPOINT ["fieldline"]
CMD ["serve", "--host", "0.0.0.0", "--desk", "desk.yaml", "--log-format", "json"]

FROM system
COPY --from=build /opt/fieldline /opt/fieldline
USER 10001:10001
ENTRYPOINT ["fieldline"]
CMD ["--help"]
