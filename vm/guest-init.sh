#!/bin/busybox sh
# Pid 1 of the machine that cgroup2-vm.sh starts. It runs twice: from the initramfs, until the real root is mounted, and
# then (stage2) from there, where it prepares cgroup v2 and runs the command.
export PATH=/bin:/sbin:/usr/bin:/usr/sbin
B=/bin/busybox
mnt() { $B mount "$@"; }

if [ -z "${1:-}" ]; then
  fail() { echo "guest-init: $*"; $B reboot -f; }
  $B mkdir -p /proc /sys /dev /ro /rw /new
  mnt -t proc proc /proc
  mnt -t sysfs sys /sys
  mnt -t devtmpfs dev /dev
  for m in /m/*.ko; do $B insmod $m; done
  mnt -t virtiofs -o ro root /ro || fail "no root file system"
  mnt -t tmpfs -o size=90% rw /rw
  $B mkdir /rw/u /rw/w
  mnt -t overlay -o lowerdir=/ro,upperdir=/rw/u,workdir=/rw/w root /new || fail "no overlay"
  N=/new
  for d in proc sys dev; do $B mkdir -p $N/$d; done
  mnt -t tmpfs -o mode=755 run $N/run
  mnt -t tmpfs -o mode=1777 tmp $N/tmp
  mnt -t tmpfs -o mode=1777 vt $N/var/tmp
  $B mkdir -p $N/run/vm/bin
  $B cp -r /ctl/. $N/run/vm/
  $B cp /bin/busybox $N/run/vm/bin/busybox
  $B cp /init $N/run/vm/init
  v=$($B uname -r)
  $B mkdir -p $N/run/vm/modules $N/usr/lib/modules
  mnt -t virtiofs -o ro mods $N/run/vm/modules
  $B rm -rf $N/usr/lib/modules/$v
  $B ln -s /run/vm/modules/$v $N/usr/lib/modules/$v
  while read -r tag dir; do
    $B mkdir -p "$N$dir"
    mnt -t virtiofs -o rw $tag "$N$dir" || fail "cannot mount $dir"
  done </ctl/shares
  for d in proc sys dev; do mnt -o move /$d $N/$d; done
  exec $B switch_root $N /run/vm/bin/busybox sh /run/vm/init stage2
fi

# ---- stage 2: the real root ------------------------------------------------------------------------------------------
C=/run/vm
B=$C/bin/busybox
. $C/conf
port() { for p in /sys/class/virtio-ports/*; do [ "$($B cat $p/name)" = $1 ] && echo /dev/${p##*/}; done; }

# busybox's modprobe reads the modules.dep that busybox's depmod wrote; kmod's wants modules.dep.bin.
$B rm -f /usr/sbin/modprobe
printf '#!%s sh\nexec %s modprobe "$@"\n' $B $B >/usr/sbin/modprobe
$B chmod 755 /usr/sbin/modprobe
$B rm -f /.dockerenv /run/.containerenv # or programs take this machine for a container
$B mkdir -p /dev/pts /dev/shm /dev/mqueue
mnt -t devpts -o gid=5,mode=620,ptmxmode=666 devpts /dev/pts
mnt -t tmpfs -o mode=1777 shm /dev/shm
mnt -t mqueue mqueue /dev/mqueue
$B ln -sf /proc/self/fd /dev/fd
for n in 0:stdin 1:stdout 2:stderr; do $B ln -sf /proc/self/fd/${n%:*} /dev/${n#*:}; done
$B mknod /dev/loop-control c 10 237 2>/dev/null
$B mkdir -p /dev/net
$B mknod /dev/net/tun c 10 200 2>/dev/null
$B chmod 666 /dev/net/tun /dev/fuse 2>/dev/null
$B hostname caisson-vm
$B ip link set lo up
echo "127.0.0.1 localhost caisson-vm" >/etc/hosts
$B mkdir -p /scratch
mnt -t ext4 /dev/vda /scratch && $B chmod 1777 /scratch

CG=/sys/fs/cgroup
mnt -t cgroup2 -o nsdelegate,memory_recursiveprot cgroup2 $CG
enable() { for c in $($B cat $1/cgroup.controllers); do echo +$c >$1/cgroup.subtree_control; done; }
# A group with processes cannot enable controllers for its children: pid 1 goes aside, the command gets a leaf.
$B mkdir $CG/init
echo 1 >$CG/init/cgroup.procs
enable $CG
if [ $user = 1 ]; then
  echo 'vmuser:x:4242:4242::/home/vmuser:/bin/bash' >>/etc/passwd
  echo 'vmuser:x:4242:' >>/etc/group
  for f in subuid subgid; do echo vmuser:100000:65536 >/etc/$f; done
  $B mkdir -p /home/vmuser /run/user/4242
  $B chown 4242:4242 /home/vmuser /run/user/4242
  $B chmod 700 /run/user/4242
  group=user/self
  $B mkdir -p $CG/$group
  enable $CG/user
  # What the kernel names in /sys/kernel/cgroup/delegate goes to the user; the limits of the group itself do not.
  for f in $($B cat /sys/kernel/cgroup/delegate); do $B chown 4242:4242 $CG/user/$f $CG/user/self/$f 2>/dev/null; done
  $B chown 4242:4242 $CG/user $CG/user/self
  set -- /usr/bin/setpriv --reuid 4242 --regid 4242 --init-groups --inh-caps=-all \
    /usr/bin/env HOME=/home/vmuser USER=vmuser LOGNAME=vmuser XDG_RUNTIME_DIR=/run/user/4242
else
  group=cmd
  $B mkdir $CG/$group
  set -- /usr/bin/env HOME=/root USER=root LOGNAME=root
fi

$B chmod 755 $C/cmd
out=$(port out)
err=$(port err)
path=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
(
  echo 0 >$CG/$group/cgroup.procs
  exec $B setsid "$@" PATH=$path LANG=C.UTF-8 $C/cmd </dev/null >$out 2>$err
)
echo $? >$(port rc)
$B sync
$B reboot -f
$B sleep 5
