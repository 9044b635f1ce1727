# shellcheck shell=bash disable=SC2154 # packages comes from setup.sh
# Installs Debian packages: as root into the system, as anybody else into folders of the user.

# install_packages CODE PACKAGE...: installs them, or unpacks them into the folder named like the first.
install_packages() {
  local code=$1
  shift
  command -v apt-get >/dev/null ||
    fail "$code" "there is no apt here: please install what Debian calls $*"
  if [ "${LAMINA_NO_INSTALL:-}" = 1 ]; then
    say "LAMINA_NO_INSTALL is set, so this is left to you:"
    install_commands "$@" >&2
    exit "$code"
  fi
  refresh_lists
  if [ "$EUID" = 0 ]; then
    DEBIAN_FRONTEND=noninteractive \
      run apt-get -q -y -o Dpkg::Use-Pty=0 install --no-install-recommends "$@"
  else
    unpack "$@"
    use "$1"
  fi
}

install_commands() {
  if [ "$EUID" = 0 ]; then
    echo "  apt-get update && apt-get install -y --no-install-recommends $*"
    return
  fi
  echo "  sudo apt-get update && sudo apt-get install -y --no-install-recommends $*"
  echo "or, without root (\$packages are those that 'apt-get -s install $*' lists):"
  echo "  cd \"\$(mktemp -d)\" && apt-get download \$packages"
  echo "  for deb in *.deb; do dpkg-deb -x \"\$deb\" $packages/$1; done"
}

# The lists of packages; who is not root gets his own, because the system's may be old or empty.
apt_options=()
lists_are_fresh=
refresh_lists() {
  if [ -n "$lists_are_fresh" ]; then return 0; fi
  if [ "$EUID" != 0 ]; then
    mkdir -p "$packages/.apt/lists/partial" "$packages/.apt/cache/archives/partial" ||
      fail 1 "cannot write to $packages, where packages would be unpacked"
    apt_options=(-o "Dir::State::Lists=$packages/.apt/lists" -o "Dir::Cache=$packages/.apt/cache"
      -o Debug::NoLocking=1)
  fi
  run apt-get -q "${apt_options[@]}" update
  lists_are_fresh=yes
}

# Downloads packages, with all that they need and the system does not have, and unpacks them.
unpack() {
  local name=$1 work=$packages/.$1 deb names
  say "you are not root, so $* will be unpacked into $packages/$name"
  rm -rf "$work"
  mkdir -p "$work/debs" "$work/root"
  # A new package is listed as "Inst NAME (VERSION …", an upgrade as "Inst NAME [OLD] (NEW …": a
  # second C library next to the system's would break every program, so upgrades are left out.
  names=$(apt-get "${apt_options[@]}" -s install --no-install-recommends "$@" |
    awk '$1 == "Inst" && $3 ~ /^\(/ { print $2 }') || fail 1 "apt cannot install $*"
  # shellcheck disable=SC2086 # one word for each package
  (cd "$work/debs" && run apt-get -q "${apt_options[@]}" download $names) || exit 1
  for deb in "$work"/debs/*.deb; do
    dpkg-deb -x "$deb" "$work/root" || fail 1 "cannot unpack $deb"
  done
  relocate "$work/root" "$packages/$name"
  rm -rf "${packages:?}/$name"
  mv "$work/root" "$packages/$name"
  rm -rf "$work"
}

# Makes the absolute links in an unpacked folder point to where the folder is going to be, and adds
# the folder `link` with the two libraries by whose development names PoCL links its kernels.
relocate() {
  local link target library
  find "$1" -type l -lname '/*' | while IFS= read -r link; do
    target=$(readlink "$link")
    if [ -e "$1$target" ] || [ -L "$1$target" ]; then
      ln -sfn "$2$target" "$link"
    fi
  done
  mkdir -p "$1/link"
  for library in c m; do
    for target in /lib/*-linux-gnu/"lib$library.so.6" "/lib64/lib$library.so.6"; do
      if [ -e "$target" ]; then
        ln -sfn "$target" "$1/link/lib$library.so"
        break
      fi
    done
  done
}

# Points the loaders to a set of unpacked packages.
use() {
  local set=$packages/$1 folder
  for folder in "$set"/usr/lib/*-linux-gnu "$set"/lib/*-linux-gnu; do
    if [ -d "$folder" ]; then
      export LD_LIBRARY_PATH=$folder${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
    fi
  done
  # PoCL has its kernels linked by the first `ld` on the path, with these libraries.
  for folder in "$set"/usr/lib/gcc/*/* "$set/link"; do
    if [ -d "$folder" ]; then
      export LIBRARY_PATH=$folder${LIBRARY_PATH:+:$LIBRARY_PATH}
    fi
  done
  export PATH=$PATH:$set/usr/bin
}
