# One file for every image: docker build --target gateway|ticketing|notifications|turno .
# It keeps to what the classic builder understands too, hence no cache mounts.

# A build that is to be the same for ever names this image by its digest: --build-arg NODE_IMAGE=node@sha256:…
ARG NODE_IMAGE=node:24-bookworm-slim

FROM $NODE_IMAGE AS build
WORKDIR /src
# packageManager in package.json is the one place that names pnpm's version; it is not to look for another by itself.
ENV PNPM_CONFIG_PM_ON_FAIL=ignore
COPY package.json ./
RUN npm install --global --no-fund --no-audit --no-update-notifier "$(node -p 'require("./package.json").packageManager')"
# Downloads depend on the lockfile alone, so that a change of the sources does not repeat them.
COPY pnpm-lock.yaml pnpm-workspace.yaml ./
COPY patches ./patches
RUN pnpm fetch --reporter=append-only --loglevel=warn
COPY . .
# Without install scripts: all they would fetch is another Node.js.
RUN pnpm install --frozen-lockfile --offline --ignore-scripts --reporter=append-only --loglevel=warn \
  && node node_modules/typescript/bin/tsc --build tsconfig.build.json
# pnpm's notes about the machine and the minute would make every image a new one. What nobody runs stays behind: types,
# sources, maps and pages of packages, bundles for browsers, and the second copy of AWS's packages (Node.js takes dist-cjs).
RUN for name in gateway ticketing notifications cli; do \
    pnpm --filter "@turno/$name" --prod deploy --offline --ignore-scripts --reporter=append-only --loglevel=warn "/deploy/$name" \
    && cd "/deploy/$name" \
    && rm -f pnpm-lock.yaml pnpm-workspace.yaml node_modules/.modules.yaml node_modules/.pnpm-workspace-state*.json \
    && find node_modules -type f \( -name '*.ts' -o -name '*.mts' -o -name '*.cts' -o -name '*.map' -o -iname 'readme*' \
      -o -iname 'changelog*' -o -iname 'history.md' \) -delete \
    && find node_modules -type d \( -path '*/libphonenumber-js/bundle' -o -path '*/@aws-sdk/*/dist-es' -o -path '*/@smithy/*/dist-es' \
      -o -path '*/@aws-sdk/*/dist-types' -o -path '*/@smithy/*/dist-types' \) -prune -exec rm -r {} + \
    && find node_modules -type d -empty -delete \
    && cd /src || exit 1; \
  done
# What each image is made of, for scanners. Without its number and its minute, so that the same sources make the same image.
RUN for name in gateway ticketing notifications cli; do \
    pnpm --filter "@turno/$name" sbom --prod --sbom-format cyclonedx --sbom-type application --out /tmp/sbom.json \
    && node -p 'const { serialNumber, metadata, ...sbom } = require("/tmp/sbom.json"); delete metadata.timestamp; \
      JSON.stringify({ ...sbom, metadata })' >"/deploy/$name/sbom.cdx.json" || exit 1; \
  done

# Node.js and the libraries that it is linked with. No shell, no package manager, no set-uid program: what there is not
# needs no update, and serves no intruder.
FROM $NODE_IMAGE AS parts
RUN mkdir -p /node/etc /node/tmp /operator/bin /operator/usr/local/bin \
  && chmod 1777 /node/tmp \
  && cp --parents --dereference /usr/local/bin/node $(ldd /usr/local/bin/node | grep -o '/[^ ]*') /node \
  && printf 'node:x:1000:1000::/app:\n' >/node/etc/passwd \
  && printf 'node:x:1000:\n' >/node/etc/group
# Operators run commands in a row, for which their image has a shell.
RUN cp --dereference /bin/sh /operator/bin/sh \
  && printf '#!/bin/sh\nexec node --conditions=built /app/dist/turno.js "$@"\n' >/operator/usr/local/bin/turno \
  && chmod 755 /operator/usr/local/bin/turno

FROM scratch AS runtime
COPY --from=parts /node /
ARG VERSION=0.1.0
ARG REVISION=unknown
ARG SOURCE=
LABEL org.opencontainers.image.version="$VERSION" \
  org.opencontainers.image.revision="$REVISION" \
  org.opencontainers.image.source="$SOURCE" \
  org.opencontainers.image.licenses="MIT" \
  org.opencontainers.image.vendor="Turno" \
  org.opencontainers.image.base.name="docker.io/library/node:24-bookworm-slim"
ENV NODE_ENV=production PATH=/usr/local/bin:/bin MALLOC_ARENA_MAX=1
WORKDIR /app
# The user node, by number: Kubernetes takes only that for proof that it is not root.
USER 1000:1000
STOPSIGNAL SIGTERM

# The operator's program: docker compose run --rm migrate turno --help
FROM runtime AS turno
LABEL org.opencontainers.image.title="turno" \
  org.opencontainers.image.description="Turno's operator program: accounts, migrations, catalogue, customers, dead letters, SMS."
COPY --from=parts /operator /
COPY .env.example ./
COPY --from=build /deploy/cli ./
CMD ["turno", "--help"]

FROM runtime AS service
HEALTHCHECK --interval=5s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch(process.env.READYZ_URL).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]

FROM service AS ticketing
LABEL org.opencontainers.image.title="turno-ticketing" \
  org.opencontainers.image.description="Gives tickets their numbers, stores them, and announces them."
ENV READYZ_URL=http://127.0.0.1:9101/readyz
EXPOSE 9101
COPY --from=build /deploy/ticketing ./
CMD ["node", "--conditions=built", "--max-semi-space-size=8", "--max-old-space-size=256", "dist/start.js"]

FROM service AS notifications
LABEL org.opencontainers.image.title="turno-notifications" \
  org.opencontainers.image.description="Sends the SMS of tickets, and takes the providers' callbacks."
ENV READYZ_URL=http://127.0.0.1:9102/readyz
EXPOSE 3002 9102
COPY --from=build /deploy/notifications ./
CMD ["node", "--conditions=built", "--max-semi-space-size=4", "--max-old-space-size=256", "dist/start.js"]

FROM service AS gateway
LABEL org.opencontainers.image.title="turno-gateway" \
  org.opencontainers.image.description="Turno's public API over HTTP."
ENV READYZ_URL=http://127.0.0.1:9100/readyz
EXPOSE 3000 9100
COPY --from=build /deploy/gateway ./
CMD ["node", "--conditions=built", "--max-semi-space-size=8", "--max-old-space-size=256", "dist/start.js"]
