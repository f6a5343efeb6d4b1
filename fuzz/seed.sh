#!/usr/bin/env bash
# Copies what the tests read into the corpora, so that fuzzing starts from documents that are read and not from nothing.
set -euo pipefail
cd "$(dirname "$0")"

# copy CORPUS NAME HEAD FILE...: each file, after HEAD (lines of fuzz_targets/input.rs).
copy() {
    local corpus="corpus/$1" name="$2" head="$3"
    shift 3
    mkdir -p "$corpus"
    for file in "$@"; do
        { printf '%b' "$head"; cat "$file"; } >"$corpus/$name-$(basename "$file")"
    done
}

shopt -s nullglob
fixtures=../tests/fixtures
feeds=("$fixtures"/feed/*.*)
pages=("$fixtures"/{page,article,discover,feed}/*.html)
sitemaps=("$fixtures"/sitemap/*.*)
lists=("$fixtures"/opml/*.opml)

copy feed feed "" "${feeds[@]}"
copy feed declared "content-type: application/rss+xml; charset=windows-1251\nbase: http://example.org/\n" "${feeds[@]}"
copy decode feed "" "${feeds[@]}" "${pages[@]}"
copy decode declared "content-type: text/html; charset=shift_jis\n" "${feeds[@]}"
copy sitemap sitemap "" "${sitemaps[@]}"
copy sitemap feed "" "${feeds[@]}"
copy selectors links "selector: a\n" "${pages[@]}"
copy selectors text "selector: main p, article\nbase: https://example.org/a/b.html\n" "${pages[@]}"
copy discover page "" "${pages[@]}" "${lists[@]}" "${sitemaps[@]}"

copy fold page "" "${pages[@]}" "$fixtures"/topic/*.toml
mkdir -p corpus/query
number=0
while read -r line; do
    number=$((number + 1))
    printf '%s\nKim Jong Un to visit Putin soon to discuss arms' "$line" >"corpus/query/refused-$number"
done <"$fixtures/topic/refused.txt"
printf '%s\n' 'ATLEAST/2 (@nk | ~sell) AND NOT title:(a OR "b c") NEAR/5 =DPRK' >corpus/query/valid-1
printf '%s\n' '(a ONEAR/3 b) NEAR/9 (c OR /x\d+/)^2 OR weapon*' >corpus/query/valid-2

# The dates are the texts of the tests, one a file.
mkdir -p corpus/dates
number=0
grep -ohE '"[^"\\]{4,60}"' ../src/feed/dates/tests.rs | sort -u | while read -r text; do
    number=$((number + 1))
    text=${text#\"}
    printf '%s' "${text%\"}" >"corpus/dates/test-$number"
done

for corpus in corpus/*; do printf '%s: %s seeds\n' "$corpus" "$(find "$corpus" -type f | wc -l)"; done
