"""FTP servers in Python: the name, the address and the folder are the arguments.

The first line of output is the port."""

import asyncio
import logging
import sys
import warnings

SERVER, ADDRESS, FOLDER = sys.argv[1:]


async def serve_aioftp():
    import aioftp

    path_io = {
        "aioftp-path": aioftp.PathIO,
        "aioftp-async": aioftp.AsyncPathIO,
        "aioftp-memory": aioftp.MemoryPathIO,
    }[SERVER]
    base = "/" if path_io is aioftp.MemoryPathIO else FOLDER
    # With blocks of its default, 8 KiB, it moves a third as much.
    block_size = 256 * 1024
    server = aioftp.Server(
        [aioftp.User(base_path=base)], path_io_factory=path_io, block_size=block_size
    )
    await server.start(ADDRESS, 0)
    print(server.server.sockets[0].getsockname()[1], flush=True)
    await asyncio.Event().wait()


def serve_pyftpdlib():
    from pyftpdlib.authorizers import DummyAuthorizer
    from pyftpdlib.handlers import FTPHandler
    from pyftpdlib.servers import FTPServer

    warnings.simplefilter("ignore")
    authorizer = DummyAuthorizer()
    authorizer.add_anonymous(FOLDER, perm="elradfmwMT")
    FTPHandler.authorizer = authorizer
    server = FTPServer((ADDRESS, 0), FTPHandler)
    server.max_cons = 2000
    print(server.address[1], flush=True)
    server.serve_forever(handle_exit=False)


logging.disable(logging.CRITICAL)
if SERVER == "pyftpdlib":
    serve_pyftpdlib()
else:
    asyncio.run(serve_aioftp())
