#!/bin/sh
# Create .venv from requirements.lock (exact versions, checked hashes) and install the project into it.
set -eu
cd "$(dirname "$0")/.."
venv=.venv

python=""
for candidate in "${PYTHON:-python3.11}" python3.12 python3; do
    if "$candidate" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 13))' 2>/dev/null; then
        python=$candidate
        break
    fi
done
if [ -z "$python" ]; then
    echo "Cần Python 3.11 hoặc 3.12 / Python 3.11 or 3.12 is needed: apt-get install python3.11" >&2
    exit 1
fi

if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        apt-get update -q && apt-get install -y -q --no-install-recommends "python$version-venv"
    else
        echo "Thiếu gói python$version-venv / the package python$version-venv is needed: sudo apt-get install python$version-venv" >&2
        exit 1
    fi
fi

echo "Đang cài các thư viện vào $venv, mất vài phút… / Installing the libraries into $venv, some minutes…" >&2
[ -x "$venv/bin/python" ] || "$python" -m venv "$venv"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --no-compile --require-hashes -r requirements.lock
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
"$venv/bin/python" -m pip check
