#!/usr/bin/env bash
# Fills the forms of tests/fixtures/form in and has LibreOffice open the results: the values are in
# their cells, the sums come out, and the layout is the blank form's.
# Run: tests/office.sh [JUMIN]     (JUMIN: the program; target/debug/jumin when not given)
set -euo pipefail
cd "$(dirname "$0")/.."
jumin=$(realpath "${1:-target/debug/jumin}")
forms=$PWD/tests/fixtures/form
if ! command -v soffice > /dev/null; then
    echo "skipped: soffice (LibreOffice) is not installed"
    exit 0
fi
[ -x "$jumin" ] || { echo "no program at $jumin: cargo build first"; exit 1; }
desk=$(mktemp -d)
trap 'rm -rf "$desk"' EXIT
export JUMIN_REGISTER=$desk/register HOME=$desk JUMIN_WORKER=office
"$jumin" --register "$JUMIN_REGISTER" demo --residents 300 > /dev/null

# One sheet of a workbook as LibreOffice shows it; the number of the sheet, from 1.
sheet() {
    soffice --headless --convert-to "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,$2" \
        --outdir "$desk/csv" "$1" > /dev/null 2>&1
    cat "$desk"/csv/*.csv
    rm -r "$desk/csv"
}

failed=0
expect() { # what, got, want
    if [ "$2" = "$3" ]; then echo "ok: $1"; else echo "FAILED: $1: $2 instead of $3"; failed=1; fi
}

for blank in monthly monthly-libreoffice; do
    "$jumin" form add "$blank" "$forms/$blank.xlsx" --query "age:80.." > /dev/null 2>&1
    "$jumin" form fill "$blank" -o "$desk/$blank.xlsx" --unmasked --purpose 核对 --to 街道办 2> /dev/null
    people=$("$jumin" count "age:80..")
    names=$("$jumin" list "age:80.." --columns name --format csv | tail -n +2 | tr -d '\r')
    ages=$("$jumin" list "age:80.." --columns age --format csv | tail -n +2 | tr -d '\r' | paste -sd+ | bc)
    sheet "$desk/$blank.xlsx" 1 > "$desk/first"
    expect "$blank: names in their column" "$(sed -n "5,$((4 + people))p" "$desk/first" | cut -d, -f2)" "$names"
    expect "$blank: numbered" "$(sed -n "$((4 + people))p" "$desk/first" | cut -d, -f1)" "$people"
    expect "$blank: title" "$(head -1 "$desk/first" | cut -d, -f1)" "高龄老人服务登记表"
    expect "$blank: sums" "$(sed -n "$((5 + people))p" "$desk/first" | cut -d, -f1,8,9)" "合计,$ages,$people"
    expect "$blank: signatures" "$(sed -n "$((6 + people))p" "$desk/first" | cut -d, -f1,5)" "填表人：,审核人："
    # 年月日, or as LibreOffice writes a day where it has no Chinese; a bare number is no day.
    day=$(sed -n 5p "$desk/first" | cut -d, -f4 | tr -d 0-9)
    expect "$blank: a day in its format" "${day/\/\//年月日}" "年月日"
    sheet "$desk/$blank.xlsx" 2 > "$desk/second"
    expect "$blank: the second sheet's sums" "$(cut -d, -f2 "$desk/second" | paste -sd,)" "$ages,$((ages + 1)),$people"

    # The layout, as LibreOffice understands it: column widths, and what it prints on.
    for book in "$forms/$blank.xlsx" "$desk/$blank.xlsx"; do
        soffice --headless --convert-to fods --outdir "$desk/fods" "$book" > /dev/null 2>&1
        grep -o 'style:column-width="[^"]*"\|fo:page-width="[^"]*"\|style:print-orientation="[^"]*"\|fo:margin-left="[^"]*"' \
            "$desk/fods/$blank.fods" | sort > "$desk/layout-$(basename "$(dirname "$book")")"
        rm -r "$desk/fods"
    done
    expect "$blank: widths and paper" "$(cat "$desk/layout-$(basename "$desk")")" "$(cat "$desk/layout-form")"
done
exit $failed
