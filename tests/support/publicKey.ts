/** A real public key whose private half was thrown away. */
export const PUBLIC_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINSxI6j1TpTDkMWBBrGmL7t7lBl1RwxmRWKZRwKNf95A kim";
