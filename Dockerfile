# Debian rather than Alpine, because the tests run on its C library and memory allocator.
FROM node:22-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
# No package needs its install script.
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json nest-cli.json ormconfig.ts ./
COPY migrations migrations
COPY src src
# Source maps point to sources, which the image does not contain.
RUN npm run build && find dist -name '*.map' -delete

FROM node:22-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund \
  && find node_modules -type f \( -name '*.map' -o -name '*.md' -o -name '*.d.ts' \) -delete

FROM node:22-bookworm-slim
# Nothing outside the container can reach 127.0.0.1.
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000
WORKDIR /app
COPY package.json package-lock.json ./
COPY --from=packages /app/node_modules node_modules
COPY --from=build /app/dist dist
# For `node scripts/migrate.mjs up`, run once before the instances of a new version start, and for
# `node scripts/keys.mjs` and `node scripts/repair.mjs`.
COPY scripts/migrate.mjs scripts/keys.mjs scripts/repair.mjs scripts/
COPY scripts/lib scripts/lib
USER node
EXPOSE 3000
# The image has no curl. Checks liveness only: a restart would not bring back a lost database.
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health/live`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
# On a machine with much memory, an unlimited heap fills with garbage.
CMD ["node", "--max-old-space-size=512", "dist/src/main.js"]
