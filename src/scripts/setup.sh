# shellcheck shell=bash disable=SC2154,SC2034 # root and program come from the sourcing script
# Finds what Lamina needs (a JDK, an OpenCL driver, Maven), installs what is missing, and builds.
#
# ./lamina and ./verify source this file after setting `root`, the checkout, and `program`, their
# own name. Root gets Debian packages installed; for anybody else they are unpacked under the cache
# folder, one folder for each set of packages, and the loaders are pointed there.
# With LAMINA_NO_INSTALL=1 the commands are printed and not run.

cache=${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/lamina
packages=$cache/packages
jar=$root/target/lamina.jar
stamp=$root/target/lamina.built

# shellcheck source=src/scripts/packages.sh
. "$root/src/scripts/packages.sh"

say() { printf '%s: %s\n' "$program" "$*" >&2; }

# fail CODE TEXT: the exit codes are those of the command, see README.md.
fail() {
  say "$2"
  exit "$1"
}

# Runs a command quietly; what it printed is shown if it fails.
run() {
  local output
  say "\$ $*"
  output=$("$@" 2>&1) || fail 1 "that failed:
$output"
}

# --- JDK ------------------------------------------------------------------------------------------

# Prints the major version of the JDK in a folder, nothing if there is none.
jdk_version() {
  local line
  if [ -x "$1/bin/javac" ] && [ -r "$1/release" ]; then
    while IFS= read -r line; do
      case $line in
        JAVA_VERSION=*)
          line=${line#*\"}
          echo "${line%%[!0-9]*}"
          ;;
      esac
    done <"$1/release"
  fi
}

is_jdk() {
  local version
  version=$(jdk_version "$1")
  [ "${version:-0}" -ge 17 ]
}

# Sets JAVA_HOME to a JDK of version 17 or newer; fails if there is none.
find_jdk() {
  local javac home
  if [ -n "${JAVA_HOME:-}" ]; then
    if is_jdk "$JAVA_HOME"; then return 0; fi
    say "JAVA_HOME=$JAVA_HOME is not a JDK of version 17 or newer, so another one is looked for"
  fi
  javac=$(command -v javac || true)
  if [ -n "$javac" ] && [ "${OSTYPE#darwin}" = "$OSTYPE" ]; then
    javac=$(readlink -f "$javac")
    home=${javac%/bin/javac}
    if is_jdk "$home"; then
      export JAVA_HOME=$home
      return 0
    fi
  fi
  for home in /usr/lib/jvm/* /Library/Java/JavaVirtualMachines/*/Contents/Home \
    "$packages"/*jdk*/usr/lib/jvm/*; do
    if is_jdk "$home"; then
      export JAVA_HOME=$home
      return 0
    fi
  done
  return 1
}

need_jdk() {
  local package=openjdk-17-jdk-headless version
  if ! find_jdk; then
    if [ "${LAMINA_NO_INSTALL:-}" != 1 ] && command -v apt-get >/dev/null; then refresh_lists; fi
    for version in 17 21 25; do
      if apt-cache "${apt_options[@]}" show "openjdk-$version-jdk-headless" >/dev/null 2>&1; then
        package=openjdk-$version-jdk-headless
        break
      fi
    done
    say "there is no JDK of version 17 or newer, so $package will be installed"
    install_packages 1 "$package"
    find_jdk || fail 1 "there is still no JDK of version 17 or newer after installing $package"
  fi
  case $JAVA_HOME in
    "$packages"/*)
      local set=${JAVA_HOME#"$packages"/}
      use "${set%%/*}"
      trust_store
      ;;
  esac
}

# An unpacked JDK has no certificates: the package makes them when root installs it. Its link to
# them is replaced by a file of our own.
trust_store() {
  local store=$JAVA_HOME/lib/security/cacerts
  if [ -e "$store" ]; then return 0; fi
  "$JAVA_HOME/bin/java" "$root/src/scripts/TrustStore.java" "$store.new" \
    /etc/ssl/certs/ca-certificates.crt "$packages"/*/usr/share/ca-certificates/mozilla/*.crt ||
    fail 1 "cannot make a trust store for the JDK"
  mv -f "$store.new" "$store"
}

# --- OpenCL ---------------------------------------------------------------------------------------

# Whether a driver is registered. Mesa's drivers offer nothing where there is no GPU.
has_opencl_driver() {
  local icd gpus=(/dev/dri/renderD*)
  if [ -n "${OCL_ICD_VENDORS:-}${OCL_ICD_FILENAMES:-}${OPENCL_VENDOR_PATH:-}${RUSTICL_ENABLE:-}" ]; then return 0; fi
  for icd in /etc/OpenCL/vendors/*.icd; do
    case $icd in
      */mesa.icd | */rusticl.icd) if [ -e "${gpus[0]}" ]; then return 0; fi ;;
      *) if [ -e "$icd" ]; then return 0; fi ;;
    esac
  done
  return 1
}

has_opencl_loader() {
  local library folders
  IFS=: read -r -a folders <<<"${LD_LIBRARY_PATH:-}"
  for library in "${folders[@]/%//libOpenCL.so.1}" /usr/lib/*/libOpenCL.so* /usr/lib/libOpenCL.so* /usr/lib64/libOpenCL.so* \
    /usr/local/lib/libOpenCL.so* /usr/lib/wsl/lib/libOpenCL.so*; do
    if [ -e "$library" ]; then return 0; fi
  done
  case $(PATH=$PATH:/usr/sbin:/sbin ldconfig -p 2>/dev/null) in
    *libOpenCL.so*) return 0 ;;
  esac
  return 1
}

# Points to the driver that was unpacked, if the system has none; fails if there is none at all.
use_opencl() {
  case $OSTYPE in
    linux*) ;;
    *) return 0 ;;
  esac
  if has_opencl_driver && has_opencl_loader; then return 0; fi
  if [ ! -d "$packages/pocl-opencl-icd" ]; then return 1; fi
  use pocl-opencl-icd
  export OCL_ICD_VENDORS=${OCL_ICD_VENDORS:-$packages/pocl-opencl-icd/etc/OpenCL/vendors}
}

need_opencl() {
  if use_opencl; then return 0; fi
  if has_opencl_driver; then
    say "there is an OpenCL driver but no loader for it (libOpenCL.so.1), so one will be installed"
    install_packages 3 ocl-icd-libopencl1
  else
    say "there is no OpenCL driver, so PoCL, which runs OpenCL on the CPU, will be installed"
    install_packages 3 pocl-opencl-icd ocl-icd-libopencl1
    use_opencl || fail 3 "there is still no OpenCL driver after installing PoCL"
  fi
}

# --- Build ----------------------------------------------------------------------------------------

# Sets `maven` to an installed Maven of version 3.6.3 or newer, or else to the wrapper, which
# downloads one.
need_maven() {
  local version
  if command -v mvn >/dev/null; then
    version=$(mvn -B -v 2>/dev/null | grep -o 'Maven [0-9.]*' | head -1)
    version=${version#Maven }
    if [ "$(printf '%s\n' 3.6.3 "${version:-0}" | sort -V | head -1)" = 3.6.3 ]; then
      maven=(mvn -B -ntp -Dstyle.color=never)
      return 0
    fi
  fi
  maven=("$root/mvnw" -B -ntp -Dstyle.color=never)
  if ls -d "${MAVEN_USER_HOME:-${HOME:-/tmp}/.m2}"/wrapper/dists/*/* >/dev/null 2>&1; then return 0; fi
  if [ "${LAMINA_NO_INSTALL:-}" = 1 ]; then
    say "LAMINA_NO_INSTALL is set, so this is left to you:"
    echo "  $root/mvnw -v   # downloads Maven to ~/.m2/wrapper" >&2
    exit 1
  fi
  # The wrapper checks the sum of the .zip; without unzip it would take another file.
  if ! command -v unzip >/dev/null; then
    if [ -d "$packages/unzip" ]; then use unzip; else install_packages 1 unzip; fi
  fi
  say "there is no Maven of version 3.6.3 or newer: $root/mvnw downloads one to ~/.m2/wrapper"
}

# One first start at a time; the lock is gone with the process.
lock() {
  if command -v flock >/dev/null && mkdir -p "$cache" 2>/dev/null && : 2>/dev/null >>"$cache/lock"; then
    exec 9>>"$cache/lock"
    if ! flock -n 9; then
      say "waiting for another process that sets up Lamina"
      flock 9
    fi
  fi
}

unlock() { exec 9>&-; }

# Lets the JVM keep its signal handlers. LLVM, in which PoCL builds kernels, takes over SIGSEGV, which
# the JVM lives on, with a handler that is gone after one signal: two threads at once end the process.
# The JDK's libjsig, loaded before everything else, keeps the JVM's handlers in front.
keep_signals() {
  local library=$JAVA_HOME/lib/libjsig.so
  if [ -f "$library" ]; then export LD_PRELOAD=$library${LD_PRELOAD:+:$LD_PRELOAD}; fi
}

# Whether the jar is newer than everything it is made of and the JDK is still there.
is_built() {
  local home
  [ -f "$stamp" ] && [ -f "$jar" ] && read -r home <"$stamp" && [ -x "$home/bin/java" ] &&
    [ "${JAVA_HOME:-$home}" = "$home" ] &&
    [ -z "$(find "$root/pom.xml" "$root/src/main" "$root/opencl" "$root/networks" \
      -newer "$stamp" -print 2>/dev/null | head -1)" ] || return 1
  export JAVA_HOME=$home
}
