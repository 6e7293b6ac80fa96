# A class, everything made by one login. Nova makes instances in no other project than the one that is logged in to, and takes no port
# of another one, so all but project, user and quotas are in the administrator's project, as Heat has them.

variable "students" {
  type    = number
  default = 0
}

locals {
  students = toset([for i in range(1, var.students + 1) : format("%s-s%04d", var.prefix, i)])
  password = { for name in local.students : name => sha256("${var.seed} ${name}") }
}

module "student" {
  source   = "./student"
  for_each = local.students

  student    = var.student
  image_id   = data.openstack_images_image_v2.image.id
  flavor_id  = data.openstack_compute_flavor_v2.flavor.id
  outside    = var.outside
  outside_id = data.openstack_networking_network_v2.outside.id
  prefix     = "${each.key}-"
}
