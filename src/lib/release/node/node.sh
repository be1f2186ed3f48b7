#!/bin/sh
# What lbctl does on a node: puts releases of an NGINX configuration in place, watches them, and takes back what does not
# serve. Plain sh with curl, so that it runs on any Linux and can be read there.
#
#   node.sh VERB ROOT [name=value]...      verbs: facts observe receive send activate recover
#
# ROOT holds all that lbctl keeps on the node:
#   releases/ID/  configurations, never changed once they are there; manifest in each says what to look at
#   before/       the folder of the link as it was before lbctl came
#   journal       what is being done just now: phase, release, what the link led to; gone when all is done
#   history       a line an action: time, who, action, release, the link before, outcome, about
#   drained       servers that get no new connections, one a line
#   lock/         who is at work
#
# It tells what it does in lines of words parted by tabs: step, note, evidence, failed, outcome.
# Exit: 0 done, 10 taken back, 11 refused before anything was changed, 12 could not be taken back, 75 locked.
set -u
umask 022
LC_ALL=C
export LC_ALL
PATH=$PATH:/usr/sbin:/sbin
# whoever asked for it may be cut off; the work goes on
trap '' HUP PIPE

verb=$1 root=$2
shift 2
# link: what NGINX loads, led to a release, or to leaf in it; options: NGINX's own, one a line; start: how it is started
link='' leaf='' nginx=nginx options='' pid='' log='' start='' group=''
release='' action=deploy about='' who='' reason='' drained='' watch=5 wait=0 keep=10
previous=- phase=''
for pair in "$@"; do
  case ${pair%%=*} in
    link | leaf | nginx | options | pid | log | start | group | release | action | about | who | reason | drained | watch | wait | keep)
      eval "${pair%%=*}=\${pair#*=}" ;;
    *) echo "node.sh: unknown setting ${pair%%=*}" >&2 && exit 64 ;;
  esac
done

# ── telling ──────────────────────────────────────────────────────────────────────────────────────────────────────────
tab=$(printf '\t') line_end='
'
say() { printf '%s\t%s\n' "$1" "$2" 2>/dev/null || :; }
evidence() { while IFS= read -r line; do say evidence "$line"; done; }
now() { date +%s; }

# Says what is done, and notes it for whoever finds the work cut short.
step() { # PHASE TEXT
  phase=$1
  printf '%s\n' "$phase$tab$release$tab$previous" >"$root/journal.new" && mv -f "$root/journal.new" "$root/journal"
  say step "$1$tab$2"
}

record() { # OUTCOME
  printf '%s\n' "$(now)$tab$who$tab$action$tab$release$tab$previous$tab$1$tab$about" >>"$root/history"
}

# ── one at a time ────────────────────────────────────────────────────────────────────────────────────────────────────
# When a process began: no other one of its pid has that number.
began() { sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | cut -d' ' -f20; }

take_lock() {
  mkdir -p "$root/releases" "$root/lock.$$" || exit 11
  printf '%s\n' "$$$tab$(began $$)$tab$(now)$tab$who$tab$reason" >"$root/lock.$$/holder" || exit 11
  waited=0
  # a folder that holds something is never replaced
  until mv -T "$root/lock.$$" "$root/lock" 2>/dev/null; do
    IFS=$tab read -r holder mark since by why 2>/dev/null <"$root/lock/holder" || continue
    if [ "$(began "$holder")" != "$mark" ]; then
      # two may find this at once: one of them moves it away
      mv -T "$root/lock" "$root/stale.$$" 2>/dev/null && rm -rf "$root/stale.$$"
    elif [ "$waited" -ge "$wait" ]; then
      rm -rf "$root/lock.$$"
      say locked "$by$tab$why$tab$(($(now) - since))"
      exit 75
    else
      [ "$waited" -gt 0 ] || say note "waiting for $by ($why)"
      sleep 1
      waited=$((waited + 1))
    fi
  done
  trap 'rm -rf "$root/lock"' EXIT
}

# ── NGINX ────────────────────────────────────────────────────────────────────────────────────────────────────────────
# The pid of the master; fails where none runs.
master() {
  read -r chief 2>/dev/null <"$pid" && grep -q '^nginx: master' "/proc/$chief/cmdline" 2>/dev/null && echo "$chief"
}

# Workers of a master that take connections: those that leave have another title.
workers() { # MASTER
  for child in $(cat "/proc/$1/task/$1/children" 2>/dev/null); do
    tr -d '\0' 2>/dev/null <"/proc/$child/cmdline" | grep -q '^nginx: worker process *$' && echo "$child"
  done
}

reload() { chief=$(master) && kill -HUP "$chief"; }
log_size() { if [ -f "$log" ]; then wc -c <"$log"; else echo 0; fi; }
log_since() { tail -c "+$(($1 + 1))" "$log" 2>/dev/null; }
serious() { grep -aE '\[(emerg|alert|crit)\]'; }
upstream_failures() {
  grep -aE 'no live upstreams|while connecting to upstream|upstream timed out|upstream prematurely closed|upstream sent'
}

# ── looking at what serves ───────────────────────────────────────────────────────────────────────────────────────────
ask() { # URL [OPTION]: body, and the status on a line of its own; 000 where there is no answer
  curl -sk --noproxy '*' --max-time 3 -o - -w '\n%{http_code}\n' ${2:+"$2"} "$1" 2>/dev/null
}
connects() { # ADDRESS PORT
  if [ -x /bin/bash ]; then
    # shellcheck disable=SC2016
    timeout 2 /bin/bash -c 'exec 3<>"/dev/tcp/$0/$1"' "$(echo "$1" | tr -d '[]')" "$2" 2>/dev/null
  else
    # the time that a connection took is 0 where there was none
    case $(curl -s --connect-timeout 2 --max-time 3 -o /dev/null -w '%{time_connect}' "telnet://$1:$2" </dev/null 2>/dev/null) in
      *[1-9]*) ;; *) return 1 ;; esac
  fi
}
manifest() { cat "$root/releases/$1/manifest" 2>/dev/null; }

# The release that the metrics server names.
serving() { # ID whose manifest says where to ask
  manifest "$1" | while read -r what address port rest; do
    [ "$what" = mark ] && ask "http://$address:$port/release" | head -n 1
  done
}

# Waits until a release answers and the workers of before take no more connections. With an offset into the log, it
# gives up when NGINX says from there on that it cannot.
confirm() { # ID WORKERS_BEFORE [LOG_OFFSET]
  end=$(($(now) + 15))
  while [ "$(now)" -le "$end" ]; do
    left=''
    for worker in $(workers "$(master)"); do case " $2 " in *" $worker "*) left=1 ;; esac; done
    [ -z "$left" ] && [ "$(serving "$1")" = "$1" ] && return 0
    [ -n "${3-}" ] && log_since "$3" | serious | grep -q . && return 1
    sleep 0.1
  done
  # a worker of before that hangs is no reason to give up what answers
  [ "$(serving "$1")" = "$1" ]
}

# What does not answer as its manifest says, a line each.
probe() { # ID
  manifest "$1" | while read -r what scheme address port want path proxy; do
    [ "$what" = listener ] || continue
    if [ "$scheme" = tcp ]; then
      connects "$address" "$port" || echo "$address:$port takes no connection"
      continue
    fi
    answer=$(ask "$scheme://$address:$port$path" ${proxy:+--haproxy-protocol})
    code=$(printf '%s\n' "$answer" | tail -n 1)
    [ "$code" = "$want" ] || printf '%s\n' "$scheme://$address:$port$path answers $code, not $want: $(printf '%s' "$answer" | head -n 1 | cut -c 1-200)"
  done
}

# Upstreams none of whose servers takes a connection.
dead_upstreams() { # ID
  manifest "$1" | while read -r what name address port rest; do
    [ "$what" = server ] || continue
    if connects "$address" "$port"; then echo "$name up"; else echo "$name down"; fi &
  done | sort -u | awk '{ state[$1] = state[$1] $2 } END { for (name in state) if (state[name] == "down") print name }'
}

# ── activation ───────────────────────────────────────────────────────────────────────────────────────────────────────
# Lets the link lead somewhere, in one rename: to a release, to what it was, or nowhere.
lead() { # TARGET
  rm -f "$link.lbctl"
  case $1 in
    -) rm -f "$link" ;;
    before) cp -p "$root/before/${link##*/}" "$link.lbctl" && mv -fT "$link.lbctl" "$link" ;;
    *) ln -s "$1" "$link.lbctl" && mv -fT "$link.lbctl" "$link" ;;
  esac && sync
}

# What the link leads to now: a release as it is written there, before, or - for nothing.
leads_to() {
  if [ -L "$link" ]; then readlink "$link"; elif [ -e "$link" ]; then echo before; else echo -; fi
}

# Where the link has to lead for a release.
target_of() { # ID
  if [ "${link%/*}" = "$root" ]; then echo "releases/$1${leaf:+/$leaf}"; else echo "$root/releases/$1${leaf:+/$leaf}"; fi
}
release_of() { # TARGET
  case $1 in *releases/*) id=${1##*releases/} && echo "${id%%/*}" ;; *) echo - ;; esac
}

refuse() { # CHECK TEXT
  say failed "$1$tab$2"
  rm -f "$root/journal"
  record refused
  say outcome refused
  exit 11
}

# Puts back what was there before, has NGINX take it, and says why.
undo() { # CHECK TEXT
  say failed "$1$tab$2"
  step undoing 'taking it back'
  old=$(release_of "$previous")
  offset=$(log_size)
  lead "$previous" || { say outcome stuck && record stuck && exit 12; }
  if chief=$(master); then
    gone=$(workers "$chief" | tr '\n' ' ')
    kill -HUP "$chief"
  else
    gone=''
    sh -c "$start" 2>&1 | evidence
  fi
  # what is in the log may still be about the release that is taken back
  if [ "$old" != - ] && ! confirm "$old" "$gone"; then
    log_since "$offset" | tail -n 20 | evidence
    record stuck
    say outcome stuck
    exit 12
  fi
  rm -f "$root/journal"
  record undone
  say outcome undone
  exit 10
}

# Finishes or undoes what an earlier run left when it was killed.
recover() {
  IFS=$tab read -r phase left was 2>/dev/null <"$root/journal" || return 0
  case $phase in
    checking | saving) rm -f "$root/journal" ;;
    keeping) keep_release "$left" && rm -f "$root/journal" && say note "release $left, which was being kept, is kept" ;;
    *)
      say note "an earlier run ended while it was $phase release $left: it is taken back"
      (release=$left previous=$was action=recover && undo interrupted "the run ended while $phase")
      [ $? -eq 10 ] || exit 12
      ;;
  esac
}

keep_release() { # ID
  touch "$root/releases/$1"
  printf '%s' "$drained" | tr ' ' '\n' >"$root/drained.new" && mv -f "$root/drained.new" "$root/drained"
  now_at=$(release_of "$(leads_to)")
  ls -1t "$root/releases" | grep -vx "$now_at" | tail -n "+$keep" | while read -r id; do rm -rf "$root/releases/${id:?}"; done
}

activate() {
  folder=$root/releases/$release
  [ -f "$folder/manifest" ] || refuse missing "release $release is not on this node"
  master >/dev/null || refuse stopped 'NGINX does not run'
  previous=$(leads_to)
  step checking "NGINX checks release $release"
  # shellcheck disable=SC2086
  said=$(IFS=$line_end && "$nginx" -t $options -c "$folder/nginx.conf" 2>&1) || {
    printf '%s\n' "$said" | grep -v 'test failed$' | evidence
    refuse check 'NGINX refuses the configuration'
  }
  if [ "$previous" = before ] && [ ! -d "$root/before" ]; then
    step saving 'what was there before is kept'
    rm -rf "$root/before.new"
    cp -a "${link%/*}" "$root/before.new" && mv -T "$root/before.new" "$root/before" || refuse saving 'what is there cannot be copied'
  fi
  dead=$(dead_upstreams "$(release_of "$previous")")
  chief=$(master) || refuse stopped 'NGINX does not run'
  gone=$(workers "$chief" | tr '\n' ' ')
  offset=$(log_size)
  usual=$(tail -n 2000 "$log" 2>/dev/null | upstream_failures | awk -v since="$(date -d "@$(($(now) - watch))" '+%Y/%m/%d %H:%M:%S')" '$1 " " $2 >= since' | wc -l)

  step switching "release $release is put in place"
  lead "$(target_of "$release")" || undo switching 'the link cannot be changed'
  step reloading 'NGINX reloads'
  reload || undo reloading 'NGINX does not run any more'
  step confirming 'new workers take over'
  confirm "$release" "$gone" "$offset" || {
    log_since "$offset" | serious | tail -n 20 | evidence
    undo confirming "NGINX did not take release $release"
  }
  step probing 'listeners and servers are asked'
  wrong=$(probe "$release")
  [ -z "$wrong" ] || { printf '%s\n' "$wrong" | evidence && undo probing 'what should answer does not'; }
  for name in $(dead_upstreams "$release"); do
    case " $(echo $dead) " in *" $name "*) say note "no server of $name answers, as before" ;; *)
      [ "$previous" = - ] || undo probing "no server of upstream $name takes a connection"
      say note "no server of $name answers" ;;
    esac
  done
  step watching "the release is watched for $watch s"
  end=$(($(now) + watch))
  while :; do
    log_since "$offset" | serious | grep -q . && { log_since "$offset" | serious | tail -n 20 | evidence && undo watching 'the error log tells of serious failures'; }
    failures=$(log_since "$offset" | upstream_failures | wc -l)
    [ "$failures" -le $((usual * 2 + 5)) ] || { log_since "$offset" | upstream_failures | tail -n 20 | evidence && undo watching "$failures requests failed at servers"; }
    master >/dev/null || undo watching 'NGINX ended'
    [ "$(now)" -le "$end" ] || break
    sleep 0.2
  done
  [ -z "$(wrong=$(probe "$release") && printf '%s' "$wrong")" ] || undo watching 'what answered at first does not any more'
  step keeping "release $release stays"
  keep_release "$release" && record kept && rm -f "$root/journal"
  say outcome kept
}

# What the node is, a word and its value a line.
facts() {
  say time "$(now)"
  say uid "$(id -u)"
  say system "$(sed -n 's/^ID="\{0,1\}\([^"]*\)"\{0,1\}$/\1/p' /etc/os-release 2>/dev/null)"
  for program in "$nginx" /usr/sbin/nginx /usr/local/sbin/nginx /usr/local/nginx/sbin/nginx /opt/bitnami/nginx/sbin/nginx; do
    program=$(command -v "$program") || continue
    say nginx "$program"
    "$program" -V 2>&1 | sed -n "s/^nginx version: /version$tab/p; s/^configure arguments: /built$tab/p"
    break
  done
  for folder in /etc/nginx/modules-enabled /usr/share/nginx/modules; do [ ! -d "$folder" ] || say modules "$folder"; done
  for user in www-data nginx daemon; do id "$user" >/dev/null 2>&1 && say user "$user"; done
  command -v curl >/dev/null && say curl "$(command -v curl)"
  command -v systemctl >/dev/null && say systemctl "$(command -v systemctl)"
  say free "$(df -Pk "$root" 2>/dev/null | awk 'NR == 2 { print $4 }')"
}

# ── verbs ────────────────────────────────────────────────────────────────────────────────────────────────────────────
case $verb in
  activate) take_lock && recover && activate ;;
  recover) take_lock && recover ;;
  receive) # a tar archive on standard input becomes a release, whole or not at all
    mkdir -p "$root/releases" && draft=$root/releases/.draft.$$ && mkdir "$draft" || exit 11
    trap 'rm -rf "$draft"' EXIT
    tar -xf - -C "$draft" && [ -f "$draft/manifest" ] && sync || exit 11
    [ -z "$group" ] || [ ! -d "$draft/auth" ] || { chgrp -R "$group" "$draft/auth" && chmod -R g+rX "$draft/auth"; } || exit 11
    rm -rf "$root/releases/.old.$$" && { [ ! -e "$root/releases/$release" ] || mv -T "$root/releases/$release" "$root/releases/.old.$$"; } &&
      mv -T "$draft" "$root/releases/$release" && rm -rf "$root/releases/.old.$$" ;;
  facts) facts ;;
  send) # a release as a tar archive, in characters that any way back takes
    tar -C "$root/releases/$release" -cf - . | base64 ;;
  observe)
    say time "$(now)"
    say link "$(leads_to)"
    say master "$(master)"
    [ ! -f "$root/journal" ] || say journal "$(cat "$root/journal")"
    [ ! -f "$root/lock/holder" ] || say lock "$(cat "$root/lock/holder")"
    [ ! -f "$root/drained" ] || say drained "$(tr '\n' ' ' <"$root/drained")"
    for folder in "$root"/releases/*/; do [ -f "$folder/manifest" ] && say release "$(basename "$folder")"; done
    [ ! -f "$root/history" ] || tail -n 200 "$root/history" | while IFS= read -r line; do say history "$line"; done ;;
  *) echo "node.sh: unknown verb $verb" >&2 && exit 64 ;;
esac
