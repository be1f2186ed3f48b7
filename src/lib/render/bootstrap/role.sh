# -- what the role of the instance may do, by its metadata (IMDSv2) and signatures that curl makes --
# bucket and region are set before; AWS_ENDPOINT_URL and AWS_EC2_METADATA_SERVICE_ENDPOINT are AWS's own.
imds=${AWS_EC2_METADATA_SERVICE_ENDPOINT:-http://169.254.169.254}
metadata() { # PATH
  token=$(curl -qsf --noproxy '*' --max-time 5 -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 60' "$imds/latest/api/token") &&
    curl -qsf --noproxy '*' --max-time 5 -H "X-aws-ec2-metadata-token: $token" "$imds/latest/meta-data/$1"
}
# A call in the name of the role; its keys are seen in no list of processes.
signed() { # SERVICE [CURL_ARGUMENT]...
  service=$1 && shift
  given=$(metadata "iam/security-credentials/$(metadata iam/security-credentials/ | head -n 1)") || { echo 'the metadata service gives no credentials of a role' >&2 && return 1; }
  part() { printf '%s\n' "$given" | tr ',{}' '[\n*]' | sed -n "s/^ *\"$1\" *: *\"\(.*\)\" *$/\1/p"; }
  printf 'user = "%s:%s"\nheader = "x-amz-security-token: %s"\n' "$(part AccessKeyId)" "$(part SecretAccessKey)" "$(part Token)" |
    curl -qsS -K - --connect-timeout 5 --max-time 120 --aws-sigv4 "aws:amz:$region:$service" "$@"
}
# An object of the bucket into a file; says why where there is none.
object() { # KEY FILE
  place=https://$bucket.s3.$region.$suffix
  [ -z "${AWS_ENDPOINT_URL-}" ] || place=$AWS_ENDPOINT_URL/$bucket
  got=$(signed s3 -H 'x-amz-content-sha256: UNSIGNED-PAYLOAD' -o "$2" -w '%{http_code}' "$place/$1" 2>&1) && [ "$got" = 200 ] && return 0
  said=$([ ! -f "$2" ] || sed -n 's/.*<Code>\([A-Za-z]*\).*/\1/p' "$2" | head -n 1)
  rm -f "$2"
  echo "s3://$bucket/$1 cannot be read: $got $said" >&2
  return 1
}
# The same, where it is what its digest says.
# shellcheck disable=SC2317 # it may be called by way of others
digested() { # KEY FILE SHA256
  object "$1" "$2" && [ "$(sha256sum <"$2" | cut -d' ' -f1)" = "$3" ] && return 0
  [ ! -f "$2" ] || { rm -f "$2" && echo "s3://$bucket/$1 is not what its digest says" >&2; }
  return 1
}
