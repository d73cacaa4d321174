// Loaded into commands that know nothing of the bootstrap's IPC channel, such as the test runner: when its other end
// closes, the bootstrap was killed outright, and the command goes with everything it started.
if (process.channel !== undefined) {
  process.on('disconnect', () => {
    if (process.platform === 'win32') process.exit(1);
    else process.kill(-process.pid, 'SIGKILL'); // The command leads its own process group.
  });
  // Listening would keep a finished command alive.
  process.channel.unref();
}
