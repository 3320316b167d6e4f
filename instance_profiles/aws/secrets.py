"""Taking secrets out of texts that come from errors."""

from __future__ import annotations

import re

# SignatureDoesNotMatch repeats the canonical request, session token included.
_CANONICAL_REQUEST = re.compile(r"\s*The Canonical String for this request should have been.*", re.DOTALL)
_LABELLED = re.compile(
    r"(?i)((?:aws_?)?(?:secret_?access_?key|session_?token|security-token|access_?token|refresh_?token|client_?secret)"
    r"[\"']?\s*[:=]\s*[\"']?)[^\s\"',;}&]+"
)
HIDDEN = "********"


def without_secrets(text: str) -> str:
    """The text with keys, tokens and canonical requests taken out."""
    return _LABELLED.sub(rf"\g<1>{HIDDEN}", _CANONICAL_REQUEST.sub("", text))
