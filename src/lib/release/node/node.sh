#!/bin/sh
# What lbctl does on a node: puts releases of an NGINX configuration in place, watches them, and takes back what does not
# serve. Plain sh with curl, so that it runs on any Linux and can be read there.
#   node.sh VERB ROOT [name=value]...      verbs: facts observe receive send check activate restore recover refresh
#                                          connections reach upstreams
# ROOT holds all that lbctl keeps on the node:
#   releases/ID/  configurations, never changed once they are there; the manifest in each says what to look at:
#                   mark ADDRESS PORT                                        where /release names the release that is loaded
#                   api ADDRESS PORT                                         where NGINX Plus is told of servers, at /api
#                   listener http|https|tcp ADDRESS PORT STATUS PATH [proxy] what answers, and how
#                   server UPSTREAM ADDRESS PORT
#                   folder PATH                                              made where it is not there, as for caches
#                   certificate NAME HOST                                    NGINX shows one that the node gets for itself
#                   socket LISTENER tcp|udp ADDRESS PORT PORT_OF_LB_YAML     for lbctl, which tells what opens and closes
#                   pool …, redirect …                                       for lbctl, which tells of them in plans
#   before/       the folder of the link as it was before lbctl came
#   journal       what is being done just now: phase, release, what the link led to, whether NGINX is started by it,
#                   drained; gone when all is done
#   history       a line an action: time, who, action, release, the link before, outcome, about; the last 1,000
#   certificates/NAME/current/  fullchain.pem and privkey.pem that the node gets for itself; next is to come in its place,
#                 last was there before, until NGINX has taken it (certificates.sh)
#   drained       servers that get no new connections, one a line
#   live          two releases: the one that NGINX Plus has loaded, and the one that it serves since its servers were
#                   changed to those by its API, which is what the link leads to
#   lock/         who is at work: a file named PID.START that holds who, why and since when
#
# It tells what it does in lines of words parted by tabs: step, note, evidence, failed, locked, and outcome as the last.
# Exit: 0 done, 10 taken back, 11 refused before anything was changed, 12 could not be taken back, 64 misused, 75 locked.
set -u
umask 022
export LC_ALL=C
PATH=$PATH:/usr/sbin:/sbin
# whoever asked for it may be cut off; the work goes on (so that nothing here reads less than all of a pipe)
trap '' HUP PIPE

verb=${1:?no verb} root=${2%/}
shift 2
# link: what NGINX loads, led to a release, or to leaf in it; options: NGINX's own, one a line; start: how it is started;
# group: who may read the files of auth/; user: whom facts is asked about; begin: yes where activate may start NGINX
link='' leaf='' nginx=nginx options='' pid='' log='' start='' group='' user='' begin=no
release='' action=deploy about='' who='' reason='' drained='' seen=- servers='' watch=5 wait=0 keep=10
# live: how NGINX Plus comes from release base to this one without a reload, a line a change:
#   http|stream UPSTREAM add|set|drop ADDRESS [JSON], and then, for all of it, http|stream UPSTREAM has ADDRESS=STATE...
live='' base=-
# ends: servers that are asked, a line each: http|https HOST PORT PATH, tcp HOST PORT or unix FILE 0 [PATH]
ends=''
previous=- begun=no patience=0 why='' under='' api=''
wrong() { echo "node.sh: $1" >&2; exit 64; }
for pair in "$@"; do
  name=${pair%%=*} value=${pair#*=}
  case $name in
    # they become parts of lines
    who | reason | about | action | drained | seen) value=$(printf '%s' "$value" | tr '\001-\037\177' ' ') ;;
    release | base) case $value in '' | .* | -* | *[!A-Za-z0-9._-]*) wrong 'no name of a release' ;; esac ;;
    servers) case $value in *[!A-Za-z0-9._:/\ -]*) wrong 'no ends of servers' ;; esac ;;
    watch | wait | keep) value=${value%%.*} && case $value in '' | *[!0-9]* | ??????*) wrong "$name is no number" ;; esac ;;
    begin) case $value in yes | no) ;; *) wrong 'begin is yes or no' ;; esac ;;
    link | leaf | nginx | options | pid | log | start | group | user | live | ends) ;;
    *) wrong "unknown setting $name" ;;
  esac && eval "$name=\$value"
done

# ── telling ──────────────────────────────────────────────────────────────────────────────────────────────────────────
tab=$(printf '\t') newline='
'
say() { printf '%s\t%s\n' "$1" "$2" 2>/dev/null || :; }
evidence() { while IFS= read -r line; do say evidence "$line"; done; }
now() { date +%s; }
# Hundredths of a second that nobody can set back, into $tick.
clock() { IFS=' .' read -r seconds hundredths rest </proc/uptime && tick=$((seconds * 100 + ${hundredths#0})); }

# Replaces a file of ROOT by standard input, whole or not at all.
put() { { cat >"$root/$1.new" && mv -f "$root/$1.new" "$root/$1"; } 2>/dev/null || { rm -f "$root/$1.new" && false; }; }
# Waits until files are on the disk; where sync cannot be told which, until all are.
durable() { sync "$@" 2>/dev/null || sync; }

# Says what is done, and notes it for whoever finds the work cut short; fails where it cannot be noted.
step() { # PHASE TEXT
  say step "$1$tab$2"
  printf '%s\n' "$1$tab$release$tab$previous$tab$begun$tab$drained" | put journal
}
record() { # OUTCOME
  entry=$(now)$tab$who$tab$action$tab$release$tab$previous$tab$1$tab$about
  { tail -n 999 "$root/history" 2>/dev/null; printf '%s\n' "$entry"; } | put history || say note "the history lacks $action of $release, as it cannot be written"
}

# ── one at a time ────────────────────────────────────────────────────────────────────────────────────────────────────
# When a process began: no other one of its pid has that number.
began() { sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | cut -d' ' -f20; }

# A folder that holds something is never replaced by a rename. Of two that take over what a dead process left, one finds
# the name of its file gone.
take_lock() {
  me=$$.$(began $$) mine=$root/lock.$$ told=''
  said=$({ mkdir -p "$root/releases" && rm -rf "$mine" && mkdir "$mine" && printf '%s\n' "${who:--}$tab${reason:--}$tab$(now)" >"$mine/$me"; } 2>&1) ||
    { rm -rf "$mine" && decline denied "$root cannot be written" "$said"; }
  clock && end=$((tick + wait * 100))
  until mv -T "$mine" "$root/lock" 2>/dev/null; do
    holder=$(find "$root/lock" -type f 2>/dev/null | sed -n 1p) && holder=${holder##*/}
    [ -n "$holder" ] && [ "$(began "${holder%%.*}")" != "${holder#*.}" ] && mv "$root/lock/$holder" "$root/lock/$me" 2>/dev/null &&
      mv -f "$mine/$me" "$root/lock/$me" && rmdir "$mine" && break
    by='' why='' since='' && IFS=$tab read -r by why since 2>/dev/null <"$root/lock/$holder"
    case $since in '' | *[!0-9]*) since=$(now) ;; esac
    clock
    # a lock of nobody is just being let go, or is none
    [ "$tick" -lt $((end + (${#holder} > 0 ? 0 : 200))) ] ||
      { rm -rf "$mine" && say locked "${by:--}$tab${why:--}$tab$(($(now) - since))" && exit 75; }
    [ -z "$by" ] || [ -n "$told" ] || { told=1 && say note "waiting for $by ($why)"; }
    sleep 0.1
  done
  trap 'rm -f "$root/lock/$me"; rmdir "$root/lock" 2>/dev/null' EXIT
  # what earlier runs left that were killed
  for rest in "$root"/lock.* "$root"/*-*.sh.* "$root"/releases/.draft.*; do [ -d "/proc/${rest##*.}" ] || rm -rf "$rest"; done
  rm -rf "$root"/*.new "$root"/releases/.drop.*
}

# ── NGINX ────────────────────────────────────────────────────────────────────────────────────────────────────────────
# Whether a process writes our error log, also after it was moved.
writes_log() { [ -f "$log" ] && stat -c %N "/proc/$1/fd/"* 2>/dev/null | grep -F "$(readlink -f "$log")" >/dev/null; }

# The pid of the master; fails where none runs. A pid file that was left may name another NGINX by now: ours writes our
# log, or began before the file was written. One that somebody removed is not needed.
master() {
  if read -r chief 2>/dev/null <"$pid" && grep -q '^nginx: master' "/proc/$chief/cmdline" 2>/dev/null && clock &&
    { writes_log "$chief" || [ $(($(now) - $(stat -c %Y "$pid") - 2)) -le $(((tick - $(began "$chief")) / 100)) ]; }; then
    echo "$chief"
  else
    grep -ls '^nginx: master' /proc/[0-9]*/cmdline | cut -d/ -f3 | while read -r chief; do ! writes_log "$chief" || echo "$chief"; done | sed -n 1p | grep .
  fi
}
# Workers of a master that take connections: those that leave have another title.
workers() {
  grep -ls "^[0-9]* (.*) . $1 " /proc/[0-9]*/stat | sed 's/stat$/cmdline/' | xargs grep -lsxz 'nginx: worker process *' /dev/null | cut -d/ -f3
}
# Workers whose master was killed: they go on with what they had, and hold the ports.
orphans() {
  grep -ls '^nginx: worker process' /proc/[0-9]*/cmdline | cut -d/ -f3 | while read -r worker; do
    parent=$(sed 's/.*) . \([0-9]*\) .*/\1/' "/proc/$worker/stat" 2>/dev/null)
    grep -qs '^nginx: master' "/proc/$parent/cmdline" || { writes_log "$worker" && echo "$worker"; }
  done
}
# The same for people.
alone() { orphans | sed 's/.*/worker & goes on with what it has, without a master, and holds the ports: kill -QUIT & before NGINX is started/'; }
# Starts NGINX, with what it says in $said.
start_nginx() {
  for worker in $(orphans); do kill -QUIT "$worker" && sleep 0.2; done
  # not into a pipe: NGINX may hold it open for as long as it runs
  rm -f "$root/live"
  out=$root/start.new && touch "$out" 2>/dev/null || out=/dev/null
  timeout 60 sh -c "$start" >"$out" 2>&1 </dev/null
  set -- "$?" && said=$(cat "$out") && rm -f "$root/start.new" && return "$1"
}
# Ends an NGINX that was started here; one that is only just coming is found after a moment.
halt() {
  clock && end=$((tick + 1500)) last=$tick
  while clock && [ "$tick" -lt "$end" ]; do
    if chief=$(master); then
      last=$tick && kill -s "$([ "$tick" -lt $((end - 500)) ] && echo QUIT || echo TERM)" "$chief" 2>/dev/null
    elif [ "$tick" -ge $((last + 100)) ]; then return 0; fi
    sleep 0.1
  done
  ! master >/dev/null
}
# Has a master load what the link leads to, with the servers that it has there.
reload() { rm -f "$root/live" && kill -HUP "$1" 2>/dev/null; } # PID
log_size() { if [ -f "$log" ]; then wc -c <"$log"; else echo 0; fi; }
# What the log has from an offset on, or all of it where it has begun anew.
log_since() { [ "$(log_size)" -ge "$1" ] || set -- 0; tail -c "+$(($1 + 1))" "$log" 2>/dev/null | tr -d '\000'; }
# What it has of the last seconds, as many as are watched.
log_lately() {
  tail -c 4000000 "$log" 2>/dev/null | tr -d '\000' | awk -v since="$(date -d "@$(($(now) - watch))" '+%Y/%m/%d %H:%M:%S')" '$1 " " $2 >= since'
}
at_servers='no live upstreams|(while connecting|SSL handshaking) to upstream|upstream (timed out|prematurely closed|sent)|response header from upstream'
server_failures() { grep -E "$at_servers"; }
# What is not about one server, nor one client's handshake, nor a connection that a worker had when it left.
serious() {
  grep -E '\[(emerg|alert|crit)\]' | grep -vE "$at_servers|SSL_do_handshake\(\) failed.*while SSL handshaking, client|open socket #[0-9]+ left in connection"
}
# Lines without what is different each time.
kinds() { sed 's/^[^]]*\] [0-9#]*: //; s/, client: .*//; s/[0-9][0-9]*/N/g'; }

# ── looking at what serves ───────────────────────────────────────────────────────────────────────────────────────────
ask() { # URL [OPTION]: body, and the status on a line of its own; 000 where there is no answer
  curl -qsgk --noproxy '*' --max-time 3 --max-filesize 1000000 -w '\n%{http_code}\n' ${2:+"$2"} "$1" </dev/null 2>/dev/null | tr -d '\000'
}
connects() { # ADDRESS PORT
  if command -v bash >/dev/null; then
    # shellcheck disable=SC2016
    timeout 2 bash -c 'exec 3<>"/dev/tcp/$0/$1"' "$(echo "$1" | tr -d '[]')" "$2" </dev/null 2>/dev/null
  else
    # the time that a connection took is 0 where there was none; curl ends by its time only
    curl -qsg --max-time 1 -o /dev/null -w '%{time_connect}' "telnet://$1:$2" </dev/null 2>/dev/null | grep '[1-9]' >/dev/null
  fi
}
manifest() { cat "$root/releases/$1/manifest" 2>/dev/null; }
# The release that NGINX has loaded, by the metrics server, which the manifest of one tells.
loaded() { # ID
  manifest "$1" | while read -r what address port rest; do [ "$what" = mark ] && ask "http://$address:$port/release" | sed -n 1p; done
}
# Whether the API of NGINX Plus has brought what is in place over the release that is loaded.
is_live() { # LOADED
  under='' over='' && IFS=$tab read -r under over 2>/dev/null <"$root/live"
  [ -n "$over" ] && [ "$1" = "$under" ] && [ "$(release_of "$(leads_to)")" = "$over" ]
}
# The release that serves, by the one that is loaded.
in_effect() { if is_live "$1"; then echo "$over"; else echo "$1"; fi; }
serving() { in_effect "$(loaded "$1")"; } # ID

# Waits until a release answers and the workers of before take no more connections; of what was there before lbctl came
# only new workers are known. With an offset into the log, it gives up when NGINX says from there on that it cannot.
confirm() { # ID|- WORKERS_BEFORE [LOG_OFFSET]
  clock && end=$((tick + 1500 + patience))
  while [ "$tick" -le "$end" ]; do
    present=$(workers "$(master)")
    stayed=$(for worker in $present; do case " $2 " in *" $worker "*) echo 1 ;; esac; done)
    [ -n "$present" ] && [ -z "$stayed" ] && { [ "$1" = - ] || [ "$(serving "$1")" = "$1" ]; } && return 0
    [ -n "${3-}" ] && log_since "$3" | grep -F '[emerg]' >/dev/null && return 1
    sleep 0.1 && clock
  done
  # a worker of before that hangs is no reason to give up what answers
  [ "$1" != - ] && [ "$(serving "$1")" = "$1" ]
}

# What does not answer as its manifest says, a line each.
probe() { # ID
  manifest "$1" | while read -r what scheme address port want path proxy; do
    [ "$what" = listener ] || continue
    [ "$scheme" != tcp ] || { connects "$address" "$port" || echo "$address:$port takes no connection"; continue; }
    answer=$(ask "$scheme://$address:$port$path" ${proxy:+--haproxy-protocol})
    code=$(printf '%s\n' "$answer" | tail -n 1) body=$(printf '%s\n' "$answer" | sed -n '1{$!p;}' | cut -c 1-200)
    [ "$code" = "$want" ] || printf '%s\n' "$scheme://$address:$port$path answers $code, not $want: $body"
  done
}
# Upstreams none of whose servers takes a connection.
dead_upstreams() { # ID
  manifest "$1" | while read -r what name address port rest; do
    [ "$what" = server ] || continue
    if connects "$address" "$port"; then echo "$name up"; else echo "$name down"; fi &
  done | sort -u | awk '{ state[$1] = state[$1] $2 } END { for (name in state) if (state[name] == "down") print name }'
}
servers_of() { manifest "$1" | awk -v name="$2" '$1 == "server" && $2 == name { print $3 ":" $4 " takes no connection" }'; } # ID UPSTREAM
# Gives a check that finds something a second chance: a node under load may miss one.
twice() { [ -z "$("$@")" ] || { sleep 1 && "$@"; }; }

# ── the link ─────────────────────────────────────────────────────────────────────────────────────────────────────────
# What it leads to now: a release as it is written there, before, or - for nothing.
leads_to() { if [ -L "$link" ]; then readlink "$link"; elif [ -e "$link" ]; then echo before; else echo -; fi; }
# Where it has to lead for a release, and the release that it leads to there.
target_of() { [ "${link%/*}" = "$root" ] || printf '%s/' "$root"; echo "releases/$1${leaf:+/$leaf}"; }
release_of() { case ${1#"$root/"} in releases/*) echo "${1#"$root/"}" | cut -d/ -f2 ;; *) echo - ;; esac; }

# Lets it lead somewhere, in one rename: to a release, to what it was, or nowhere.
lead() { # TARGET
  rm -f "$link.lbctl"
  [ "$(leads_to)" != "$1" ] || return 0
  case $1 in
    -) rm -f "$link" ;;
    # a full disk has place for another name still
    before) { cp -p "$root/before/${link##*/}" "$link.lbctl" || ln -f "$root/before/${link##*/}" "$link.lbctl"; } && mv -fT "$link.lbctl" "$link" ;;
    *) ln -s "$1" "$link.lbctl" && mv -fT "$link.lbctl" "$link" ;;
  esac && durable "${link%/*}"
}

# ── NGINX Plus ───────────────────────────────────────────────────────────────────────────────────────────────────────
# Asks its API: the body comes into $said; fails where the status is not the one that is wanted, which $why tells then.
call() { # STATUS METHOD PATH [JSON]
  said=$(curl -qsg --noproxy '*' --max-time 10 --max-filesize 9000000 -w '\n%{http_code}' -X "$2" \
    ${4:+-H} ${4:+'Content-Type: application/json'} ${4:+--data-binary} ${4:+"$4"} "$api$3" </dev/null 2>/dev/null | tr -d '\000')
  status=${said##*"$newline"} said=${said%"$newline"*}
  [ "$status" != "$1" ] || return 0
  told=$(printf '%s' "$said" | tr -d '\n' | sed -n 's/.*"text" *: *"\(.*\)", *"code".*/: \1/p' | tr -d '\001-\037\134' | cut -c 1-200)
  why="its API answers ${status:-nothing} to $2 $3$told"
  [ "$status" != 000 ] || why='its API does not answer'
  return 1
}
# Where it is for a release, into $api: fails where there is none, or none whose version is known here; 2 has drain first.
find_api() { # ID
  api=$(manifest "$1" | awk '$1 == "api" { print "http://" $2 ":" $3 "/api"; exit }')
  why='the release that serves has no API' && [ -n "$api" ] && call 200 GET '' || return 1
  version=$(printf '%s\n' "$said" | grep -x '\[[0-9, ]*\]' | tr -cs '0-9' '\n' | awk '$1 > top && $1 <= 9 { top = $1 } END { print top + 0 }')
  why='its API has no version that is known here' && [ "$version" -ge 2 ] && api=$api/$version
}
# Whether release base serves as it can be changed from: tells which one is loaded, into $under.
changeable() {
  why="release $base does not serve" under=$(loaded "$base")
  [ "$(release_of "$previous")" = "$base" ] && [ "$(in_effect "$under")" = "$base" ] && find_api "$base"
}
# The servers that it has just listed, a line each: ID ADDRESS up|down|drain.
listed() {
  printf '%s\n' "$said" | tr -d ' \t\r\n' | tr '{' '\n' | awk 'match($0, /"id":[0-9]+/) {
    id = substr($0, RSTART + 5, RLENGTH - 5)
    server = match($0, /"server":"[^"]*"/) ? substr($0, RSTART + 10, RLENGTH - 11) : "-"
    print id, server, /"down":true/ ? "down" : /"drain":true/ ? "drain" : "up"
  }'
}
# Changes its servers to those of the release, and looks whether it has just them then; $why tells what is not so.
apply() {
  while IFS=' ' read -r module upstream change address more; do
    place=/$module/upstreams/$upstream/servers
    [ "$change" = add ] || call 200 GET "$place" || return 1
    case $change in
      add) call 201 POST "$place/" "$more" ;;
      set | drop)
        id=$(listed | awk -v server="$address" '$2 == server { print $1 }') && why="its API has not one server $address in $upstream"
        case $id in '' | *[!0-9]*) return 1 ;; esac
        if [ "$change" = set ]; then call 200 PATCH "$place/$id" "$more"; else call 200 DELETE "$place/$id"; fi ;;
      has)
        why="the servers of $upstream are others than those of the release"
        [ "$(listed | awk '{ print $2 "=" $3 }' | sort)" = "$(printf '%s\n' "$address $more" | tr -s ' ' '\n' | grep . | sort)" ] ;;
    esac || return 1
  done <<EOF
$live
EOF
  why='what serves cannot be noted' && printf '%s\n' "$under$tab$release" | put live
}

# ── taking back ──────────────────────────────────────────────────────────────────────────────────────────────────────
failed() { # CHECK TEXT [WHAT_A_PROGRAM_SAID]
  [ -z "${3-}" ] || printf '%s\n' "$3" | tail -n 20 | evidence
  say failed "$1$tab$2"
}
# Ends before anything was touched.
decline() { failed "$@"; say outcome refused; exit 11; }
refuse() { rm -rf "$root/journal" "$root"/*.new; record refused; decline "$@"; }

# Puts back what was there before and has NGINX take it; fails where that does not come to serve.
take_back() {
  step undoing 'taking it back'
  offset=$(log_size) gone='' result=undone
  said=$(lead "$previous" 2>&1) || { printf '%s\n' "$said" | evidence && result=stuck; }
  if [ "$previous$begun" = -yes ]; then
    step halting 'NGINX is stopped again'
    halt || result=stuck
  elif chief=$(master); then
    gone=$(workers "$chief" | tr '\n' ' ')
    reload "$chief"
  else
    start_nginx
    [ -z "$said" ] || printf '%s\n' "$said" | evidence
  fi
  if [ "$previous" = - ]; then
    # without a configuration to go back to, NGINX goes on with what it has
    [ "$(serving "$release")" != "$release" ] || result=stuck
  elif ! confirm "$(release_of "$previous")" "$gone"; then
    log_since "$offset" | tail -n 20 | evidence && result=stuck
  fi
  record "$result"
  [ "$result" = undone ] && rm -f "$root/journal"
}
undo() { failed "$@"; take_back && say outcome undone && exit 10; stuck; }
stuck() { say outcome stuck; exit 12; }

# Finishes or undoes what an earlier run left when it was killed.
recover() {
  [ -e "$root/journal" ] || return 0
  wanted=$release asked=$action given=$drained action=recover phase=''
  IFS=$tab read -r phase release previous begun drained <"$root/journal"
  case $phase in
    keeping) say note "an earlier run ended while it was keeping release $release, which stays" && keep_release ;;
    switching | applying | starting | reloading | confirming | probing | watching | undoing | halting)
      say note "an earlier run ended while it was $phase release $release, which is taken back"
      take_back || { failed recover 'what an earlier run left cannot be taken back' && stuck; } ;;
    *) rm -f "$root/journal" ;; # nothing was changed yet
  esac
  release=$wanted action=$asked drained=$given previous=- begun=no
}

# ── activation ───────────────────────────────────────────────────────────────────────────────────────────────────────
# Servers that get no new connections, parted by blanks.
drained_now() { paste -sd ' ' "$root/drained" 2>/dev/null; }

# Of all releases stay as many as are to be kept, among them the one that serves, the one before, and the one that is loaded,
# whose files NGINX may read still.
keep_release() {
  touch "$root/releases/$release"
  if [ -z "$drained" ]; then rm -f "$root/drained"; else printf '%s\n' "$drained" | tr -s ' ' '\n' | put drained; fi
  for folder in "$root"/releases/*/; do [ -f "$folder/manifest" ] || rm -rf "$folder"; done
  under='' over='' && IFS=$tab read -r under over 2>/dev/null <"$root/live"
  [ "$over" = "$release" ] || under=''
  [ "$keep" -gt 2 ] || keep=$((${#under} > 0 ? 3 : 2))
  { echo "$release" && release_of "$previous" && echo "${under:--}" && ls -1t "$root/releases"; } | grep -vx -e - | awk '!seen[$0]++' |
    tail -n "+$((keep + 1))" | while read -r id; do
    # never half of it under its name
    mv -T "$root/releases/$id" "$root/releases/.drop.$id" && rm -rf "$root/releases/.drop.$id"
  done
  record kept
  rm -f "$root/journal"
}

# Takes it back when the log tells that the release does not serve as what was before it.
watch_log() {
  clock && end=$((tick + watch * 100))
  while :; do
    log_since "$offset" | serious | kinds | grep -vxF "$known" >/dev/null && undo watching 'the error log tells of serious failures' "$(log_since "$offset" | serious)"
    failures=$(log_since "$offset" | server_failures | wc -l)
    clock
    # as often as before, for as long as the log was looked at, with some to spare
    [ "$failures" -le $((usual * 2 * ((tick - switched) / 100 + 1) / (watch + 1) + 5)) ] ||
      undo watching "$failures requests failed at servers" "$(log_since "$offset" | server_failures)"
    master >/dev/null || undo watching 'NGINX ended'
    [ "$tick" -lt "$end" ] || break
    sleep 0.2
  done
}

# Until an authority has given a certificate, NGINX needs another one to listen at all: one that nobody trusts. It says
# something only where that fails.
stand_in() { # NAME HOST
  pair=$root/certificates/$1
  [ ! -e "$pair/current" ] || return 0
  rm -rf "$pair/new" && mkdir -p "$pair/new" && chmod 700 "$pair/new" &&
    { made=$(openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 3650 -subj "/O=lbctl stand-in/CN=lbctl stand-in" \
      -addext "subjectAltName=DNS:$2" -keyout "$pair/new/privkey.pem" -out "$pair/new/fullchain.pem" 2>&1) || { printf '%s\n' "$made" && false; }; } &&
    rm -rf "$pair/stand-in" && mv -T "$pair/new" "$pair/stand-in" && ln -sfn stand-in "$pair/current"
}

# Has NGINX say what it thinks of a release, into $said.
judge() {
  # shellcheck disable=SC2086
  said=$(set -f && IFS=$newline && timeout 60 "$nginx" -t $options -c "$root/releases/$release/nginx.conf" 2>&1 </dev/null)
}
check_release() {
  [ -f "$root/releases/$release/manifest" ] || refuse missing "release $release is not on this node"
  said=$(cd "$root" && manifest "$release" | while read -r what folder; do [ "$what" != folder ] || mkdir -p "$folder"; done 2>&1)
  [ -z "$said" ] || refuse folder 'a folder that it needs cannot be made' "$said"
  said=$(manifest "$release" | while read -r what name host; do [ "$what" != certificate ] || stand_in "$name" "$host" || break; done 2>&1)
  [ -z "$said" ] || refuse certificate 'a certificate to begin with cannot be made' "$said"
  judge || refuse check 'NGINX refuses the configuration' "$said"
}

activate() {
  chief=$(master) || [ "$begin" = yes ] || refuse stopped 'NGINX does not run' "$(alone)"
  [ -z "$chief" ] || kill -0 "$chief" 2>/dev/null || refuse denied 'NGINX belongs to another user'
  [ -w "${link%/*}" ] || refuse denied "${link%/*} cannot be written"
  [ "$seen" = - ] || [ "$seen" = "$(drained_now)" ] || refuse drained 'servers were drained or lifted meanwhile'
  previous=$(leads_to)
  step checking "NGINX checks release $release" || refuse disk "$root cannot be written"
  clock && patience=$tick
  check_release
  # what takes long to read takes long to load
  clock && patience=$((3 * (tick - patience)))
  if [ "$previous" = before ]; then
    step saving 'what was there before is kept' || refuse disk "$root cannot be written"
    said=$({ cp -a "${link%/*}" "$root/before.new" && rm -rf "$root/before" && mv -T "$root/before.new" "$root/before"; } 2>&1) ||
      refuse saving 'what is there cannot be copied' "$said"
  fi
  dead=" $(dead_upstreams "$(release_of "$previous")" | tr '\n' ' ') "
  usual=$(log_lately | server_failures | wc -l) known=$(log_lately | serious | kinds | sort -u) offset=$(log_size)
  gone=''
  if chief=$(master); then gone=$(workers "$chief" | tr '\n' ' '); else begun=$begin; fi
  [ "$chief$begun" != no ] || refuse stopped 'NGINX does not run' "$(alone)"
  applied=no
  if [ -n "$live" ] && [ "$begun" = no ]; then
    if changeable; then applied=yes; else say note "NGINX is reloaded, not changed by its API: $why"; fi
  fi

  step switching "release $release is put in place" || refuse disk "$root cannot be written"
  durable "$root/journal" "$root"
  clock && switched=$tick
  said=$(lead "$(target_of "$release")" 2>&1) || undo switching 'the link cannot be changed' "$said"
  if [ "$applied" = yes ]; then
    step applying 'NGINX Plus changes its servers by its API'
    apply || { applied=no && say note "NGINX is reloaded instead: $why"; }
  fi
  if [ "$begun" = yes ]; then
    step starting 'NGINX is started'
    start_nginx || undo starting 'NGINX does not start' "$said$newline$(log_since "$offset" | serious)"
  elif [ "$applied" = no ]; then
    step reloading 'NGINX reloads'
    reload "$(master)" || undo reloading 'NGINX does not run any more'
  fi
  if [ "$applied" = no ]; then
    step confirming 'new workers take over'
    confirm "$release" "$gone" "$offset" || undo confirming "NGINX did not take release $release" "$(log_since "$offset" | serious)"
  fi
  step probing 'listeners and servers are asked'
  fault=$(twice probe "$release")
  [ -z "$fault" ] || undo probing 'what should answer does not' "$fault"
  for name in $(twice dead_upstreams "$release"); do
    case "$previous $dead" in
      '- '*) say note "no server of $name answers" ;;
      *" $name "*) say note "no server of $name answers, as before" ;;
      *) undo probing "no server of upstream $name takes a connection" "$(servers_of "$release" "$name")" ;;
    esac
  done
  if [ "$watch" -gt 0 ]; then step watching "the release is watched for $watch s"; else step watching 'the error log is read'; fi
  watch_log
  fault=$(twice probe "$release")
  [ -z "$fault" ] || undo watching 'what answered at first does not any more' "$fault"
  step keeping "release $release stays"
  keep_release
  say outcome kept
}

# Has that serve again which the release that serves came in place of, also where that is none of lbctl's.
restore() {
  release=$(release_of "$(leads_to)")
  previous=$(awk -F "$tab" -v id="$release" '$4 == id && $6 == "kept" { from = $5 } END { print from }' "$root/history" 2>/dev/null)
  case $previous in '' | -) previous=$(leads_to) && refuse missing 'it is not known what served before' ;; esac
  take_back && say outcome restored && exit 0
  failed restoring 'what served before does not serve' && stuck
}

# Certificates of before come back, where NGINX does not take others.
put_back() { for last in "$root"/certificates/*/last; do [ ! -L "$last" ] || mv -fT "$last" "${last%/*}/current"; done; }

# Has NGINX take the certificates that came, and all else beside the release that has changed. Without an NGINX that runs,
# the next one takes them.
refresh() {
  release=$(release_of "$(leads_to)")
  [ "$release" != - ] || decline missing 'no release of lbctl is in place'
  for next in "$root"/certificates/*/next; do
    [ -L "$next" ] || continue
    { rm -f "${next%/*}/last" && ln -s "$(readlink "${next%/*}/current")" "${next%/*}/last" && mv -fT "$next" "${next%/*}/current"; } ||
      { put_back && decline disk "$next cannot be put in place"; }
  done
  judge || { put_back && decline check 'NGINX refuses what has changed' "$said"; }
  if chief=$(master); then
    gone=$(workers "$chief" | tr '\n' ' ') offset=$(log_size)
    kill -HUP "$chief" 2>/dev/null || { put_back && decline denied 'NGINX belongs to another user'; }
    confirm "$release" "$gone" "$offset" || { put_back && kill -HUP "$chief" && decline confirming 'NGINX did not take what has changed' "$(log_since "$offset" | serious)"; }
  fi
  rm -f "$root"/certificates/*/last
  say outcome refreshed
}

# ── verbs ────────────────────────────────────────────────────────────────────────────────────────────────────────────
# A tar archive on standard input becomes a release, whole or not at all.
receive() {
  draft=$root/releases/.draft.$$ tree=$root/releases/.draft.$$/$release folder=$root/releases/$release
  trap 'rm -rf "$draft"' EXIT
  said=$({ mkdir -p "$root/releases" && rm -rf "$draft" && mkdir -m 700 "$draft" && cat >"$draft/tar" && mkdir -m 755 "$tree"; } 2>&1) ||
    decline receive 'the release cannot be written there' "$said"
  # two empty blocks are its end
  [ "$(($(wc -c <"$draft/tar") % 512))$(tail -c 1024 "$draft/tar" | tr -d '\000')" = 0 ] || decline receive 'the archive is cut off'
  tar -tf "$draft/tar" 2>/dev/null | grep -E '^/|(^|/)\.\.(/|$)' >/dev/null && decline receive 'the archive has names that lead out of it'
  tar -tvf "$draft/tar" 2>/dev/null | grep -v '^[-d]' >/dev/null && decline receive 'the archive has more than files and folders'
  said=$({ tar -xomf "$draft/tar" -C "$tree" && touch "$tree" && durable -f "$tree"; } 2>&1) || decline receive 'the release cannot be unpacked there' "$said"
  [ -f "$tree/manifest" ] || decline receive 'the archive has no manifest'
  [ -z "$group" ] || [ ! -d "$tree/auth" ] || said=$({ chgrp -R "$group" "$tree/auth" && chmod -R g+rX "$tree/auth"; } 2>&1) ||
    decline receive "group $group cannot be given its files" "$said"
  [ -e "$folder" ] || { mv -T "$tree" "$folder" && return 0; }
  # NGINX may run the one that is there, and somebody may have changed it: it is renewed file by file
  (cd "$folder" && find . ! -type d) | while IFS= read -r file; do [ -e "$tree/$file" ] || rm -f "$folder/$file"; done
  said=$({ cd "$tree" && find . -type d -exec mkdir -p "$folder/{}" \; && find . -type f -exec mv -f {} "$folder/{}" \; && touch "$folder"; } 2>&1) ||
    decline receive 'the release that is there cannot be renewed' "$said"
}

# A release as a tar archive, in characters that any way back takes.
send() { manifest "$release" >/dev/null || decline missing "release $release is not on this node"; tar -C "$root/releases/$release" -cf - . | base64; }

# What NGINX was configured with.
option() { printf '%s\n' "$built" | tr ' ' '\n' | sed -n "s/^--$1=//p" | tail -n 1; }
# What the nginx.conf in front of it says at the top, as it was before lbctl came.
configured() { # FILE DIRECTIVE
  sed -n "s/^[[:space:]]*$2[[:space:]][[:space:]]*\([^;#]*\);.*/\1/p" "$1" 2>/dev/null | head -n 1
}

# What the node is, a word and its value a line.
facts() {
  built='' prefix='' conf='' named=''
  say time "$(now)" && say uid "$(id -u)"
  say system "$(sed -n 's/^ID="\{0,1\}\([^"]*\)"\{0,1\}$/\1/p' /etc/os-release 2>/dev/null)"
  for program in "$nginx" /usr/sbin/nginx /usr/local/sbin/nginx /usr/local/nginx/sbin/nginx /opt/bitnami/nginx/sbin/nginx; do
    program=$(command -v "$program") || continue
    built=$("$program" -V 2>&1)
    say nginx "$program" && printf '%s\n' "$built" | sed -n "s/^nginx version: /version$tab/p; s/^configure arguments: /built$tab/p"
    break
  done
  if [ -n "$built" ]; then
    prefix=$(option prefix) && prefix=${prefix:-/usr/local/nginx}
    conf=$(option conf-path) && conf=${conf:-conf/nginx.conf} && case $conf in /*) ;; *) conf=$prefix/$conf ;; esac
    own=$conf && [ ! -f "$root/before/${conf##*/}" ] || own=$root/before/${conf##*/}
    for name in user pid; do
      value=$(configured "$own" "$name") && [ -n "$value" ] && say configured "$name$tab$value"
    done
    named=$(configured "$own" user | tr -d '\042\047') && named=${named%%[!A-Za-z0-9_.-]*}
    for folder in "${conf%/*}/modules-enabled" "$prefix/modules"; do
      [ -d "$folder" ] || continue
      say modules "$folder" && cat "$folder"/*.conf 2>/dev/null | sed -n "s/^[[:space:]]*load_module[[:space:]]*[\"']\{0,1\}\([^\"';]*\).*/loads$tab\1/p"
      break
    done
    folder=$(option modules-path) && for module in "${folder:-$prefix/modules}"/*.so; do [ ! -f "$module" ] || say module "$module"; done
  fi
  for name in "$user" "$named" "$(option user)" www-data nginx daemon nobody; do
    [ -n "$name" ] && id -- "$name" >/dev/null 2>&1 && say user "$name$tab$(id -gn -- "$name")"
  done
  for file in /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt /etc/ssl/ca-bundle.pem /etc/ssl/cert.pem; do
    [ -f "$file" ] && say ca "$file" && break
  done
  command -v curl >/dev/null && say curl "$(command -v curl)"
  [ -d /run/systemd/system ] && systemctl cat nginx.service >/dev/null 2>&1 && say unit nginx
  [ ! -x /opt/bitnami/ctlscript.sh ] || say control /opt/bitnami/ctlscript.sh
  spot=$root && while [ -n "$spot" ] && [ ! -d "$spot" ]; do spot=${spot%/*}; done
  say free "$(df -Pk "${spot:-/}" 2>/dev/null | awk 'NR == 2 { print $4 }')"
}

observe() {
  say time "$(now)" && say link "$(leads_to)" && say master "$(master)"
  current=$(release_of "$(leads_to)")
  if [ "$current" != - ]; then
    named=$(loaded "$current" | cut -c 1-64)
    say serving "$(in_effect "$named")"
    [ "$named" = "$(in_effect "$named")" ] || say loaded "$named"
  fi
  [ ! -f "$root/journal" ] || say journal "$(cat "$root/journal")"
  for holder in "$root"/lock/*; do [ ! -f "$holder" ] || say lock "$(cat "$holder")"; done
  [ ! -f "$root/drained" ] || say drained "$(drained_now)"
  for file in "$root"/acme/names/*; do [ ! -f "$file" ] || say renewed "$(basename "$file")"; done
  for folder in "$root"/releases/*/; do [ ! -f "$folder/manifest" ] || say release "$(basename "$folder")"; done
  [ ! -f "$root/history" ] || tail -n 200 "$root/history" | while IFS= read -r line; do say history "$line"; done
}

# How many connections are open to ends of servers, each spelled as in /proc: 0A01000A:1F90, unix:/run/app.sock; names are
# answered with the addresses that they have here.
connections() {
  for server in $servers; do
    case $server in *:*) continue ;; esac
    getent ahosts "$server" 2>/dev/null | while read -r address _; do say address "$server$tab$address"; done
  done
  cat /proc/net/tcp /proc/net/tcp6 /proc/net/udp /proc/net/udp6 /proc/net/unix 2>/dev/null | awk -v ends="$servers" '
    BEGIN { split(ends, list, " "); for (i in list) open[list[i]] = 0 }
    $4 == "01" && ($3 in open) { open[$3]++ } $6 == "03" && (("unix:" $8) in open) { open["unix:" $8]++ }
    END { for (end in open) print "open\t" end "\t" open[end] }'
}

# What servers answer just now, by the numbers of their lines: NUMBER up|down WORDS SECONDS.
reach() {
  count=0
  while IFS=' ' read -r scheme host port path; do
    reach_one "$count" &
    count=$((count + 1))
  done <<EOF
$ends
EOF
  wait
}
reach_one() { # NUMBER
  number=$1 state=down
  case $scheme in
    tcp) if connects "$host" "$port"; then answer=up${tab}connects; else answer="down${tab}takes no connection"; fi && say reached "$number$tab$answer$tab" && return ;;
    unix) set -- --unix-socket "$host" "http://localhost$path" ;;
    *) set -- "$scheme://$host:$port$path" ;;
  esac
  answer=$(curl -qsgk --path-as-is --noproxy '*' --max-time 2 -A lbctl-status -o /dev/null -w '%{http_code} %{time_total}' "$@" </dev/null 2>/dev/null)
  case "$?$path" in
    0*) words="$path answers ${answer%% *}" && case $answer in [23]*) state=up ;; esac ;;
    7*) words='refuses connections' ;;
    6*) words='has no address there' ;;
    28*) words='no answer in 2 s' ;;
    *) words='gives no answer of HTTP' ;;
  esac
  # without a path it is asked for a connection alone
  [ -n "$path" ] || [ "$words" = 'refuses connections' ] || { state=up && words=connects; }
  say reached "$number$tab$state$tab$words$tab${answer##* }"
}

# What NGINX Plus tells of its upstreams, http and stream, in JSON: how many connections they have. It does so only where
# servers were changed by its API since it was loaded: what workers do that leave is not counted there.
upstreams() {
  current=$(release_of "$(leads_to)")
  is_live "$(loaded "$current")" && chief=$(master) && find_api "$current" || return 0
  grep -ls "^[0-9]* (.*) . $chief " /proc/[0-9]*/stat | sed 's/stat$/cmdline/' | xargs grep -ls 'shutting down' /dev/null >/dev/null && return 0
  for module in http stream; do ! call 200 GET "/$module/upstreams" || say "$module" "$(printf '%s' "$said" | tr '\n\t' '  ')"; done
}

case $verb in
  check | activate | restore | recover | refresh)
    command -v curl >/dev/null || decline curl 'curl is not installed'
    take_lock
    recover
    case $verb in recover) say outcome recovered ;; check) check_release && say outcome checked ;; *) "$verb" ;; esac ;;
  receive | send | facts | observe | connections | reach | upstreams) "$verb" ;;
  *) wrong "unknown verb $verb" ;;
esac
