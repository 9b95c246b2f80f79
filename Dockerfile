FROM node:22-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json nest-cli.json ormconfig.ts ./
COPY migrations migrations
COPY src src
RUN npm run build

FROM node:22-slim
# Inside a container 127.0.0.1 is out of everybody's reach.
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --no-audit --no-fund && npm cache clean --force
COPY --from=build /app/dist dist
# For `node scripts/migrate.mjs up`, which is run once before the instances of a new version start.
COPY scripts scripts
USER node
EXPOSE 3000
# The image has no curl. Only life is asked for: a restart would not bring a lost database back.
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health/live`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
# Left to itself the heap of a machine with much memory grows by what nobody needs any more.
CMD ["node", "--max-old-space-size=512", "dist/src/main.js"]
