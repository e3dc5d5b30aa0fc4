import { serverUser, type DebianRecipe } from '../debian/install.ts';

/** Where in the root the program is that runs Chromium from outside. */
export const runChromium = 'run-chromium';

const inside = 'usr/local/bin/sandboxed-chromium';

/**
 * Makes the folder it lies in the root of a mount namespace that ends with Chromium, with /proc and a /tmp of its own, and
 * becomes the unprivileged user there. By pivot_root: the kernel allows no user namespace, and so no sandbox, under a mere
 * chroot. $0 of the inner shell is the folder.
 */
const enter = `#!/bin/sh
exec unshare --mount --propagation private /bin/sh -ec '
  mount --bind "$0" "$0"
  cd "$0"
  mount -t proc -o nosuid,nodev,noexec proc proc
  mount -t tmpfs -o nosuid,nodev,mode=1777 tmpfs tmp
  pivot_root . mnt
  export HOME=/tmp PATH=/usr/sbin:/usr/bin:/sbin:/bin
  umount -l /mnt
  cd /tmp
  exec setpriv --reuid=${serverUser.id} --regid=${serverUser.id} --clear-groups --no-new-privs --pdeathsig=KILL \\
    /${inside} "$@"
' "$(dirname "$(readlink -f "$0")")" "$@"
`;

/** Chromium's sandbox is made of user namespaces; without them Chromium would not start unless told to do without. */
const run = `#!/bin/sh
unshare --user true 2>/dev/null || set -- --no-sandbox "$@"
exec /usr/lib/chromium/chromium-headless-shell "$@"
`;

/** The letters of pictures: DejaVu, which has more of them, would come first. */
const fonts = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  <alias binding="same"><family>system-ui</family><prefer><family>Roboto</family></prefer></alias>
  <alias binding="same"><family>sans-serif</family><prefer><family>Roboto</family></prefer></alias>
</fontconfig>
`;

/** Debian's Chromium without a window, with letters for what specs show: Latin, Arabic, Hebrew, emoji. */
export const chromiumRecipe: DebianRecipe = {
  what: 'Chromium',
  prefix: 'chromium',
  packages: [
    'chromium-headless-shell',
    'mount',
    'fonts-dejavu-core',
    'fonts-noto-color-emoji',
    'fonts-roboto-unhinted',
  ],
  files: { [runChromium]: enter, [inside]: run, 'etc/fonts/local.conf': fonts },
};
