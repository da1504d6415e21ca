# docker build -t fieldline . && docker run --rm -v "$PWD:/estate:ro" fieldline check
FROM python:3.11-slim AS build
WORKDIR /source
COPY . .
RUN python -m venv /opt/fieldline \
    && /opt/fieldline/bin/python -m pip install --no-cache-dir --disable-pip-version-check --require-hashes --requirement constraints.txt \
    && /opt/fieldline/bin/python -m pip install --no-cache-dir --disable-pip-version-check --no-deps --no-build-isolation . \
    && /opt/fieldline/bin/python -m pip uninstall --yes setuptools pip

FROM python:3.11-slim
# git reads revisions for `fieldline diff`; the estate is mounted, and its files belong to somebody else.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends git \
    && rm -rf /var/lib/apt/lists/* \
    && git config --system --add safe.directory /estate \
    && useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin fieldline
COPY --from=build /opt/fieldline /opt/fieldline
ENV PATH=/opt/fieldline/bin:$PATH
USER 10001:10001
WORKDIR /estate
ENTRYPOINT ["fieldline"]
CMD ["--help"]
