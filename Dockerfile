# orch-sync as an image: no shell is needed to run it, it is not root, and its file system may be read-only.
#
#   docker build --tag orch-sync .
#   mkdir -p .orch-sync
#   docker run --rm --read-only --tmpfs /tmp --user "$(id -u):$(id -g)" \
#     --volume "$PWD:/project:ro" --volume "$PWD/.orch-sync:/project/.orch-sync" \
#     --env ORCH_CLIENT_ID --env ORCH_CLIENT_SECRET orch-sync plan --target prod
#
# It writes to two places: /tmp (large sets while they are planned; another one with TMPDIR) and .orch-sync beside the
# config (journals). `npm run check:image` runs these steps without an engine.
# Pinned by version; pin the digest that your registry has of it when you mirror it.
FROM node:24.21.0-trixie-slim AS build
WORKDIR /build
COPY package.json package-lock.json ./
COPY tools/node tools/node
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY scripts/build.mjs scripts/build.mjs
COPY src src
COPY schemas schemas
RUN npm run build

FROM node:24.21.0-trixie-slim AS dependencies
WORKDIR /dependencies
COPY package.json package-lock.json ./
COPY tools/node tools/node
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund

FROM node:24.21.0-trixie-slim
WORKDIR /opt/orch-sync
COPY package.json LICENSE README.md ./
COPY schemas schemas
COPY templates templates
COPY --from=dependencies /dependencies/node_modules node_modules
COPY --from=build /build/dist dist
ENV NODE_ENV=production
WORKDIR /project
USER 65532:65532
ENTRYPOINT ["node", "/opt/orch-sync/dist/bin.js"]
CMD ["--help"]
