#!/usr/bin/env bash
# Feeds the packet, row, JSON, CBOR and Sparkplug readers mutated inputs; a line each, and 1 as the exit code when something was found.
#   bench/fuzz.sh [INPUTS in total] [SEED]      the same seed gives the same inputs; needs the .NET SDK
# A find is kept in ./fuzz-findings; once mended, its input belongs into tests/Fuzz/seeds.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
total=${1:-50000000} seed=${2:-1}
targets=$(ls -d tests/Fuzz/seeds/*/ | wc -l)
[[ -n ${SKIP_BUILD:-} ]] || dotnet build tests/Fuzz -c Release -v quiet -tl:off >&2
dotnet tests/Fuzz/bin/Release/net10.0/Seamless.Fuzz.dll --inputs $(((total + targets - 1) / targets)) --seed "$seed"
