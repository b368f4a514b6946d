"""Does jobs with remote-store: one JSON line in, one out.

Called with `sync` or `async`; the first line is the configuration.
"""

import asyncio
import io
import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor

PIECE = b"\7" * (1024 * 1024)


class Pieces(io.RawIOBase):
    """A source of pieces that does not tell how many will come."""

    def __init__(self, size):
        self.left = size

    def readable(self):
        return True

    def read(self, size=-1):
        if size < 0:
            size = self.left
        taken = min(size, self.left)
        self.left -= taken
        whole, rest = divmod(taken, len(PIECE))
        return PIECE * whole + PIECE[:rest]


async def pieces(size):
    for _ in range(size // len(PIECE)):
        yield PIECE


def path(job, number):
    return f"{job['folder']}/f{number}"


def check(found, expected):
    if found != expected:
        raise ValueError(f"{found} instead of {expected}")


def backend_options(config):
    return {
        "container": config["container"],
        "connection_string": config["connection_string"],
        "max_concurrency": config["concurrency"],
        "hns": False,
    }


class Sync:
    def __init__(self, config):
        from remote_store import Store
        from remote_store.backends import AzureBackend

        self.store = Store(AzureBackend(**backend_options(config)))
        self.threads = ThreadPoolExecutor(64)

    def run(self, job):
        kind, size = job["kind"], job["size"]
        begin = time.perf_counter()
        if kind == "upload":
            self.store.write(path(job, 0), Pieces(size), overwrite=True)
        elif kind == "download":
            found = 0
            with self.store.read(path(job, 0)) as stream:
                while piece := stream.read(len(PIECE)):
                    found += len(piece)
            check(found, size)
        elif kind == "list":
            check(self.count(job), job["count"])
        elif kind == "delete":
            self.store.delete_folder(job["folder"], recursive=True)
        elif job["in_flight"] == 1:
            self.some(job, 0)
        else:
            tasks = range(job["in_flight"])
            for _ in self.threads.map(lambda task: self.some(job, task), tasks):
                pass
        took = time.perf_counter() - begin
        if kind == "delete":
            check(self.count(job), 0)
        return took

    def count(self, job):
        return sum(1 for _ in self.store.list_files(job["folder"], recursive=True))

    def some(self, job, task):
        kind, size, store = job["kind"], job["size"], self.store
        content = b"\7" * size
        for number in range(task, job["count"], job["in_flight"]):
            name = path(job, number)
            if kind == "put":
                store.write(name, content, overwrite=True)
            elif kind == "create":
                store.write(name, content)
            elif kind == "get":
                check(len(store.read_bytes(name)), size)
            else:
                check(store.get_file_info(name).size, size)


class Async:
    def __init__(self, config):
        from remote_store.aio import AsyncAzureBackend, AsyncStore

        self.loop = asyncio.new_event_loop()
        self.store = AsyncStore(AsyncAzureBackend(**backend_options(config)))

    def run(self, job):
        return self.loop.run_until_complete(self.timed(job))

    async def timed(self, job):
        kind, size = job["kind"], job["size"]
        begin = time.perf_counter()
        if kind == "upload":
            await self.store.write(path(job, 0), pieces(size), overwrite=True)
        elif kind == "download":
            found = 0
            async for piece in self.store.read(path(job, 0)):
                found += len(piece)
            check(found, size)
        elif kind == "list":
            check(await self.count(job), job["count"])
        elif kind == "delete":
            await self.store.delete_folder(job["folder"], recursive=True)
        else:
            tasks = (self.some(job, task) for task in range(job["in_flight"]))
            await asyncio.gather(*tasks)
        took = time.perf_counter() - begin
        if kind == "delete":
            check(await self.count(job), 0)
        return took

    async def count(self, job):
        files = self.store.list_files(job["folder"], recursive=True)
        return sum([1 async for _ in files])

    async def some(self, job, task):
        kind, size, store = job["kind"], job["size"], self.store
        content = b"\7" * size
        for number in range(task, job["count"], job["in_flight"]):
            name = path(job, number)
            if kind == "put":
                await store.write(name, content, overwrite=True)
            elif kind == "create":
                await store.write(name, content)
            elif kind == "get":
                check(len(await store.read_bytes(name)), size)
            else:
                check((await store.get_file_info(name)).size, size)


def main():
    lines = iter(sys.stdin.readline, "")
    contender = {"sync": Sync, "async": Async}[sys.argv[1]](json.loads(next(lines)))
    for line in lines:
        try:
            answer = {"seconds": contender.run(json.loads(line))}
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)


main()
