#!/usr/bin/env bash
# Builds librdkafka, the native half of the Kafka client, once for all checkouts, and prints the directory it lies in:
#   librdkafka.so          as it is released
#   librdkafka-mock.so     the same for tests: its mock brokers keep 1 GiB a partition instead of 5 MiB, and wait 1.5 s for
#                          the members of a group to join again instead of almost a session, as brokers that know
#                          their members need not wait at all
# The build of the programs finds it there. Only needed where the package librdkafka.redist is not to be had.
set -euo pipefail

version=2.15.1
# Carries the source of that version.
package=@confluentinc/kafka-javascript@1.10.1
digest=KVePUBn21EqCVP9mfxzEuM3SYJHHEF7X+iiC2e43QQgDSyEaksInmCGooT3w5q+cNAdkSCrK71j0ICfqoSqZLw==
cache=${XDG_CACHE_HOME:-$HOME/.cache}/streamsegmenter/librdkafka-$version

if [[ -e $cache/librdkafka.so && -e $cache/librdkafka-mock.so ]]; then
  echo "$cache"
  exit
fi

missing=()
need() { [[ -e $1 ]] || command -v "$1" >/dev/null || missing+=("$2"); }
# A header is asked of the compiler, which knows where its own lie.
header() { echo "#include <$1>" | gcc -E - &>/dev/null || missing+=("$2"); }
need npm npm
need gcc gcc
need make make
need openssl openssl
if command -v gcc >/dev/null; then
  header stdio.h libc6-dev
  header openssl/ssl.h libssl-dev
  header zlib.h zlib1g-dev
  header zstd.h libzstd-dev
  header lz4.h liblz4-dev
fi
if ((${#missing[@]} > 0)); then
  echo "librdkafka.sh: to build librdkafka, first install: ${missing[*]} (the names are Debian's)" >&2
  exit 1
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm pack --silent --ignore-scripts "$package" >/dev/null
if [[ $(openssl dgst -sha512 -binary ./*.tgz | openssl base64 -A) != "$digest" ]]; then
  echo "librdkafka.sh: $package is not what it was; nothing was built" >&2
  exit 1
fi
tar xzf ./*.tgz package/deps/librdkafka
cd package/deps/librdkafka

build() {
  if ! make -j"$(nproc)" -C src librdkafka.so.1 >>"$work/log" 2>&1; then
    tail -n 40 "$work/log" >&2
    echo "librdkafka.sh: the build failed" >&2
    exit 1
  fi
  strip -o "$work/$1" src/librdkafka.so.1
}

echo "building librdkafka $version, about a minute" >&2
./configure --disable-gssapi --disable-curl --enable-strip >"$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }
build librdkafka.so
sed -i 's/\(mpart->max_size *= *\)1024 \* 1024 \* 5;/\11024 * 1024 * 1024;/; s/\(mpart->max_cnt *= *\)100000;/\1100000000;/' \
  src/rdkafka_mock.c
sed -i 's/? mcgrp->session_timeout_ms - 1000/? 1500/' src/rdkafka_mock_cgrp.c
build librdkafka-mock.so
for change in 'rdkafka_mock.c:1024 \* 1024 \* 1024;' 'rdkafka_mock_cgrp.c:? 1500'; do
  if ! grep -q "${change#*:}" "src/${change%%:*}"; then
    echo "librdkafka.sh: ${change%%:*} of this version is not as expected" >&2
    exit 1
  fi
done

# The last step makes it whole, whoever else does the same at the same time.
mkdir -p "$cache"
mv -f "$work/librdkafka-mock.so" "$cache/librdkafka-mock.so"
mv -f "$work/librdkafka.so" "$cache/librdkafka.so"
echo "$cache"
