// Who we are, and what the caches are called.

/**
 * What the build put before this script: the `version` of the app; the digest of each of its `files` by
 * path; those of them that a `first` visit loads.
 */
export const { version, files, first } = self.BUILD;

/** The portal's id: several portals may live on one origin. */
export const portal = new URL(location.href).searchParams.get("portal") ?? "";

/** The address that the portal lies below. */
export const base = new URL("./", location.href).href;

/** Changes when a newer worker could not read what an older one kept. */
const FORMAT = 1;

const own = `haidang:${portal}:`;

/** Pictures of what the reader saved: the page keeps and forgets them, we only look. */
export const KEPT = `${own}kept`;
export const PICTURES = `${own}pictures`;
export const SETTINGS = `${own}worker:${FORMAT}:settings`;
export const STATE = `${own}worker:${FORMAT}:state`;

/** The cache with the app of a version. */
export const shellOf = (version) => `${own}shell:${FORMAT}:${version}`;

/** The cache with the pages of a version. */
export const pagesOf = (version) => `${own}pages:${FORMAT}:${version}`;

/** Whether a cache is one that a worker of this portal made for a version or for itself, of any format. */
export const isOurs = (name) => /^(shell|pages|worker)\b/.test(name.startsWith(own) ? name.slice(own.length) : "");

/** The caches with an app, of every version. */
export async function shells() {
  const names = await caches.keys();
  return names.filter((name) => name.startsWith(shellOf("")));
}
