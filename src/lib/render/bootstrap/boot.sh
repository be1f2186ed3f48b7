# What a node does once, before it is put in service: installs NGINX, has security updates install themselves, and serves the
# release that `current` in the bucket names. Then it tells Auto Scaling to go on; a node that cannot serve tells it to
# give up, and why on its console. It may run again at any time: what is done is not done again.
#   bucket region suffix  where releases are
#   hook                  lifecycle hook that waits for it
#   group_of_logs         where it writes what it has done, by its name
#   packages modules      of Debian and Ubuntu, and of Amazon Linux, beside NGINX
#   patience              seconds to wait for a first release
set -u
umask 022
export LC_ALL=C DEBIAN_FRONTEND=noninteractive HOME=/root
PATH=$PATH:/usr/sbin:/sbin
state=/var/lib/lbctl root=/etc/lbctl log=/var/log/lbctl-boot.log
mkdir -p "$state" "$root/releases"

# systemd goes on after a reboot, which user data does not.
if [ "${1-}" != boot ] && [ -d /run/systemd/system ]; then
  cp "$0" "$state/boot.sh" && cat >/etc/systemd/system/lbctl-boot.service <<CONF
[Unit]
Description=The first release of lbctl
Wants=network-online.target
After=network-online.target cloud-init.service
ConditionPathExists=!$state/ready
[Service]
Type=oneshot
ExecStart=/bin/sh $state/boot.sh boot
StandardOutput=journal+console
StandardError=journal+console
TimeoutStartSec=infinity
[Install]
WantedBy=multi-user.target
CONF
  systemctl daemon-reload && systemctl enable lbctl-boot.service && exec systemctl start --no-block lbctl-boot.service
fi

say() { echo "lbctl: $1"; echo "= $1" >>"$log"; }
run() { echo "+ $*" >>"$log"; "$@" </dev/null >>"$log" 2>&1 8>&- 9>&-; }
# Mirrors, networks and services fail for a moment, most of all while a machine boots.
again() {
  for pause in 1 3 10 20 0; do
    "$@" && return 0
    sleep "$pause"
  done
  return 1
}

exec 9>"$state/lock"
flock 9
[ -e "$state/ready" ] && exit 0
instance=$(again metadata instance-id) || instance=unknown
group=$(again metadata tags/instance/aws:autoscaling:groupName) || group=unknown

lifecycle() { # ACTION [FIELD=VALUE]...
  action=$1 && shift
  answer=$(signed autoscaling -w '\n%{http_code}' --data-urlencode "Action=$action" --data-urlencode Version=2011-01-01 \
    --data-urlencode "AutoScalingGroupName=$group" --data-urlencode "LifecycleHookName=$hook" \
    --data-urlencode "InstanceId=$instance" ${1:+--data-urlencode} ${1:+"$1"} \
    "${AWS_ENDPOINT_URL:-https://autoscaling.$region.$suffix}/" 2>&1)
  case $answer in
    *200) return 0 ;;
    # the hook waits for it no longer: all was said already, or too late
    *'No active Lifecycle Action'*) echo "$action: nobody waits for it any more" >>"$log" && return 0 ;;
  esac
  echo "$action fails: $answer" >>"$log"
  return 1
}
# For those who look when it is gone, line by line; a stream that is there is written on.
keep_log() {
  stamp=$(date +%s)000 name='"logGroupName":"'$group_of_logs'","logStreamName":"'$instance'"'
  lines=$(tail -n 200 "$log" | tr -d '\000-\010\013-\037\177' | sed 's/[\\"]/\\&/g; s/\t/ /g; /^ *$/d; s/.*/{"timestamp":'"$stamp"',"message":"&"}/' | paste -sd , -)
  for call in CreateLogStream PutLogEvents; do
    body="{$name}"
    [ "$call" = CreateLogStream ] || body="{$name,\"logEvents\":[$lines]}"
    signed logs -H 'Content-Type: application/x-amz-json-1.1' -H "X-Amz-Target: Logs_20140328.$call" -d "$body" "${AWS_ENDPOINT_URL:-https://logs.$region.$suffix}/" >>"$log" 2>&1
  done
}
settled=''
give_up() {
  [ -z "$settled" ] || return 0
  settled=1
  say "$1; this node is given up: $instance of $group"
  echo '---- the end of its log ----'
  tail -n 40 "$log"
  echo "= $1: this node is given up" >>"$log"
  keep_log
  again lifecycle CompleteLifecycleAction LifecycleActionResult=ABANDON || say 'Auto Scaling cannot be told, and gives it up later'
}
fail() { give_up "$1"; exit 1; }
trap 'give_up "the script of the first boot ended"' EXIT
# a reboot ends it too, and it goes on after that
trap 'settled=1; exit 1' INT TERM
# It is told again and again that somebody is at work, for as long as that is so.
(
  exec 9>&-
  while sleep "$beat" && kill -0 $$ 2>/dev/null && [ ! -e "$state/ready" ]; do lifecycle RecordLifecycleActionHeartbeat; done
) &
case $instance.$group in unknown.* | *.unknown) fail 'the metadata service does not tell which instance of which group this is (tags must be in it)' ;; esac

# -- the system --
say "$instance: installing NGINX"
if command -v apt-get >/dev/null; then
  # shellcheck disable=SC2317 # again calls it
  apt() { run apt-get -q -y -o DPkg::Lock::Timeout=300 -o Dpkg::Options::=--force-confold "$@"; }
  again apt update || fail 'the lists of packages cannot be read'
  # shellcheck disable=SC2086 # names of packages
  again apt install ca-certificates curl openssl nginx libnginx-mod-stream unattended-upgrades $packages || fail 'NGINX cannot be installed'
  printf 'APT::Periodic::%s "1";\n' Update-Package-Lists Unattended-Upgrade >/etc/apt/apt.conf.d/20auto-upgrades
  # images of Debian come without the agent by which later releases come; those of Ubuntu have it as a snap
  [ -d /etc/amazon/ssm ] || [ -d /snap/amazon-ssm-agent ] || {
    run curl -qfsS --retry 5 -o "$state/agent.deb" "https://amazon-ssm-$region.s3.$region.$suffix/latest/debian_$(dpkg --print-architecture)/amazon-ssm-agent.deb" &&
      again apt install "$state/agent.deb" && rm -f "$state/agent.deb"
  } || fail 'the agent of Systems Manager cannot be installed'
elif command -v dnf >/dev/null; then
  [ -z "$packages" ] || [ -n "$modules" ] || fail "Amazon Linux has not the modules that lb.yaml asks for ($packages)"
  # shellcheck disable=SC2086 # names of packages
  again run dnf -q -y install tar gzip diffutils findutils openssl nginx nginx-mod-stream dnf-automatic $modules || fail 'NGINX cannot be installed'
  # without it, all stays as it was when the image was made
  mkdir -p /etc/dnf/vars && echo latest >/etc/dnf/vars/releasever
  sed -i 's/^upgrade_type *=.*/upgrade_type = security/; s/^apply_updates *=.*/apply_updates = yes/' /etc/dnf/automatic.conf
  [ ! -d /run/systemd/system ] || run systemctl enable --now dnf-automatic.timer || fail 'security updates cannot be switched on'
  # where Debian has them
  [ -e /etc/nginx/modules-enabled ] || ln -s /usr/share/nginx/modules /etc/nginx/modules-enabled
  [ -e /etc/ssl/certs/ca-certificates.crt ] || ln -s /etc/pki/tls/certs/ca-bundle.crt /etc/ssl/certs/ca-certificates.crt
else
  fail 'there is neither apt-get nor dnf'
fi
id nginx >/dev/null 2>&1 || run useradd --system --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin nginx || fail 'there is no user nginx, nor can it be made'
# what the package serves goes; a release comes in its place
if [ -f /etc/nginx/nginx.conf ] && [ ! -L /etc/nginx/nginx.conf ]; then
  if [ -d /run/systemd/system ]; then run systemctl stop nginx; else run nginx -s stop; fi
  mv -f /etc/nginx/nginx.conf /etc/nginx/nginx.conf.package || fail 'nginx.conf cannot be put aside'
fi
start=nginx
[ ! -d /run/systemd/system ] || { start='systemctl start nginx' && run systemctl enable nginx; } || fail 'NGINX cannot be switched on'

# -- the release --
field() { sed -n "s/^ *\"$1\": \"\([][A-Za-z0-9+=/:. _-]*\)\",*$/\1/p" "$state/current"; } # NAME
# Whether there is a pointer, and another than the one that was followed last.
moved() { object current "$state/new" 2>>"$log" && ! cmp -s "$state/new" "$state/current"; }
# Has NGINX serve what the pointer says, or says what is in the way.
follow() {
  mv -f "$state/new" "$state/current"
  release=$(field release) archive=$(field archive) sha256=$(field sha256) script=$(field script)
  case ${#release}.${#sha256}.$script in 16.64.scripts/*.sh) ;; *) echo 'current in the bucket is none that this node can read' >>"$log" && return 1 ;; esac
  digest=${script#scripts/} && digest=${digest%.sh} && name=$(printf %.12s "$digest") && node=$root/node-$name.sh
  say "$instance: release $release"
  [ -f "$node" ] || { again digested "$script" "$state/script" "$digest" 2>>"$log" && mv -f "$state/script" "$node"; } || return 1
  again digested "$archive" "$state/archive" "$sha256" 2>>"$log" || return 1
  set -- "$root" release="$release" link=/etc/nginx/nginx.conf leaf=nginx.conf pid=/run/nginx.pid log=/var/log/nginx/error.log \
    start="$start" group=nginx who="$instance" action=boot reason=boot about="$(field about)" drained="$(field drained)" begin=yes watch=0
  sh "$node" receive "$@" <"$state/archive" >>"$log" 2>&1 9>&- && rm -f "$state/archive" && sh "$node" activate "$@" >>"$log" 2>&1 9>&- </dev/null
}

say "$instance: waiting for a release"
end=$(($(date +%s) + patience)) pause=1
: >"$state/current"
until moved; do
  [ "$(date +%s)" -lt "$end" ] || fail "there is no release in s3://$bucket after $patience s"
  sleep "$pause" && pause=$((pause < 8 ? pause * 2 : 10))
done
# what came while the last one was put in place is put in place, too
until follow && ! moved; do [ -s "$state/new" ] || moved || fail 'the release cannot be served'; done
again lifecycle CompleteLifecycleAction LifecycleActionResult=CONTINUE || fail 'Auto Scaling cannot be told that this node serves'
settled=1
: >"$state/ready"
say "$instance: in service with release $release"
keep_log
# between the last look and now, somebody may have looked for nodes to bring the next one to
if moved; then follow || say "the release that came last cannot be served; lbctl deploy tells why"; fi
exit 0
