"""Verifies the signatures of a message from standard input; the arguments are names and text records of a DNS."""

import sys

import dkim

records = dict(zip(sys.argv[1::2], sys.argv[2::2]))
message = sys.stdin.buffer.read()


def text(name, timeout=5):
    return records[name.decode().rstrip(".")].encode()


def verify(index):
    try:
        return dkim.DKIM(message).verify(idx=index, dnsfunc=text)
    except dkim.ValidationError:
        return False


count = sum(line.lower().startswith(b"dkim-signature:") for line in message.split(b"\n"))
print(" ".join(str(verify(i)) for i in range(count)))
