OWNER=root

# The group of the user reads the logs; the daemon itself runs as root, as supervisord does, unless --user says otherwise.
make_user() {
  user=${RUN_AS:-fleetvisor}
  if [ -n "$ROOT" ] || [ "$(id -u)" != 0 ]; then
    kept "no user is made below $ROOT"
    OWNER=$(id -un)
    LOG_GROUP=$(id -gn)
    return 0
  fi
  if getent passwd "$user" >/dev/null; then
    kept "user $user is there already"
  else
    if command -v useradd >/dev/null; then
      run useradd --system --user-group --home-dir "$STATE" --no-create-home --shell /usr/sbin/nologin "$user"
    else
      run addgroup -S "$user"
      run adduser -S -D -H -h "$STATE" -s /sbin/nologin -G "$user" "$user"
    fi
    MADE_USER=$user
    did "system user $user"
  fi
  LOG_GROUP=$(id -gn "$user" 2>/dev/null || printf '%s' "$user")
  [ -z "$RUN_AS" ] || OWNER=$RUN_AS
}

make_folders() {
  run mkdir -p "$ETC/conf.d" "$STATE" "$LOGS" "$RUN"
  run chmod 755 "$ETC" "$ETC/conf.d" "$RUN"
  run chmod 700 "$STATE"
  run chmod 750 "$LOGS"
  if [ "$(id -u)" = 0 ]; then
    run chown "$OWNER" "$STATE" "$LOGS" "$RUN"
    run chgrp "$LOG_GROUP" "$LOGS"
    # Logs that an --uninstall left are root's.
    [ -z "$RUN_AS" ] || [ -n "$(recorded service)" ] || run chown -R "$OWNER" "$LOGS"
  fi
  [ -z "${MADE_USER:-}" ] || record user "$MADE_USER"
  did "folders $ETC, $STATE, $LOGS"
}
