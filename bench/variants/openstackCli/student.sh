#!/bin/sh
# One student by the `openstack` command line, each command when the one before it has ended: student.sh create|destroy NAME
# Settings come in the environment: see openstackCli.ts.
set -eu
operation=$1
name=$2

# As the student, in the student's project. Not by options beside the administrator's cloud: that one's project would win.
own() (
  export OS_CLOUD= OS_AUTH_URL="$AUTH_URL" OS_USERNAME="$name" OS_PASSWORD="$SEED-$name" OS_PROJECT_NAME="$name"
  export OS_USER_DOMAIN_ID=default OS_PROJECT_DOMAIN_ID=default
  openstack "$@"
)

create() {
  openstack project create "$name" -f value -c id
  openstack user create "$name" --project "$name" --password "$SEED-$name" -f value -c id
  openstack role add --project "$name" --user "$name" "$ROLE"
  # One command for both services. The words after it are options: they are to be split.
  # shellcheck disable=SC2086
  openstack quota set "$name" $QUOTAS

  own network create lan -f value -c id
  own subnet create lan --network lan --subnet-range "$CIDR" --dns-nameserver "$DNS" -f value -c id
  own router create router --external-gateway "$OUTSIDE" -f value -c id
  own router add subnet router lan
  own security group create web -f value -c id
  own security group rule create web --protocol tcp --dst-port 22 --remote-ip 0.0.0.0/0 -f value -c id
  own security group rule create web --protocol tcp --dst-port 80 --remote-ip 0.0.0.0/0 -f value -c id
  own security group rule create web --protocol icmp --remote-ip 0.0.0.0/0 -f value -c id
  own keypair create key --public-key "$PUBLIC_KEY_FILE" -f value -c name
  own port create web1 --network lan --fixed-ip "subnet=lan,ip-address=$FIXED_IP" --security-group web -f value -c id
  own server create web1 --image "$IMAGE" --flavor "$FLAVOR" --key-name key --port web1 --wait -f value -c status
  own floating ip create "$OUTSIDE" --port web1 -f value -c floating_ip_address
}

destroy() {
  own floating ip delete $(own floating ip list -f value -c ID)
  own server delete web1 --wait
  own port delete web1
  own router remove subnet router lan
  own router delete router
  own network delete lan
  own security group delete web
  own keypair delete key
  openstack user delete "$name"
  group=$(openstack security group list --project "$name" -f value -c ID)
  openstack project delete "$name"
  # Neutron makes this one by itself for every project, and a new one when it is asked about a project that has none.
  openstack security group delete $group
}

"$operation"
