has_systemd() { [ -z "$ROOT" ] && [ -d /run/systemd/system ] && command -v systemctl >/dev/null; }

daemon() { "$NODE" "$OPT/current/dist/fleetvisord.js" -c "$CONFIG" </dev/null; }
ctl() { "$NODE" "$OPT/current/dist/fleetvisorctl.js" -c "$CONFIG" "$@" </dev/null; }
is_running() { [ -x "$OPT/current/dist/fleetvisorctl.js" ] && ctl pid 2>/dev/null | grep -qx '[1-9][0-9]*'; }

# Both below a prefix: there the unit is only for reading.
install_service() {
  if [ -n "$ROOT" ] || has_systemd; then
    run mkdir -p "$(dirname "$UNIT")"
    unit_file | put "$UNIT" 644
    ! has_systemd || run systemctl daemon-reload
    did "systemd unit $UNIT"
    check_unit
  fi
  if [ -n "$ROOT" ] || ! has_systemd; then
    run mkdir -p "$(dirname "$INIT")"
    init_script | put "$INIT" 755
    did "init script $INIT"
  fi
  record config "$CONFIG"
  record run_as "$RUN_AS"
  record service yes
}

check_unit() {
  [ "$DRY" = no ] && command -v systemd-analyze >/dev/null || return 0
  systemd-analyze verify "$UNIT" >"$TEMP/verify" 2>&1 </dev/null || note "systemd-analyze: $(head -n 1 "$TEMP/verify")"
}

# The agent ends its programs itself; those it could not end are taken over by the next one: systemd keeps off them.
unit_file() {
  cat <<END
[Unit]
Description=Fleetvisor agent
Wants=network-online.target
After=network-online.target
StartLimitIntervalSec=0

[Service]
Type=simple
SyslogIdentifier=fleetvisord
END
  [ "$OWNER" = root ] || [ -n "$ROOT" ] || say "User=$OWNER"
  [ -z "$CA" ] || say "Environment=NODE_EXTRA_CA_CERTS=$ETC/hub-ca.pem"
  cat <<END
ExecStart=$NODE $OPT/current/dist/fleetvisord.js -n -c $CONFIG
ExecReload=$NODE $OPT/current/dist/fleetvisorctl.js -c $CONFIG update
Restart=on-failure
RestartSec=1
KillMode=process
TimeoutStopSec=120
LimitNOFILE=65536
TasksMax=infinity
OOMPolicy=continue
RuntimeDirectory=fleetvisor
RuntimeDirectoryPreserve=yes

[Install]
WantedBy=multi-user.target
END
}

init_script() {
  cat <<END
#!/bin/sh
### BEGIN INIT INFO
# Provides:          fleetvisor
# Required-Start:    \$remote_fs \$network \$named
# Required-Stop:     \$remote_fs \$network
# Default-Start:     2 3 4 5
# Default-Stop:      0 1 6
# Short-Description: Fleetvisor agent
### END INIT INFO
NODE='$NODE'
DIST='$OPT/current/dist'
CONFIG='$CONFIG'
RUN='$RUN'
END
  [ -z "$CA" ] || say "export NODE_EXTRA_CA_CERTS='$ETC/hub-ca.pem'"
  cat <<'END'
pid_of() { "$NODE" "$DIST/fleetvisorctl.js" -c "$CONFIG" pid 2>/dev/null </dev/null | grep -x '[1-9][0-9]*'; }
start() {
  if pid=$(pid_of); then
    echo "fleetvisord is running already, pid $pid"
    return 0
  fi
END
  say "  mkdir -p \"\$RUN\" && { [ \"\$(id -u)\" != 0 ] || chown '$OWNER' \"\$RUN\"; }"
  cat <<'END'
  "$NODE" "$DIST/fleetvisord.js" -c "$CONFIG" </dev/null || {
    echo "fleetvisord does not start: see $CONFIG, or run it in the foreground: $NODE $DIST/fleetvisord.js -n -c $CONFIG" >&2
    return 1
  }
  seconds=0
  until pid=$(pid_of); do
    seconds=$((seconds + 1))
    [ "$seconds" -le 20 ] || { echo 'fleetvisord was started and does not answer: see its log' >&2; return 1; }
    sleep 1
  done
  echo "fleetvisord is running, pid $pid"
}
stop() {
  pid=$(pid_of) || { echo 'fleetvisord is not running'; return 0; }
  kill -TERM "$pid"
  seconds=0
  while kill -0 "$pid" 2>/dev/null; do
    seconds=$((seconds + 1))
    [ "$seconds" -le 120 ] || { echo "fleetvisord, pid $pid, does not stop: see which of its programs holds it up" >&2; return 1; }
    sleep 1
  done
  echo 'fleetvisord is stopped'
}
case ${1:-} in
  start) start ;;
  stop) stop ;;
  restart) stop && start ;;
  reload | force-reload) "$NODE" "$DIST/fleetvisorctl.js" -c "$CONFIG" update ;;
  status) if pid=$(pid_of); then echo "fleetvisord is running, pid $pid"; else echo 'fleetvisord is not running'; exit 3; fi ;;
  *) echo "usage: $0 start|stop|restart|reload|force-reload|status" >&2; exit 2 ;;
esac
END
}

start_service() {
  if has_systemd; then
    run systemctl enable --quiet fleetvisor
    run systemctl start fleetvisor
  else
    [ -n "$ROOT" ] || enable_init
    run "$INIT" start >/dev/null
  fi
}

enable_init() {
  if command -v update-rc.d >/dev/null; then
    run update-rc.d fleetvisor defaults
  elif command -v chkconfig >/dev/null; then
    run chkconfig --add fleetvisor
  elif command -v rc-update >/dev/null; then
    run rc-update add fleetvisor default
  else
    note "nothing here starts $INIT at boot: have your init do it"
  fi
}

stop_service() {
  if has_systemd; then
    run systemctl disable --quiet --now fleetvisor 2>/dev/null || true
  elif [ -x "$INIT" ]; then
    run "$INIT" stop >/dev/null || fail 'the agent does not stop' "see its log, or: kill -9 $(ctl pid 2>/dev/null)"
    [ -n "$ROOT" ] || disable_init
  fi
}

disable_init() {
  if command -v update-rc.d >/dev/null; then
    run update-rc.d fleetvisor remove
  elif command -v chkconfig >/dev/null; then
    run chkconfig --del fleetvisor
  elif command -v rc-update >/dev/null; then
    run rc-update del fleetvisor default
  fi
}
