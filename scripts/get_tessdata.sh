#!/bin/sh
# Make sure that Tesseract's Vietnamese data is at hand: installed, or in .venv/share/tessdata.
# Without it everything but scans and images is read; so this never fails, it says what is missing.
set -u
cd "$(dirname "$0")/.."
own=.venv/share/tessdata
package=tesseract-ocr-vie

if .venv/bin/python -c 'from pipeline.readers.ocr import find_tessdata; find_tessdata()' 2>/dev/null; then
    exit 0
fi
if ! command -v apt-get >/dev/null; then
    echo "Không lấy được dữ liệu tiếng Việt của Tesseract (không có apt-get): văn bản scan sẽ không đọc được." >&2
    echo "Tesseract's Vietnamese data could not be got (no apt-get): scans will not be read." >&2
    exit 0
fi
if [ "$(id -u)" = 0 ]; then
    apt-get update -q >/dev/null 2>&1
    apt-get install -y -q --no-install-recommends "$package" >/dev/null 2>&1 && exit 0
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if (cd "$work" && apt-get download -q "$package" >/dev/null 2>&1 && dpkg-deb -x ./*.deb data 2>/dev/null); then
    mkdir -p "$own"
    find "$work/data" -name vie.traineddata -exec cp {} "$own/" \;
fi
if [ -f "$own/vie.traineddata" ]; then
    echo "Dữ liệu tiếng Việt của Tesseract: $own / Tesseract's Vietnamese data is in $own"
else
    echo "Không lấy được gói $package: văn bản scan sẽ không đọc được cho đến khi cài gói này." >&2
    echo "The package $package could not be got: scans are not read until it is installed." >&2
fi
exit 0
