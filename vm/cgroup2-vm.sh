#!/bin/bash
# Runs one command in a small QEMU machine whose only cgroup hierarchy is cgroup v2, with every controller.
# The machine's root is this host's /, read-only below a tmpfs overlay, so that what is installed here is there too.
# The kernel is Debian's cloud kernel, fetched once as a package and kept in the cache. Made for Debian 12 on x86-64.
set -u
prog=${0##*/}

usage() {
  cat >&2 <<U
usage: $prog [options] -- COMMAND [ARG...]
  --mem SIZE      guest memory (default 2G)
  --smp N         virtual CPUs (default 2)
  --share DIR     a folder of the host at the same path, live and writable; repeatable
  --cwd DIR       working directory (default: here if below a share, else /)
  --disk SIZE     an ext4 disk at /scratch (default 2G, sparse); overlay uppers must lie there, and io.max works on it
  --user          run as the ordinary user vmuser (uid 4242, subordinate ids 100000:65536, a delegated cgroup), not root
  --env K=V       repeatable
  --timeout SECS  kill the machine after SECS (default 600)
  --verbose       the guest kernel's log on stderr
environment: CAISSON_VM_CACHE, the folder for kernel and initramfs (default ~/.cache/caisson-vm)
exit status: the command's; 124 timeout; 125 the machine could not be started, or died before the command ended
U
  exit 125
}

die() {
  echo "$prog: $*" >&2
  exit 125
}

mem=2G smp=2 cwd='' disk=2G user=0 timeout=600 verbose=0
shares=() envs=()
while [ $# -gt 0 ]; do
  case $1 in
    --mem) mem=$2; shift ;;
    --smp) smp=$2; shift ;;
    --share) shares+=("$2"); shift ;;
    --cwd) cwd=$2; shift ;;
    --disk) disk=$2; shift ;;
    --user) user=1 ;;
    --env) envs+=("$2"); shift ;;
    --timeout) timeout=$2; shift ;;
    --verbose) verbose=1 ;;
    --) shift; break ;;
    -*) usage ;;
    *) break ;;
  esac
  shift
done
[ $# -gt 0 ] || usage

here=$(cd "$(dirname "$0")" && pwd)
cache=${CAISSON_VM_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/caisson-vm}
kernel=$cache/kernel
virtiofsd=/usr/lib/qemu/virtiofsd
[ "$(id -u)" = 0 ] || die "needs root, to share folders with the machine"
"$here/../tools/need" qemu-system-x86_64=qemu-system-x86 "$virtiofsd=qemu-system-common" busybox=busybox-static \
  mkfs.ext4=e2fsprogs || exit 125

# ---- the kernel, once ------------------------------------------------------------------------------------------------

fetch_kernel() {
  mkdir -p "$cache" || die "no cache folder"
  local new package version
  new=$(mktemp -d "$cache/.new.XXXXXX") || die "no cache folder"
  package=$(apt-cache depends linux-image-cloud-amd64 2>/dev/null | awk '/Depends:/{print $2; exit}')
  if [ -z "$package" ]; then
    apt-get -q update >&2
    package=$(apt-cache depends linux-image-cloud-amd64 | awk '/Depends:/{print $2; exit}')
  fi
  [ -n "$package" ] || die "apt knows no linux-image-cloud-amd64"
  echo "$prog: fetching $package (first use)..." >&2
  chmod 755 "$new" # apt fetches as its own user
  (cd "$new" && apt-get -q download "$package" >/dev/null 2>"$new/apt.log") || {
    # the package lists may be older than the archive
    apt-get -q update >/dev/null 2>&1
    (cd "$new" && apt-get -q download "$package" >&2)
  } || die "cannot download $package"
  dpkg-deb -x "$new"/linux-image-*.deb "$new/x" || die "cannot unpack $package"
  version=${package#linux-image-}
  busybox depmod -b "$new/x" "$version" && [ -s "$new/x/lib/modules/$version/modules.dep" ] || die "depmod failed"
  cp "$new/x/boot/vmlinuz-$version" "$new/vmlinuz"
  mv "$new/x/lib/modules" "$new/modules" && echo "$version" >"$new/version"
  rm -rf "$new/x" "$new"/*.deb "$new/apt.log"
  mv -T "$new" "$kernel" 2>/dev/null || rm -rf "$new" # another first use was faster
  [ -e "$kernel/vmlinuz" ] || die "cannot fill $kernel"
}

# The initramfs: busybox, guest-init.sh, and the modules that it takes to reach the real root, in order of loading.
make_initramfs() {
  local new modules=$kernel/modules/$version m f n=0
  new=$(mktemp -d "$cache/.ini.XXXXXX") || die "no cache folder"
  mkdir "$new/bin" "$new/m" "$new/seen"
  cp "$(command -v busybox)" "$new/bin/busybox"
  cp "$here/guest-init.sh" "$new/init" && chmod 755 "$new/init"
  for m in virtio_pci virtio_mmio virtio_console virtio-rng virtiofs overlay ext4 crc32c_generic virtio_blk; do
    # A line of modules.dep names last what must be loaded first.
    for f in $(awk -v m="/$m.ko:" 'index($1, m) {for (i = NF; i > 1; i--) print $i; sub(":", "", $1); print $1}' \
      "$modules/modules.dep"); do
      [ -e "$new/seen/${f##*/}" ] && continue
      n=$((n + 1))
      cp "$modules/$f" "$new/m/$(printf %02d $n)-${f##*/}"
      : >"$new/seen/${f##*/}"
    done
  done
  rm -r "$new/seen"
  (cd "$new" && find . | busybox cpio -o -H newc 2>/dev/null) >"$kernel/initramfs.$$"
  mv "$kernel/initramfs.$$" "$kernel/initramfs"
  rm -rf "$new"
}

[ -e "$kernel/vmlinuz" ] || fetch_kernel
version=$(cat "$kernel/version")
initramfs=$kernel/initramfs
if [ ! -e "$initramfs" ] || [ "$here/guest-init.sh" -nt "$initramfs" ] || [ "$0" -nt "$initramfs" ]; then
  make_initramfs
fi

# ---- what the guest is told: a second small cpio behind the first ----------------------------------------------------

run=$(mktemp -d "${TMPDIR:-/tmp}/caisson-vm.XXXXXX") || die "no temporary folder"
daemons=() qemu=
cleanup() {
  trap - EXIT INT TERM HUP
  [ -n "$qemu" ] && kill -9 "$qemu" 2>/dev/null
  [ ${#daemons[@]} -gt 0 ] && kill "${daemons[@]}" 2>/dev/null
  wait 2>/dev/null
  rm -rf "$run"
}
trap cleanup EXIT
trap 'cleanup; exit 130' INT
trap 'cleanup; exit 143' TERM HUP

quote() { printf '%q ' "$@"; }
mkdir -p "$run/c/ctl"
printf 'user=%s\n' "$user" >"$run/c/ctl/conf"
n=0
for s in ${shares[@]+"${shares[@]}"}; do
  s=$(cd "$s" && pwd -P) || die "cannot share that folder"
  n=$((n + 1))
  echo "share$n $s"
  case $PWD/ in "$s"/*) [ -n "$cwd" ] || cwd=$PWD ;; esac
done >"$run/c/ctl/shares"
{
  echo '#!/bin/bash'
  for e in ${envs[@]+"${envs[@]}"}; do echo "export $(quote "$e")"; done
  echo "cd $(quote "${cwd:-/}") || exit 125"
  echo "exec $(quote "$@")"
} >"$run/c/ctl/cmd"
(cd "$run/c" && find . | busybox cpio -o -H newc 2>/dev/null) | cat "$kernel/initramfs" - >"$run/initrd"

# ---- the machine -----------------------------------------------------------------------------------------------------

args=(-nodefaults -no-user-config -display none -no-reboot -machine q35,memory-backend=mem,hpet=on
  -accel tcg,thread=multi,tb-size=512 -cpu max,-avx2,-avx # wide vectors are slow under emulation
  -m "$mem" -smp "$smp" -object "memory-backend-memfd,id=mem,size=$mem,share=on"
  -kernel "$kernel/vmlinuz" -initrd "$run/initrd" -serial "file:$run/console"
  -append "console=ttyS0 quiet panic=-1 reboot=t tsc=reliable random.trust_cpu=on mitigations=off cgroup_no_v1=all"
  -device virtio-rng-pci -device virtio-serial-pci
  -chardev "file,id=rc,path=$run/rc" -device virtserialport,chardev=rc,name=rc)
for p in out err; do
  mkfifo "$run/$p"
  args+=(-chardev "file,id=$p,path=$run/$p" -device "virtserialport,chardev=$p,name=$p")
done

# Serves a folder to the guest from a mount namespace of its own, where it is bound without what is mounted below it:
# the host's /proc, /sys and /dev stay out, and read-only is enforced on this side.
serve() { # TAG DIR ro|rw CACHE
  mkdir "$run/m.$1"
  # shellcheck disable=SC2016 # expanded by the inner shell
  unshare -m --propagation private bash -c 'set -e
    mount --bind "$1" "$2"
    [ "$3" = rw ] || mount -o remount,bind,ro "$2"
    exec "$6" --socket-path="$4" --thread-pool-size=1 \
      -o source="$2",cache="$5",sandbox=chroot,xattr,log_level=err,announce_submounts' \
    - "$2" "$run/m.$1" "$3" "$run/$1.sock" "$4" "$virtiofsd" >"$run/$1.log" 2>&1 &
  daemons+=($!)
  args+=(-chardev "socket,id=$1,path=$run/$1.sock" -device "vhost-user-fs-pci,queue-size=1024,chardev=$1,tag=$1")
}
serve root / ro always
serve mods "$kernel/modules" ro always
while read -r tag dir; do serve "$tag" "$dir" rw auto; done <"$run/c/ctl/shares"

truncate -s "$disk" "$run/disk" || die "bad --disk"
mkfs.ext4 -q -F -m 0 -O ^has_journal -E lazy_itable_init=1,nodiscard "$run/disk" >/dev/null 2>&1 ||
  die "no scratch disk"
args+=(-drive "if=none,id=d0,file=$run/disk,format=raw,cache=unsafe,discard=unmap" -device virtio-blk-pci,drive=d0)

for s in root mods $(cut -d' ' -f1 "$run/c/ctl/shares"); do
  for ((n = 0; n < 500; n++)); do
    [ -S "$run/$s.sock" ] && break
    sleep 0.01
  done
  [ -S "$run/$s.sock" ] || { cat "$run/$s.log" >&2; die "virtiofsd for $s did not start"; }
done

cat "$run/out" &
out=$!
cat "$run/err" >&2 &
err=$!
# When this script is killed, timeout gets a TERM and passes it on: no machine outlives its script.
setpriv --pdeathsig TERM timeout -k 5 "$timeout" qemu-system-x86_64 "${args[@]}" </dev/null >"$run/qemu.log" 2>&1 &
qemu=$!
wait "$qemu"
status=$? qemu=
wait "$out" "$err" 2>/dev/null
[ $verbose = 1 ] && tr -d '\r' <"$run/console" >&2

rc=$(cat "$run/rc" 2>/dev/null)
[ -n "$rc" ] && exit "$rc"
if [ "$status" = 124 ] || [ "$status" = 137 ]; then
  echo "$prog: timed out after $timeout s" >&2
  exit 124
fi
echo "$prog: the machine ended (qemu status $status) before the command did" >&2
cat "$run/qemu.log" >&2
tail -n 25 "$run/console" | tr -d '\r' >&2
exit 125
