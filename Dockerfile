# Two images: `hub`, and `agent`, which carries no SQLite, no express and no compiler.
FROM node:20-bookworm AS build
WORKDIR /app
COPY . .
RUN npm ci --no-audit --no-fund && npm run build && npm prune --omit=dev

FROM node:20-bookworm-slim AS hub
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/migrations ./migrations
COPY --from=build /app/dist ./dist
RUN mkdir /data /state && chown node:node /data /state && ln -s /app/dist/fleetvisor.js /usr/local/bin/fleetvisor
USER node
# Also for "docker exec … fleetvisor hub join-token". Loopback would be that of the container: the hub listens on all
# addresses and so asks for TLS (FLEETVISOR_TLS_CERT and _KEY), a proxy (FLEETVISOR_TRUST_PROXY=1) or FLEETVISOR_INSECURE=yes.
ENV FLEETVISOR_DATA=/data FLEETVISOR_HOST=0.0.0.0 NODE_OPTIONS=--max-semi-space-size=4 MALLOC_ARENA_MAX=1
VOLUME /data
EXPOSE 7373
ENTRYPOINT ["fleetvisor"]
CMD ["hub", "run"]

FROM node:20-bookworm-slim AS agent
WORKDIR /app
COPY --from=build /app/agent/package.json ./
COPY --from=build /app/node_modules/koffi ./node_modules/koffi
COPY --from=build /app/node_modules/@koromix ./node_modules/@koromix
COPY --from=build /app/agent/dist ./dist
COPY demo ./demo
RUN ln -s /app/dist/fleetvisord.js /usr/local/bin/fleetvisord && ln -s /app/dist/fleetvisorctl.js /usr/local/bin/fleetvisorctl
ENTRYPOINT ["fleetvisord", "-n"]
CMD ["-c", "/etc/supervisord.conf"]
