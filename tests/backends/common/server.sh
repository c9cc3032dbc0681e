# Sourced by every start.sh: where a server is kept, when it is skipped, how it is seeded and served.
#
# In the work folder each server has
#   state/     what the seed left, made anew when the content or the seed changes
#   run/PORT/  the copy that the server on that port reads and writes, so that every start is the same

set -euo pipefail

backends=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
content=$backends/content
server=

# skip REASON: this machine cannot have the server, which is nobody's failure.
skip() {
  echo "skipped: $*" >&2
  exit 77
}

# enter NAME PORT: into the server's part of the work folder, alone until `fresh`.
enter() {
  name=$1 port=${2:?usage: start.sh PORT} origin=http://127.0.0.1:$2
  if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
    echo "$name: port $port is taken" >&2
    exit 1
  fi
  home=$(realpath -m "${HAIDANG_BACKENDS_WORK:-${XDG_CACHE_HOME:-$HOME/.cache}/haidang/backends}/$name")
  mkdir -p "$home"
  exec 9>"$home/lock"
  flock 9
  cd "$home"
}

# packages NAME…: Debian's packages, installed where we may.
packages() {
  dpkg-query -s "$@" >/dev/null 2>&1 && return
  command -v apt-get >/dev/null || skip "$name needs apt-get to install $*"
  [ "$(id -u)" = 0 ] || skip "$name needs root to install $*"
  apt-get update -qq >install.log 2>&1
  # RUNLEVEL=1: what is installed on the way (a web server) does not start.
  RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends "$@" >>install.log 2>&1
}

# python_packages PACKAGE…: a virtual environment with these, in venv/.
python_packages() {
  python3 -c 'import ensurepip' 2>/dev/null || packages python3-venv
  [ -f venv/.complete ] && return
  python3 -m venv venv
  venv/bin/pip install -q --disable-pip-version-check "$@"
  touch venv/.complete
}

# seeded FILE…: whether state/ was made from this content by these files; if not, it is emptied.
seeded() {
  stamp=$(cat "$content"/*.json "$content"/*/* "$@" | sha256sum | cut -c1-16)
  [ "$(cat state.stamp 2>/dev/null)" = "$stamp" ] && return
  rm -rf state state.stamp
  mkdir state
  return 1
}

# seed_done: state/ is whole.
seed_done() { echo "$stamp" >state.stamp; }

# fresh: this port's own copy of state/, in $run. KEEP=1 goes on with the one there is.
fresh() {
  run=$home/run/$port
  if [ -z "${KEEP:-}" ] || [ ! -d "$run" ]; then
    rm -rf "$run"
    mkdir -p run
    cp -r state "$run"
  fi
  exec 9>&-
}

# launch LOG PATH COMMAND…: starts a server in the background and waits until it answers at PATH.
launch() {
  local log=$1 path=$2
  shift 2
  "$@" >"$log" 2>&1 9>&- &
  server=$!
  trap end EXIT
  trap 'exit 143' INT TERM
  until curl -sf -o /dev/null --max-time 5 "$origin$path"; do
    kill -0 "$server" 2>/dev/null || { tail -n 5 "$log" >&2; exit 1; }
    sleep 0.2
  done
}

# end: stops what `launch` started, with its workers.
end() {
  [ -n "$server" ] || return 0
  kill $(ps -o pid= --ppid "$server") "$server" 2>/dev/null || true
  wait "$server" 2>/dev/null || true
  server=
}

# serve PATH COMMAND…: the server itself, until it is told to end. The line `ready URL` says that it answers.
# ONCE=1: for one test. It ends when standard input does, however that came to pass, and what it kept goes too.
serve() {
  local path=$1
  launch "$run/server.log" "$@"
  if [ -n "${ONCE:-}" ]; then
    trap 'end; kill "$watch" 2>/dev/null || true; rm -rf "$run"' EXIT
    { while read -r _; do :; done; kill $$; } <&0 &
    watch=$!
  fi
  echo "ready $origin$path"
  wait "$server"
}
