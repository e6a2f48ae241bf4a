"""Reads a report from standard input with readers that know nothing of its writer; says as JSON what they understood."""

import json
import sys
from email import message_from_binary_file
from email.policy import SMTP

from flufl.bounce import all_failures


def fields(block):
    return {name.lower(): str(value) for name, value in block.items()}


def defects(part):
    return [str(d) for p in part.walk() for d in p.defects]


message = message_from_binary_file(sys.stdin.buffer, policy=SMTP)
text, status, returned = message.get_payload()
temporary, permanent = all_failures(message)
inner = returned.get_payload()[0] if returned.get_content_maintype() == "message" else None
json.dump(
    {
        "type": message.get_content_type(),
        "report": message.get_param("report-type"),
        "header": fields(message),
        "defects": defects(message),
        "text": text.get_content(),
        "status": status.get_content_type(),
        "message": fields(status.get_payload()[0]),
        "recipients": [fields(block) for block in status.get_payload()[1:]],
        "returned": returned.get_content_type(),
        "original": inner.get_content() if inner else returned.get_content(),
        "temporary": sorted(a.decode() for a in temporary),
        "permanent": sorted(a.decode() for a in permanent),
    },
    sys.stdout,
)
