"""Does jobs with aioftp's path IOs: one JSON line in, one out.

Called with the name of the class; the first line is the configuration.
"""

import asyncio
import json
import pathlib
import sys
import time

import aioftp

BLOCK = 256 * 1024


def check(found, expected):
    if found != expected:
        raise ValueError(f"{found} instead of {expected}")


class Contender:
    def __init__(self, name):
        self.loop = asyncio.new_event_loop()
        self.io = getattr(aioftp, name)()

    def run(self, job):
        return self.loop.run_until_complete(self.timed(job))

    async def timed(self, job):
        folder = pathlib.Path(job["folder"])
        await self.io.mkdir(folder, parents=True, exist_ok=True)
        call = getattr(self, job["call"])
        begin = time.perf_counter()
        for number in range(job["count"]):
            await call(folder, folder / f"f{number}", job["size"])
        return time.perf_counter() - begin

    async def exists(self, _folder, path, _size):
        check(await self.io.exists(path), True)

    async def stat(self, _folder, path, size):
        check((await self.io.stat(path)).st_size, size)

    async def list(self, folder, _path, size):
        found = 0
        async for path in self.io.list(folder):
            await self.io.stat(path)
            found += 1
        check(found, size)

    async def read(self, _folder, path, size):
        found = 0
        async with self.io.open(path, mode="rb") as file:
            while block := await file.read(BLOCK):
                found += len(block)
        check(found, size)

    async def write(self, _folder, path, size):
        content = b"\7" * min(size, BLOCK)
        async with self.io.open(path, mode="wb") as file:
            for _ in range(size // len(content)):
                await file.write(content)


def main():
    lines = iter(sys.stdin.readline, "")
    contender = Contender(sys.argv[1])
    next(lines)
    for line in lines:
        try:
            answer = {"seconds": contender.run(json.loads(line))}
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)


main()
