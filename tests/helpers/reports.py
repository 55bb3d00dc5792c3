"""A name that tries to break out of a page, and catalogs as earlier versions wrote them."""

import json
from pathlib import Path

HOSTILE = '</script><script>document.title="broken"</script><img src=x onerror="document.title=1">&lt;b&gt;'


def without_uses(catalog: Path) -> None:
    """Take out of a catalog what a policy said, as none said anything before there were policies."""
    found = json.loads(catalog.read_bytes())
    for name in ("policy", "use", "refused"):
        found.pop(name, None)
    for variant in found["variants"]:
        for name in ("uses", "place", "first_seen_s"):
            variant.pop(name, None)
    catalog.write_text(json.dumps(found))
