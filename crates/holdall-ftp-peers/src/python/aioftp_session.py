"""What people do with the client of aioftp, plain and encrypted."""

import asyncio
import pathlib
import ssl
import sys
import tempfile

import aioftp

HOST, PORT, USER, PASSWORD, CERTIFICATE = sys.argv[1:]
LARGE = bytes(range(256)) * 8000


async def connected(secure):
    client = aioftp.Client(socket_timeout=60, path_timeout=60)
    await client.connect(HOST, int(PORT))
    if secure:
        context = ssl.create_default_context(cafile=CERTIFICATE)
        await client.upgrade_to_tls(context)
    await client.login(USER, PASSWORD)
    return client


async def content(client, path, offset=0):
    async with client.download_stream(path, offset=offset) as stream:
        return b"".join([block async for block in stream.iter_by_block()])


async def put(client, path, data, offset=0):
    async with client.upload_stream(path, offset=offset) as stream:
        await stream.write(data)


async def folders(client, home):
    await client.make_directory(f"/{home}/a/b")
    await client.change_directory(f"/{home}")
    assert await client.get_current_directory() == pathlib.PurePosixPath(f"/{home}")
    await client.change_directory("a")
    await client.change_directory()
    assert await client.is_dir("a/b")
    assert not await client.exists("absent")


async def files(client):
    await put(client, "large", LARGE)
    assert await content(client, "large") == LARGE
    assert await content(client, "large", 1_000_000) == LARGE[1_000_000:]
    await put(client, "large", b"xx", offset=10)
    assert await content(client, "large") == LARGE[:10] + b"xx" + LARGE[12:]
    async with client.append_stream("large") as stream:
        await stream.write(b"end")
    assert (await content(client, "large"))[-3:] == b"end"
    facts = await client.stat("large")
    assert facts["type"] == "file" and int(facts["size"]) == len(LARGE) + 3, facts
    assert await client.is_file("large")


async def trees(client):
    with tempfile.TemporaryDirectory() as folder:
        up = pathlib.Path(folder, "up")
        (up / "sub" / "deeper").mkdir(parents=True)
        (up / "sub" / "leaf").write_bytes(LARGE)
        (up / "sub" / "deeper" / "empty").write_bytes(b"")
        await client.upload(up, "tree", write_into=True)
        listed = sorted(str(path) for path, facts in await client.list("tree", recursive=True))
        assert listed == ["tree/sub", "tree/sub/deeper", "tree/sub/deeper/empty", "tree/sub/leaf"], listed
        down = pathlib.Path(folder, "down")
        await client.download("tree", down, write_into=True)
        assert (down / "sub" / "leaf").read_bytes() == LARGE
        assert (down / "sub" / "deeper" / "empty").read_bytes() == b""


async def old_listing(client):
    """LIST, which this client reads where a server has no MLSD."""
    listed = {}
    async for path, facts in client.list("tree/sub", raw_command="LIST"):
        listed[str(path)] = facts
    assert listed["tree/sub/leaf"]["type"] == "file", listed
    assert int(listed["tree/sub/leaf"]["size"]) == len(LARGE)
    assert listed["tree/sub/deeper"]["type"] == "dir"


async def changes(client):
    await client.rename("tree/sub/leaf", "a/leaf")
    assert await content(client, "a/leaf") == LARGE
    await client.remove_file("a/leaf")
    await client.remove_directory("a/b")
    await client.remove("tree")
    assert not await client.exists("tree")
    try:
        await client.remove_directory("/")
    except aioftp.StatusCodeError as error:
        assert error.received_codes[-1].matches("55x"), error
    else:
        raise AssertionError("the root was removed")


async def an_abort(client):
    # More than the sockets' buffers take: it cannot have ended by itself.
    await put(client, "endless", LARGE * 16)
    stream = await client.download_stream("endless")
    await stream.read(100)
    await client.abort()
    stream.close()
    assert await content(client, "endless") == LARGE * 16, "the session goes on"


async def session(secure):
    client = await connected(secure)
    await folders(client, f"aioftp-{secure}")
    await files(client)
    await trees(client)
    await old_listing(client)
    await changes(client)
    if not secure:
        await an_abort(client)
    await client.quit()


async def main():
    for secure in (False, True):
        await session(secure)


asyncio.run(asyncio.wait_for(main(), 110))
