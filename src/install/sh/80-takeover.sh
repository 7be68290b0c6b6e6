# Where Debian, RHEL and pip put it.
stock_config() {
  for file in "$ROOT/etc/supervisor/supervisord.conf" "$ROOT/etc/supervisord.conf"; do
    [ ! -r "$file" ] || { printf '%s' "$file"; return 0; }
  done
}

# stock_pid CONFIG: of the supervisord that runs on it, by its pidfile; not of the agent.
stock_pid() {
  file=$(in_config "$1" supervisord pidfile)
  [ -n "$file" ] && [ -r "$file" ] || return 0
  pid=$(tr -cd '0-9' <"$file")
  command=$(tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null || true)
  case $command in
    *fleetvisord*) ;;
    *supervisord*) printf '%s' "$pid" ;;
  esac
}

stock_service() {
  has_systemd || return 0
  for service in supervisor supervisord; do
    if systemctl cat "$service" >/dev/null 2>&1; then printf '%s' "$service"; return 0; fi
  done
}

# An installed supervisord is left alone unless --takeover was said; that is said.
mention_stock() {
  [ "$TAKEOVER" = no ] || return 0
  other=$(stock_config)
  if [ "$CONFIG" != "$OWN_CONFIG" ] && [ -n "$(stock_pid "$CONFIG")" ]; then
    fail "a supervisord runs on $CONFIG (pid $(stock_pid "$CONFIG"))" 'let the agent take its programs over with --takeover, or stop it first'
  fi
  [ -n "$other" ] && [ "$other" != "$CONFIG" ] || return 0
  note "the supervisord of $other goes on as before; --takeover gives its programs to the agent"
}

# An agent that was installed without --takeover changes over to the stock configuration and stays the host it is.
plan_to_leave_own_config() {
  ! own_config_is_used || fail "the agent has a configuration of its own here, $OWN_CONFIG and $ETC/conf.d" \
    '--uninstall keeps it beside the logs: put its programs where supervisord has its own, then run this line again'
  LEAVES_OWN_CONFIG=yes
  CONFIG=''
  has=$(in_config "$OWN_CONFIG" fleetvisor name)
  [ "$NAMED" = yes ] || NAME=${has:-$NAME}
}

leave_own_config() {
  [ "$LEAVES_OWN_CONFIG" = yes ] || return 0
  stop_service
  run rm -f "$OWN_CONFIG"
  did "the agent leaves $OWN_CONFIG for $CONFIG"
}

# Somebody has written programs or settings.
own_config_is_used() {
  [ -z "$(ls -A "$ETC/conf.d" 2>/dev/null)" ] || return 0
  [ -e "$OWN_CONFIG" ] && [ "$(sum_of "$OWN_CONFIG")" != "$(recorded config_sum)" ]
}

# Stops and disables the stock one, remembering how it was.
take_over() {
  [ "$TAKEOVER" = yes ] && [ "$CONFIG" != "$OWN_CONFIG" ] || return 0
  pid=$(stock_pid "$CONFIG")
  service=$(stock_service)
  if [ -z "$pid$service" ]; then
    kept "no supervisord runs on $CONFIG"
    return 0
  fi
  if [ -n "$(recorded stock)" ] && [ -z "$pid" ]; then
    kept "$CONFIG was taken over before"
    return 0
  fi
  remember_stock "$pid" "$service"
  say "     stopping supervisord${pid:+ (pid $pid)}; its programs end with it and the agent starts them again"
  [ -z "$service" ] || run systemctl disable --quiet --now "$service"
  [ -z "$pid" ] || end_stock "$pid"
  did "supervisord of $CONFIG is stopped and will not start at boot"
}

remember_stock() {
  if [ -n "$2" ]; then
    record stock "service $2 $(systemctl is-enabled "$2" 2>/dev/null || true)"
  else
    program=$(tr '\0' '\n' <"/proc/$1/cmdline" | grep '/supervisord$' | head -n 1)
    record stock "by-hand ${program:-supervisord}"
  fi
}

end_stock() {
  [ "$DRY" = no ] || return 0
  kill -TERM "$1" 2>/dev/null || return 0
  seconds=0
  while kill -0 "$1" 2>/dev/null && [ "$(cut -d ' ' -f 3 "/proc/$1/stat" 2>/dev/null)" != Z ]; do
    seconds=$((seconds + 1))
    [ "$seconds" -le 120 ] || fail "supervisord (pid $1) does not stop" 'see supervisorctl status for what holds it up, then run this again'
    sleep 1
  done
}

# The way back: our file out of its configuration, then as it was before.
give_back() {
  stock=$(recorded stock)
  file=$(recorded include)
  [ -z "$file" ] || run rm -f "$file"
  [ -n "$stock" ] || return 0
  # shellcheck disable=SC2086 # kind, name and state are words
  set -- $stock
  case $1 in
    service)
      [ "${3:-}" != enabled ] || run systemctl enable --quiet "$2"
      run systemctl start "$2"
      ;;
    by-hand) run "$2" -c "$CONFIG" </dev/null ;;
  esac || fail "the supervisord of $CONFIG could not be started again" "start it yourself: $2 -c $CONFIG"
  [ "$DRY" = yes ] || record stock ''
  did "the supervisord of $CONFIG runs again"
}
