"""Cinder's NFS driver, able to copy a volume that has snapshots.

Since the fix of CVE-2024-32498, Debian's Cinder refuses every qcow2 file with a backing file, also those that are its own snapshots, for
which the check was never meant: a second snapshot, or a clone of a volume with one, ended in "Unacceptable parameters".
"""
import re

from cinder.image import image_utils
from cinder.volume.drivers import nfs

# volume-<id>.<snapshot's id>: QEMU alone writes its header. A volume without snapshots is what its guest made of it, and stays suspect.
SNAPSHOT = re.compile(r"/volume-[0-9a-f-]{36}\.[0-9a-f-]{36}$")

qemu_img_info = image_utils.qemu_img_info


def info_of_snapshots_too(path, run_as_root=True, force_share=False, allow_qcow2_backing_file=False):
    allowed = allow_qcow2_backing_file or SNAPSHOT.search(path) is not None
    return qemu_img_info(path, run_as_root, force_share, allowed)


image_utils.qemu_img_info = info_of_snapshots_too


class NfsDriver(nfs.NfsDriver):
    pass
