/**
 * Draws a flame graph of a profile that Node took (`node --cpu-prof`): each box is a function, as wide
 * as the time spent in it and in what it called, standing on its caller.
 *
 *   node --cpu-prof dist/src/main.js      … load … SIGTERM
 *   node scripts/flame-graph.mjs CPU.*.cpuprofile flame.svg
 */
import { readFileSync, writeFileSync } from 'node:fs';

const WIDTH = 1200;
const ROW = 17;
const NARROWEST = 0.0015;
const IGNORED = new Set(['(root)', '(program)', '(idle)']);
// Loading the modules is over before the first request.
const START_UP = 'node:internal/main/run_main_module';

const [profilePath, svgPath] = process.argv.slice(2);
if (svgPath === undefined) {
  process.stderr.write('Usage: node scripts/flame-graph.mjs profile.cpuprofile flame.svg\n');
  process.exit(1);
}
const profile = JSON.parse(readFileSync(profilePath, 'utf8'));

/** Where a function lives: a package, Node itself, or the product. */
function homeOf({ url, functionName }) {
  if (functionName === '(garbage collector)') return 'gc';
  const inPackage = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url);
  if (inPackage) return inPackage[1];
  if (url.includes('/dist/')) return 'rowlock';
  return 'node';
}

const COLOURS = { rowlock: '#e4572e', node: '#b8c4cc', gc: '#6b7785' };
const PACKAGE_COLOURS = ['#f2c14e', '#8fb996', '#7aa6c2', '#c39bd3', '#e0a890', '#9fc9c0'];
const colourOf = (home) =>
  COLOURS[home] ??
  PACKAGE_COLOURS[[...home].reduce((sum, c) => sum + c.charCodeAt(0), 0) % PACKAGE_COLOURS.length];

/** Calls of one function from one place are one box, however often they were sampled. */
function merge(target, node, byId, times) {
  const { functionName, url } = node.callFrame;
  const home = homeOf(node.callFrame);
  const key = `${functionName} ${url}`;
  const box = target.get(key) ?? {
    name: functionName || '(anonymous)',
    home,
    time: 0,
    below: new Map(),
  };
  target.set(key, box);
  box.time += times.get(node.id) ?? 0;
  for (const id of node.children ?? []) box.time += merge(box.below, byId.get(id), byId, times);
  return total(node, byId, times);
}

function total(node, byId, times) {
  let time = times.get(node.id) ?? 0;
  for (const id of node.children ?? []) time += total(byId.get(id), byId, times);
  return time;
}

const byId = new Map(profile.nodes.map((node) => [node.id, node]));
const times = new Map();
profile.samples.forEach((id, index) => {
  times.set(id, (times.get(id) ?? 0) + profile.timeDeltas[index]);
});
const roots = new Map();
for (const id of profile.nodes[0].children) {
  const node = byId.get(id);
  const { functionName, url } = node.callFrame;
  if (!IGNORED.has(functionName) && url !== START_UP) merge(roots, node, byId, times);
}
const busy = [...roots.values()].reduce((sum, box) => sum + box.time, 0);

const boxes = [];
let deepest = 0;
function place(level, left, depth) {
  let x = left;
  for (const box of [...level.values()].sort((a, b) => b.time - a.time)) {
    const share = box.time / busy;
    if (share >= NARROWEST) {
      boxes.push({ ...box, x, share, depth });
      deepest = Math.max(deepest, depth);
      place(box.below, x, depth + 1);
    }
    x += share;
  }
}
place(roots, 0, 0);

const escape = (text) => text.replace(/[<>&"]/g, (c) => `&#${c.charCodeAt(0)};`);
const height = (deepest + 1) * ROW + 34;
const rects = boxes.map(({ name, home, x, share, depth }) => {
  const left = x * WIDTH;
  const width = share * WIDTH;
  const top = height - (depth + 1) * ROW;
  const label = width > 40 ? escape(name.slice(0, Math.floor(width / 6.4))) : '';
  const title = `${escape(name)} (${escape(home)}) ${(share * 100).toFixed(1)} %`;
  return `<g><title>${title}</title><rect x="${left.toFixed(1)}" y="${top}" width="${Math.max(0.3, width - 0.4).toFixed(1)}" height="${ROW - 1}" fill="${colourOf(home)}"/><text x="${(left + 3).toFixed(1)}" y="${top + 12}">${label}</text></g>`;
});
const legend =
  'orange: Rowlock   light grey: Node   dark grey: garbage collection   others: packages';
writeFileSync(
  svgPath,
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="11"><rect width="100%" height="100%" fill="#fff"/><text x="4" y="16" font-size="13">${escape(legend)}; width is time, ${(busy / 1e6).toFixed(1)} s busy</text>${rects.join('\n')}</svg>\n`,
);
