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
RUN mkdir /data /state && chown node:node /data /state
USER node
ENV NODE_OPTIONS=--max-semi-space-size=4
VOLUME /data
EXPOSE 7373
ENTRYPOINT ["node", "dist/fleetvisor.js"]
CMD ["hub", "run", "--data", "/data"]

FROM node:20-bookworm-slim AS agent
WORKDIR /app
COPY --from=build /app/node_modules/koffi ./node_modules/koffi
COPY --from=build /app/node_modules/@koromix ./node_modules/@koromix
COPY --from=build /app/agent/dist ./dist
COPY demo ./demo
ENTRYPOINT ["node", "dist/fleetvisord.js", "-n"]
CMD ["-c", "/etc/supervisord.conf"]
