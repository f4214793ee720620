// npm ci && npm run build: writes ../viz.js and ../land.json, both committed.
import { readFileSync, writeFileSync } from 'node:fs';
import * as esbuild from 'esbuild';
import { feature } from 'topojson-client';

await esbuild.build({
  entryPoints: ['viz.entry.mjs'],
  outfile: '../viz.js',
  bundle: true,
  minify: true,
  format: 'esm',
  target: 'es2022',
  define: { 'process.env.NODE_ENV': '"production"' },
  banner: { js: '/*! Apache ECharts 6.1.0 (Apache-2.0), zrender (BSD-3-Clause), tslib (0BSD): see NOTICE.md */' },
  legalComments: 'none',
});

const atlas = JSON.parse(readFileSync('node_modules/world-atlas/land-110m.json', 'utf8'));
const land = feature(atlas, atlas.objects.land);
const polygons = land.features.flatMap(f => f.geometry.type === 'Polygon' ? [f.geometry.coordinates] : f.geometry.coordinates);

/** A ring whose longitudes run on past ±180 instead of jumping across the map. */
function unwrap(ring) {
  let shift = 0;
  return ring.map(([lon, lat], i) => {
    if (i > 0) {
      const step = lon - ring[i - 1][0];
      if (step > 180) shift -= 360; else if (step < -180) shift += 360;
    }
    return [lon + shift, lat];
  });
}

/** Sutherland–Hodgman against one meridian: keeps the side of `edge` given by `sign`. */
function clip(ring, edge, sign) {
  const inside = ([lon]) => sign * (lon - edge) <= 0;
  const kept = [];
  for (let i = 0; i < ring.length; i++) {
    const a = ring[(i + ring.length - 1) % ring.length], b = ring[i];
    if (inside(a) !== inside(b)) {
      const t = (edge - a[0]) / (b[0] - a[0]);
      kept.push([edge, a[1] + t * (b[1] - a[1])]);
    }
    if (inside(b)) kept.push(b);
  }
  return kept;
}

/** The pieces of an unwrapped ring, each within −180…180. */
function cut(ring) {
  const open = ring.slice(0, -1);
  return [-360, 0, 360]
    .map(shift => clip(clip(open.map(([lon, lat]) => [lon + shift, lat]), 180, 1), -180, -1))
    .filter(piece => piece.length > 2)
    .map(piece => [...piece, piece[0]].map(([lon, lat]) => [Math.round(lon * 100) / 100, Math.round(lat * 100) / 100]));
}

const isAntarctica = ring => Math.max(...ring.map(([, lat]) => lat)) < -60;
// The Caspian is the one hole at this scale; holes are kept with the piece of their polygon.
const coordinates = polygons.filter(p => !isAntarctica(p[0])).flatMap(([outer, ...holes]) => {
  const pieces = cut(unwrap(outer));
  return pieces.map((piece, i) => i === 0 ? [piece, ...holes.flatMap(h => cut(unwrap(h)))] : [piece]);
});
writeFileSync('../land.json', JSON.stringify({
  type: 'FeatureCollection',
  features: [{ type: 'Feature', properties: { name: 'land' }, geometry: { type: 'MultiPolygon', coordinates } }],
}));
