#!/bin/sh
# Installs the Fleetvisor agent from the hub that served this file. Nothing runs before its last line has arrived.
#   curl -fsSL HUB/install | sudo sh -s -- --token TOKEN        (… --help lists the rest)
set -eu

HUB_URL='@HUB_URL@'
VERSION='@VERSION@'
SHA256='@SHA256@'
BUNDLE='@BUNDLE@'
PLATFORMS='@PLATFORMS@'

usage() {
  cat <<END
Installs the Fleetvisor agent $VERSION from $HUB_URL

  --token TOKEN      join token, made by "fleetvisor hub join-token" on the hub
  --token-file FILE  the same out of a file; or FLEETVISOR_JOIN_TOKEN: neither shows in the process list
  --name NAME        what the hub calls this host (its host name)
  --config FILE      run the agent on this supervisord.conf instead of /etc/fleetvisor/supervisord.conf
  --takeover         run the programs of the supervisord installed here; stops and disables it, --uninstall brings it back
  --user NAME        run the daemon as this user, made if there is none (root, as supervisord)
  --node FILE        which node to run it with (the one in PATH)
  --ca FILE          certificate (PEM) of the authority that signed the hub's
  --hub URL          the hub under another address
  --no-start         install and configure only
  --dry-run          say what would be done and change nothing
  --prefix FOLDER    install below this folder, without user and service: for trying out
  --uninstall        remove everything but the logs
END
}

say() { printf '%s\n' "$*"; }
ok() { printf '[ok] %s\n' "$*"; }
# did WHAT: a dry run has said it already, command by command.
did() { [ "$DRY" = yes ] || ok "$@"; }
kept() { printf '[--] %s\n' "$*"; }
note() { printf '[!!] %s\n' "$*"; }

# fail WHAT NEXT: what went wrong and what to do about it.
fail() {
  printf 'fleetvisor: %s\n' "$1" >&2
  printf '      next: %s\n' "$2" >&2
  [ ! -d "${TEMP:-}" ] || : >"$TEMP/told"
  exit 1
}

# A command that failed by itself has said why, and not what to do.
finish() {
  status=$?
  if [ "$status" != 0 ] && [ ! -e "$TEMP/told" ]; then
    printf 'fleetvisor: it stopped there\n      next: mend what the line above says and run this again: what is done is kept\n' >&2
  fi
  rm -rf "$TEMP"
  exit "$status"
}

# run COMMAND…: the only way anything is changed, but for put.
run() {
  if [ "$DRY" = yes ]; then
    printf '[would] %s\n' "$*"
  else
    "$@"
  fi
}

# put FILE MODE: writes stdin there, all of it or nothing.
put() {
  if [ "$DRY" = yes ]; then
    cat >/dev/null
    printf '[would] write %s\n' "$1"
    return 0
  fi
  (umask 077 && cat >"$1.new")
  chmod "$2" "$1.new"
  mv -f "$1.new" "$1"
}

# in_config FILE SECTION OPTION: the value as written, or nothing.
in_config() {
  [ -r "$1" ] || return 0
  awk -v section="[$2]" -v option="$3" '
    /^\[/ { inside = (index($0, section) == 1); next }
    !inside || /^[ \t]*[;#]/ { next }
    {
      at = index($0, "=")
      if (at == 0) next
      name = substr($0, 1, at - 1)
      gsub(/[ \t]/, "", name)
      if (name != option) next
      value = substr($0, at + 1)
      sub(/[ \t]+;.*$/, "", value)
      gsub(/^[ \t]+|[ \t\r]+$/, "", value)
      print value
      exit
    }' "$1"
}

# What the script did here before, for a second run and for --uninstall.
recorded() {
  [ -r "$ETC/installed" ] || return 0
  sed -n "s/^$1=//p" "$ETC/installed" | tail -n 1
}

record() {
  [ "$DRY" = no ] || return 0
  { [ ! -r "$ETC/installed" ] || sed "/^$1=/d" "$ETC/installed"; printf '%s=%s\n' "$1" "$2"; } | put "$ETC/installed" 600
}
