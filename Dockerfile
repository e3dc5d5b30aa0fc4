# One file for every image: docker build --target gateway|ticketing|notifications|turno .
# It keeps to what the classic builder understands too, hence no cache mounts.

FROM node:24-bookworm-slim AS build
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
# pnpm's notes about the machine and the minute would make every image a new one; types and source maps are for who writes.
RUN for name in gateway ticketing notifications cli; do \
    pnpm --filter "@turno/$name" --prod deploy --offline --ignore-scripts --reporter=append-only --loglevel=warn "/deploy/$name" \
    && cd "/deploy/$name" \
    && rm -f pnpm-lock.yaml pnpm-workspace.yaml node_modules/.modules.yaml node_modules/.pnpm-workspace-state*.json \
    && find . -type f \( -name '*.map' -o -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' \) -delete \
    && cd /src || exit 1; \
  done

FROM node:24-bookworm-slim AS runtime
ENV NODE_ENV=production
WORKDIR /app
USER node
STOPSIGNAL SIGTERM

# The operator's program: docker compose run --rm migrate turno --help
FROM runtime AS turno
USER root
RUN printf '#!/bin/sh\nexec node --conditions=built /app/dist/turno.js "$@"\n' >/usr/local/bin/turno && chmod 755 /usr/local/bin/turno
USER node
COPY --from=build /deploy/cli ./
CMD ["turno", "--help"]

FROM runtime AS service
HEALTHCHECK --interval=5s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch(process.env.READYZ_URL).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--conditions=built", "--max-semi-space-size=4", "--max-old-space-size=256", "dist/start.js"]

FROM service AS ticketing
ENV READYZ_URL=http://127.0.0.1:9101/readyz
EXPOSE 9101
COPY --from=build /deploy/ticketing ./

FROM service AS notifications
ENV READYZ_URL=http://127.0.0.1:9102/readyz
EXPOSE 3002 9102
COPY --from=build /deploy/notifications ./

FROM service AS gateway
ENV READYZ_URL=http://127.0.0.1:9100/readyz
EXPOSE 3000 9100
COPY --from=build /deploy/gateway ./
