#!/bin/sh
# One student as in student.sh, but the commands of one login go to one `openstack`, which reads them from its standard input: Python
# starts and logs in once for all of them. studentBatch.sh create|destroy NAME
set -eu
operation=$1
name=$2
errors=$(mktemp)
trap 'rm -f "$errors"' EXIT

# It goes on after a command that failed, and ends with 0 all the same.
batch() {
  status=0
  openstack 2>"$errors" || status=$?
  cat "$errors" >&2
  [ "$status" = 0 ] && [ ! -s "$errors" ]
}

# As the student, in the student's project. Not by options beside the administrator's cloud: that one's project would win.
own() (
  export OS_CLOUD= OS_AUTH_URL="$AUTH_URL" OS_USERNAME="$name" OS_PASSWORD="$SEED-$name" OS_PROJECT_NAME="$name"
  export OS_USER_DOMAIN_ID=default OS_PROJECT_DOMAIN_ID=default
  "$@"
)

create() {
  batch <<END
project create $name -f value -c id
user create $name --project $name --password $SEED-$name -f value -c id
role add --project $name --user $name $ROLE
quota set $name $QUOTAS
END
  own batch <<END
network create lan -f value -c id
subnet create lan --network lan --subnet-range $CIDR --dns-nameserver $DNS -f value -c id
router create router --external-gateway $OUTSIDE -f value -c id
router add subnet router lan
security group create web -f value -c id
security group rule create web --protocol tcp --dst-port 22 --remote-ip 0.0.0.0/0 -f value -c id
security group rule create web --protocol tcp --dst-port 80 --remote-ip 0.0.0.0/0 -f value -c id
security group rule create web --protocol icmp --remote-ip 0.0.0.0/0 -f value -c id
keypair create key --public-key $PUBLIC_KEY_FILE -f value -c name
port create web1 --network lan --fixed-ip subnet=lan,ip-address=$FIXED_IP --security-group web -f value -c id
server create web1 --image $IMAGE --flavor $FLAVOR --key-name key --port web1 --wait -f value -c status
floating ip create $OUTSIDE --port web1 -f value -c floating_ip_address
END
}

destroy() {
  address=$(own openstack floating ip list -f value -c ID)
  own batch <<END
floating ip delete $address
server delete web1 --wait
port delete web1
router remove subnet router lan
router delete router
network delete lan
security group delete web
keypair delete key
END
  group=$(openstack security group list --project "$name" -f value -c ID)
  batch <<END
user delete $name
project delete $name
security group delete $group
END
}

"$operation"
