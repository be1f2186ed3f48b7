// Benchmarks, behind `npm run bench -- NAME`. Every figure is a ratio against something measured in the same run.
const BENCHMARKS = {
  parse: 'checking and formatting ten megabytes, against nginx -t',
  releases: 'requests that fail while releases come and go and servers are drained',
  rollout: 'a release that goes over 100 nodes, against one node alone',
  start: 'how long lbctl takes to start, against Node itself',
  traffic: "requests through a balancer, against the plain configuration of AWS's Lightsail article",
};

const [name] = process.argv.slice(2);
if (name in BENCHMARKS) {
  const { run } = await import(`./${name}.js`);
  await run();
} else {
  console.error('usage: npm run bench -- NAME');
  for (const [known, summary] of Object.entries(BENCHMARKS)) console.error(`  ${known.padEnd(8)} ${summary}`);
  process.exitCode = 2;
}
