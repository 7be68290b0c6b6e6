log_file() {
  file=$(in_config "$CONFIG" supervisord logfile)
  printf '%s' "${file:-$LOGS/fleetvisord.log}"
}

# is_refused: the hub said no to this host, and nothing else since. A log kept elsewhere tells nothing.
is_refused() { uplink_lines | tail -n 1 | grep -q -e 'refuses this host' -e 'another key'; }
is_connected() { [ -z "$(uplink_lines)" ] || uplink_lines | tail -n 1 | grep -q 'connected to the hub'; }

uplink_lines() { grep -s 'uplink: ' "$(log_file)" || true; }

start_agent() {
  if is_running && [ -z "$(stock_pid "$CONFIG")" ]; then
    kept "fleetvisord is running (pid $(ctl pid))"
    if has_joined && [ "$ANEW" = no ]; then mention_old_release; else ask_again >/dev/null; fi
    return 0
  fi
  start_service || way_back
  [ "$DRY" = no ] || return 0
  seconds=0
  until is_running; do
    seconds=$((seconds + 1))
    [ "$seconds" -le 20 ] || way_back
    sleep 1
  done
  did "fleetvisord is running (pid $(ctl pid))"
}

# A start that failed leaves nobody without their programs.
way_back() {
  [ -z "$(recorded stock)" ] || { stop_service; give_back; }
  last_words | sed 's/^/     /' >&2
  fail 'fleetvisord does not start' "run it in the foreground and read what it says: $NODE $OPT/current/dist/fleetvisord.js -n -c $CONFIG"
}

# What it could not write into its log it told systemd.
last_words() {
  if has_systemd; then
    journalctl -u fleetvisor -n 8 -o cat --no-pager 2>/dev/null || true
  else
    tail -n 5 "$(log_file)" 2>/dev/null || true
  fi
}

mention_old_release() {
  [ -n "$before" ] && [ "$before" != "$RELEASE" ] || return 0
  if has_systemd; then how='systemctl restart fleetvisor'; else how="$INIT restart"; fi
  note "it is still $before; its programs stop for a moment when it becomes $RELEASE: $how"
}

# A daemon that was refused asks seldom. One without programs can be started anew at no cost.
ask_again() {
  [ -z "$(ctl status 2>/dev/null)" ] || return 0
  if has_systemd; then run systemctl restart fleetvisor; else run "$INIT" restart; fi
}

# Looks only at what the log says from here on; a former no counts where nothing new is asked. An agent whose programs
# run is not started again: it asks by itself within 45 s.
verify_joined() {
  [ "$DRY" = no ] || return 0
  seconds=0
  until has_joined && is_connected; do
    seconds=$((seconds + 1))
    [ "$seconds" != 5 ] || say "     waiting for $HUB_URL to take this host in; $(log_file) tells more"
    last=$(uplink_lines | tail -n +"$((SAID_BEFORE + 1))" | tail -n 1 | sed 's/^.*uplink: //')
    [ -n "$last" ] || ! is_refused || [ "$ASKS_ANEW" = yes ] || last=$BEFORE
    case $last in
      *'does not know this host'* | *'was removed at the hub'* | *'was revoked'*) [ "$ANEW" = yes ] || not_joined ;;
      *'refuses this host'* | *'another key'*) not_joined ;;
    esac
    [ "$seconds" -le 60 ] || { last=${last:-$BEFORE}; not_joined; }
    sleep 1
  done
  rm -f "$TOKEN_FILE"
  did "joined $HUB_URL as $NAME"
}

not_joined() {
  rm -f "$TOKEN_FILE"
  case $last in
    *expired* | *'used'* | *'not known here'* | *'not one of this hub'* | *'join token'*)
      next='make a new one on the hub with "fleetvisor hub join-token", then run this again with it' ;;
    *'a host called'* | *'name of a host'*)
      next="if that is this host as it was before, on the hub: fleetvisor hosts remove $NAME, then run this line again; else --uninstall, and this line with --name ANOTHER" ;;
    *'another key'* | *'prove its own key'*)
      next="if this host is to belong to another hub: --uninstall first" ;;
    *'is disabled at the hub'*) next="on the hub: fleetvisor hosts enable $NAME" ;;
    *)
      next="see that this host reaches $HUB_URL; the agent runs and goes on trying" ;;
  esac
  fail "the agent has not joined the hub: ${last:-it did not connect within 60 s}" "$next"
}
