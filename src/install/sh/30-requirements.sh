# Nothing of the hub's, nor of anybody else's, is overwritten or removed: a hub may lie where an older guide put it.
check_places() {
  for file in "$OPT/package.json" "$STATE/fleetvisor.db" "$ETC/hub.conf"; do
    [ ! -e "$file" ] || fail "$file is a hub's, and lies where the agent's files belong; nothing was changed" "$(move_hub)"
  done
  if [ -e "$UNIT" ] && ! grep -qx 'Description=Fleetvisor agent' "$UNIT"; then
    fail "$UNIT is not of the agent; nothing was changed" "$(move_hub)"
  fi
}

move_hub() { say 'give the hub places and a unit called fleetvisor-hub, as its docs/running.md has them, then run this again'; }

check_tools() {
  for tool in tar gzip sha256sum awk sed mktemp; do
    command -v "$tool" >/dev/null || fail "$tool is not installed" "install it with the system's packages"
  done
  command -v curl >/dev/null || command -v wget >/dev/null ||
    fail 'neither curl nor wget is installed' 'install one of them, and run this again'
}

check_platform() {
  case $(uname -m) in
    x86_64 | amd64) platform=x64 ;;
    aarch64 | arm64) platform=arm64 ;;
    armv7l | armv6l) platform=arm ;;
    i?86) platform=ia32 ;;
    *) platform=$(uname -m) ;;
  esac
  case " $PLATFORMS " in
    *" linux-$platform "*) ;;
    *) fail "this hub's agent is for $PLATFORMS, this host is linux-$platform" \
      "on the hub: npm install --no-save --force @koromix/koffi-linux-$platform, then build it again" ;;
  esac
}

check_node() {
  [ -n "$NODE" ] || NODE=$(command -v node || command -v nodejs || true)
  [ -n "$NODE" ] || fail 'the agent needs Node 20.19 or newer, and there is no node here' "$(node_advice)"
  has=$("$NODE" -p process.versions.node </dev/null 2>/dev/null || true)
  major=${has%%.*}
  minor=${has#*.}
  minor=${minor%%.*}
  case $major$minor in
    '' | *[!0-9]*) fail "$NODE does not say its version" 'give another with --node FILE' ;;
  esac
  if [ "$major" -lt 20 ] || { [ "$major" -eq 20 ] && [ "$minor" -lt 19 ]; }; then
    fail "the agent needs Node 20.19 or newer, $NODE is $has" "$(node_advice)"
  fi
  case $NODE in
    /home/* | /root/*) note "$NODE lies in a home: the agent stops working when it goes. --node FILE names another" ;;
  esac
  ok "Node $has at $NODE"
}

node_advice() {
  release=$ROOT/etc/os-release
  [ -r "$release" ] || release=/etc/os-release
  case " $(sed -n 's/^ID\(_LIKE\)\{0,1\}=//p' "$release" 2>/dev/null | tr -d '"' | tr '\n' ' ') " in
    *' debian '* | *' ubuntu '*)
      say 'sudo apt-get install -y nodejs; where that is older than 20.19: curl -fsSL https://deb.nodesource.com/setup_22.x | sudo -E bash - && sudo apt-get install -y nodejs'
      ;;
    *' rhel '* | *' fedora '* | *' centos '*)
      say 'sudo dnf module install -y nodejs:22; where there are no modules: sudo dnf install -y nodejs'
      ;;
    *) say 'install it from https://nodejs.org/, then run this again; --node FILE names it if it is not in PATH' ;;
  esac
}
