/** Where a configuration finds its place on a node; relative paths start at NGINX's prefix. */
export interface Layout {
  /** User of the worker processes, and their group where it has another name; null leaves the directive out, for an NGINX that is not started as root. */
  readonly user: string | null;
  readonly pid: string;
  readonly errorLog: string;
  readonly accessLog: string;
  readonly streamLog: string;
  /** Folder of the disk caches, one folder below it a cache. */
  readonly cacheFolder: string;
  /** Folder of temporary files; null keeps NGINX's compiled-in folders. */
  readonly tempFolder: string | null;
  /** Certificate authorities that the system trusts, in PEM form. */
  readonly systemCa: string;
  /** Folder of the pairs that nodes get for themselves, one folder below it a certificate; relative to nginx.conf. */
  readonly certificates: string;
  /** Folder below which the answers to challenges lie. */
  readonly challenges: string;
  /** Folder of the files that tell of the other nodes; relative to nginx.conf. */
  readonly peers: string;
  /** Glob of files with the node's own `load_module` directives; relative to the folder of nginx.conf. */
  readonly modules: string;
  /** Module files to load beside those. */
  readonly loads: readonly string[];
  /**
   * Folder that the configuration names its own files with. Without one, they are relative to nginx.conf as NGINX was
   * told to read it, which is not where they are when it reads a link. `RELEASE_ID` in it becomes the release's name.
   */
  readonly folder: string;
  /** Port to bind by port of lb.yaml, where they differ. */
  readonly ports: ReadonlyMap<number, number>;
}

/** Stands for the name of a release in its own files, which is known once they are: the name is a digest of them. */
export const RELEASE_ID = '@release-digest@';

/** Bundle of the ca-certificates package on Debian and Ubuntu. */
export const SYSTEM_CA = '/etc/ssl/certs/ca-certificates.crt';

/** Where a node has what concerns its certificates, below the folder of all that lbctl keeps there. */
export function certificatePlaces(root: string): Pick<Layout, 'certificates' | 'challenges' | 'peers'> {
  return {
    certificates: `${root}/certificates`,
    challenges: `${root}/acme/challenges`,
    peers: `${root}/acme/peers`,
  };
}

/** The same where all paths are relative: `root` starts at NGINX's prefix, other files at their release. */
export const OWN_CERTIFICATE_PLACES = { ...certificatePlaces('../..'), challenges: 'acme/challenges' };

/** The places that Linux distributions use, for a node that serves nothing else. */
export function systemLayout(user: string): Layout {
  return {
    user,
    pid: '/run/nginx.pid',
    errorLog: '/var/log/nginx/error.log',
    accessLog: '/var/log/nginx/access.log',
    streamLog: '/var/log/nginx/stream.log',
    cacheFolder: '/var/cache/nginx',
    tempFolder: null,
    systemCa: SYSTEM_CA,
    ...certificatePlaces('/etc/lbctl'),
    modules: '/etc/nginx/modules-enabled/*.conf',
    loads: [],
    folder: '',
    ports: new Map(),
  };
}
