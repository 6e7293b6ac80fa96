/**
 * The user that cloud images make for the key pair, by how their names begin. Sources: the images' own documentation,
 * https://docs.openstack.org/image-guide/obtain-images.html
 */
const LOGIN_USERS: readonly (readonly [pattern: RegExp, user: string])[] = [
  [/cirros/i, "cirros"],
  [/debian/i, "debian"],
  [/ubu?ntu/i, "ubuntu"],
  [/rocky/i, "rocky"],
  [/alma/i, "almalinux"],
  [/centos.*stream/i, "cloud-user"],
  [/centos/i, "centos"],
  [/rhel|red.?hat/i, "cloud-user"],
  [/fedora/i, "fedora"],
];

const RHEL_USERS = ["rocky", "almalinux", "centos", "cloud-user", "fedora"];

/** The login user of an image by its name, or undefined when the name says nothing. */
export function loginUserOf(imageName: string): string | undefined {
  return LOGIN_USERS.find(([pattern]) => pattern.test(imageName))?.[1];
}

/** How packages are named on an image with this login user. */
export function packageFamilyOf(loginUser: string): "debian" | "rhel" {
  return RHEL_USERS.includes(loginUser) ? "rhel" : "debian";
}

/**
 * Whether an image's name says CentOS Linux 7 (not Stream): past its end of life since 30 June 2024, and gone from the mirrors.
 * https://www.centos.org/centos-linux/
 */
export function isCentos7(imageName: string): boolean {
  return /centos[^0-9a-z]*(linux[^0-9a-z]*)?7(?![0-9])/i.test(imageName);
}
