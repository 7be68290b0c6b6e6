uninstall() {
  CONFIG=${CONFIG:-$(recorded config)}
  CONFIG=${CONFIG:-$OWN_CONFIG}
  if [ ! -e "$ETC/installed" ] && [ ! -e "$OPT" ]; then
    say 'There is no Fleetvisor agent here.'
    return 0
  fi
  [ -n "$NODE" ] || NODE=$(sed -n "s/^exec '\([^']*\)'.*/\1/p" "$BIN/fleetvisord" 2>/dev/null | tail -n 1)
  NODE=${NODE:-node}
  IDENTITY=$(identity_of)
  name=''
  ! has_joined || name=$(name_of)
  stop_service
  did 'the agent and its programs are stopped'
  give_back
  keep_changed_config
  run rm -f "$UNIT" "$INIT"
  ! has_systemd || run systemctl daemon-reload
  for command in fleetvisord fleetvisorctl; do
    if grep -qs 'part of the Fleetvisor agent' "$BIN/$command"; then run rm -f "$BIN/$command"; fi
  done
  user=$(recorded user)
  run rm -rf "$OPT" "$ETC" "$STATE" "$RUN"
  [ "$(id -u)" != 0 ] || [ ! -d "$LOGS" ] || run chown -R root:root "$LOGS"
  if [ -n "$user" ]; then
    if command -v userdel >/dev/null; then run userdel "$user"; else run deluser "$user"; fi
  fi
  did 'removed: programs, configuration, identity, service'
  if [ -z "$(ls -A "$LOGS" 2>/dev/null)" ]; then run rm -rf "$LOGS"; else say "Kept: the logs in $LOGS"; fi
  [ -z "$name" ] || say "The hub still lists this host: remove it there with  fleetvisor hosts remove $name"
}

# As it is written where the agent reads it.
name_of() {
  for file in "$CONFIG" "$(recorded include)"; do
    [ -n "$file" ] || continue
    has=$(in_config "$file" fleetvisor name)
    [ -z "$has" ] || { printf '%s' "$has"; return 0; }
  done
  uname -n
}

# Somebody wrote it: it goes beside the logs instead of away.
keep_changed_config() {
  [ -d "$ETC" ] || return 0
  own_config_is_used || return 0
  run rm -rf "$LOGS/removed-configuration"
  run mkdir -p "$LOGS/removed-configuration"
  run cp -R "$ETC/conf.d" "$LOGS/removed-configuration/"
  [ ! -e "$OWN_CONFIG" ] || run cp "$OWN_CONFIG" "$LOGS/removed-configuration/"
  did "your configuration is kept in $LOGS/removed-configuration"
}
