FROM python:3.12-slim

RUN useradd --create-home --uid 1000 vertebra \
    && install -d -o vertebra -g vertebra -m 700 /data
WORKDIR /app
COPY requirements/run.txt requirements/analytics.txt requirements/
RUN pip install --no-cache-dir --require-hashes -r requirements/run.txt -r requirements/analytics.txt
COPY CHANGELOG.md ./
COPY vertebra/ vertebra/
RUN python -m compileall -q vertebra \
    && printf '#!/usr/local/bin/python\nfrom vertebra.cli import main\n\nmain()\n' > /usr/local/bin/vertebra \
    && chmod +x /usr/local/bin/vertebra

USER vertebra
ENV PYTHONPATH=/app PYTHONUNBUFFERED=1 VERTEBRA_DATA=/data VERTEBRA_LOG_FORMAT=json
VOLUME /data
EXPOSE 8000
CMD ["vertebra", "serve", "--host", "0.0.0.0", "--port", "8000"]
