// prepare.mjs PACKAGE.json: lets plain npm install Ghost as yarn would, without what only its developers need.
import fs from 'node:fs';

const [, , file] = process.argv;
const manifest = JSON.parse(fs.readFileSync(file));
delete manifest.devDependencies;
delete manifest.scripts.prepack;
const pinned = Object.entries(manifest.resolutions ?? {}).filter(([, version]) => !version.startsWith('file:'));
delete manifest.resolutions;
manifest.overrides = Object.fromEntries(pinned);
for (const [name, version] of pinned) {
  if (manifest.dependencies[name]) manifest.dependencies[name] = version;
}
fs.writeFileSync(file, JSON.stringify(manifest, null, 1));
