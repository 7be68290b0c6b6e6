# The configuration the agent runs on: the one made here, the one named, or the stock one with --takeover.
choose_config() {
  [ -n "$CONFIG" ] || CONFIG=$(recorded config)
  [ "$TAKEOVER" = no ] || [ "$CONFIG" != "$OWN_CONFIG" ] || plan_to_leave_own_config
  [ -n "$CONFIG" ] || [ "$TAKEOVER" = no ] || CONFIG=$(stock_config)
  if [ -z "$CONFIG" ]; then
    [ "$TAKEOVER" = no ] || fail 'there is no supervisord.conf to take over' 'name it with --config FILE'
    CONFIG=$OWN_CONFIG
  fi
  [ "$CONFIG" = "$OWN_CONFIG" ] || [ -r "$CONFIG" ] || fail "there is no $CONFIG" 'give another with --config FILE'
}

write_config() {
  if [ "$CONFIG" = "$OWN_CONFIG" ]; then
    if [ -e "$CONFIG" ]; then
      kept "$CONFIG is kept as it is"
      check_hub "$CONFIG"
    else
      own_config | put "$CONFIG" 644
      [ "$DRY" = yes ] || record config_sum "$(sum_of "$CONFIG")"
      did "configuration $CONFIG; programs go into $ETC/conf.d/*.conf"
    fi
  elif grep -q '^\[fleetvisor\]' "$CONFIG"; then
    kept "$CONFIG has its [fleetvisor] section already"
    check_hub "$CONFIG"
  else
    write_include
  fi
  IDENTITY=$(identity_of)
}

sum_of() { sha256sum "$1" | cut -d ' ' -f 1; }

own_config() {
  cat <<END
; The Fleetvisor agent of this host. Programs: $ETC/conf.d/*.conf, in the format of supervisord.
[unix_http_server]
file=$RUN/fleetvisord.sock
chmod=0700

[supervisord]
logfile=$LOGS/fleetvisord.log
pidfile=$RUN/fleetvisord.pid
childlogdir=$LOGS
END
  [ "$(id -u)" != 0 ] || say "user=$OWNER"
  cat <<END

[rpcinterface:supervisor]
supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface

[supervisorctl]
serverurl=unix://$RUN/fleetvisord.sock

END
  fleetvisor_section
  cat <<END

[include]
files=$ETC/conf.d/*.conf
END
}

fleetvisor_section() {
  cat <<END
[fleetvisor]
hub=$HUB_URL
name=$NAME
identity=$STATE/identity.json
join_token_file=$TOKEN_FILE
END
}

# A file of our own among those the configuration includes: removing it is the way back.
write_include() {
  INCLUDE=$(include_place)
  if [ -e "$INCLUDE" ]; then
    kept "$INCLUDE is kept as it is"
    check_hub "$INCLUDE"
    return 0
  fi
  { say '; Written by the installer of the Fleetvisor agent; stock supervisord ignores it.'; fleetvisor_section; } | put "$INCLUDE" 644
  record include "$INCLUDE"
  did "section [fleetvisor] in $INCLUDE"
}

include_place() {
  pattern=$(in_config "$CONFIG" include files | awk '{ print $1 }')
  here=$(dirname "$CONFIG")
  pattern=$(printf '%s' "$pattern" | sed "s#%(here)s#$here#g")
  case $pattern in
    '' | *'*'*'*'* | *'['* | *'?'*) no_include ;;
    /*'*'*) ;;
    *'*'*) pattern=$here/$pattern ;;
    *) no_include ;;
  esac
  case $(dirname "$pattern") in
    *'*'*) no_include ;;
  esac
  printf '%s' "$pattern" | sed 's/\*/fleetvisor/'
}

no_include() {
  fail "$CONFIG has no [include] such as files = conf.d/*.conf, where a file of our own could lie" \
    "add one, or add the section yourself: $(fleetvisor_section | tr '\n' ' ')"
}

# A host belongs to one hub; a second run must not look as if it had changed that.
check_hub() {
  has=$(in_config "$1" fleetvisor hub)
  [ -n "$has" ] || fail "[fleetvisor] in $1 names no hub" "add hub=$HUB_URL there"
  [ "${has%/}" = "$HUB_URL" ] || note "$1 says hub=$has, not $HUB_URL; that is what the agent will use"
  has=$(in_config "$1" fleetvisor name)
  [ -z "$has" ] || [ "$has" = "$NAME" ] || [ "$NAMED" = no ] || note "$1 says name=$has; --name $NAME was not written there"
  NAME=${has:-$NAME}
}

identity_of() {
  for file in "$CONFIG" "${INCLUDE:-$(recorded include)}"; do
    [ -n "$file" ] || continue
    has=$(in_config "$file" fleetvisor identity)
    [ -z "$has" ] || { printf '%s' "$has"; return 0; }
  done
  if grep -q '^\[fleetvisor\]' "$CONFIG" 2>/dev/null; then
    printf '%s' "$(dirname "$CONFIG")/fleetvisor-identity.json"
  else
    printf '%s' "$IDENTITY"
  fi
}

has_joined() { [ -r "$IDENTITY" ] && grep -q '"hostId":"' "$IDENTITY"; }

# Out of the process list and out of the configuration; removed once it was used.
keep_token() {
  if has_joined && ! is_refused; then
    kept 'this host has joined before: the token is not needed'
    return 0
  fi
  printf '%s\n' "$TOKEN" | put "$TOKEN_FILE" 600
  ASKS_ANEW=yes
  [ "$(id -u)" != 0 ] || run chown "$OWNER" "$TOKEN_FILE"
}

check_config() {
  [ "$DRY" = no ] || return 0
  if ! "$NODE" "$OPT/current/dist/fleetvisord.js" --check -c "$CONFIG" >"$TEMP/check" 2>&1 </dev/null; then
    sed 's/^/     /' "$TEMP/check" >&2
    undo_include
    fail "the agent cannot run on $CONFIG" 'mend what is said above and run this again; what runs here was not touched'
  fi
  [ "$CONFIG" = "$OWN_CONFIG" ] || sed -n '/: warning: /,$ s/^/     /p' "$TEMP/check"
  ok "$CONFIG is understood"
}

undo_include() {
  has=$(recorded include)
  if [ -n "${INCLUDE:-}" ] && [ "$has" = "$INCLUDE" ] && [ -z "$(recorded service)" ]; then rm -f "$INCLUDE"; fi
}
