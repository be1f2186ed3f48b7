import { block, directive } from '../nginx/build.ts';
import { type TreeFile, treeFile } from './tree.ts';

/** File name extensions by media type, for static files. */
const TYPES: Readonly<Record<string, readonly string[]>> = {
  'text/html': ['html', 'htm'],
  'text/css': ['css'],
  'text/plain': ['txt'],
  'text/xml': ['xml'],
  'text/javascript': ['js', 'mjs'],
  'text/csv': ['csv'],
  'text/markdown': ['md'],
  'application/json': ['json', 'map'],
  'application/manifest+json': ['webmanifest'],
  'application/pdf': ['pdf'],
  'application/wasm': ['wasm'],
  'application/zip': ['zip'],
  'application/gzip': ['gz'],
  'application/atom+xml': ['atom'],
  'application/rss+xml': ['rss'],
  'image/avif': ['avif'],
  'image/gif': ['gif'],
  'image/jpeg': ['jpeg', 'jpg'],
  'image/png': ['png'],
  'image/svg+xml': ['svg'],
  'image/webp': ['webp'],
  'image/x-icon': ['ico'],
  'font/otf': ['otf'],
  'font/ttf': ['ttf'],
  'font/woff': ['woff'],
  'font/woff2': ['woff2'],
  'audio/mpeg': ['mp3'],
  'audio/ogg': ['ogg'],
  'video/mp4': ['mp4'],
  'video/webm': ['webm'],
};

/** mime.types, so that the tree does not depend on the node having one. */
export function mimeTypes(): TreeFile {
  const lines = Object.entries(TYPES).map(([type, extensions]) => directive(type, ...extensions));
  return treeFile('mime.types', [block('types', [], lines)]);
}
