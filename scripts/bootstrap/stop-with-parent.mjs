// Loaded into commands that do not know the bootstrap's IPC channel, such as the test runner: if it closes, the bootstrap was
// killed outright, and the command ends with everything that it started.
if (process.channel !== undefined) {
  process.on('disconnect', () => {
    if (process.platform === 'win32') process.exit(1);
    else process.kill(-process.pid, 'SIGKILL'); // The command leads its own process group.
  });
  // Listening would keep a finished command alive.
  process.channel.unref();
}
