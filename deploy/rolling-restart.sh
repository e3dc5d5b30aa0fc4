#!/bin/sh
# Replaces the instances of services by new ones, of the images and the configuration as they are now, so that no request
# fails: a new one starts beside the old, and only when it is ready does an old one stop, in order.
#
#   deploy/rolling-restart.sh                  all three, in the order that suits an upgrade
#   deploy/rolling-restart.sh ticketing        one of them
#
# A service that has a fixed port of this machine cannot have a second instance beside the first. Run several gateways behind
# the proxy (docs/compose.md); where notifications has a fixed port it is restarted in its place: SMS wait meanwhile.
# COMPOSE_FILE, COMPOSE_PROJECT_NAME and the like are heeded as by docker compose.
set -eu

has_fixed_port() {
  docker inspect --format '{{range .HostConfig.PortBindings}}{{range .}}{{.HostPort}} {{end}}{{end}}' "$1" | grep -q '[1-9]'
}

restart() {
  old=$(docker compose ps --quiet "$1")
  [ -n "$old" ] || { echo "$1 does not run: docker compose up --detach $1" >&2; exit 1; }
  count=$(echo "$old" | wc -l)
  if has_fixed_port "$(echo "$old" | head -n 1)"; then
    echo "$1: one instance, restarted in its place"
    docker compose up --detach --no-deps --force-recreate --wait "$1"
    return
  fi
  echo "$1: $count, one after the other"
  for container in $old; do
    docker compose up --detach --no-deps --no-recreate --wait --scale "$1=$((count + 1))" "$1"
    # Whoever stands before it has to have seen the new one.
    sleep 3
    docker stop "$container" >/dev/null
    docker rm "$container" >/dev/null
  done
}

# Ticketing first: it understands what older gateways ask, and notifications what older ticketing announces.
for service in ${*:-ticketing notifications gateway}; do restart "$service"; done
