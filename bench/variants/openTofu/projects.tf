# What only an administrator makes, and what the cloud has already.

terraform {
  required_providers {
    openstack = {
      source  = "terraform-provider-openstack/openstack"
      version = "1.54.1"
    }
  }
}

variable "prefix" {
  type = string
}

variable "cloud" {
  type = string
}

variable "clouds_yaml" {
  type = string
}

variable "seed" {
  type      = string
  sensitive = true
}

variable "outside" {
  type = string
}

variable "student" {
  type = any
}

locals {
  cloud = yamldecode(file(var.clouds_yaml)).clouds[var.cloud]
  auth  = local.cloud.auth
}

provider "openstack" {
  cloud = var.cloud
}

data "openstack_networking_network_v2" "outside" {
  name = var.outside
}

data "openstack_images_image_v2" "image" {
  name = var.student.image
}

data "openstack_compute_flavor_v2" "flavor" {
  name = var.student.flavor
}

data "openstack_identity_role_v3" "role" {
  name = var.student.role
}

resource "openstack_identity_project_v3" "student" {
  for_each = local.students
  name     = each.key
}

resource "openstack_identity_user_v3" "student" {
  for_each           = local.students
  name               = each.key
  password           = local.password[each.key]
  default_project_id = openstack_identity_project_v3.student[each.key].id
}

resource "openstack_identity_role_assignment_v3" "student" {
  for_each   = local.students
  user_id    = openstack_identity_user_v3.student[each.key].id
  project_id = openstack_identity_project_v3.student[each.key].id
  role_id    = data.openstack_identity_role_v3.role.id
}

resource "openstack_compute_quotaset_v2" "student" {
  for_each   = local.students
  project_id = openstack_identity_project_v3.student[each.key].id
  instances  = var.student.computeQuota.instances
  cores      = var.student.computeQuota.cores
  ram        = var.student.computeQuota.ramMiB
}

resource "openstack_networking_quota_v2" "student" {
  for_each            = local.students
  project_id          = openstack_identity_project_v3.student[each.key].id
  network             = var.student.networkQuota.networks
  subnet              = var.student.networkQuota.subnets
  router              = var.student.networkQuota.routers
  port                = var.student.networkQuota.ports
  floatingip          = var.student.networkQuota.floatingIps
  security_group      = var.student.networkQuota.securityGroups
  security_group_rule = var.student.networkQuota.securityGroupRules
}
