#!/bin/sh
# npm run test:systemd: boots Debian's systemd in a container and does there what docs/running.md and README.md tell an
# operator to do: the hub's unit, the install line beside it, a restart, a takeover, a reboot and the way back.
# Needs root, debootstrap and systemd-nspawn (Debian: systemd-container), and a Debian mirror at the first run. The
# system is kept in FLEETVISOR_TRIAL (/var/tmp/fleetvisor-trial); remove that folder to begin anew. About a minute.
set -eu
cd "$(dirname "$0")/.."
PLACE=${FLEETVISOR_TRIAL:-/var/tmp/fleetvisor-trial}
SYSTEM=$PLACE/system
HUB=http://127.0.0.1:7373

missing() {
  echo "test:systemd needs $1: $2" >&2
  exit 2
}
[ "$(id -u)" = 0 ] || missing root 'run it with sudo'
command -v debootstrap >/dev/null || missing debootstrap 'apt-get install debootstrap'
command -v systemd-nspawn >/dev/null || missing systemd-nspawn 'apt-get install systemd-container'
[ -f dist/install/agent.json ] || missing 'a build' 'npm run build'

prepare() {
  mkdir -p "$PLACE"
  if [ ! -d "$PLACE/debian" ]; then
    rm -rf "$PLACE/debian.new"
    debootstrap --variant=minbase --include=systemd,systemd-sysv,dbus,curl,ca-certificates,supervisor,procps \
      bookworm "$PLACE/debian.new" >"$PLACE/debootstrap.log" 2>&1 || missing 'a Debian' "see $PLACE/debootstrap.log"
    mv "$PLACE/debian.new" "$PLACE/debian"
  fi
  rm -rf "$SYSTEM"
  cp -a "$PLACE/debian" "$SYSTEM"
  cp "$(node -p process.execPath)" "$SYSTEM/usr/local/bin/node"
  echo trial >"$SYSTEM/etc/hostname"
  mkdir -p "$SYSTEM/opt/fleetvisor-hub"
  npm ls --omit=dev --all --parseable 2>/dev/null | sed -n "s#^$PWD/\(node_modules/.*\)#\1#p" >"$PLACE/modules"
  tar -c package.json dist docs migrations agent/package.json agent/dist -T "$PLACE/modules" | tar -x -C "$SYSTEM/opt/fleetvisor-hub"
}

boot() {
  systemd-nspawn --quiet --register=no --keep-unit --private-network --console=pipe --boot -D "$SYSTEM" \
    >"$PLACE/console.log" 2>&1 </dev/null &
  NSPAWN=$!
  until INIT=$(pgrep -P "$NSPAWN") && [ -n "$INIT" ]; do sleep 0.2; done
  holds 'the system is up' within 30 systemctl is-system-running
}

shut_down() {
  [ -n "${NSPAWN:-}" ] || return 0
  kill "$NSPAWN" 2>/dev/null || true
  wait "$NSPAWN" || true
  NSPAWN=''
}
trap shut_down EXIT

# inside COMMAND: of the shell in the container.
inside() { nsenter -t "$INIT" -m -u -i -n -p -- /bin/sh -c "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin; $*"; }

PASSED=0
FAILED=0
# holds CLAIM COMMAND…: prints whether it does, and what was said where it does not.
holds() {
  claim=$1
  shift
  if "$@" >"$PLACE/said" 2>&1; then
    PASSED=$((PASSED + 1))
    echo "ok      $claim"
  else
    FAILED=$((FAILED + 1))
    echo "FAILED  $claim"
    sed 's/^/        /' "$PLACE/said"
  fi
}

# within SECONDS COMMAND: as soon as it succeeds inside.
within() {
  seconds=$1
  shift
  until inside "$*"; do
    seconds=$((seconds - 1))
    [ "$seconds" -gt 0 ] || return 1
    sleep 1
  done
}
fails() { ! inside "$*"; }
pid_of() { inside "systemctl show -p MainPID --value $1"; }
same() { [ "$1" = "$2" ] || { echo "$1 is not $2"; return 1; }; }
differ() { [ "$1" != "$2" ] || { echo "both are $1"; return 1; }; }
install() { inside "curl -fsSL $HUB/install | sh -s -- $*"; }
as_hub() { echo "nsenter -t $(pid_of fleetvisor-hub) -m -- setpriv --reuid fleetvisor-hub --regid fleetvisor-hub --clear-groups $*"; }

prepare
boot

# The lines of the guide as they stand there, without the first, which fetches and builds.
awk '/^```sh/ { inside = 1; next } /^```/ { if (inside) exit } inside' docs/running.md | sed 1d >"$SYSTEM/root/guide.sh"
holds 'the guide installs the hub' inside 'cd /opt/fleetvisor-hub && sh -e /root/guide.sh'
holds 'the hub answers once the guide is through' inside "curl -fsS $HUB/healthz"
holds 'the journal has the first sign-in' within 5 'journalctl -u fleetvisor-hub -o cat | grep -q "^First sign-in: user admin"'
holds 'the hub may write its data folder' inside "$(as_hub touch /var/lib/fleetvisor-hub/mine)"
for place in /etc/fleetvisor-hub /opt/fleetvisor-hub /var/log /tmp /run /home; do
  holds "the hub may not write $place" fails "$(as_hub touch $place/mine)"
done
doctor='setpriv --reuid fleetvisor-hub --regid fleetvisor-hub --clear-groups fleetvisor hub doctor --data /var/lib/fleetvisor-hub'
holds 'the doctor finds nothing' inside "$doctor"
before=$(pid_of fleetvisor-hub)
inside 'systemctl reload fleetvisor-hub'
holds 'a reload leaves the hub running' same "$before" "$(pid_of fleetvisor-hub)"
inside "kill -9 $before"
holds 'a killed hub comes back' within 15 "curl -fsS $HUB/healthz"
inside 'echo prot = 1 >/etc/fleetvisor-hub/hub.conf'
holds 'a wrong setting fails the restart' fails 'systemctl restart fleetvisor-hub'
holds 'and ends it, with its line in the journal' within 5 \
  'systemctl is-failed -q fleetvisor-hub && journalctl -u fleetvisor-hub -o cat | grep -q hub.conf:1:'
holds 'and mending it starts it' inside \
  ": >/etc/fleetvisor-hub/hub.conf; systemctl restart fleetvisor-hub && curl -fsS $HUB/healthz"

token=$(inside 'setpriv --reuid fleetvisor-hub --regid fleetvisor-hub --clear-groups fleetvisor hub join-token --data /var/lib/fleetvisor-hub')
holds 'the install line joins, beside the hub' install "--token $token"
holds 'the hub is untouched' inside "curl -fsS $HUB/healthz && systemctl is-active fleetvisor-hub fleetvisor"
holds 'the line a second time is harmless' install
holds 'a shutdown ends the agent' inside 'fleetvisorctl shutdown && sleep 3 && ! systemctl is-active fleetvisor'
inside 'systemctl start fleetvisor'

inside 'printf "[program:sleeper]\ncommand=/bin/sleep 100000\n" >/etc/supervisor/conf.d/sleeper.conf; supervisorctl update' >/dev/null
holds 'said again with --takeover, it takes over the supervisord' install --takeover
holds 'the stock one is stopped and disabled' inside '! systemctl is-active supervisor && ! systemctl is-enabled supervisor'
holds 'its program runs under the agent' within 10 'fleetvisorctl status sleeper | grep RUNNING'
sleeper=$(inside 'fleetvisorctl pid sleeper')
inside "kill -9 $(pid_of fleetvisor)"
holds 'a killed agent comes back' within 10 'fleetvisorctl status sleeper | grep RUNNING'
holds 'and finds its program as it was' same "$sleeper" "$(inside 'fleetvisorctl pid sleeper')"
inside 'systemctl restart fleetvisor'
holds 'a restart brings the program back' within 10 'fleetvisorctl status sleeper | grep RUNNING'
holds 'as a new one' differ "$sleeper" "$(inside 'fleetvisorctl pid sleeper')"

shut_down
boot
holds 'after a reboot the hub runs' within 15 "curl -fsS $HUB/healthz"
holds 'and the agent with its program' within 15 'fleetvisorctl status sleeper | grep RUNNING'
holds '--uninstall' install --uninstall
holds 'brings the supervisord back' inside 'systemctl is-active supervisor && systemctl is-enabled supervisor'
holds 'with its program' within 10 'supervisorctl status sleeper | grep RUNNING'
holds 'and leaves nothing but logs' inside '! ls -d /opt/fleetvisor /etc/fleetvisor /var/lib/fleetvisor /etc/systemd/system/fleetvisor.service'
holds 'nor touches the hub' inside "curl -fsS $HUB/healthz && $doctor"

echo "$PASSED passed, $FAILED failed"
[ "$FAILED" = 0 ]
