// Standard input is a pipe that the starting process holds and never writes to.
// It ends when that process ends, however it does.
process.stdin.on("end", () => process.exit(0)).resume();
