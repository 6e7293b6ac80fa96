# A class, each student logged in as themself for everything of their own.

variable "students" {
  type    = number
  default = 0
}

locals {
  students = toset([for i in range(1, var.students + 1) : format("%s-s%04d", var.prefix, i)])
  password = { for name in local.students : name => sha256("${var.seed} ${name}") }
}

# OpenTofu warns that a student taken out of the class can then not be logged in to be cleaned up after; here the class goes as a whole.
provider "openstack" {
  alias               = "student"
  for_each            = local.students
  cloud               = ""
  auth_url            = local.auth.auth_url
  region              = local.cloud.region_name
  user_name           = each.key
  password            = local.password[each.key]
  tenant_name         = each.key
  user_domain_name    = local.auth.project_domain_name
  project_domain_name = local.auth.project_domain_name
}

module "student" {
  source     = "./student"
  for_each   = local.students
  providers  = { openstack = openstack.student[each.key] }
  depends_on = [openstack_identity_role_assignment_v3.student]

  student    = var.student
  image_id   = data.openstack_images_image_v2.image.id
  flavor_id  = data.openstack_compute_flavor_v2.flavor.id
  outside    = var.outside
  outside_id = data.openstack_networking_network_v2.outside.id
}
