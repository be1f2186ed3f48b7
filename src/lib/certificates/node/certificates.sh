#!/bin/sh
# What lbctl does on a node for the certificates that it gets from an authority: asks for them by certbot, has NGINX take
# them, and renews them by a timer of the system, without lbctl. Keys are made here and never leave.
#   certificates.sh VERB ROOT [name=value]...      verbs: observe prepare meet obtain renew forget;
#                                                         publish and withdraw, which certbot calls
# ROOT holds all that lbctl keeps on the node; of it belong to certificates:
#   certificates/NAME/    pairs by the fingerprint of the certificate; current leads to the one that NGINX loads, next to
#                         the one that it is to take; loaded names the last one that it was told to take. See node.sh
#   acme/names/NAME       what is to be renewed: hosts, email, directory, key_type, zone of Route 53, SHA-256 of credentials,
#                         and at, where NGINX shows it, a line each
#   acme/places/          the settings of node.sh, a file each
#   acme/certbot/         what certbot keeps: its account, its keys, its log
#   acme/challenges/      what authorities fetch on port 80; acme/peers/ has NGINX ask the other nodes for the rest
#   acme/credentials/NAME access keys for the zone, as in ~/.aws/credentials; acme/txt/ has what is published there just now
#   acme/failures/NAME    when certbot failed last, and what it said; gone when it succeeds
#   certificates.sh       this script, as the timer runs it
#
# It tells what it does in lines of words parted by tabs: step, note, evidence, failed, locked, and outcome as the last.
# Exit: 0 done, 11 failed and NGINX goes on with what it has, 64 misused, 75 locked.
set -u
umask 077
export LC_ALL=C
PATH=$PATH:/usr/sbin:/sbin:/usr/local/bin:/snap/bin
# whoever asked for it may be cut off; the work goes on
trap '' HUP PIPE

verb=${1:?no verb} root=${2%/}
shift 2
acme=$root/acme
name='' hosts='' email='' directory='' key_type='' zone='' credentials='' at='' force=no peers='' id='' wait=300
# how node.sh is called: these are read by their names
# shellcheck disable=SC2034
link='' leaf='' nginx='' options='' pid='' log='' start='' group=''
wrong() { echo "certificates.sh: $1" >&2; exit 64; }
for pair in "$@"; do
  key=${pair%%=*} value=${pair#*=}
  case $key in
    name) case $value in '' | [!A-Za-z]* | *[!A-Za-z0-9_-]*) wrong 'no name of a certificate' ;; esac ;;
    hosts | email | directory | key_type | zone | credentials | at | peers | id) case $value in *[!A-Za-z0-9._:/@,*+\ -]*) [ "$key" = directory ] || wrong "$key has characters that it cannot have" ;; esac ;;
    force) case $value in yes | no) ;; *) wrong 'force is yes or no' ;; esac ;;
    wait) case $value in '' | *[!0-9]* | ?????*) wrong 'wait is no number' ;; esac ;;
    link | leaf | nginx | options | pid | log | start | group) ;;
    *) wrong "unknown setting $key" ;;
  esac && eval "$key=\$value"
done

# ── telling ──────────────────────────────────────────────────────────────────────────────────────────────────────────
tab=$(printf '\t')
say() { printf '%s\t%s\n' "$1" "$2" 2>/dev/null || :; }
step() { say step "$1$tab$2"; }
failed() { # WHAT TEXT [WHAT_A_PROGRAM_SAID]
  [ -z "${3-}" ] || printf '%s\n' "$3" | tail -n 30 | while IFS= read -r line; do say evidence "$line"; done
  say failed "$1$tab$2"
}
decline() { failed "$@"; say outcome failed; exit 11; }
listed() { echo "$1" | sed 's/ /, /g'; }
# Replaces a file by standard input, whole or not at all.
put() { mkdir -p "${1%/*}" && cat >"$1.new" && mv -f "$1.new" "$1"; }
durable() { sync "$@" 2>/dev/null || sync; }

# One at a time; who is killed lets go of it, and certbot that goes on without us keeps it.
take_lock() {
  said=$(mkdir -p "$acme" 2>&1) || decline denied "$acme cannot be made" "$said"
  command -v flock >/dev/null || decline flock 'flock is not installed'
  exec 9>"$acme/lock"
  flock -n 9 || { say note 'waiting for who is at work on the certificates' && flock -w "$wait" 9; } ||
    { say locked "the renewal of certificates${tab}certbot is at work$tab$wait" && exit 75; }
}

# ── what there is ────────────────────────────────────────────────────────────────────────────────────────────────────
setting() { sed -n "s/^$2=//p" "$acme/names/$1" 2>/dev/null; } # NAME KEY
current() { readlink "$root/certificates/$1/current" 2>/dev/null; }
fingerprint() { openssl x509 -noout -fingerprint -sha256 2>/dev/null | sed 's/.*=//; s/://g' | tr 'A-F' 'a-f' | cut -c 1-32; }
# Names in a certificate, parted by blanks, in order.
names_in() { openssl x509 -in "$1" -noout -ext subjectAltName 2>/dev/null | tr ',' '\n' | sed -n 's/.*DNS://p' | sort | paste -sd ' ' -; }
# Kind of its key, as certbot calls it.
kind_of() { openssl x509 -in "$1" -noout -text 2>/dev/null | sed -n 's/.*Public Key Algorithm: id-ecPublicKey/ecdsa/p; s/.*Public Key Algorithm: rsaEncryption/rsa/p'; }
# A certificate's date in seconds since 1970; BusyBox cannot read how openssl writes it.
seconds() { # FILE startdate|enddate
  openssl x509 -in "$1" -noout "-$2" 2>/dev/null | sed 's/.*=//' |
    awk '{ m = (index("JanFebMarAprMayJunJulAugSepOctNovDec", $1) + 2) / 3; y = $4; if (m < 3) { y--; m += 12 }
      days = 365 * y + int(y / 4) - int(y / 100) + int(y / 400) + int((153 * m - 457) / 5) + $2 - 719469
      split($3, time, ":"); printf "%d\n", days * 86400 + time[1] * 3600 + time[2] * 60 + time[3] }'
}
# The certificate that NGINX shows to who asks for a host.
shown() { # AT HOST
  timeout 10 openssl s_client -connect "$1" -servername "$2" </dev/null 2>/dev/null | fingerprint
}
# What the timer is called; a second balancer of a machine has its own.
unit() { [ "$root" = /etc/lbctl ] && echo lbctl-certificates || echo "lbctl-certificates-$(printf %s "$root" | cksum | cut -d ' ' -f 1)"; }
timer() {
  if [ "$(id -u)" != 0 ] || { [ ! -d /run/systemd/system ] && [ ! -d /etc/cron.d ]; }; then echo impossible
  elif [ -d /run/systemd/system ]; then systemctl is-active --quiet "$(unit).timer" && echo systemd || echo none
  else { [ -f "/etc/cron.d/$(unit)" ] && echo cron; } || echo none; fi
}
addresses() {
  { ip -o addr show scope global 2>/dev/null | awk '{ print $4 }' | grep . || hostname -I 2>/dev/null | tr ' ' '\n'; } | cut -d / -f 1 | grep '[.:]'
}

observe() {
  say certbot "$(command -v certbot)" && say timer "$(timer)" && say script "$(sha256sum "$root/certificates.sh" 2>/dev/null | cut -d ' ' -f 1)"
  addresses | while read -r address; do say address "$address"; done
  [ ! -f "$acme/peers/met" ] || say met "$(cat "$acme/peers/met")"
  for folder in "$root"/certificates/*/; do
    name=$(basename "$folder") file=$folder/current/fullchain.pem
    [ -f "$file" ] || continue
    state=issued && [ "$(current "$name")" != stand-in ] || state=stand-in
    taken=no && [ "$(current "$name")" != "$(cat "$folder/loaded" 2>/dev/null)" ] || taken=yes
    say certificate "$name$tab$state$tab$(seconds "$file" startdate)$tab$(seconds "$file" enddate)$tab$taken$tab$(cat "$folder/current/directory" 2>/dev/null)$tab$(fingerprint <"$file")$tab$(openssl x509 -in "$file" -noout -issuer -nameopt multiline 2>/dev/null | sed -n 's/ *organizationName *= //p; s/ *commonName *= //p' | paste -sd ' ' -)$tab$(kind_of "$file")$tab$(names_in "$file")"
  done
  for file in "$acme"/names/*; do
    name=${file##*/} && [ -f "$file" ] && case $name in *.new) ;; *) say asked "$name$tab$(tr '\n' '\t' <"$file")" ;; esac
  done
  for file in "$acme"/failures/*; do
    [ ! -f "$file" ] || while IFS= read -r line; do say failure "${file##*/}$tab$line"; done <"$file"
  done
}

# ── getting ready ────────────────────────────────────────────────────────────────────────────────────────────────────
WELL_KNOWN=$acme/challenges/.well-known/acme-challenge

# Timer and all that it needs; certificates are asked for later.
prepare() {
  step preparing 'renewal is set up'
  said=$({ mkdir -p "$acme/names" && cp "$0" "$root/certificates.sh.new" && mv -f "$root/certificates.sh.new" "$root/certificates.sh" && chmod 755 "$acme"; } 2>&1) ||
    decline denied "$root cannot be written" "$said"
  (umask 022 && mkdir -p "$WELL_KNOWN" "$acme/peers" && printf '%s\n' "$id" | put "$WELL_KNOWN/lbctl-node")
  for key in link leaf nginx options pid log start group; do eval "value=\$$key" && printf '%s' "$value" | put "$acme/places/$key"; done
  schedule
  say outcome prepared
}

schedule() {
  [ "$(id -u)" = 0 ] || { say note 'nothing renews certificates here, as that takes root' && return 0; }
  command="/bin/sh $root/certificates.sh renew $root"
  if [ -d /run/systemd/system ]; then
    (
      umask 022
      printf '[Unit]\nDescription=Renewal of certificates (lbctl)\nAfter=network-online.target\nWants=network-online.target\n\n[Service]\nType=oneshot\nExecStart=%s\n' "$command" | put "/etc/systemd/system/$(unit).service"
      printf '[Unit]\nDescription=Renewal of certificates (lbctl)\n\n[Timer]\nOnCalendar=*-*-* 00,12:00:00\nRandomizedDelaySec=12h\nPersistent=true\n\n[Install]\nWantedBy=timers.target\n' | put "/etc/systemd/system/$(unit).timer"
    )
    said=$({ systemctl daemon-reload && systemctl enable --now "$(unit).timer"; } 2>&1) || decline timer 'the timer cannot be started' "$said"
  elif [ -d /etc/cron.d ]; then
    # authorities ask not to come at the full hour, all at once
    spread=$(printf '%s' "$id$root" | cksum | cut -d ' ' -f 1)
    (umask 022 && printf '# Renewal of certificates (lbctl).\n%s %s,%s * * * root %s >/dev/null 2>&1\n' $((spread % 60)) $((spread / 60 % 12)) $((spread / 60 % 12 + 12)) "$command" | put "/etc/cron.d/$(unit)")
  else
    say note 'nothing renews certificates here: there is neither systemd nor /etc/cron.d'
  fi
}

# Addresses as they are, and those of names.
resolved() {
  while read -r known; do
    case $known in *:*) echo "$known" ;; *[!0-9.]*) getent ahosts "$known" 2>/dev/null | cut -d ' ' -f 1 | sort -u ;; *) echo "$known" ;; esac
  done
}

# Has NGINX ask the other nodes for challenges that it does not know. Each of them is known at the first of its addresses and names
# where it answers with its own name.
#   peers: ID,ADDRESS,NAME... of each, parted by blanks
meet() {
  step meeting 'the other nodes are asked'
  servers='' missed=''
  for peer in $peers; do
    found='' peer_id=${peer%%,*}
    for address in $(echo "${peer#*,}" | tr ',' '\n' | resolved); do
      case $address in *:*) address="[$address]" ;; esac
      [ "$(curl -qsg --noproxy '*' --max-time 3 -H 'X-Lbctl-Challenge: passed' "http://$address/.well-known/acme-challenge/lbctl-node" 2>/dev/null | head -c 200)" = "$peer_id" ] || continue
      found=$address && break
    done
    if [ -n "$found" ]; then servers="$servers    server $found:80 max_fails=0;
"; else missed="$missed $peer_id" && say missed "$peer_id"; fi
  done
  # who is killed before NGINX knows them finds them not met yet
  rm -f "$acme/peers/met"
  umask 022
  if [ -n "$servers" ]; then
    printf 'upstream lbctl-challenge-peers {\n%s}\n' "$servers" | put "$acme/peers/upstream.conf"
    put "$acme/peers/pass.conf" <<END
proxy_set_header Host \$host;
proxy_set_header X-Lbctl-Challenge passed;
proxy_connect_timeout 2s;
proxy_next_upstream error timeout non_idempotent http_403 http_404 http_500 http_502 http_503 http_504;
proxy_next_upstream_tries 0;
proxy_next_upstream_timeout 9s;
proxy_pass http://lbctl-challenge-peers;
END
  else
    rm -f "$acme/peers/pass.conf" "$acme/peers/upstream.conf"
  fi
  refresh || { say outcome failed && exit 11; }
  [ -n "$missed" ] || printf '%s\n' "$peers" | put "$acme/peers/met"
  say outcome met
}

# ── a certificate ────────────────────────────────────────────────────────────────────────────────────────────────────
# Asks for a certificate, or for a new one where it is due, for other hosts or of another authority; then has NGINX take
# it. Nothing is asked for where what certbot has will do.
obtain() { # NAME
  hosts=$(setting "$1" hosts) directory=$(setting "$1" directory) email=$(setting "$1" email) key_type=$(setting "$1" key_type) zone=$(setting "$1" zone)
  home=$acme/certbot/config
  command -v certbot >/dev/null || { failed certbot 'certbot is not installed' && return 1; }
  # what it got when it was cut short does not wait for the authority
  if [ -z "$(faults "$home/live/$1" "$hosts")" ] && [ "$(fingerprint <"$home/live/$1/fullchain.pem")" != "$(cat "$root/certificates/$1/loaded" 2>/dev/null)" ]; then
    put_in_place "$1"
  fi
  step asking "certbot asks for $(listed "$hosts")"
  # what is half made, certbot takes for another certificate
  [ -s "$home/renewal/$1.conf" ] || rm -rf "$home/live/$1" "$home/archive/$1" "$home/renewal/$1.conf"
  set -- "$1" certonly --non-interactive --agree-tos --no-eff-email --email "$email" --server "$directory" \
    --cert-name "$1" --renew-with-new-domains \
    --config-dir "$home" --work-dir "$acme/certbot/work" --logs-dir "$acme/certbot/logs" --max-log-backups 20
  if [ -n "$zone" ]; then
    # what a run that was killed has left there is overwritten
    rm -rf "$acme/txt"
    set -- "$@" --manual --preferred-challenges dns --manual-auth-hook "sh $root/certificates.sh publish $root name=$1" --manual-cleanup-hook "sh $root/certificates.sh withdraw $root name=$1"
  else
    set -- "$@" --webroot --webroot-path "$acme/challenges"
  fi
  # a star is one
  set -f
  for host in $hosts; do set -- "$@" -d "$host"; done
  set +f
  [ -z "$key_type" ] || set -- "$@" --key-type "$key_type"
  # certbot itself would keep it until it is due
  used=$(sed -n 's/^server *= *//p' "$home/renewal/$1.conf" 2>/dev/null) kind=$(kind_of "$home/live/$1/cert.pem")
  if [ "$force" = yes ] || [ "${used:-$directory}" != "$directory" ] || [ "${kind:-$key_type}" != "${key_type:-$kind}" ]; then
    set -- "$@" --force-renewal
  else
    set -- "$@" --keep-until-expiring
  fi
  certificate=$1 && shift
  said=$(timeout 900 certbot "$@" 2>&1 </dev/null) || {
    # what it says of itself and of its log helps nobody who reads it elsewhere
    reason=$(printf '%s\n' "$said" | grep -vE '^(Saving debug log|Ask for help|See the logfile|Account registered|Requesting a certificate|Renewing an existing|Some challenges have failed|Please deploy|Hint:|- - -|$)|urllib3|^  *warnings\.warn')
    { date +%s && printf '%s\n' "$reason"; } | put "$acme/failures/$certificate"
    failed acme "no certificate for $(listed "$hosts")" "$reason"
    return 1
  }
  put_in_place "$certificate" && rm -f "$acme/failures/$certificate"
}

# Has NGINX take what certbot has, once it has proved good.
put_in_place() { # NAME
  live=$acme/certbot/config/live/$1 folder=$root/certificates/$1
  fault=$(faults "$live" "$(setting "$1" hosts)")
  [ -z "$fault" ] || { complain "$1" pair "what certbot has for $1 is no good: $fault" && return 1; }
  mark=$(fingerprint <"$live/fullchain.pem")
  if [ ! -d "$folder/$mark" ]; then
    {
      rm -rf "$folder/new" && mkdir -p "$folder/new" && cp -L "$live/fullchain.pem" "$live/privkey.pem" "$folder/new/" &&
        sed -n 's/^server *= *//p' "$acme/certbot/config/renewal/$1.conf" >"$folder/new/directory" && durable -f "$folder/new" &&
        mv -T "$folder/new" "$folder/$mark"
    } || { complain "$1" disk "$folder cannot be written" && return 1; }
  fi
  if [ "$(current "$1")" = "$mark" ] && [ "$(cat "$folder/loaded" 2>/dev/null)" = "$mark" ]; then
    rm -f "$folder/next"
    good_until "$1"
    return 0
  fi
  [ "$(current "$1")" = "$mark" ] || { rm -f "$folder/next.new" && ln -s "$mark" "$folder/next.new" && mv -fT "$folder/next.new" "$folder/next"; }
  refresh || return 1
  at=$(setting "$1" at)
  if [ -n "$at" ]; then
    step verifying 'NGINX is asked for the certificate'
    host=$(setting "$1" hosts) && host=${host%% *} && host=$(echo "$host" | sed 's/^\*/lbctl-check/')
    [ "$(shown "$at" "$host")" = "$mark" ] || sleep 1
    [ "$(shown "$at" "$host")" = "$mark" ] || { complain "$1" shown "NGINX does not show the certificate at $at for $host" && return 1; }
  fi
  printf '%s\n' "$mark" | put "$folder/loaded"
  good_until "$1"
  for old in "$folder"/*/; do
    case $(basename "$old") in "$mark" | current | next | last | stand-in) ;; *) rm -rf "$old" ;; esac
  done
}

good_until() { say note "the certificate for $(listed "$(setting "$1" hosts)") is good until $(date -u -d "@$(seconds "$root/certificates/$1/current/fullchain.pem" enddate)" '+%Y-%m-%d')"; } # NAME

# Tells of a failure, now and later.
complain() { # NAME WHAT TEXT
  { date +%s && printf '%s\n' "$3"; } | put "$acme/failures/$1"
  failed "$2" "$3"
}

# Why a pair must not be shown; nothing where it may.
faults() { # FOLDER HOSTS
  for file in fullchain privkey; do [ -s "$1/$file.pem" ] || { echo "$file.pem is missing" && return 0; }; done
  theirs=$(openssl x509 -in "$1/fullchain.pem" -noout -pubkey 2>/dev/null) ours=$(openssl pkey -in "$1/privkey.pem" -pubout 2>/dev/null)
  [ -n "$theirs" ] || { echo 'it cannot be read' && return 0; }
  [ "$theirs" = "$ours" ] || { echo 'the key is not that of the certificate' && return 0; }
  openssl x509 -in "$1/fullchain.pem" -noout -checkend 60 >/dev/null 2>&1 || { echo 'it has expired' && return 0; }
  wanted=$(echo "$2" | tr ' ' '\n' | sort | paste -sd ' ' -)
  [ "$(names_in "$1/fullchain.pem")" = "$wanted" ] || echo "it is for $(names_in "$1/fullchain.pem")"
}

# Has NGINX load what has changed, if it takes it.
refresh() {
  step reloading 'NGINX takes it'
  script=$(find "$root" -maxdepth 1 -name 'node-*.sh' | sed -n 1p)
  [ -n "$script" ] || { failed missing "there is no node-*.sh in $root" && return 1; }
  set --
  for file in "$acme"/places/*; do case $file in *.new) ;; *) set -- "$@" "${file##*/}=$(cat "$file")" ;; esac; done
  said=$(umask 022 && sh "$script" refresh "$root" "$@" who=certificates.sh reason=certificates wait=120 2>&1 9>&-) && return 0
  reason=$(printf '%s\n' "$said" | sed -n "s/^failed${tab}[^${tab}]*${tab}//p; s/^locked${tab}\(.*\)/somebody is at work: \1/p" | tr '\t' ' ' | tail -n 1)
  [ -z "$name" ] || { date +%s && printf 'NGINX goes on with the certificate of before: %s\n' "$reason"; } | put "$acme/failures/$name"
  failed reload "NGINX goes on with what it has: ${reason:-node.sh failed}" "$(printf '%s\n' "$said" | sed -n "s/^evidence$tab//p")"
  return 1
}

# ── records in Route 53 ──────────────────────────────────────────────────────────────────────────────────────────────
key_in() { sed -n "s/^[[:space:]]*$2[[:space:]]*=[[:space:]]*\([^[:space:]]*\).*/\1/p" "$1" 2>/dev/null | sed -n 1p; } # FILE NAME
# A text of JSON by its name.
text_in() { sed -n "s/.*\"$1\" *: *\"\([^\"]*\)\".*/\1/p"; }
# Access keys: those that were brought, or those of the role of the instance.
find_keys() {
  brought=$acme/credentials/$name endpoint=https://route53.amazonaws.com session=''
  if [ -f "$brought" ]; then
    access=$(key_in "$brought" aws_access_key_id) secret=$(key_in "$brought" aws_secret_access_key) session=$(key_in "$brought" aws_session_token)
    given=$(key_in "$brought" endpoint_url) && endpoint=${given:-$endpoint}
  else
    metadata=http://169.254.169.254/latest
    token=$(curl -qsf --max-time 5 -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 300' "$metadata/api/token")
    role() { curl -qsf --max-time 5 -H "X-aws-ec2-metadata-token: $token" "$metadata/meta-data/iam/security-credentials/$1"; }
    keys=$(role "$(role '')")
    access=$(echo "$keys" | text_in AccessKeyId) secret=$(echo "$keys" | text_in SecretAccessKey) session=$(echo "$keys" | text_in Token)
  fi
  [ -n "$access$secret" ] || { echo 'there are no credentials, and the instance has no role: set credentials in acme of lb.yaml' >&2 && exit 1; }
}
# Asks Route 53, with the answer in $answer; secrets are on no command line.
route53() { # METHOD PATH [FILE]
  for pause in 2 4 8 16 0; do
    answer=$(printf 'user = "%s:%s"\n%s' "$access" "$secret" "${session:+header = \"x-amz-security-token: $session\"}" |
      curl -qsS --max-time 30 -K - -X "$1" --aws-sigv4 aws:amz:us-east-1:route53 -H 'Content-Type: text/xml' ${3:+--data-binary "@$3"} -w '\n%{http_code}\n' "$endpoint/2013-04-01/$2" 2>&1)
    case $(printf '%s\n' "$answer" | tail -n 1) in 200) return 0 ;; 5??) ;; *) printf '%s' "$answer" | grep -E 'Throttling|PriorRequestNotComplete' >/dev/null || break ;; esac
    sleep "$pause"
  done
  echo "Route 53: $(printf '%s' "$answer" | tr '\n' ' ' | sed 's/.*<Code>\([^<]*\).*<Message>\([^<]*\).*/\1: \2/')" >&2
  return 1
}
element() { printf '%s' "$answer" | tr -d '\n' | sed -n "s/.*<$1>\([^<]*\)<.*/\1/p"; }
# Writes the record of a host as it is to be, or takes it away as it is.
change() { # UPSERT|DELETE HOST FILE_OF_VALUES
  {
    printf '<ChangeResourceRecordSetsRequest xmlns="https://route53.amazonaws.com/doc/2013-04-01/"><ChangeBatch><Changes><Change><Action>%s</Action><ResourceRecordSet><Name>%s.</Name><Type>TXT</Type><TTL>30</TTL><ResourceRecords>' "$1" "$2"
    sed 's/.*/<ResourceRecord><Value>"&"<\/Value><\/ResourceRecord>/' "$3" | tr -d '\n'
    printf '</ResourceRecords></ResourceRecordSet></Change></Changes></ChangeBatch></ChangeResourceRecordSetsRequest>'
  } | put "$3.xml"
  route53 POST "hostedzone/$(setting "$name" zone)/rrset" "$3.xml"
}

# Puts what the authority wants to find beside what is there for the same name, and waits until all servers have it.
publish() {
  host=_acme-challenge.${CERTBOT_DOMAIN#\*.} file=$acme/txt/${CERTBOT_DOMAIN#\*.}
  find_keys
  mkdir -p "$acme/txt" && printf '%s\n' "$CERTBOT_VALIDATION" >>"$file"
  change UPSERT "$host" "$file" || exit 1
  change_id=$(element Id) && change_id=${change_id##*/} tries=0
  until [ "$(element Status)" = INSYNC ]; do
    tries=$((tries + 1))
    [ "$tries" -le 60 ] || { echo 'Route 53 has not brought the record to its servers within 3 minutes' >&2 && exit 1; }
    [ "$tries" = 1 ] || sleep 3
    route53 GET "change/$change_id" || exit 1
  done
}

# Takes it out again; that it is left there does no harm.
withdraw() {
  host=_acme-challenge.${CERTBOT_DOMAIN#\*.} file=$acme/txt/${CERTBOT_DOMAIN#\*.}
  [ -f "$file" ] || exit 0
  find_keys
  grep -vxF -e "$CERTBOT_VALIDATION" "$file" >"$file.rest"
  if [ -s "$file.rest" ]; then mv -f "$file.rest" "$file" && change UPSERT "$host" "$file"; else change DELETE "$host" "$file"; rm -f "$file" "$file.rest"; fi
  rm -f "$file.xml"
}

# ── all ──────────────────────────────────────────────────────────────────────────────────────────────────────────────
# All that is due, as the timer runs it; what was cut short is finished.
renew() {
  result=0
  for file in "$acme"/names/*; do
    name=${file##*/}
    case $name in *.new | '*') continue ;; esac
    obtain "$name" || result=11
  done
  if [ "$result" = 0 ]; then say outcome renewed; else say outcome failed; fi
  exit "$result"
}

# Renews it no more; the pair stays, as releases of before may show it.
forget() {
  step forgetting "$name is renewed no more"
  rm -f "$acme/names/$name" "$acme/failures/$name" "$acme/credentials/$name"
  if [ -z "$(ls "$acme/names")" ]; then
    if [ -d /run/systemd/system ]; then
      systemctl disable --now "$(unit).timer" >/dev/null 2>&1
      rm -f "/etc/systemd/system/$(unit).timer" "/etc/systemd/system/$(unit).service" && systemctl daemon-reload
    fi
    rm -f "/etc/cron.d/$(unit)"
  fi
  say outcome forgotten
}

command -v openssl >/dev/null || [ "$verb" = observe ] || decline openssl 'openssl is not installed'
case $verb in
  observe) observe ;;
  prepare | meet | forget) take_lock && "$verb" ;;
  obtain)
    take_lock
    if [ -n "$credentials" ]; then
      said=$(put "$acme/credentials/$name" 2>&1) || decline denied "$acme cannot be written" "$said"
      [ "$(sha256sum <"$acme/credentials/$name" | cut -d ' ' -f 1)" = "$credentials" ] || decline credentials 'the credentials did not come whole'
    else
      rm -f "$acme/credentials/$name"
    fi
    printf '%s\n' "hosts=$hosts" "email=$email" "directory=$directory" "key_type=$key_type" "zone=$zone" "credentials=$credentials" "at=$at" | put "$acme/names/$name"
    obtain "$name" || { say outcome failed && exit 11; }
    say outcome obtained ;;
  renew) take_lock && renew ;;
  # whoever called certbot has the lock
  publish | withdraw) "$verb" ;;
  *) wrong "unknown verb $verb" ;;
esac
