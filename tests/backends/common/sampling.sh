# Sourced by every sample.sh: takes the samples again from a running server, freshly started.

set -euo pipefail

backends=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
samples=$(cd "$(dirname "$0")" && pwd)/samples
origin=http://127.0.0.1:${1:?usage: sample.sh PORT}
mkdir -p "$samples"

# take NAME METHOD URL [-H 'Name: value']… [-d BODY]: saves what the server answers.
take() { python3 "$backends/common/sample.py" "$samples/$1.json" "${@:2}"; }

# pick URL FILTER: one value of an answer, by jq.
pick() { curl -sf -g "$1" | jq -r "$2"; }

# taken NAME FILTER: one value of a sample, by jq.
taken() { jq -r ".body | $2" "$samples/$1.json"; }

# state NAME: the folder of this port's server, for keys that its seed wrote.
state() { echo "${HAIDANG_BACKENDS_WORK:-${XDG_CACHE_HOME:-$HOME/.cache}/haidang/backends}/$1/run/${origin##*:}"; }
