# What an instance does once before releases come: installs NGINX, certbot and curl, has security updates install themselves, and
# answers health checks. It runs as user data at the first boot, and again by ssh where that was cut short; two at once
# wait for each other, and what is done is not done again.
#   source    distribution, nginx.org, or none where the image has an NGINX
#   packages  modules of NGINX that the balancer needs, beside that for streams
#   health    path that answers 200
# /var/lib/lbctl/ready is there at the end; /var/log/lbctl-first-boot.log has all that the programs said.
set -u
umask 022
export LC_ALL=C DEBIAN_FRONTEND=noninteractive
PATH=$PATH:/usr/sbin:/sbin
# whoever started it by ssh may be cut off
trap '' HUP PIPE
state=/var/lib/lbctl log=/var/log/lbctl-first-boot.log
mkdir -p "$state"
say() { printf '%s\t%s\n' "$1" "$2" 2>/dev/null || :; }
fail() {
  say failed "$1"
  tail -n 15 "$log" | while IFS= read -r line; do say evidence "$line"; done
  exit 1
}

exec 9>"$state/lock"
say step 'waiting for the first boot'
flock 9
[ -e "$state/ready" ] && exit 0

# Programs do not hold the lock: NGINX stays.
run() { echo "+ $*" >>"$log"; "$@" </dev/null >>"$log" 2>&1 9>&-; }
# shellcheck disable=SC2317 # again calls it
apt() { run apt-get -q -y -o DPkg::Lock::Timeout=300 -o Dpkg::Options::=--force-confold "$@"; }
# Mirrors and networks fail for a moment, most of all while a machine boots.
again() {
  for pause in 2 5 10 20 0; do
    "$@" && return 0
    sleep "$pause"
  done
  return 1
}

if [ "$source" = none ]; then say step 'installing certbot and curl'; else say step 'installing NGINX'; fi
command -v apt-get >/dev/null || fail 'there is no apt-get: only Debian and Ubuntu can be set up'
again apt update || fail 'the lists of packages cannot be read'
again apt install ca-certificates certbot curl openssl unattended-upgrades || fail 'certbot, curl and unattended-upgrades cannot be installed'

if [ "$source" = nginx.org ] && ! command -v nginx >/dev/null; then
  # shellcheck source=/dev/null
  . /etc/os-release
  mkdir -p /etc/apt/keyrings
  again run curl -fsS -o /etc/apt/keyrings/nginx.asc https://nginx.org/keys/nginx_signing.key ||
    fail 'the key of nginx.org cannot be had'
  echo "deb [signed-by=/etc/apt/keyrings/nginx.asc] https://nginx.org/packages/$ID $VERSION_CODENAME nginx" \
    >/etc/apt/sources.list.d/nginx.list
  printf 'Package: *\nPin: origin nginx.org\nPin-Priority: 900\n' >/etc/apt/preferences.d/99nginx
  again apt update || fail 'the lists of packages cannot be read'
fi
if [ "$source" != none ]; then
  # what somebody has set up by hand stays as it is
  command -v nginx >/dev/null || : >"$state/fresh"
  [ "$source" = distribution ] && packages="libnginx-mod-stream $packages"
  # shellcheck disable=SC2086 # names of packages
  again apt install nginx $packages || fail 'NGINX cannot be installed'
fi

say step 'having security updates install themselves'
cat >/etc/apt/apt.conf.d/20auto-upgrades <<'CONF'
APT::Periodic::Update-Package-Lists "1";
APT::Periodic::Unattended-Upgrade "1";
CONF
[ "$source" = nginx.org ] &&
  echo 'Unattended-Upgrade::Origins-Pattern { "site=nginx.org"; };' >/etc/apt/apt.conf.d/52lbctl-nginx

if [ -e "$state/fresh" ]; then
  say step 'answering health checks'
  rm -f /etc/nginx/sites-enabled/default /etc/nginx/conf.d/default.conf
  cat >/etc/nginx/conf.d/lbctl-first-boot.conf <<CONF
# Until the first release of lbctl comes, which takes the place of nginx.conf.
server {
    listen 80 default_server;
    location = $health { return 200 "ok\n"; }
    location / { return 503; }
}
CONF
  run nginx -t || fail 'NGINX refuses its first configuration'
  if [ -d /run/systemd/system ]; then
    run systemctl enable nginx
    run systemctl restart nginx || fail 'NGINX cannot be started'
  elif ! run nginx -s reload; then
    run nginx || fail 'NGINX cannot be started'
  fi
  rm -f "$state/fresh"
fi
: >"$state/ready" || fail 'the disk cannot be written'
say step 'ready'
exit 0
# whole
