// Loaded before a program of Node's: tells its greatest memory when it ends.
process.on('exit', () => {
  process.stderr.write(`peak-kilobytes ${process.resourceUsage().maxRSS}\n`);
});
