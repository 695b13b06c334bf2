#!/bin/sh
# Load the samples and show what can be asked. Run again: nothing is done twice.
set -eu
cd "$(dirname "$0")/.."
out=${OUT:-outputs}
PATH="$PWD/.venv/bin:$PATH"

show() {
    line=congvan
    for word in "$@"; do
        case $word in *" "*) line="$line \"$word\"" ;; *) line="$line $word" ;; esac
    done
    printf '\n$ %s\n' "$line"
    congvan "$@" || [ $? -eq 4 ]  # 4: nothing found, which is an answer
}

# exit code 3 means that some files could not be read; the report above names them
congvan load samples/*/source.* --out "$out" || [ $? -eq 3 ]
show search "hồ sơ quá hạn" --out "$out"
show search "ho so qua han" --limit 3 --out "$out"
show tasks --assignee "Văn phòng Sở" --out "$out"
printf '\nBản ghi / records: %s/records\n' "$out"
id=$(congvan search "hồ sơ quá hạn" --limit 1 --format json --out "$out" 2>/dev/null |
    sed -n 's/.*"document_id": "\([0-9a-f]\{12\}\).*/\1/p')
printf 'Thử tiếp / next:\n  .venv/bin/congvan show %s --out %s\n' "$id" "$out"
printf '  .venv/bin/congvan serve --out %s\n' "$out"
