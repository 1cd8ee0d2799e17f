# shellcheck shell=bash
# Shared by eng/lambda and eng/cli: how native programs are published and packed. To be sourced in the repository's root.
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1

# The runtime identifier of this machine.
this_runtime() {
  case "$(uname -sm)" in
    "Linux aarch64" | "Linux arm64") echo linux-arm64 ;;
    "Darwin arm64") echo osx-arm64 ;;
    "Darwin x86_64") echo osx-x64 ;;
    MINGW* | MSYS*) echo win-x64 ;;
    *) echo linux-x64 ;;
  esac
}

# crosses RUNTIME: whether it is built here for another processor: linux-arm64 on linux-x64.
crosses() { [ "$1" = linux-arm64 ] && [ "$(this_runtime)" = linux-x64 ]; }

# is_native RUNTIME: whether a native program for it can be built here.
is_native() { [ "$1" = "$(this_runtime)" ] || crosses "$1"; }

# Where the libraries of linux-arm64 are, on another processor.
sysroot() { echo "${SERVERLESS_CA_SYSROOT:-${XDG_CACHE_HOME:-$HOME/.cache}/serverless-ca/sysroot-linux-arm64}"; }

# publish PROJECT RUNTIME FOLDER [PROPERTY ...]: a warning of the trimmer or the native compiler is an error, and so is a
# package that packages.lock.json has not.
publish() {
  local cross=()
  if crosses "$2"; then
    local program
    for program in clang ld.lld llvm-objcopy; do
      command -v "$program" >/dev/null || {
        echo "error: $program is missing, to build for $2 on another processor: apt-get install clang lld llvm" >&2
        return 1
      }
    done
    eng/sysroot "$(sysroot)"
    cross=(-p:CppCompilerAndLinker=clang -p:LinkerFlavor=lld -p:ObjCopyName=llvm-objcopy "-p:SysRoot=$(sysroot)")
  fi
  dotnet publish "src/$1" -c Release -r "$2" -o "$3" -v quiet "${cross[@]}" "${@:4}"
  python3 eng/locked "$1"
}

# pack ARCHIVE MODE:FILE=NAME ...: a .zip or .tar.gz of these files, and its .sha256 beside it. Always the same time, mode
# and owner: nothing of this machine or this moment is in it. A FILE that is empty makes an empty folder.
pack() {
  python3 - "$@" <<'PYTHON'
import gzip, io, os, sys, tarfile, zipfile
archive, *specs = sys.argv[1:]
files = []
for spec in specs:
    mode, rest = spec.split(":", 1)
    path, name = rest.rsplit("=", 1)
    files.append((name, int(mode, 8), open(path, "rb").read() if path else None))
half = f"{archive}.part"  # under its name it is whole
if archive.endswith(".zip"):
    with zipfile.ZipFile(half, "w") as written:
        for name, mode, content in files:
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.create_system = 3  # Unix: the mode counts
            entry.external_attr = (0o100000 | mode) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            written.writestr(entry, content, compresslevel=9)
else:
    with open(half, "wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as zipped, \
            tarfile.open(fileobj=zipped, mode="w", format=tarfile.USTAR_FORMAT) as written:
        for name, mode, content in files:
            entry = tarfile.TarInfo(name)
            entry.mode, entry.mtime = mode, 315532800  # 1980-01-01, as in a zip
            entry.type = tarfile.DIRTYPE if content is None else tarfile.REGTYPE
            entry.size = len(content or b"")
            written.addfile(entry, io.BytesIO(content or b""))
os.replace(half, archive)
PYTHON
  digest "$1"
}

# settle PACKAGE: a zip that a tool wrote, with the same entries in the order of their names and without the time of writing.
settle() {
  python3 - "$1" <<'PYTHON'
import os, sys, zipfile
package = sys.argv[1]
with zipfile.ZipFile(package) as read, zipfile.ZipFile(f"{package}.part", "w") as written:
    for name in sorted(read.namelist()):
        entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
        entry.create_system = 3
        entry.external_attr = 0o100644 << 16
        entry.compress_type = zipfile.ZIP_DEFLATED
        written.writestr(entry, read.read(name), compresslevel=9)
os.replace(f"{package}.part", package)
PYTHON
}

# digest FILE: writes FILE.sha256, as sha256sum --check reads it, and shows it.
digest() {
  (
    cd "$(dirname "$1")" || exit
    name=$(basename "$1")
    if command -v sha256sum >/dev/null; then sha256sum "$name"; else shasum -a 256 "$name"; fi | tee "$name.sha256"
  )
}
