"""Cinder's NFS driver, able to copy a volume that has snapshots.

Since the fix of CVE-2024-32498, Debian's Cinder refuses every qcow2 file with a backing file, also those that are its own snapshots, for
which the check was never meant: a second snapshot, or a clone of a volume with one, ended in "Unacceptable parameters".
"""
import re

from cinder.image import image_utils
from cinder.volume.drivers import nfs

# volume-<id>.<snapshot's id>: QEMU alone writes its header. A volume without snapshots is what its guest made of it, and stays suspect.
SNAPSHOT = re.compile(r"/volume-[0-9a-f-]{36}\.[0-9a-f-]{36}$")

check_image_format = image_utils.check_image_format


def check_with_snapshots(source, src_format=None, image_id=None, data=None, run_as_root=True):
    if data is None and SNAPSHOT.search(source):
        data = image_utils.qemu_img_info(source, run_as_root=run_as_root, allow_qcow2_backing_file=True)
    check_image_format(source, src_format, image_id, data, run_as_root)


image_utils.check_image_format = check_with_snapshots


class NfsDriver(nfs.NfsDriver):
    pass
