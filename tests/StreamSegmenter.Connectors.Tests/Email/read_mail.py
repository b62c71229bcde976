"""Reads messages with Python's own parser, as a receiver would, and prints what they say as JSON.

Usage: read_mail.py FILE...
"""

import email
import email.policy
import json
import sys


def read(path):
    with open(path, "rb") as file:
        message = email.message_from_binary_file(file, policy=email.policy.default)
    parts = [part for part in message.walk() if not part.is_multipart()]
    return {
        "headers": [[name, str(value)] for name, value in message.items()],
        "parts": [{"type": part.get_content_type(), "text": part.get_content()} for part in parts],
        "defects": [str(defect) for part in message.walk() for defect in part.defects],
    }


print(json.dumps([read(path) for path in sys.argv[1:]]))
