"""Sends what comes on the standard input with the standard library's SMTP client, encrypted and logged in.

login.py PORT CERTIFICATE MECHANISM; prints the refused recipients.
"""

import smtplib
import ssl
import sys

port, certificate, mechanism = sys.argv[1:]
context = ssl.create_default_context(cafile=certificate)
with smtplib.SMTP("127.0.0.1", int(port), timeout=60) as smtp:
    smtp.starttls(context=context)
    smtp.ehlo()
    smtp.user, smtp.password = "ann", "not-a-secret"
    smtp.auth(mechanism, getattr(smtp, "auth_" + mechanism.lower()), initial_response_ok=mechanism == "PLAIN")
    refused = smtp.sendmail(
        "jürgen@in.test",
        ["jörg@out.test", "two..dots@out.test", "bob@out.test"],
        sys.stdin.buffer.read(),
        ["BODY=8BITMIME", "SMTPUTF8", "RET=HDRS", "ENVID=python"],
        ["NOTIFY=FAILURE,DELAY"],
    )
    print(refused)
