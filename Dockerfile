# Debian rather than Alpine: its C library and memory allocator are those the suites run on.
FROM node:22-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
# No package of ours needs its install script.
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json nest-cli.json ormconfig.ts ./
COPY migrations migrations
COPY src src
# Maps lead to sources, which the image does not have.
RUN npm run build && find dist -name '*.map' -delete

FROM node:22-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund \
  && find node_modules -type f \( -name '*.map' -o -name '*.md' -o -name '*.d.ts' \) -delete

FROM node:22-bookworm-slim
# Inside a container 127.0.0.1 is out of everybody's reach.
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000
WORKDIR /app
COPY package.json package-lock.json ./
COPY --from=packages /app/node_modules node_modules
COPY --from=build /app/dist dist
# For `node scripts/migrate.mjs up`, which is run once before the instances of a new version start, and
# for `node scripts/keys.mjs`.
COPY scripts/migrate.mjs scripts/keys.mjs scripts/
COPY scripts/lib scripts/lib
USER node
EXPOSE 3000
# The image has no curl. Only life is asked for: a restart would not bring a lost database back.
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health/live`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
# Left to itself the heap of a machine with much memory grows by what nobody needs any more.
CMD ["node", "--max-old-space-size=512", "dist/src/main.js"]
