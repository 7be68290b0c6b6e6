ROOT=''
TOKEN=${FLEETVISOR_JOIN_TOKEN:-}
NAME=''
CONFIG=''
RUN_AS=''
NODE=''
CA=''
TAKEOVER=no
LEAVES_OWN_CONFIG=no
# The agent will ask the hub with a token that it has not tried: a former no is not the answer to it.
ASKS_ANEW=no
START=yes
DRY=no
UNINSTALL=no

read_arguments() {
  while [ $# -gt 0 ]; do
    case $1 in
      --*=*)
        option=${1%%=*}
        value=${1#*=}
        shift
        set -- "$option" "$value" "$@"
        ;;
    esac
    case $1 in
      --takeover) TAKEOVER=yes ;;
      --no-start) START=no ;;
      --dry-run) DRY=yes ;;
      --uninstall) UNINSTALL=yes ;;
      --help | -h)
        usage
        exit 0
        ;;
      --token | --token-file | --name | --config | --user | --node | --ca | --hub | --prefix)
        [ $# -ge 2 ] || fail "$1 needs a value" 'give it after a space, or run with --help'
        read_option "$1" "$2"
        shift
        ;;
      *) fail "$1 is not known here" 'run with --help to see what is' ;;
    esac
    shift
  done
}

read_option() {
  case $1 in
    --token) TOKEN=$2 ;;
    --token-file)
      [ -r "$2" ] || fail "$2 cannot be read" 'give the file that holds the join token'
      TOKEN=$(tr -d '[:space:]' <"$2")
      ;;
    --name) NAME=$2 ;;
    --config) CONFIG=$2 ;;
    --user) RUN_AS=$2 ;;
    --node) NODE=$2 ;;
    --ca) CA=$2 ;;
    --hub) HUB_URL=${2%/} ;;
    --prefix) ROOT=${2%/} ;;
  esac
}

# What is written into files and commands later may hold nothing that means something there.
check_arguments() {
  plain "--prefix" "$ROOT" '/A-Za-z0-9._-'
  plain "--hub" "$HUB_URL" 'A-Za-z0-9.:/_~[]-'
  plain "--token" "$TOKEN" 'A-Za-z0-9_-'
  plain "--name" "$NAME" 'A-Za-z0-9._-'
  plain "--user" "$RUN_AS" 'a-z0-9_-'
  for file in "$ROOT" "$CONFIG" "$NODE" "$CA"; do
    case $file in
      '' | /*) ;;
      *) fail "$file is not a whole path" 'begin it with /' ;;
    esac
    plain 'a path' "$file" '/A-Za-z0-9._+@-'
  done
  if [ -z "$ROOT" ] && [ "$(id -u)" != 0 ] && [ "$DRY" = no ]; then
    fail 'this needs root' 'put sudo before sh, or try it out with --prefix FOLDER or --dry-run'
  fi
  if [ -n "$RUN_AS" ] && [ -n "$CONFIG$(yes_only "$TAKEOVER")" ]; then
    fail '--user is for the configuration made here' 'write user= into [supervisord] of your own one'
  fi
}

yes_only() { [ "$1" = no ] || printf '%s' "$1"; }

plain() {
  # shellcheck disable=SC2254 # the third word is a set of characters
  case $2 in
    *[!$3]*) fail "$1 holds characters that cannot be used: $2" "only these can: $3" ;;
  esac
}

name_places() {
  OPT=$ROOT/opt/fleetvisor
  ETC=$ROOT/etc/fleetvisor
  STATE=$ROOT/var/lib/fleetvisor
  LOGS=$ROOT/var/log/fleetvisor
  RUN=$ROOT/run/fleetvisor
  BIN=$ROOT/usr/local/bin
  [ ! -d "$OPT/bin" ] || BIN=$OPT/bin
  UNIT=$ROOT/etc/systemd/system/fleetvisor.service
  INIT=$ROOT/etc/init.d/fleetvisor
  OWN_CONFIG=$ETC/supervisord.conf
  IDENTITY=$STATE/identity.json
  TOKEN_FILE=$STATE/join-token
  # A second run believes whom the first one believed, and leaves the daemon its user.
  [ -n "$RUN_AS$CONFIG" ] || [ "$TAKEOVER" = yes ] || RUN_AS=$(recorded run_as)
  if [ -z "$CA" ] && [ -r "$ETC/hub-ca.pem" ]; then CA=$ETC/hub-ca.pem; fi
}
