RELEASE=$VERSION-$(printf '%.12s' "$SHA256")

# fetch URL FILE
fetch() {
  if command -v curl >/dev/null; then
    curl -fsS ${CA:+--cacert "$CA"} --connect-timeout 10 --max-time 300 -o "$2" "$1"
  else
    wget -q ${CA:+--ca-certificate="$CA"} -T 30 -O "$2" "$1"
  fi
}

# Downloads, checks and unpacks, in this order; a release that lies there was complete.
install_bundle() {
  if [ -d "$OPT/$RELEASE" ]; then
    kept "agent $RELEASE is there already"
  elif [ "$DRY" = yes ]; then
    say "[would] download $HUB_URL/install/$BUNDLE, check its SHA-256 $SHA256, unpack it into $OPT/$RELEASE"
  else
    download
    unpack
  fi
  switch_current
}

download() {
  fetch "$HUB_URL/install/$BUNDLE" "$TEMP/$BUNDLE" || fail "$HUB_URL/install/$BUNDLE could not be had" "$(download_advice)"
  has=$(sha256sum "$TEMP/$BUNDLE" | cut -d ' ' -f 1)
  [ "$has" = "$SHA256" ] ||
    fail "the bundle has the SHA-256 $has, the hub promised $SHA256; nothing was unpacked" \
      'run the line again; if it stays so, something between here and the hub changes what you download'
  did "bundle downloaded, SHA-256 $SHA256"
}

download_advice() {
  case $CA$HUB_URL in
    https://*) say 'see that this host reaches the hub; where its certificate is of an authority of your own: --ca FILE here, --cacert FILE for curl' ;;
    *) say 'see that this host reaches the hub; if the hub was updated this minute, run the line again' ;;
  esac
}

unpack() {
  mkdir -p "$OPT"
  rm -rf "$OPT/.unpacking"
  mkdir -m 755 "$OPT/.unpacking"
  tar -xzf "$TEMP/$BUNDLE" -C "$OPT/.unpacking" ||
    fail "the bundle could not be unpacked into $OPT" 'see that there is room on that disk, then run this again'
  mv "$OPT/.unpacking" "$OPT/$RELEASE"
  did "unpacked into $OPT/$RELEASE"
}

# One rename, so that there is a whole agent at every instant. The release before stays, older ones go.
switch_current() {
  before=$(readlink "$OPT/current" 2>/dev/null || true)
  [ "$before" = "$RELEASE" ] && return 0
  run ln -s "$RELEASE" "$OPT/.current"
  run mv -fT "$OPT/.current" "$OPT/current"
  [ "$DRY" = no ] || return 0
  for folder in "$OPT"/*/; do
    folder=$(basename "$folder")
    case $folder in
      "$RELEASE" | "$before") ;;
      *.*.*-????????????) rm -rf "${OPT:?}/$folder" ;;
    esac
  done
}

# The commands in PATH; one of somebody else is left alone.
install_commands() {
  run mkdir -p "$BIN" 2>/dev/null || true
  if [ "$DRY" = no ] && [ ! -w "$BIN" ]; then
    note "$BIN cannot be written: the commands go into $OPT/bin, which is not in PATH"
    BIN=$OPT/bin
    run mkdir -p "$BIN"
  fi
  for command in fleetvisord fleetvisorctl; do
    if [ -e "$BIN/$command" ] && ! grep -q 'part of the Fleetvisor agent' "$BIN/$command"; then
      note "$BIN/$command is not ours and was left alone"
      continue
    fi
    put "$BIN/$command" 755 <<END
#!/bin/sh
# part of the Fleetvisor agent
[ \$# -gt 0 ] && case " \$* " in *' -c'* | *' --configuration'* | *' -h '* | *' --help '* | *' -s'* | *' --serverurl'* | *' -v '*) exec '$NODE' '$OPT/current/dist/$command.js' "\$@" ;; esac
exec '$NODE' '$OPT/current/dist/$command.js' -c '$CONFIG' "\$@"
END
  done
  did "commands fleetvisord and fleetvisorctl in $BIN"
}
