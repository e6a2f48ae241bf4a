"""Sends N.eml to the addresses in N.to, for all N in a directory, with the standard library's SMTP client.

send.py PORT DIRECTORY; prints "N CODE TEXT" for each: the reply to the end of the content.
"""

import pathlib
import smtplib
import sys
import threading

SESSIONS = 4


def send(port, files, lock):
    with smtplib.SMTP("127.0.0.1", port, timeout=60) as smtp:
        smtp.ehlo()
        for file in files:
            content = file.read_bytes()
            recipients = file.with_suffix(".to").read_text().split()
            # What sendmail() does; but it does not give back the last reply, which has the id.
            code, text = smtp.mail("sender@client.test", ["BODY=8BITMIME", f"SIZE={len(content)}"])
            assert code == 250, text
            for recipient in recipients:
                code, text = smtp.rcpt(recipient)
                assert code == 250, text
            code, text = smtp.data(content)
            with lock:
                print(file.stem, code, text.decode(), flush=True)


def main():
    files = sorted(pathlib.Path(sys.argv[2]).glob("*.eml"))
    lock = threading.Lock()
    threads = [
        threading.Thread(target=send, args=(int(sys.argv[1]), files[i::SESSIONS], lock)) for i in range(SESSIONS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


main()
