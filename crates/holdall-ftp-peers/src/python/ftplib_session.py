"""What people do with ftplib, plain and encrypted."""

import ftplib
import io
import ssl
import sys

HOST, PORT, USER, PASSWORD, CERTIFICATE = sys.argv[1:]
LARGE = bytes(range(256)) * 8000


def connected(secure):
    if not secure:
        ftp = ftplib.FTP(timeout=60, encoding="utf-8")
        ftp.connect(HOST, int(PORT))
        ftp.login(USER, PASSWORD)
        return ftp
    context = ssl.create_default_context(cafile=CERTIFICATE)
    ftp = ftplib.FTP_TLS(context=context, timeout=60, encoding="utf-8")
    ftp.connect(HOST, int(PORT))
    ftp.login(USER, PASSWORD)
    ftp.prot_p()
    return ftp


def content(ftp, name, rest=None):
    blocks = []
    ftp.retrbinary(f"RETR {name}", blocks.append, rest=rest)
    return b"".join(blocks)


def refused(code, call, *arguments):
    try:
        call(*arguments)
    except (ftplib.error_perm, ftplib.error_temp) as error:
        assert str(error).startswith(code), error
    else:
        raise AssertionError(f"{arguments} was not refused")


def folders(ftp, home):
    assert ftp.pwd() == "/"
    ftp.mkd(home)
    ftp.cwd(home)
    assert ftp.pwd() == f"/{home}"
    assert ftp.mkd('with "quotes"').endswith('with "quotes"')
    ftp.rmd('with "quotes"')
    ftp.mkd("a")
    ftp.cwd("a")
    ftp.cwd("..")
    ftp.cwd("../../../" + home)
    refused("550", ftp.cwd, "absent")
    refused("550", ftp.mkd, "a")


def files(ftp):
    ftp.storbinary("STOR large", io.BytesIO(LARGE))
    assert content(ftp, "large") == LARGE
    assert content(ftp, "large", rest=1_000_000) == LARGE[1_000_000:]
    assert ftp.size("large") == len(LARGE)
    ftp.storbinary("STOR part", io.BytesIO(LARGE[:5000]))
    ftp.storbinary("STOR part", io.BytesIO(LARGE[5000:9000]), rest=5000)
    assert content(ftp, "part") == LARGE[:9000]
    ftp.storbinary("STOR part", io.BytesIO(b"xx"), rest=10)
    assert content(ftp, "part") == LARGE[:10] + b"xx" + LARGE[12:9000], "the tail is kept"
    ftp.storbinary("APPE part", io.BytesIO(b"end"))
    assert content(ftp, "part").endswith(b"end")
    ftp.storlines("STOR lines", io.BytesIO(b"one\r\ntwo\r\n"))
    lines = []
    ftp.retrlines("RETR lines", lines.append)
    assert lines == ["one", "two"], lines
    refused("550", content, ftp, "absent")
    refused("550", content, ftp, "a")


def listings(ftp):
    assert sorted(ftp.nlst()) == ["a", "large", "lines", "part"], ftp.nlst()
    facts = dict(ftp.mlsd(facts=["type", "size", "modify"]))
    assert facts["large"]["type"] == "file" and int(facts["large"]["size"]) == len(LARGE)
    assert facts["a"]["type"] == "dir"
    assert len(facts["large"]["modify"]) >= 14
    lines = []
    ftp.dir(lines.append)
    assert any(line.startswith("d") and line.endswith(" a") for line in lines), lines
    assert ftp.sendcmd("MDTM large").startswith("213 ")
    assert "type=file" in ftp.sendcmd("MLST large").lower()


def changes(ftp):
    ftp.rename("large", "a/moved")
    assert ftp.nlst("a") in (["moved"], ["a/moved"]), ftp.nlst("a")
    refused("550", ftp.rmd, "a")
    ftp.rename("a", "b")
    assert content(ftp, "b/moved") == LARGE
    ftp.delete("b/moved")
    refused("550", ftp.delete, "b/moved")
    ftp.rmd("b")
    ftp.delete("part")
    ftp.delete("lines")
    assert ftp.nlst() == []


def an_abort(ftp):
    ftp.storbinary("STOR kept", io.BytesIO(LARGE))
    ftp.voidcmd("TYPE I")
    connection = ftp.transfercmd("RETR kept")
    connection.recv(100)
    connection.close()
    try:
        ftp.voidresp()
    except ftplib.Error as error:
        assert str(error).startswith("426"), error
    assert content(ftp, "kept") == LARGE, "the session goes on"
    ftp.delete("kept")


def session(secure):
    home = f"ftplib-{secure}"
    ftp = connected(secure)
    folders(ftp, home)
    files(ftp)
    listings(ftp)
    changes(ftp)
    if not secure:
        an_abort(ftp)
    ftp.set_pasv(False)
    ftp.storbinary("STOR active", io.BytesIO(b"active"))
    assert content(ftp, "active") == b"active"
    ftp.quit()


for secure in (False, True):
    session(secure)
