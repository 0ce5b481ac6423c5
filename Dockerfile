# Two images: `floyd` (web, media, worker, beat) and `sandbox` (the stand-ins, which share nothing with it but libraries).
FROM python:3.11-slim AS libraries
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /venv
COPY requirements.txt /build/
RUN /venv/bin/pip install --require-hashes -r /build/requirements.txt

FROM libraries AS sandbox-libraries
COPY requirements-sandbox.txt /build/
RUN /venv/bin/pip install --require-hashes -r /build/requirements-sandbox.txt

FROM python:3.11-slim AS base
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
RUN useradd --system --create-home --home-dir /home/floyd floyd
WORKDIR /app

FROM base AS sandbox
COPY --from=sandbox-libraries /venv /venv
COPY sandbox /app/sandbox
COPY static/fonts /app/static/fonts
USER floyd
EXPOSE 9000 9001
CMD ["python", "-m", "sandbox", "--bind", "0.0.0.0"]

FROM base AS floyd
COPY --from=libraries /venv /venv
COPY . /app
# Settings want values; collecting static files uses none of them.
RUN rm -rf sandbox tests bench \
 && SECRET_KEY=build DATABASE_URL=postgresql:///build REDIS_URL=redis://build python manage.py collectstatic --no-input -v 0 \
 && install -d -o floyd /var/cache/floyd
ENV PHRASE_CACHE=/var/cache/floyd/phrases
USER floyd
EXPOSE 8000 8001
CMD ["python", "-m", "floyd_site.serve", "--host", "0.0.0.0", "--port", "8000"]
