# One student's own, in the project that is logged in to.

terraform {
  required_providers {
    openstack = {
      source = "terraform-provider-openstack/openstack"
    }
  }
}

variable "student" {
  type = any
}

variable "image_id" {
  type = string
}

variable "flavor_id" {
  type = string
}

variable "outside" {
  type = string
}

variable "outside_id" {
  type = string
}

# Before all names, where the project is not the student's own.
variable "prefix" {
  type    = string
  default = ""
}

resource "openstack_networking_network_v2" "lan" {
  name = "${var.prefix}lan"
}

resource "openstack_networking_subnet_v2" "lan" {
  name            = "${var.prefix}lan"
  network_id      = openstack_networking_network_v2.lan.id
  cidr            = var.student.cidr
  dns_nameservers = var.student.dns
}

resource "openstack_networking_router_v2" "router" {
  name                = "${var.prefix}router"
  external_network_id = var.outside_id
}

resource "openstack_networking_router_interface_v2" "lan" {
  router_id = openstack_networking_router_v2.router.id
  subnet_id = openstack_networking_subnet_v2.lan.id
}

resource "openstack_networking_secgroup_v2" "web" {
  name = "${var.prefix}web"
}

resource "openstack_networking_secgroup_rule_v2" "web" {
  for_each          = { for rule in var.student.rules : rule.name => rule }
  security_group_id = openstack_networking_secgroup_v2.web.id
  direction         = "ingress"
  ethertype         = "IPv4"
  protocol          = each.value.protocol
  port_range_min    = lookup(each.value, "port", null)
  port_range_max    = lookup(each.value, "port", null)
  remote_ip_prefix  = "0.0.0.0/0"
}

resource "openstack_compute_keypair_v2" "key" {
  name       = "${var.prefix}key"
  public_key = var.student.publicKey
}

resource "openstack_networking_port_v2" "web1" {
  name               = "${var.prefix}web1"
  network_id         = openstack_networking_network_v2.lan.id
  security_group_ids = [openstack_networking_secgroup_v2.web.id]

  fixed_ip {
    subnet_id  = openstack_networking_subnet_v2.lan.id
    ip_address = var.student.fixedIp
  }
}

resource "openstack_compute_instance_v2" "web1" {
  name      = "${var.prefix}web1"
  image_id  = var.image_id
  flavor_id = var.flavor_id
  key_pair  = openstack_compute_keypair_v2.key.name

  network {
    port = openstack_networking_port_v2.web1.id
  }
}

# Address and association in one: a resource and its calls less.
resource "openstack_networking_floatingip_v2" "web1" {
  pool       = var.outside
  port_id    = openstack_networking_port_v2.web1.id
  depends_on = [openstack_networking_router_interface_v2.lan]
}
