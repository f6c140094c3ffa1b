#!/bin/sh
# Installs Debian's Chromium and a font for the browser tests, unless there is one. Needs root and apt-get; where they are
# not, it says so: then the tests are skipped, but fail in CI.
set -eu
for browser in "${CHROMIUM:-}" chromium chromium-browser google-chrome; do
  if [ -n "$browser" ] && command -v "$browser" >/dev/null 2>&1; then
    echo "browser tests: $(command -v "$browser")"
    exit 0
  fi
done
if ! command -v apt-get >/dev/null 2>&1 || [ "$(id -u)" != 0 ]; then
  echo "browser tests: there is no chromium, and it can't be installed here: name one in CHROMIUM"
  exit 0
fi
echo "browser tests: installing chromium and fonts-dejavu-core with apt-get"
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core >/dev/null
echo "browser tests: $(command -v chromium)"
