"""A name that tries to break out of a page."""

HOSTILE = '</script><script>document.title="broken"</script><img src=x onerror="document.title=1">&lt;b&gt;'
