# Runs a program once, however often it is asked to: a second call waits for the first, and says the same. The program goes
# on when whoever asked, or the agent, is gone.
#   id         names the run
#   key sha256 input of the program, in the bucket; none where it is empty
# Words of the program are the arguments. It says `lbctl SIZE`, and then the beginning of what came of it: exit code and
# length of the output, output and error output, packed by gzip and written in base 64.
set -u
umask 077
export LC_ALL=C
runs=/run/lbctl-runs mine=/run/lbctl-runs/$id
mkdir -p "$runs"
find "$runs" -mindepth 1 -maxdepth 1 -mmin +1440 -exec rm -rf {} +
if mkdir "$mine" 2>/dev/null; then
  # what it printed last goes when it is not asked for again
  : >"$mine/in"
  if [ -n "$key" ]; then
    digested "$key" "$mine/in" "$sha256" || { rm -rf "$mine" && exit 3; }
  fi
  # shellcheck disable=SC2016 # it is the program's own shell that reads it
  setsid sh -c '
    mine=$1 && shift && cd / && echo $$ >"$mine/pid"
    umask 022
    "$@" <"$mine/in" >"$mine/out" 2>"$mine/err"
    code=$?
    { echo "$code $(wc -c <"$mine/out")" && cat "$mine/out" "$mine/err"; } | gzip -9 | base64 | tr -d "\n" >"$mine/new"
    rm -f "$mine/in" "$mine/out" "$mine/err"
    mv "$mine/new" "$mine/done"
  ' lbctl-run "$mine" "$@" </dev/null >/dev/null 2>&1 &
fi
while [ ! -f "$mine/done" ]; do
  [ -d "$mine" ] || exit 3
  if [ -s "$mine/pid" ] && ! kill -0 "$(cat "$mine/pid")" 2>/dev/null && [ ! -f "$mine/done" ]; then exit 4; fi
  sleep 0.05
done
echo "lbctl $(wc -c <"$mine/done")"
head -c "$first" "$mine/done"
