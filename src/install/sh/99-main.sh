main() {
  read_arguments "$@"
  NAMED=${NAME:+yes}
  NAMED=${NAMED:-no}
  [ -n "$NAME" ] || NAME=$(uname -n)
  check_arguments
  name_places
  check_places
  if [ "$UNINSTALL" = yes ]; then
    uninstall
    return 0
  fi
  TEMP=$(mktemp -d)
  trap finish EXIT
  check_tools
  check_platform
  check_node
  choose_config
  mention_stock
  IDENTITY=$(identity_of)
  has_joined || [ -n "$TOKEN" ] || [ "$START" = no ] || [ "$DRY" = yes ] || [ -s "$TOKEN_FILE" ] ||
    fail 'a join token is needed' 'on the hub: fleetvisor hub join-token; then give it with --token'
  install_bundle
  make_user
  make_folders
  [ -z "$CA" ] || [ "$CA" = "$ETC/hub-ca.pem" ] || run install -m 644 "$CA" "$ETC/hub-ca.pem"
  write_config
  check_config
  [ -z "$TOKEN" ] || keep_token
  leave_own_config
  install_commands
  install_service
  SAID_BEFORE=$(uplink_lines | wc -l)
  BEFORE=$(uplink_lines | tail -n 1 | sed 's/^.*uplink: //')
  ANEW=no
  if has_joined && [ -n "$TOKEN" ] && is_refused; then ANEW=yes; fi
  if [ "$START" = no ]; then
    say "Installed and not started: $(start_line)"
    return 0
  fi
  take_over
  start_agent
  verify_joined
  [ "$DRY" = no ] || return 0
  say "Done. This host is $NAME at $HUB_URL. To remove it: the same line with --uninstall."
  [ "$CONFIG" != "$OWN_CONFIG" ] || [ -n "$(ls -A "$ETC/conf.d" 2>/dev/null)" ] ||
    say "Next: write programs into $ETC/conf.d/NAME.conf, then: fleetvisorctl update"
}

start_line() { if has_systemd; then say 'systemctl enable --now fleetvisor'; else say "$INIT start"; fi; }

main "$@"
